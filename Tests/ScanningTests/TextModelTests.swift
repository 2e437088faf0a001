import AssayCore
import ByteParsing
import Scanning
import Testing

private func scan(_ text: String, _ name: String) -> FileReport {
    FileScanner().scan(ByteRegion(Array(text.utf8)), path: name)
}

/// Models and what belongs to them in forms that people can read.
@Suite struct TextModelTests {
    private static let message = """
        ir_version: 8
        graph {
          node { input: "x" output: "y" op_type: "OPERATOR" domain: "DOMAIN" }
          name: "g"
          initializer { name: "w" external_data { key: "location" value: "PLACE" } data_location: EXTERNAL }
        }
        opset_import { domain: "" version: 17 }
        """
    private static let json = """
        {"irVersion": "8", "opsetImport": [{"domain": "", "version": "17"}], "graph": {"name": "g",
         "node": [{"opType": "OPERATOR", "domain": "DOMAIN", "output": ["y"]}],
         "initializer": [{"name": "w", "externalData": [{"key": "location", "value": "PLACE"}]}]}}
        """
    private static let syntax = """
        < ir_version: 8, opset_import: ["" : 17] >
        g (float[4] x) => (float[4] y) < float[4] w = ["location": "PLACE"] > { y = DOMAINOPERATOR (x, w) }
        """

    private static func model(_ form: String, place: String, type: String, domain: String) -> String {
        var text = form
        for (word, value) in [("PLACE", place), ("OPERATOR", type), ("DOMAIN", domain)] {
            text = text.split(separator: word, omittingEmptySubsequences: false).joined(separator: value)
        }
        return text
    }

    @Test(arguments: [Self.message, json, syntax])
    func formsOfONNXAreJudgedAlike(form: String) {
        let isSyntax = form == Self.syntax
        func report(_ place: String, _ type: String, _ domain: String = "") -> FileReport {
            scan(
                Self.model(form, place: place, type: type, domain: isSyntax && !domain.isEmpty ? domain + "." : domain),
                "m")
        }
        #expect(report("w.bin", "Relu").format == "onnx")
        #expect(report("w.bin", "Relu").outcome == .clean)
        #expect(report("../w", "Relu").findings.map(\.rule) == ["GRAPH-PATH"])
        #expect(report("w.bin", "Op", "com.example").findings.map(\.rule) == ["GRAPH-CUSTOM-OPERATOR"])
        #expect(report("w.bin", "PyOp", "ai.onnx.contrib").severity == .high)
    }

    @Test func formsThatBreakOffAreMalformed() {
        for form in [Self.message, Self.json] {
            let whole = Self.model(form, place: "w", type: "Relu", domain: "")
            #expect(scan(String(whole.dropLast(whole.hasSuffix("}}") ? 1 : 20)), "m").outcome != .clean)
        }
    }

    @Test(arguments: [
        ("ckpt-1", Severity.none), ("/home/me/run/ckpt-1", .low), ("C:\\\\run\\\\x", .low), ("../other/x", .medium),
        ("\\\\\\\\host\\\\share", .medium), ("/etc/shadow", .medium), ("gs://bucket/ckpt", .low),
    ])
    func stateFilesAreJudgedByWhereTheyLead(path: String, severity: Severity) {
        let report = scan("model_checkpoint_path: \"\(path)\"\nall_model_checkpoint_paths: \"a\"\n", "checkpoint")
        #expect(report.severity == severity)
        #expect(report.format == "tf-checkpoint-state")
    }

    // MARK: Exported programs

    private func program(_ target: String, _ expression: String) -> FileReport {
        scan(
            """
            {"graph_module": {"graph": {"nodes": [{"target": "\(target)"}],
             "sym": {"as_expr": {"expr_str": "\(expression)"}}}}, "opset_version": {"aten": 10}}
            """, "models/model.json")
    }

    @Test(arguments: [
        ("torch.ops.aten.relu.default", Severity.none), ("torch.ops.mylib.f.default", .medium),
        ("torch.os.system", .critical), ("_operator.mul", .none), ("torch.nn.functional.relu", .none),
    ])
    func targetsOfNodesAreLookedUp(target: String, severity: Severity) {
        #expect(program(target, "s0").severity == severity)
    }

    @Test(arguments: [
        ("Max(1, s0//2)", Severity.none), ("Symbol('s0', integer=True)", .none), ("1.5*s0", .none),
        ("__import__('os').system('id')", .critical), ("s0.__class__", .critical), ("open('x')", .critical),
        ("(lambda: 0)()", .critical), ("x.subs(1)", .critical),
    ])
    func sizesAreExpressions(expression: String, severity: Severity) {
        #expect(program("torch.ops.aten.relu.default", expression).severity == severity)
    }
}
