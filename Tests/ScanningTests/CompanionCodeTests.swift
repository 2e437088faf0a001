import AssayCore
import Testing

@testable import Scanning

@Suite struct CompanionCodeTests {
    private func configuration(_ path: String, module: String) -> FileReport {
        FileReport(
            path: path, format: "json",
            findings: [
                Finding(
                    rule: "CONFIG-CUSTOM-CODE", severity: .medium, message: "code",
                    details: [.init("module", module)])
            ])
    }

    private func code(_ path: String, _ severity: Severity, incomplete: [String] = []) -> FileReport {
        FileReport(
            path: path, format: "python",
            findings: [Finding(rule: "PYTHON-NETWORK-ACCESS", severity: severity, message: "")],
            incomplete: incomplete)
    }

    @Test(arguments: [
        ("modeling", "m/modeling.py", Severity.low, [String](), Severity.low),
        ("pkg/modeling", "m/pkg/modeling.py", .low, [], .low),
        // Code that was found out, not read to the end, not there, or somewhere else.
        ("modeling", "m/modeling.py", .medium, [], .medium),
        ("modeling", "m/modeling.py", .low, ["limit"], .medium),
        ("modeling", "m/other.py", .low, [], .medium),
        ("modeling", "n/modeling.py", .low, [], .medium),
    ])
    func referencesAreWorthWhatTheCodeIs(
        _ module: String, _ path: String, _ severity: Severity, _ incomplete: [String], _ expected: Severity
    ) {
        let reports = [configuration("m/config.json", module: module), code(path, severity, incomplete: incomplete)]
        #expect(CompanionCode.settled(reports).map(\.severity) == [expected, severity])
    }
}
