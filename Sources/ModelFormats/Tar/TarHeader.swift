package import ByteParsing

/// One 512-byte header block of a tar archive (POSIX.1-1988 ustar, GNU, and the old V7 form).
package struct TarHeader: Sendable {
    package var name: ByteRegion
    package var linkTarget: ByteRegion
    /// Directory part that ustar keeps apart; empty in other dialects.
    package var prefix: ByteRegion
    package var mode: Int
    /// Bytes of data, or nil when the field is no number.
    package var size: Int?
    package var type: UInt8
    /// Whether the checksum field holds the sum of the block's bytes, signed or unsigned.
    package var isChecksumRight: Bool
    /// `ustar` in either spelling.
    package var hasMagic: Bool

    package static let blockSize = 512

    /// Reads the block at `offset`; nil when it does not lie inside or is all zero.
    package init?(_ region: ByteRegion, at offset: Int) {
        guard let block = region.slice(offset, Self.blockSize), !block.isAllZero else { return nil }
        name = Self.text(block, 0, 100)
        linkTarget = Self.text(block, 157, 100)
        mode = Self.number(block, 100, 8) ?? 0
        size = Self.number(block, 124, 12)
        type = block[156] ?? 0
        hasMagic = block.starts(with: "ustar", at: 257)
        let isPosix = block.starts(with: "ustar\0", at: 257)
        prefix = isPosix ? Self.text(block, 345, 155) : block.prefix(0)
        let stated = Self.number(block, 148, 8)
        let sums = Self.checksums(block)
        isChecksumRight = stated == sums.unsigned || stated == sums.signed
    }

    /// Whether a tar archive may begin at `offset`: a header whose checksum is right, or the magic with a plain size.
    package static func isHeader(_ region: ByteRegion, at offset: Int) -> Bool {
        // Most of what is asked about fails here: only octal digits, spaces and zeros stand where the checksum does.
        guard region.count - offset >= blockSize, let first = region[offset], first != 0,
            let sum = region.slice(offset, blockSize), number(sum, 148, 8) != nil,
            let header = TarHeader(region, at: offset)
        else { return false }
        // The sum is written out: an empty field is right for a block of zeros and spaces.
        let field = sum.slice(148, 8).map { $0.bytes.byte(at: 0) != 0 && !$0.isAllZero } ?? false
        return header.isChecksumRight && header.size != nil && field
    }

    private static func text(_ block: ByteRegion, _ offset: Int, _ length: Int) -> ByteRegion {
        guard let field = block.slice(offset, length) else { return block.prefix(0) }
        return field.prefix(field.bytes.firstOffset(of: 0) ?? length)
    }

    /// A number in octal digits, or in base 256 when the first byte's high bit is set (GNU); nil when it is neither.
    static func number(_ block: ByteRegion, _ offset: Int, _ length: Int) -> Int? {
        guard let field = block.slice(offset, length), let first = field[0] else { return nil }
        if first & 0x80 != 0 {
            // 0xFF is a negative number, which no size is.
            guard first == 0x80 else { return nil }
            var value = 0
            for index in 1..<length {
                guard value < 1 << 54 else { return nil }
                value = value << 8 | Int(field[index] ?? 0)
            }
            return value
        }
        var value = 0
        var digits = 0
        for index in 0..<length {
            guard let byte = field[index] else { break }
            switch byte {
            case 0x30...0x37:
                guard value < 1 << 54 else { return nil }
                value = value << 3 | Int(byte - 0x30)
                digits += 1
            case 0x20 where digits == 0: continue
            case 0, 0x20: return value
            default: return nil
            }
        }
        return value
    }

    /// Sum of all bytes with the checksum field taken as spaces; some old writers summed signed bytes.
    private static func checksums(_ block: ByteRegion) -> (unsigned: Int, signed: Int) {
        let span = block.bytes
        var unsigned = 8 * 0x20
        var signed = 8 * 0x20
        for index in 0..<span.byteCount where index < 148 || index >= 156 {
            let byte = span.byte(at: index) ?? 0
            unsigned += Int(byte)
            signed += Int(Int8(bitPattern: byte))
        }
        return (unsigned, signed)
    }
}
