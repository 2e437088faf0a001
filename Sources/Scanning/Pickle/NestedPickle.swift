import AssayCore
import ByteParsing
import ModelFormats

/// Pickles inside of a pickle's constants: plain, in base64 or hexadecimal; compressed ones go to the containers.
enum NestedPickle {
    private static let limit = 4 << 20

    /// Queues the pickle that a constant holds, if it holds one.
    static func open(_ value: PickleValue, in machine: borrowing PickleMachine, of item: ScanItem, scan: Scan) {
        let offset = value.payload
        if let range = machine.range(of: value), let region = machine.region.slice(range.lowerBound, range.count) {
            if isCompressed(region) || isPickle(region) {
                return queue(region, at: offset, of: item, scan: scan)
            }
        }
        guard let bytes = bytes(of: value, in: machine) else { return }
        open(bytes, at: offset, of: item, scan: scan)
    }

    /// The same for bytes that a pickle puts together.
    static func open(_ bytes: [UInt8], at offset: Int, of item: ScanItem, scan: Scan) {
        let plain = ByteRegion(bytes)
        if isCompressed(plain) || isPickle(plain) { return queue(plain, at: offset, of: item, scan: scan) }
        for decode in [EncodedText.base64, EncodedText.hexadecimal] {
            guard bytes.count <= limit, let decoded = decode(bytes), decoded.count >= 4 else { continue }
            let region = ByteRegion(decoded)
            if isCompressed(region) || isPickle(region) { return queue(region, at: offset, of: item, scan: scan) }
        }
    }

    private static func bytes(of value: PickleValue, in machine: borrowing PickleMachine) -> [UInt8]? {
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

    private static func queue(_ region: ByteRegion, at offset: Int, of item: ScanItem, scan: Scan) {
        scan.descend(into: region, named: "constant@0x" + String(offset, radix: 16), of: item, as: "pickle")
    }
}
