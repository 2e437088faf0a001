import AssayCore
import ByteParsing
import Scanning
import Testing

private func scan(_ text: String, _ name: String) -> FileReport {
    FileScanner().scan(ByteRegion(Array(text.utf8)), path: name)
}

@Suite struct SettingsTests {
    @Test(arguments: [
        ("${get_method:os.system}", Severity.high), ("a${x.get_class:'subprocess.Popen'}b", .high),
        ("${own:${get_method: os.system }}", .high), ("${anything:os.system}", .high),
        ("${get_method:torch.nn.functional.relu}", .none), ("${get_method:mine.f}", .low),
        ("${anything:mine.f}", .none),
        ("${oc.env:HOME}/x", .none), ("https://h/${oc.env:API_TOKEN}", .low), ("${model.dim}", .none),
        ("${eval:'${a} * 2'}", .none), ("${eval:__import__('os').system('id')}", .critical), ("${now:%Y}", .none),
        ("${", .none), ("${get_method:", .none), ("$get_method:os.system", .none),
    ])
    func interpolationsAreJudged(value: String, severity: Severity) {
        #expect(scan("a: \"\(value)\"\n", "c.yaml").severity == severity)
        #expect(scan("{\"a\": \"\(value)\"}", "config.json").severity == severity)
    }

    @Test(arguments: [
        ("[m]\n_target_ = \"os.system\"\n", "c.toml", Severity.critical),
        ("m = { \"_target_\" = 'subprocess.Popen' }\n", "c.toml", .critical),
        ("m._target_ = \"o\\u0073.system\"\n", "c.toml", .critical), ("[m]\n_target_: os.system\n", "c.cfg", .critical),
        ("[m]\nx = ${get_method:os.system}\n", "c.ini", .high),
        ("[m]\n_target_ = \"torch.nn.Linear\"\n", "c.toml", .none),
        ("# _target_ = \"os.system\"\n[m]\n", "c.toml", .none),
        ("[handler_x]\nclass=FileHandler\nargs=('log.txt',)\n", "logging.ini", .none),
        ("[handler_x]\nargs=(__import__('os').system('id'),)\n", "logging.ini", .critical),
        ("[handler_x]\nclass=subprocess.Popen\nargs=(['id'],)\n[other]\n", "logging.conf", .critical),
        ("[handler_x]\rargs=(__import__('os').system('id'),)\r", "logging.ini", .critical),
        ("[other]\nargs=(__import__('os').system('id'),)\n[handler_y]\n", "logging.ini", .none),
    ])
    func membersOfSettingsAreJudged(text: String, name: String, severity: Severity) {
        #expect(scan(text, name).severity == severity)
    }

    @Test(arguments: [
        ("a: [1\nb: {\n", "config.yaml", true), ("a:\n\tb: 1\n", "hparams.yaml", true), ("a: *b\n", "MLmodel", true),
        ("a: \"b\n", "model_config.yml", true), ("a: [1\n", "notes.yaml", false),
        ("a: {{ b }}\n{% if c %}\n", "config.yaml", false),
        ("a: &b 1\nc: *b\n--- \nd: 2\n", "config.yaml", false), ("!!python/tuple [1, 2]\n", "config.yaml", false),
    ])
    func configurationOfModelsHasToBeYAML(text: String, name: String, isBroken: Bool) {
        #expect(scan(text, name).findings.contains { $0.rule == "SCAN-MALFORMED" } == isBroken)
    }

    /// Each value once held all that came behind it: the time grew with the square of the line.
    @Test func whatStandsBehindATargetIsCut() {
        let line = String(repeating: "_target_=", count: 7_000) + "os.system"
        #expect(scan("[a]\n\(line)\n", "a.ini").severity == .critical)
        let report = scan("[a]\n" + String(repeating: line + "\n", count: 3), "a.ini")
        #expect(!report.incomplete.isEmpty)
        #expect(report.severity == .critical)
    }
}
