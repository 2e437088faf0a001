import AssayCore
import ByteParsing
import Scanning
import Testing

private func node(_ type: String, domain: String = "", _ attributes: [Wire] = []) -> Wire {
    Wire().text(1, "x").text(2, "y").text(3, "n").text(4, type).text(7, domain).messages(5, attributes)
}

private func model(_ nodes: [Wire], tensors: [Wire] = [], _ change: (Wire) -> Wire = { $0 }) -> [UInt8] {
    let graph = Wire().messages(1, nodes).text(2, "g").messages(5, tensors)
    let sets = Wire().text(1, "").number(2, 17)
    return change(Wire().number(1, 8).text(2, "pytorch").message(8, sets).message(7, graph)).bytes
}

private func scan(_ bytes: [UInt8], _ name: String = "model") -> FileReport {
    FileScanner().scan(ByteRegion(bytes), path: name)
}

private func external(_ entries: [(String, String)]) -> Wire {
    let pairs = entries.map { Wire().text(1, $0.0).text(2, $0.1) }
    return Wire().number(1, 4).number(2, 1).text(8, "w").messages(13, pairs).number(14, 1)
}

@Suite struct ONNXAnalyserTests {
    @Test func ordinaryModelIsClean() {
        let report = scan(
            model(
                [node("Gemm"), node("Relu"), node("Attention", domain: "com.microsoft")],
                tensors: [external([("location", "weights.bin"), ("offset", "0"), ("length", "16")])]))
        #expect(report.format == "onnx")
        #expect(report.outcome == .clean)
    }

    @Test(arguments: [
        ("../w", Severity.high), ("/etc/passwd", .high), ("\\\\h\\s", .high), ("C:\\w", .high), ("a\0b", .high),
        ("~/w", .medium), ("https://h/w", .medium), ("%2e%2e/w", .medium), ("*/_ORT_MEM_ADDR_/*", .high),
    ])
    func placesOfWeightsAreJudged(location: String, severity: Severity) {
        #expect(scan(model([node("Relu")], tensors: [external([("location", location)])])).severity == severity)
    }

    @Test(arguments: ["-1", "9223372036854775808", "x"])
    func offsetsOfWeightsAreJudged(offset: String) {
        let report = scan(model([node("Relu")], tensors: [external([("location", "w"), ("offset", offset)])]))
        #expect(report.findings.map(\.rule) == ["TENSOR-MEMORY-SAFETY"])
    }

    @Test(arguments: [([2], 8, true), ([], 4, true), ([2, 3], 24, true), ([3], 8, false), ([-1], 8, false)])
    func valuesFitTheirDimensions(sides: [Int], count: Int, fits: Bool) {
        let tensor = sides.reduce(Wire()) { $0.number(1, UInt64(bitPattern: Int64($1))) }.number(2, 1).text(8, "w")
            .data(9, [UInt8](repeating: 0, count: count))
        let report = scan(model([node("Relu")], tensors: [tensor]))
        #expect(report.findings.map(\.rule) == (fits ? [] : ["TENSOR-LAYOUT"]))
    }

    @Test func everyGraphIsFollowed() {
        let evil = external([("location", "/w")])
        let body = Wire().messages(1, [node("Add")]).messages(5, [evil])
        let branch = node("If", [Wire().text(1, "then_branch").message(6, body)])
        let constant = node("Constant", [Wire().text(1, "value").message(5, evil)])
        let sparse = node("Constant", [Wire().text(1, "value").message(22, Wire().message(1, evil))])
        for nodes in [[branch], [constant], [sparse]] { #expect(scan(model(nodes)).severity == .high) }
        #expect(scan(model([node("Relu")]) { $0.message(20, Wire().message(2, body)) }).severity == .high)
        let function = Wire().text(1, "F").text(10, "local").messages(7, [branch])
        #expect(scan(model([node("F", domain: "local")]) { $0.message(25, function) }).severity == .high)
    }

    @Test(arguments: [
        ("Evil", "com.example", "GRAPH-CUSTOM-OPERATOR", Severity.medium),
        ("NoSuchOperator", "", "GRAPH-CUSTOM-OPERATOR", .medium),
        ("PyOp", "ai.onnx.contrib", "GRAPH-CODE-EXECUTION", .high),
        ("PythonOp", "com.microsoft", "GRAPH-CODE-EXECUTION", .high),
        ("AzureTextToText", "com.microsoft.extensions", "GRAPH-NETWORK", .high),
        ("PyCustomOpDef_x", "ai.onnx.contrib", "GRAPH-CUSTOM-OPERATOR", .medium),
        ("BertTokenizer", "ai.onnx.contrib", "GRAPH-CUSTOM-OPERATOR", .low),
        ("TRT_PluginV2", "trt.plugins", "GRAPH-CUSTOM-OPERATOR", .medium),
        ("TRT_FP8QuantizeLinear", "trt.plugins", "GRAPH-CUSTOM-OPERATOR", .low),
    ])
    func operatorsAreJudged(type: String, domain: String, rule: String, severity: Severity) {
        let report = scan(model([node("Relu"), node(type, domain: domain)]))
        #expect(report.findings.map(\.rule) == [rule])
        #expect(report.severity == severity)
    }

    /// Bytes that are no message do not undo what was said before them.
    @Test(arguments: [[0, 0, 0, 0], [0xFF, 0xFF, 0xFF], [0x0C], [0x3A, 0x7F, 1]] as [[UInt8]])
    func findingsStandBesideAFault(_ rest: [UInt8]) {
        let bytes = model([node("Relu")], tensors: [external([("location", "../w")])])
        let report = scan(bytes + rest)
        #expect(report.severity == .high)
        #expect(report.findings.contains { $0.rule == "SCAN-MALFORMED" })
    }

    @Test func functionsOfTheModelAreNotCustomOperators() {
        let function = Wire().text(1, "F").text(10, "local").messages(7, [node("Relu")])
        #expect(scan(model([node("F", domain: "local")]) { $0.message(25, function) }).outcome == .clean)
    }

    @Test func misleadingFunctionsAreFound() {
        let shadow = Wire().text(1, "Relu").text(10, "").messages(7, [node("Neg")])
        let circle = Wire().text(1, "F").text(10, "l").messages(7, [node("F", domain: "l")])
        var bomb = [Wire().text(1, "F0").text(10, "l").messages(7, [node("Relu")])]
        for level in 1..<40 {
            let call = node("F\(level - 1)", domain: "l")
            bomb.append(Wire().text(1, "F\(level)").text(10, "l").messages(7, [call, call]))
        }
        for functions in [[shadow], [circle], bomb] {
            let report = scan(model([node("Relu")]) { $0.messages(25, functions) })
            #expect(report.findings.map(\.rule) == ["GRAPH-FUNCTION"])
        }
    }

    @Test func unknownFieldsAreNoWayOut() {
        let padding = Wire().number(99, 1).text(77, "padding")
        let report = scan(padding.bytes + model([node("Evil", domain: "x")]))
        #expect(report.format == "onnx")
        #expect(report.severity == .medium)
    }

    @Test func noiseAroundTheGraphIsNoWayOut() {
        let evil = model([node("Evil", domain: "x")])
        // An empty graph that is merged, the same field as a number, and more unknown fields than a glance takes in.
        let noise = Wire().message(7, Wire()).number(7, 1).number(99, 1)
        let many = (0..<5_000).reduce(into: Wire()) { wire, _ in wire.bytes += Wire().number(1_000, 1).bytes }
        for bytes in [noise.bytes + evil, evil + noise.bytes, many.bytes + evil] {
            #expect(scan(bytes).severity == .medium)
        }
        let named = Wire().text(1, "größe").text(10, "l").messages(7, [node("Evil", domain: "x")])
        #expect(scan(model([node("größe", domain: "l")]) { $0.message(25, named) }).severity == .medium)
    }

    @Test func truncationIsNotClean() {
        let whole = model([node("Gemm"), node("Relu")])
        for length in 0..<whole.count { #expect(scan(Array(whole.prefix(length)), "m.onnx").outcome != .clean) }
    }

    @Test func inspectionNamesTypesOfElements() throws {
        let tensors = [external([("location", "w.bin")]), Wire().number(2, 99).text(8, "odd")]
        let inspection = Inspection(ByteRegion(model([node("Relu")], tensors: tensors)), path: "m.onnx")
        let piece = try #require(inspection.pieces.first { $0.format == "onnx" })
        let lines = piece.outline.children.first { $0.title == "tensors" }?.children.map(\.detail)
        #expect(lines == ["float [4] external", "type 99 []"])
    }

    @Test(arguments: [(0, "0 links"), (1, "1 link"), (2, "2 links")])
    func countsAreWords(_ count: Int, _ text: String) {
        #expect(Outline.count(count, "link") == text)
    }
}
