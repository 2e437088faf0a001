import AssayCore
import ByteParsing
import ModelFormats

/// Pickles inside of other content: in a pickle's constants, plain, in base64 or hexadecimal, or between foreign bytes.
///
/// Nothing loads such a pickle by itself. What it would do is reported at most at `medium`, unless a call that loads
/// it is seen; compressed constants go to the containers.
enum NestedPickle {
    private static let limit = 4 << 20

    /// Judges the pickle that a constant holds; false if it holds none.
    @discardableResult
    static func open(
        _ value: PickleValue, in machine: borrowing PickleMachine, of item: ScanItem, scan: Scan, isLoaded: Bool = false
    ) -> Bool {
        let offset = value.payload
        if let range = machine.range(of: value), let region = machine.region.slice(range.lowerBound, range.count) {
            if isCompressed(region) {
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
        guard let start = bytes(of: value, in: machine, limit: 40), isPromising(start),
            let bytes = bytes(of: value, in: machine, limit: limit)
        else { return false }
        return open(bytes, at: offset, of: item, scan: scan, isLoaded: isLoaded)
    }

    /// The same for bytes that a pickle puts together.
    @discardableResult
    static func open(_ bytes: [UInt8], at offset: Int, of item: ScanItem, scan: Scan, isLoaded: Bool = false) -> Bool {
        let most: Severity = isLoaded ? .critical : .medium
        for (decode, how) in decoders {
            guard bytes.count <= limit, let decoded = decode(bytes), decoded.count >= 4 else { continue }
            let region = ByteRegion(decoded)
            if isCompressed(region) {
                scan.descend(into: region, named: name(offset), of: item, as: "pickle")
                return true
            }
            if isPickle(region) {
                report(region, at: offset, "a constant" + how, of: item, scan: scan, atMost: most)
                return true
            }
        }
        return false
    }

    private static let decoders: [(decode: @Sendable ([UInt8]) -> [UInt8]?, how: String)] = [
        ({ $0 }, ""), ({ EncodedText.base64($0) }, " in base64"),
        ({ EncodedText.hexadecimal($0) }, " in hexadecimal"),
    ]

    /// Whether text that begins like this may be a pickle in one of the encodings.
    private static func isPromising(_ start: [UInt8]) -> Bool {
        decoders.contains { decoder in
            guard let first = decoder.decode(Array(start.prefix(start.count & ~3))), first.count >= 4 else {
                return false
            }
            switch first[0] {
            case 0x80: return first[1] <= 5
            case 0x1F: return first[1] == 0x8B
            case 0x78: return (UInt16(first[0]) << 8 | UInt16(first[1])) % 31 == 0
            case 0x63, 0x28, 0x69: return first.dropFirst().prefix(24).allSatisfy { $0 == 0x0A || $0 >= 0x20 }
            default: return false
            }
        }
    }

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

    private static func name(_ offset: Int) -> String { "pickle@0x" + String(offset, radix: 16) }

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

    private static func isCompressed(_ region: ByteRegion) -> Bool {
        guard region.count >= 16, let first = region[0], let second = region[1] else { return false }
        if first == 0x1F, second == 0x8B { return region[2] == 8 }
        return first == 0x78 && (UInt16(first) << 8 | UInt16(second)) % 31 == 0 && second & 0x20 == 0
    }
}
