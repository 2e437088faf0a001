internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Reports files that are complete in two formats: one at the front, another where that one's readers don't look.
///
/// Programs are left out: what starts as one is reported for that, and self-extracting archives are an honest use.
struct PolyglotAnalyser: Analyser {
    let format: FormatID = "polyglot"

    func recognise(_ item: ScanItem) -> Recognition {
        Self.formats(item) == nil ? .no : .possible
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        guard let formats = Self.formats(item) else { return }
        scan.report(
            "POLYGLOT", "the bytes are \(formats.front) and \(formats.other) at once", at: item.location,
            details: [.init("first", formats.front), .init("second", formats.other)])
    }

    private static func formats(_ item: ScanItem) -> (front: String, other: String)? {
        let region = item.region
        let isTar = item.facts.isTar
        let magic = item.facts.magic
        if isTar, let magic { return ("tar", magic.rawValue) }
        guard let front = isTar ? "tar" : magic?.rawValue else { return nil }
        if magic != .zip, hasWholeZip(item), !(magic == .tflite && hasMetadata(region)) { return (front, "zip") }
        guard magic != .hdf5 else { return nil }
        // HDF5 looks for its signature at 0 and at the doublings of 512: what stands before it is a user block.
        if let start = item.facts.hdf5Start, start <= 1 << 20 { return (front, "HDF5") }
        if magic != .pdf, magic != .zip,
            let start = region.prefix(1024).firstOffset(of: Array("%PDF-1.".utf8)),
            !item.facts.isWholeMember(at: start, length: { _ in 0 })
        {
            return (front, "PDF")
        }
        return nil
    }

    /// Whether a TensorFlow Lite model has metadata: its own tools append the files that these name (labels, vocabularies)
    /// as an archive.
    private static func hasMetadata(_ region: ByteRegion) -> Bool {
        region.firstOffset(of: Array("TFLITE_METADATA".utf8)) != nil
    }

    /// Whether an archive with members ends exactly where the bytes end.
    private static func hasWholeZip(_ item: ScanItem) -> Bool {
        for offset in item.facts.zipEnds.prefix(16) {
            if let probe = ZipDirectory.probe(item.region, endAt: offset), probe.isExact, !probe.isEmpty { return true }
        }
        return false
    }
}

/// Hands on what stands behind the end of an image: a place where loaders of other formats find their data.
struct ImageAnalyser: Analyser {
    let format: FormatID = "image"

    func recognise(_ item: ScanItem) -> Recognition {
        switch item.facts.magic {
        case .png, .jpeg, .gif, .riff: .certain
        default: .no
        }
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        guard let end = try ImageEnd.offset(item.region, budget: scan.budget), end <= item.region.count else {
            throw .truncated(at: item.region.count, reading: "image")
        }
        ContainerJudge.trailing(item.region.suffix(from: end), of: item, as: format, in: scan)
    }
}
