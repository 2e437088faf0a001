import AssayCore
import ByteParsing
import Testing

@testable import Scanning

/// Values of metadata that speak of code, and values that are code.
@Suite struct MetadataTests {
    private func severity(_ text: String, named name: String) -> Severity {
        let scan = Scan()
        MetadataJudge.judge(text, named: name, at: Location(), in: scan)
        return scan.findings.map(\.severity).max() ?? .none
    }

    @Test(arguments: [
        ("comment", "trained with eval() loops; import os"),
        ("comment", "we call exec(plan) after import torch; see the paper"),
        ("chat_template", "{{ system }} You write Python. Never call os.system('x') or subprocess.run(['x'])."),
        ("tokenizer.prompt_template", "Explain what os.popen('id') does."),
    ])
    func proseIsNoProgram(_ name: String, _ text: String) {
        #expect(severity(text, named: name) <= .low)
    }

    @Test(arguments: [
        ("comment", "import os; eval(os.environ['X'])"), ("comment", "print (1); import os; exec(os.environ['X'])"),
        ("comment", "x = 1 if True else 2; import os; os.popen('id')"), ("comment", "os.system('id')"),
        ("comment", "not_a_word = __import__('os').system('id')"),
    ])
    func programsAre(_ name: String, _ text: String) {
        #expect(severity(text, named: name) >= .medium)
    }
}
