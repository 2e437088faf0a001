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
    static func rawUnicodeEscape(_ bytes: RawSpan, limit: Int = .max) -> [UInt32]? {
        var result: [UInt32] = []
        var at = 0
        while at < bytes.byteCount, result.count < limit {
            let byte = bytes.byte(at: at) ?? 0
            at += 1
            guard byte == 0x5C else {
                result.append(UInt32(byte))
                continue
            }
            guard let next = bytes.byte(at: at) else {
                // A backslash at the very end stands for itself.
                result.append(0x5C)
                break
            }
            at += 1
            guard next == 0x75 || next == 0x55 else {
                result.append(0x5C)
                result.append(UInt32(next))
                continue
            }
            var code: UInt32 = 0
            for _ in 0..<(next == 0x75 ? 4 : 8) {
                guard let digit = bytes.byte(at: at).flatMap(hexadecimal) else { return nil }
                code = code << 4 | UInt32(digit)
                at += 1
            }
            guard code <= 0x10FFFF else { return nil }
            result.append(code)
        }
        return result
    }

    /// The value of a STRING argument: quotes stripped, escapes as `codecs.escape_decode`; nil where that raises.
    static func quoted(_ bytes: RawSpan, limit: Int = .max) -> [UInt8]? {
        guard bytes.byteCount >= 2, let quote = bytes.byte(at: 0), quote == 0x27 || quote == 0x22,
            bytes.byte(at: bytes.byteCount - 1) == quote
        else { return nil }
        var result: [UInt8] = []
        var at = 1
        let end = bytes.byteCount - 1
        while at < end, result.count < limit {
            let byte = bytes.byte(at: at) ?? 0
            at += 1
            guard byte == 0x5C else {
                result.append(byte)
                continue
            }
            guard at < end, let escape = bytes.byte(at: at) else { return nil }
            at += 1
            switch escape {
            case 0x0A: break
            case 0x5C, 0x27, 0x22: result.append(escape)
            case 0x61: result.append(0x07)
            case 0x62: result.append(0x08)
            case 0x66: result.append(0x0C)
            case 0x6E: result.append(0x0A)
            case 0x72: result.append(0x0D)
            case 0x74: result.append(0x09)
            case 0x76: result.append(0x0B)
            case 0x30...0x37:
                var code = Int(escape - 0x30)
                for _ in 0..<2 {
                    guard at < end, let digit = bytes.byte(at: at), (0x30...0x37).contains(digit) else { break }
                    code = code * 8 + Int(digit - 0x30)
                    at += 1
                }
                result.append(UInt8(truncatingIfNeeded: code))
            case 0x78:
                guard at + 1 < end, let high = bytes.byte(at: at).flatMap(hexadecimal),
                    let low = bytes.byte(at: at + 1).flatMap(hexadecimal)
                else { return nil }
                result.append(high << 4 | low)
                at += 2
            default:
                result.append(0x5C)
                result.append(escape)
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

/// The numbers that protocol 0 writes as text, with the grammar of `int()`, `float()` and the C unpickler together:
/// what either of them takes is a number here.
enum PickleNumber {
    enum Parsed: Equatable {
        case small(Int)
        /// More than 64 bits; little-endian magnitude and sign.
        case big([UInt8], isNegative: Bool)
    }

    /// Reads an integer; `base` 0 means by prefix, `octal` lets a leading zero mean base 8 as `strtol` does.
    static func integer(_ line: RawSpan, base: Int, octal: Bool) -> Parsed? {
        var digits: [UInt8] = []
        for index in 0..<min(line.byteCount, 20_000) {
            // A C string ends at NUL.
            guard let byte = line.byte(at: index), byte != 0 else { break }
            digits.append(byte)
        }
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        while let last = digits.last, isSpace(last) { digits.removeLast() }
        var text = digits.drop(while: isSpace)
        var isNegative = false
        if let sign = text.first, sign == 0x2B || sign == 0x2D {
            isNegative = sign == 0x2D
            text = text.dropFirst()
        }
        var radix = base == 0 ? 10 : base
        var isPrefixed = false
        if base == 0, text.first == 0x30, let mark = text.dropFirst().first {
            switch mark | 0x20 {
            case 0x78: radix = 16
            case 0x6F: radix = 8
            case 0x62: radix = 2
            default: break
            }
            if radix != 10 {
                isPrefixed = true
                text = text.dropFirst(2)
                if text.first == 0x5F { text = text.dropFirst() }
            }
        }
        guard let first = text.first, first != 0x5F, text.last != 0x5F else { return nil }
        if base == 0, !isPrefixed, first == 0x30, text.contains(where: { $0 != 0x30 && $0 != 0x5F }) {
            guard octal, !text.contains(0x5F) else { return nil }
            radix = 8
        }
        var value = 0
        var overflowed = false
        var plain: [UInt8] = []
        var wasUnderscore = false
        for byte in text {
            if byte == 0x5F {
                if wasUnderscore { return nil }
                wasUnderscore = true
                continue
            }
            wasUnderscore = false
            guard let digit = PickleText.hexadecimal(byte), Int(digit) < radix else { return nil }
            plain.append(digit)
            if !overflowed {
                let (product, high) = value.multipliedReportingOverflow(by: radix)
                let (sum, carry) = product.addingReportingOverflow(Int(digit))
                overflowed = high || carry
                if !overflowed { value = sum }
            }
        }
        if !overflowed { return .small(isNegative ? -value : value) }
        return .big(magnitude(plain, radix: radix), isNegative: isNegative)
    }

    /// Little-endian magnitude of a number of digits, 4,096 at most.
    private static func magnitude(_ digits: [UInt8], radix: Int) -> [UInt8] {
        var limbs: [UInt32] = []
        for digit in digits.prefix(4096) {
            var carry = UInt64(digit)
            for index in limbs.indices {
                let sum = UInt64(limbs[index]) * UInt64(radix) + carry
                limbs[index] = UInt32(truncatingIfNeeded: sum)
                carry = sum >> 32
            }
            if carry != 0 { limbs.append(UInt32(truncatingIfNeeded: carry)) }
        }
        var bytes = limbs.flatMap { limb in (0..<4).map { UInt8(truncatingIfNeeded: limb >> (8 * $0)) } }
        while bytes.last == 0 { bytes.removeLast() }
        return bytes
    }

    /// Reads a floating-point number.
    static func double(_ line: RawSpan) -> Double? {
        guard line.byteCount <= 20_000 else { return nil }
        var text: [UInt8] = []
        for index in 0..<line.byteCount {
            guard let byte = line.byte(at: index), byte != 0 else { break }
            text.append(byte)
        }
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        func isDigit(_ byte: UInt8?) -> Bool { byte.map { (0x30...0x39).contains($0) } ?? false }
        while let last = text.last, isSpace(last) { text.removeLast() }
        text = Array(text.drop(while: isSpace))
        var plain: [UInt8] = []
        for (index, byte) in text.enumerated() {
            if byte == 0x5F {
                guard index > 0, isDigit(text[index - 1]), index + 1 < text.count, isDigit(text[index + 1]) else {
                    return nil
                }
                continue
            }
            plain.append(byte)
        }
        let body = String(decoding: plain, as: UTF8.self).lowercased()
        let unsigned = body.hasPrefix("-") || body.hasPrefix("+") ? String(body.dropFirst()) : body
        if ["inf", "infinity", "nan"].contains(unsigned) { return Double(body) }
        guard let first = unsigned.utf8.first, isDigit(first) || first == 0x2E,
            unsigned.utf8.allSatisfy({ isDigit($0) || [0x2E, 0x65, 0x2B, 0x2D].contains($0) }),
            unsigned.utf8.contains(where: { isDigit($0) })
        else { return nil }
        return Double(completed(body))
    }

    /// Swift's parser wants digits on both sides of the point.
    private static func completed(_ text: String) -> String {
        var result: [UInt8] = []
        let bytes = Array(text.utf8)
        for (index, byte) in bytes.enumerated() {
            func isDigit(_ position: Int) -> Bool {
                bytes.indices.contains(position) && (0x30...0x39).contains(bytes[position])
            }
            if byte == 0x2E, !isDigit(index - 1) {
                guard isDigit(index + 1) else { return "" }
                result.append(0x30)
            }
            result.append(byte)
            if byte == 0x2E, !isDigit(index + 1) { result.append(0x30) }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
