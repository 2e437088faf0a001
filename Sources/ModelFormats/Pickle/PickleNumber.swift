internal import ByteParsing

/// The numbers that protocol 0 writes as text, with the grammar of `int()`, `float()` and the C unpickler together:
/// what either of them takes is a number here.
enum PickleNumber {
    enum Parsed: Equatable {
        case small(Int)
        /// More than 64 bits; little-endian magnitude and sign.
        case big([UInt8], isNegative: Bool)
    }

    /// Digits of the longest number that `int()` takes from text (Python 3.11 and the security releases before it) in a
    /// base that is no power of two.
    private static let mostDigits = 4_300
    /// Bytes of a line that are looked at.
    private static let longest = 1 << 20

    /// Reads an integer; `base` 0 means by prefix, `octal` lets a leading zero mean base 8 as `strtol` does.
    static func integer(_ line: RawSpan, base: Int, octal: Bool) -> Parsed? {
        var digits: [UInt8] = []
        for index in 0..<min(line.byteCount, longest) {
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
        var count = 0
        var wasUnderscore = false
        for byte in text {
            if byte == 0x5F {
                if wasUnderscore { return nil }
                wasUnderscore = true
                continue
            }
            wasUnderscore = false
            guard let digit = PickleText.hexadecimal(byte), Int(digit) < radix else { return nil }
            count += 1
            if count <= mostDigits { plain.append(digit) }
            if !overflowed {
                let (product, high) = value.multipliedReportingOverflow(by: radix)
                let (sum, carry) = product.addingReportingOverflow(Int(digit))
                overflowed = high || carry
                if !overflowed { value = sum }
            }
        }
        // `strtol` has no such limit, and takes zeros without end.
        if radix == 10, count > mostDigits, overflowed || !octal { return nil }
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
