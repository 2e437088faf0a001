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
        ("m/modeling.py", Severity.low, Severity.low), ("m/modeling.py", .high, .medium),
        ("n/modeling.py", .low, .medium),
    ])
    func codeInTheSameArchiveCounts(_ path: String, _ severity: Severity, _ expected: Severity) {
        let archive = FileReport(
            path: "a.zip", format: "zip",
            findings: [
                Finding(
                    rule: "CONFIG-CUSTOM-CODE", severity: .medium, message: "code",
                    location: Location(members: ["m/config.json"]), details: [.init("module", "modeling")]),
                Finding(
                    rule: "PYTHON-CODE-BESIDE-MODEL", severity: .low, message: "", location: Location(members: [path])),
                Finding(
                    rule: "PYTHON-CODE-EXECUTION", severity: severity, message: "", location: Location(members: [path])),
            ])
        #expect(CompanionCode.settled([archive])[0].findings[0].severity == expected)
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
