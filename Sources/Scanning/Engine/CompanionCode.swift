internal import AssayCore

/// What a configuration says of code beside it, settled once that code has been judged as well.
///
/// A repository with an architecture of its own names Python files in `auto_map`. A file that lies beside the
/// configuration was scanned with it; when nothing in it is worth a warning, the reference is worth no more than a note.
/// A reference to code that was not scanned, or that was found out, stays what it is.
public enum CompanionCode {
    /// Name of the detail that holds the path of the module, relative to the configuration's folder, without `.py`.
    static let detail = "module"
    private static let rule = "CONFIG-CUSTOM-CODE"

    /// The reports with findings about harmless code beside the configuration lowered; their order stays.
    public static func settled(_ reports: [FileReport]) -> [FileReport] {
        guard reports.contains(where: { $0.findings.contains { $0.rule == rule } }) else { return reports }
        var standing: [[UInt8]: Bool] = [:]
        for report in reports where report.path.hasSuffix(".py") {
            let isHarmless =
                report.error == nil && report.incomplete.isEmpty && report.severity < .medium
                && report.format == "python"
            standing[Array(report.path.utf8)] = isHarmless
        }
        return reports.map { report in
            var report = report
            settleMembers(of: &report)
            guard !standing.isEmpty else { return report }
            let folder = report.path.lastIndex(of: "/").map { String(report.path[...$0]) } ?? ""
            for (index, finding) in report.findings.enumerated()
            where finding.rule == rule && finding.location.members.isEmpty && finding.severity > .low {
                guard let module = finding.details.first(where: { $0.name == detail })?.value,
                    standing[Array((folder + module + ".py").utf8)] == true
                else { continue }
                report.findings[index].severity = .low
                report.findings[index].message += "; the code was scanned with it, and nothing speaks against it"
            }
            return report
        }
    }

    /// The same for a configuration and its code in one archive: code that a loader takes has a finding of its own there,
    /// which tells that it was read.
    private static func settleMembers(of report: inout FileReport) {
        guard report.incomplete.isEmpty, report.error == nil else { return }
        for (index, finding) in report.findings.enumerated()
        where finding.rule == rule && finding.severity > .low && !finding.location.members.isEmpty {
            guard let module = finding.details.first(where: { $0.name == detail })?.value else { continue }
            var place = finding.location.members
            let name = place.removeLast()
            let folder = name.lastIndex(of: "/").map { String(name[...$0]) } ?? ""
            place.append(folder + module + ".py")
            let found = report.findings.filter { $0.location.members == place }
            guard found.contains(where: { $0.rule == "PYTHON-CODE-BESIDE-MODEL" }),
                found.allSatisfy({ $0.severity < .medium })
            else { continue }
            report.findings[index].severity = .low
            report.findings[index].message += "; the code was scanned with it, and nothing speaks against it"
        }
    }
}
