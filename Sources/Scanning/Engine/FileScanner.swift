internal import AssayCore
package import ByteParsing

/// Scans one file's bytes with all analysers.
package struct FileScanner: Sendable {
    private let analysers: [any Analyser]
    private let limits: Limits

    package init(limits: Limits = Limits(), analysers: [any Analyser] = Analysers.all) {
        self.limits = limits
        self.analysers = analysers
    }

    package func scan(_ region: ByteRegion, path: String) -> FileReport {
        let scan = Scan(limits: limits)
        scan.run(ScanItem(region: region, path: path), analysers: analysers)
        return FileReport(
            path: path, format: scan.format?.rawValue ?? "unknown", size: region.count,
            findings: scan.findings.sorted { $0.severity > $1.severity }, incomplete: scan.incomplete)
    }
}
