internal import AssayCore
internal import ByteParsing

/// Judges the form of a CycloneDX bill (JSON, 1.5 to 1.7) and says what it leaves out about a model.
///
/// Judged by table: which members the objects that bills of models use have, which of them are needed, and what values
/// they take. Not judged: the insides of signatures, cryptographic properties, declarations and annotations, and
/// whether URLs and package URLs are well formed.
public struct CycloneDXCheck: Sendable {
    /// What breaks the specification, as `place: reason`.
    public private(set) var errors: [String] = []
    /// One line for each thing worth telling about a model, and whether the bill tells it.
    public private(set) var completeness: [(question: String, isAnswered: Bool)] = []

    public var score: Int {
        completeness.isEmpty ? 0 : completeness.filter(\.isAnswered).count * 100 / completeness.count
    }

    public init(_ bytes: [UInt8]) {
        let root: JSONValue
        do {
            root = try JSONDocument(ByteRegion(bytes), dialect: .strict).root
        } catch {
            errors = ["bill: not strict JSON: \(error)"]
            return
        }
        // A bill may come as evidence: a statement, signed or not.
        if root["bomFormat"] == nil, let statement = try? EvidenceFile(bytes).statement,
            statement.predicateType == PredicateType.cyclonedx.uri
        {
            judge(statement.predicate)
        } else {
            judge(root)
        }
    }

    private mutating func judge(_ root: JSONValue) {
        guard root.isObject else {
            errors = ["bill: not an object"]
            return
        }
        guard root["bomFormat"]?.string == "CycloneDX" else {
            errors = [
                "bill: neither CycloneDX nor SPDX 3"
            ]
            return
        }
        walk(root)
        checkReferences(root)
        score(root)
    }

    /// Walks objects by their kind with a list of what is left, not by calling itself.
    private mutating func walk(_ root: JSONValue) {
        let version = root["specVersion"]?.string ?? ""
        guard ["1.5", "1.6", "1.7"].contains(version) else {
            errors.append("specVersion: \(Printable.line(version)) is not 1.5, 1.6 or 1.7")
            return
        }
        var open: [(value: JSONValue, kind: String, place: String)] = [(root, "bom", "bill")]
        while let (value, kind, place) = open.popLast(), errors.count < 1000 {
            guard let shape = CycloneDXShape.kinds[kind] else { continue }
            guard value.isObject else {
                errors.append("\(place): not an object")
                continue
            }
            for name in shape.required where value[name] == nil { errors.append("\(place): no \(name)") }
            for (key, member) in value.members {
                let name = key.string ?? ""
                guard let rule = shape.members[name] else {
                    errors.append("\(place): \(Printable.line(name, limit: 60)) does not belong here")
                    continue
                }
                check(member, rule, "\(place).\(name)", &open)
            }
            checkRelations(value, kind, place, version)
        }
    }

    private mutating func check(
        _ value: JSONValue, _ rule: CycloneDXShape.Rule, _ place: String,
        _ open: inout [(value: JSONValue, kind: String, place: String)]
    ) {
        switch rule {
        case .any: break
        case .text:
            if value.kind != .string { errors.append("\(place): not a string") }
        case .name:
            if value.string?.isEmpty != false { errors.append("\(place): not a string of at least one character") }
        case .flag:
            if value.bool == nil { errors.append("\(place): not true or false") }
        case .moment:
            if value.string.flatMap({ Timestamp.date($0) }) == nil { errors.append("\(place): no RFC 3339 time") }
        case .one(let values):
            if !values.contains(value.string ?? "\u{0}") {
                errors.append("\(place): \(Printable.line(value.string ?? "", limit: 60)) is no known value")
            }
        case .object(let kind): open.append((value, kind, place))
        case .list(let kind):
            guard value.isArray else {
                // Tools may also be an object of components and services.
                if kind == "tool", value.isObject { return }
                errors.append("\(place): not an array")
                return
            }
            for (index, element) in value.elements.enumerated() {
                if kind == "text" {
                    if element.kind != .string { errors.append("\(place)[\(index)]: not a string") }
                } else {
                    open.append((element, kind, "\(place)[\(index)]"))
                }
            }
        }
    }

    /// Rules about more than one member.
    private mutating func checkRelations(_ value: JSONValue, _ kind: String, _ place: String, _ version: String) {
        func has(_ name: String) -> Bool { value[name] != nil }
        switch kind {
        case "bom":
            if let serial = value["serialNumber"], !Self.isSerial(serial.string ?? "") {
                errors.append("\(place).serialNumber: no urn:uuid")
            }
            if has("citations"), version != "1.7" { errors.append("\(place).citations: needs 1.7") }
        case "hash":
            let length = value["content"]?.stringBytes.count ?? 0
            let isHex = value["content"]?.stringBytes.allSatisfy { Hexadecimal.isDigit($0) } ?? false
            if !isHex || ![32, 40, 64, 96, 128].contains(length) { errors.append("\(place): no hash") }
        case "license":
            if has("id") == has("name") { errors.append("\(place): needs either id or name") }
            if let id = value["id"]?.string, !LicenseIdentifier.isKnown(id) {
                errors.append("\(place).id: \(Printable.line(id, limit: 60)) is no SPDX identifier")
            }
        case "licenseChoice":
            if has("license") == has("expression") { errors.append("\(place): needs either license or expression") }
        case "component":
            if has("version"), has("versionRange") { errors.append("\(place): has version and versionRange") }
            if has("versionRange"), value["isExternal"]?.bool != true {
                errors.append("\(place): versionRange needs isExternal")
            }
            if version != "1.7", has("versionRange") || has("isExternal") { errors.append("\(place): needs 1.7") }
        case "citation":
            if !has("attributedTo"), !has("process") { errors.append("\(place): attributed to nobody") }
            if has("pointers") == has("expressions") { errors.append("\(place): needs either pointers or expressions") }
        default: break
        }
        // Before 1.7, an expression stands alone.
        if let licenses = value["licenses"], version != "1.7", licenses.count > 1,
            licenses.elements.contains(where: { $0["expression"] != nil })
        {
            errors.append("\(place).licenses: an expression stands alone")
        }
    }

    private static func isSerial(_ text: String) -> Bool {
        guard text.hasPrefix("urn:uuid:") else { return false }
        let groups = text.dropFirst(9).split(separator: "-", omittingEmptySubsequences: false)
        return groups.map(\.utf8.count) == [8, 4, 4, 4, 12]
            && groups.allSatisfy { $0.utf8.allSatisfy { Hexadecimal.isDigit($0) && !(0x41...0x46).contains($0) } }
    }

    /// Names must be unique; that dependencies name something is told by the score.
    private mutating func checkReferences(_ root: JSONValue) {
        var seen = Set<[UInt8]>()
        for component in root["components"]?.elements ?? root.elements {
            guard let name = component["bom-ref"]?.stringBytes else { continue }
            if !seen.insert(name).inserted {
                errors.append("components: \(Printable.line(String(decoding: name, as: UTF8.self))) is named twice")
            }
        }
    }

    private mutating func score(_ root: JSONValue) {
        let described = root["metadata"]?["component"]
        let components = Array(root["components"]?.elements ?? root.elements)
        let isModel: (JSONValue) -> Bool = { $0["type"]?.string == "machine-learning-model" }
        let model = described.flatMap { isModel($0) ? $0 : nil } ?? components.first(where: isModel)
        let card = model?["modelCard"]
        let parameters = card?["modelParameters"]
        let files = components.filter { $0["type"]?.string == "file" }
        func filled(_ value: JSONValue?) -> Bool { (value?.count ?? 0) > 0 || value?.string?.isEmpty == false }
        let references = model?["externalReferences"].map { $0.elements.compactMap { $0["type"]?.string } } ?? []
        completeness = [
            ("serial number", filled(root["serialNumber"])),
            ("time of writing", filled(root["metadata"]?["timestamp"])),
            ("the model as a component", model != nil),
            ("version", filled(model?["version"])),
            ("description", filled(model?["description"])),
            ("licence", filled(model?["licenses"])),
            (
                "supplier or authors",
                filled(model?["supplier"]) || filled(model?["authors"]) || filled(model?["publisher"])
            ),
            ("task", filled(parameters?["task"])),
            ("architecture", filled(parameters?["architectureFamily"]) || filled(parameters?["modelArchitecture"])),
            ("training data", filled(parameters?["datasets"])),
            ("measured quality", filled(card?["quantitativeAnalysis"]?["performanceMetrics"])),
            ("limits and intended use", filled(card?["considerations"])),
            ("base models", filled(model?["pedigree"])),
            (
                "hashes of the files",
                !files.isEmpty && files.allSatisfy { filled($0["hashes"]) } || filled(model?["hashes"])
            ),
            ("dependencies", filled(root["dependencies"])),
            ("model card", references.contains("model-card")),
            ("signature", references.contains("digital-signature") || root["signature"] != nil),
            ("training run", filled(root["formulation"])),
            ("findings", root["vulnerabilities"] != nil),
        ]
    }
}
