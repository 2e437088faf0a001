import AssayCore
import ByteParsing
import ModelFormats

/// Pickles, programs and compressed streams inside of other content: in a pickle's constants, plain or in text encodings, or
/// between foreign bytes.
///
/// Nothing loads such a pickle by itself. What it would do is reported at most at `medium`, unless a call that loads
/// it is seen; compressed constants, archives and programs go to the containers.
enum NestedPickle {
    private static let limit = 4 << 20
    /// Text encodings in each other that are undone.
    private static let deepest = 4

    /// Judges the pickle that a constant holds; false if it holds none.
    @discardableResult
    static func open(
        _ value: PickleValue, in machine: borrowing PickleMachine, of item: ScanItem, scan: Scan, isLoaded: Bool = false
    ) -> Bool {
        let offset = value.payload
        if let range = machine.range(of: value), let region = machine.region.slice(range.lowerBound, range.count) {
            // Text that carries bytes does so in Latin-1, and lies here in UTF-8.
            if value.kind != .text, isContainer(region) {
                scan.descend(into: region, named: name(offset), of: item, as: "pickle")
                return true
            }
            if isPickle(region) {
                let isText = value.kind == .text
                report(
                    region, at: offset, "a constant", of: item, scan: scan,
                    atMost: isLoaded ? .critical : isText ? .low : .medium)
                return true
            }
        }
        // The first few characters decide whether the rest is worth decoding.
        guard let start = bytes(of: value, in: machine, limit: TextEncoding.telling),
            isTelling(start) || TextEncoding.leads(start, depth: deepest, to: isTelling),
            let bytes = bytes(of: value, in: machine, limit: limit)
        else { return false }
        guard bytes.count < limit else {
            scan.report(incomplete: "a constant of \(limit) bytes or more was not opened", at: item.location.at(offset))
            return false
        }
        let isProse = value.kind == .text && bytes.allSatisfy { $0 < 0x80 }
        return open(bytes, at: offset, of: item, scan: scan, isLoaded: isLoaded, isProse: isProse)
    }

    /// The same for bytes that a pickle puts together; `isProse` tells of text that a person may have written.
    @discardableResult
    static func open(
        _ bytes: [UInt8], at offset: Int, of item: ScanItem, scan: Scan, isLoaded: Bool = false, isProse: Bool = false
    ) -> Bool {
        guard bytes.count <= limit,
            let found = TextEncoding.undone(bytes, depth: deepest, isContent: isTelling), found.bytes.count >= 4
        else { return false }
        let region = ByteRegion(found.bytes)
        if isContainer(region) {
            scan.descend(into: region, named: name(offset), of: item, as: "pickle")
            return true
        }
        guard isPickle(region) else { return false }
        let how = found.names.isEmpty ? "" : " in " + found.names.joined(separator: " of ")
        report(
            region, at: offset, "a constant" + how, of: item, scan: scan,
            atMost: isLoaded ? .critical : isProse && found.names.isEmpty ? .low : .medium)
        return true
    }

    /// Whether bytes begin like something that is looked into.
    private static func isTelling(_ start: [UInt8]) -> Bool {
        guard start.count >= 4 else { return false }
        switch start[0] {
        case 0x80: return start[1] <= 5
        case 0x63, 0x28, 0x69:
            return start.prefix(64).contains(0x0A)
                && start.dropFirst().prefix(24).allSatisfy { $0 == 0x0A || $0 >= 0x20 && $0 < 0x7F }
        case 0x78: return (UInt16(start[0]) << 8 | UInt16(start[1])) % 31 == 0 && start[1] & 0x20 == 0
        default: return isMagic(start)
        }
    }

    /// Marks of streams, archives and programs that are strong enough by themselves.
    private static func isMagic(_ start: [UInt8]) -> Bool {
        magics.contains { $0[0] == start[0] && start.starts(with: $0) }
    }

    private static let magics: [[UInt8]] = [
        [0x1F, 0x8B, 8], Array("BZh".utf8), [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], [0x28, 0xB5, 0x2F, 0xFD],
        [0x04, 0x22, 0x4D, 0x18], [0x50, 0x4B, 3, 4], [0x37, 0x7A, 0xBC, 0xAF], [0x5D, 0, 0],
        [0x7F, 0x45, 0x4C, 0x46], Array("#!/".utf8), [0x4D, 0x5A, 0x90, 0], [0xCF, 0xFA, 0xED, 0xFE],
        [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59],
    ]

    /// Judges a pickle that begins at the start of `region` and reports the worst that it would do; with `rules`, only
    /// findings of these count.
    static func report(
        _ region: ByteRegion, at offset: Int, _ place: String, of item: ScanItem, scan: Scan, atMost: Severity,
        rules: Set<String>? = nil
    ) {
        guard item.depth < scan.limits.depth else {
            return scan.report(
                incomplete: "pickles nested more than \(scan.limits.depth) deep were not read", at: item.location)
        }
        let inner = Scan(settings: scan.settings)
        let nested = ScanItem(
            region: region, path: name(offset), location: item.location.member(name(offset)), depth: item.depth + 1,
            containers: item.containers + ["pickle"])
        do throws(ParseError) {
            try scan.budget.spend(operations: region.count / 64 + 64, reading: "nested pickles")
            try PickleStreams(item: nested, scan: inner, isNested: true).analyse()
        } catch {
            return scan.report(error, at: item.location.at(offset), format: "pickle")
        }
        guard
            let worst = inner.findings.filter({ rules?.contains($0.rule) ?? true }).max(by: {
                $0.severity < $1.severity
            }),
            worst.severity > .low
        else { return }
        scan.report(
            "PICKLE-EMBEDDED", "A pickle lies in \(place): \(worst.message)", at: item.location.at(offset),
            severity: min(atMost, worst.severity), details: [.init("rule", worst.rule)] + worst.details)
    }

    /// What content that was found at an offset of a pickle is called.
    static func name(_ offset: Int) -> String { "pickle@0x" + String(offset, radix: 16) }

    private static func bytes(
        of value: PickleValue, in machine: borrowing PickleMachine, limit: Int
    ) -> [UInt8]? {
        if let bytes = machine.byteArray(value, limit: limit) { return bytes }
        guard let points = machine.codePoints(value, limit: limit) else { return nil }
        // Text that carries bytes does so in Latin-1.
        guard points.allSatisfy({ $0 < 256 }) else { return nil }
        return points.map { UInt8(truncatingIfNeeded: $0) }
    }

    private static func isPickle(_ region: ByteRegion) -> Bool {
        guard let first = region[0], region.count >= 4 else { return false }
        switch first {
        case 0x80:
            guard let version = region[1], version <= 5 else { return false }
        case 0x63, 0x28, 0x69: break
        default: return false
        }
        return PickleProbe(region, at: 0, opcodes: 256).isPickle
    }

    /// Whether a compressed stream, an archive, an array or a program begins here, for the containers to judge.
    static func isContainer(_ region: ByteRegion) -> Bool {
        guard region.count >= 16, let first = region[0], let second = region[1] else { return false }
        switch first {
        case 0x78: return (UInt16(first) << 8 | UInt16(second)) % 31 == 0 && second & 0x20 == 0
        case 0x5D: return Compression.weakProbe(region, only: .lzmaAlone)
        case UInt8(ascii: "#"): return region.starts(with: "#!/")
        case 0x50: return region.starts(with: [0x50, 0x4B, 3, 4])
        case 0x37: return region.starts(with: SevenZipArchive.signature)
        case 0x93: return region.starts(with: NPYHeader.magic)
        case 0x7F, 0x4D, 0xCF: return EmbeddedProgram.header(in: region, at: 0) != nil
        default: return Compression.probe(region) != nil
        }
    }
}
