internal import ByteParsing

/// Decoding of the texts in a pickle exactly as CPython's unpickler does it.
enum PickleText {
    /// Whether the bytes are UTF-8; lone surrogates pass where the unpickler uses the `surrogatepass` handler.
    static func isUTF8(_ bytes: RawSpan, _ start: Int, _ count: Int, surrogates: Bool) -> Bool {
        guard start >= 0, count >= 0, start <= bytes.byteCount, count <= bytes.byteCount &- start else { return false }
        var at = start
        let end = start &+ count
        while at < end {
            if end &- at >= 8 {
                // Inside of the bytes: `at + 8 <= end`, which was checked against the count above.
                let word = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: UInt64.self)
                if word & 0x8080_8080_8080_8080 == 0 {
                    at &+= 8
                    continue
                }
            }
            let step = sequenceLength(bytes, at, end, surrogates: surrogates)
            if step == 0 { return false }
            at &+= step
        }
        return true
    }

    /// Length of the well-formed UTF-8 sequence at `at`, or 0 (Unicode, table 3-7).
    private static func sequenceLength(_ bytes: RawSpan, _ at: Int, _ end: Int, surrogates: Bool) -> Int {
        func byte(_ offset: Int) -> UInt8 { at &+ offset < end ? bytes.byte(at: at &+ offset) ?? 0 : 0 }
        let lead = byte(0)
        func follows(_ offset: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool { range.contains(byte(offset)) }
        switch lead {
        case 0..<0x80: return 1
        case 0xC2...0xDF: return follows(1) ? 2 : 0
        case 0xE0: return follows(1, 0xA0...0xBF) && follows(2) ? 3 : 0
        case 0xED: return follows(1, surrogates ? 0x80...0xBF : 0x80...0x9F) && follows(2) ? 3 : 0
        case 0xE1...0xEF: return follows(1) && follows(2) ? 3 : 0
        case 0xF0: return follows(1, 0x90...0xBF) && follows(2) && follows(3) ? 4 : 0
        case 0xF1...0xF3: return follows(1) && follows(2) && follows(3) ? 4 : 0
        case 0xF4: return follows(1, 0x80...0x8F) && follows(2) && follows(3) ? 4 : 0
        default: return 0
        }
    }

    /// Code points of checked UTF-8, at most `limit` of them.
    static func utf8(_ bytes: RawSpan, limit: Int) -> [UInt32] {
        var result: [UInt32] = []
        var at = 0
        while at < bytes.byteCount, result.count < limit {
            let lead = UInt32(bytes.byte(at: at) ?? 0)
            func tail(_ offset: Int) -> UInt32 { UInt32(bytes.byte(at: at + offset) ?? 0) & 0x3F }
            switch lead {
            case 0..<0x80:
                result.append(lead)
                at += 1
            case 0x80..<0xE0:
                result.append((lead & 0x1F) << 6 | tail(1))
                at += 2
            case 0xE0..<0xF0:
                result.append((lead & 0x0F) << 12 | tail(1) << 6 | tail(2))
                at += 3
            default:
                result.append((lead & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3))
                at += 4
            }
        }
        return result
    }

    /// `raw-unicode-escape`: Latin-1 with `\uXXXX` and `\UXXXXXXXX`; nil where the codec raises.
    static func rawUnicodeEscape(_ bytes: RawSpan, limit: Int = .max, keeping kept: Int = .max) -> [UInt32]? {
        var result: [UInt32] = []
        func add(_ point: UInt32) { if result.count < kept { result.append(point) } }
        var at = 0
        while at < bytes.byteCount, result.count < limit {
            let byte = bytes.byte(at: at) ?? 0
            at += 1
            guard byte == 0x5C else {
                add(UInt32(byte))
                continue
            }
            guard let next = bytes.byte(at: at) else {
                // A backslash at the very end stands for itself.
                add(0x5C)
                break
            }
            at += 1
            guard next == 0x75 || next == 0x55 else {
                add(0x5C)
                add(UInt32(next))
                continue
            }
            var code: UInt32 = 0
            for _ in 0..<(next == 0x75 ? 4 : 8) {
                guard let digit = bytes.byte(at: at).flatMap(hexadecimal) else { return nil }
                code = code << 4 | UInt32(digit)
                at += 1
            }
            guard code <= 0x10FFFF else { return nil }
            add(code)
        }
        return result
    }

    /// The value of a STRING argument: quotes stripped, escapes as `codecs.escape_decode`; nil where that raises.
    static func quoted(_ bytes: RawSpan, limit: Int = .max, keeping kept: Int = .max) -> [UInt8]? {
        guard bytes.byteCount >= 2, let quote = bytes.byte(at: 0), quote == 0x27 || quote == 0x22,
            bytes.byte(at: bytes.byteCount - 1) == quote
        else { return nil }
        var result: [UInt8] = []
        func add(_ byte: UInt8) { if result.count < kept { result.append(byte) } }
        var at = 1
        let end = bytes.byteCount - 1
        while at < end, result.count < limit {
            let byte = bytes.byte(at: at) ?? 0
            at += 1
            guard byte == 0x5C else {
                add(byte)
                continue
            }
            guard at < end, let escape = bytes.byte(at: at) else { return nil }
            at += 1
            switch escape {
            case 0x0A: break
            case 0x5C, 0x27, 0x22: add(escape)
            case 0x61: add(0x07)
            case 0x62: add(0x08)
            case 0x66: add(0x0C)
            case 0x6E: add(0x0A)
            case 0x72: add(0x0D)
            case 0x74: add(0x09)
            case 0x76: add(0x0B)
            case 0x30...0x37:
                var code = Int(escape - 0x30)
                for _ in 0..<2 {
                    guard at < end, let digit = bytes.byte(at: at), (0x30...0x37).contains(digit) else { break }
                    code = code * 8 + Int(digit - 0x30)
                    at += 1
                }
                add(UInt8(truncatingIfNeeded: code))
            case 0x78:
                guard at + 1 < end, let high = bytes.byte(at: at).flatMap(hexadecimal),
                    let low = bytes.byte(at: at + 1).flatMap(hexadecimal)
                else { return nil }
                add(high << 4 | low)
                at += 2
            default:
                add(0x5C)
                add(escape)
            }
        }
        return result
    }

    static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
