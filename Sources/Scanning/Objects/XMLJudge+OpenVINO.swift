internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Graphs of OpenVINO: layers that the runtime does not have, and constants.
extension XMLJudge {
    mutating func judgeOpenVINO(_ name: String, _ attributes: [XMLAttribute], _ offset: Int) {
        func value(_ name: String) -> String? { attributes.first { $0.name == name }?.value }
        switch name {
        case "layer":
            let version = value("version") ?? "opset1"
            guard let type = value("type") else { break }
            let isExtension = version == "extension"
            if isExtension || version.hasPrefix("opset") {
                // The tokenizers that OpenVINO publishes are an extension too.
                guard !OperatorTable.isOpenVINO(type, inTokenizers: false),
                    !isExtension || !OperatorTable.isOpenVINO(type, inTokenizers: true)
                else { break }
                report(
                    "OPENVINO-EXTENSION",
                    "the layer \(value("name") ?? "?") is of the type \(type), which the runtime does not have", offset)
            } else if !XMLJudge.ownOperatorSets.contains(version) {
                report(
                    "OPENVINO-EXTENSION",
                    "the layer \(value("name") ?? "?") (\(type)) is of the operator set \(version)", offset)
            }
        case "data":
            if let offset = value("offset"), let size = value("size") {
                guard let start = Int(offset), let length = Int(size), start >= 0, length >= 0,
                    start.adding(checked: length) != nil
                else {
                    report("OPENVINO-CONSTANT", "a constant lies at offset \(offset), size \(size)", nil, .medium)
                    break
                }
                openVINO.add(start, length)
                judgeConstantSize(value("element_type"), value("shape"), length, offset)
            }
        default: break
        }
        for attribute in attributes {
            let lower = attribute.value.lowercased()
            if [".so", ".dll", ".dylib"].contains(where: {
                lower.hasSuffix($0) || lower.contains($0 + ".") && lower.contains("/")
            }) {
                report("OPENVINO-EXTENSION", "\(attribute.name) names the library \(attribute.value)", offset, .high)
            }
        }
    }

    /// A kernel of OpenVINO's custom layers for graphics processors: source that the runtime compiles and runs.
    func judgeKernel(_ attributes: [XMLAttribute], _ offset: Int) {
        guard let name = attributes.first(where: { $0.name == "filename" })?.value else { return }
        let path = ReferencedPath(Array(name.utf8))
        report(
            "OPENVINO-EXTENSION",
            "a custom layer runs the kernel \(name)\(path.map { ", which " + $0.problem.rawValue } ?? "")",
            offset, path?.escapes == true ? .high : .medium)
    }

    private func judgeConstantSize(_ type: String?, _ shape: String?, _ length: Int, _ place: String) {
        guard let type, let shape, let bits = XMLJudge.elementBits[type] else { return }
        let dimensions = shape.split(separator: ",").map { Int($0.filter { $0 != " " }) }
        var product: Int? = bits
        for dimension in dimensions { product = dimension.flatMap { side in product?.multiplied(checked: side) } }
        if let product, product >= 0, (product / 8) > length.adding(checked: 8) ?? .max {
            scan.report(
                "OPENVINO-CONSTANT", "a constant at \(place) of shape \(shape) has only \(length) bytes",
                at: item.location, severity: .low)
        }
    }

    private static let elementBits: [String: Int] = [
        "f64": 64, "i64": 64, "u64": 64, "f32": 32, "i32": 32, "u32": 32, "f16": 16, "bf16": 16, "i16": 16, "u16": 16,
        "i8": 8, "u8": 8, "boolean": 8, "i4": 4, "u4": 4, "u1": 1,
    ]

    /// Operator sets that the runtime brings itself, beside the numbered ones.
    private static let ownOperatorSets: Set<String> = [
        "experimental", "util", "ie_internal_opset", "type_relaxed_opset", "ov_ops_internal", "internal",
        "gpu_opset", "cpu_plugin_opset", "SnippetsOpset", "legacy", "",
    ]
}
