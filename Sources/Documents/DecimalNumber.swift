/// A decimal number, exactly: what `0.1` says, not the double beside it.
///
/// Digits beyond the 38 that fit are dropped; a comparison across more than 38 powers of ten is one of doubles.
struct DecimalNumber: Sendable, Equatable {
    private var mantissa: Int128
    private var exponent: Int

    /// Nil when the text is no number in JSON's notation.
    init?(_ text: String) {
        var mantissa: Int128 = 0
        var exponent = 0
        var digits = 0
        var isFraction = false
        var isFull = false
        var left = text.utf8[...]
        let isNegative = left.first == UInt8(ascii: "-")
        if isNegative { left.removeFirst() }
        while let byte = left.first {
            if byte == UInt8(ascii: "."), !isFraction {
                isFraction = true
            } else if (0x30...0x39).contains(byte) {
                digits += 1
                let (product, overflow) = mantissa.multipliedReportingOverflow(by: 10)
                let (sum, more) = product.addingReportingOverflow(Int128(byte - 0x30))
                if overflow || more || isFull {
                    isFull = true
                    if !isFraction { exponent += 1 }
                } else {
                    mantissa = sum
                    if isFraction { exponent -= 1 }
                }
            } else {
                break
            }
            left.removeFirst()
        }
        guard digits > 0 else { return nil }
        if let byte = left.first {
            guard byte | 0x20 == UInt8(ascii: "e"),
                let power = Int(String(Substring(left.dropFirst()))), abs(power) < 1 << 40
            else { return nil }
            exponent += power
        }
        while mantissa != 0, mantissa % 10 == 0 {
            mantissa /= 10
            exponent += 1
        }
        self.mantissa = isNegative ? -mantissa : mantissa
        self.exponent = mantissa == 0 ? 0 : exponent
    }

    /// The mantissas at the smaller of the two exponents, or nil where they do not fit.
    private func aligned(_ other: DecimalNumber) -> (Int128, Int128)? {
        let shared = min(exponent, other.exponent)
        guard let one = shifted(to: shared), let two = other.shifted(to: shared) else { return nil }
        return (one, two)
    }

    private func shifted(to shared: Int) -> Int128? {
        guard mantissa != 0 else { return 0 }
        guard exponent - shared <= 38 else { return nil }
        var result = mantissa
        for _ in 0..<(exponent - shared) {
            let (product, overflow) = result.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            result = product
        }
        return result
    }

    var double: Double { Double("\(mantissa)e\(exponent)") ?? 0 }

    var isInteger: Bool { exponent >= 0 }

    /// The value when it is an integer that fits.
    var integer: Int? {
        guard exponent >= 0, exponent <= 19 else { return nil }
        return shifted(to: 0).flatMap { Int(exactly: $0) }
    }

    static func < (left: DecimalNumber, right: DecimalNumber) -> Bool {
        if let (one, two) = left.aligned(right) { return one < two }
        return left.double < right.double
    }

    /// Whether dividing by `other` leaves nothing.
    func isMultiple(of other: DecimalNumber) -> Bool {
        guard other.mantissa != 0 else { return false }
        if let (one, two) = aligned(other) { return one % two == 0 }
        guard exponent >= other.exponent else { return false }
        // Only a power of ten is missing: multiply it in one step at a time, modulo the divisor.
        var rest = mantissa % other.mantissa
        for _ in 0..<min(exponent - other.exponent, 1 << 12) {
            if rest == 0 { return true }
            let (product, overflow) = rest.multipliedReportingOverflow(by: 10)
            guard !overflow else { return false }
            rest = product % other.mantissa
        }
        return rest == 0
    }
}
