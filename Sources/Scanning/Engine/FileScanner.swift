internal import AssayCore
public import ByteParsing

/// Scans one file's bytes with all analysers.
public struct FileScanner: Sendable {
    private let analysers: [any Analyser]
    private let settings: ScanSettings

    public init(settings: ScanSettings = ScanSettings()) {
        self.init(settings: settings, analysers: Analysers.all)
    }

    /// Judges as the given formats alone; names that `formats` does not hold are left out. For tests and fuzzing.
    public init(settings: ScanSettings = ScanSettings(), formats: Set<String>) {
        self.init(settings: settings, analysers: Analysers.all.filter { formats.contains($0.format.rawValue) })
    }

    /// The names of the formats that have a reader and a judge.
    public static var formats: [String] { Set(Analysers.all.map(\.format.rawValue)).sorted() }

    package init(settings: ScanSettings = ScanSettings(), analysers: [any Analyser]) {
        self.settings = settings
        self.analysers = analysers
    }

    /// Judges bytes in memory.
    public func scan(_ bytes: [UInt8], path: String) -> FileReport { scan(ByteRegion(bytes), path: path) }

    /// Judges the bytes of one file; `path` is what the report calls it.
    public func scan(_ region: ByteRegion, path: String) -> FileReport {
        let scan = Scan(settings: settings)
        scan.run(ScanItem(region: region, path: path), analysers: analysers)
        return FileReport(
            path: path, format: scan.format?.rawValue ?? "unknown", size: region.count,
            findings: scan.findings.sorted { $0.severity > $1.severity }, incomplete: scan.incomplete,
            digest: settings.computesDigests ? Digest(sha256: region) : nil)
    }
}
