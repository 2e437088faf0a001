internal import ByteParsing

// Names, numbers and strings.
extension JinjaLexer {
    mutating func readName(_ first: Unicode.Scalar) throws(ParseError) {
        var end = at
        while let scalar = scalar(end), scalar.properties.isXIDContinue { end += 1 }
        guard first == "_" || first.properties.isXIDStart else {
            throw .malformed(at: at, reading: "name (invalid character)")
        }
        append(.name, at..<end)
        at = end
    }

    /// End of a run of digits with single underscores between them, or nil when there is none at `position`.
    private func digits(_ position: Int, _ allowed: ClosedRange<UInt32> = 0x30...0x39) -> Int? {
        var end = position
        guard let first = scalar(end), allowed.contains(first.value) else { return nil }
        end += 1
        while let next = scalar(end) {
            if allowed.contains(next.value) {
                end += 1
            } else if next == "_", let after = scalar(end + 1), allowed.contains(after.value) {
                end += 2
            } else {
                break
            }
        }
        return end
    }

    mutating func readNumber() {
        let start = at
        if scalar(start - 1) != ".", let end = digits(start) {
            var stop = end
            if scalar(stop) == ".", let fraction = digits(stop + 1) { stop = fraction }
            if let letter = scalar(stop), letter == "e" || letter == "E" {
                let sign = scalar(stop + 1)
                if let exponent = digits(sign == "+" || sign == "-" ? stop + 2 : stop + 1) { stop = exponent }
            }
            if stop > end {
                append(.float, start..<stop)
                at = stop
                return
            }
        }
        var end = start + 1
        if scalar(start) == "0" {
            let letter = scalar(start + 1)
            let from = scalar(start + 2) == "_" ? start + 3 : start + 2
            if letter == "b" || letter == "B", let stop = digits(from, 0x30...0x31) {
                end = stop
            } else if letter == "o" || letter == "O", let stop = digits(from, 0x30...0x37) {
                end = stop
            } else if letter == "x" || letter == "X", let stop = hexadecimalDigits(from) {
                end = stop
            } else {
                end = digits(start, 0x30...0x30) ?? end
            }
        } else {
            end = digits(start) ?? end
        }
        append(.integer, start..<end)
        at = end
    }

    private func hexadecimalDigits(_ position: Int) -> Int? {
        var end = position
        while let next = scalar(end) {
            if next.isHexadecimalDigit {
                end += 1
            } else if next == "_", end > position, let after = scalar(end + 1), after.isHexadecimalDigit {
                end += 1
            } else {
                break
            }
        }
        return end > position ? end : nil
    }

    mutating func readString(_ quote: Unicode.Scalar) throws(ParseError) {
        var end = at + 1
        var escapes = false
        while let next = scalar(end), next != quote {
            if next == "\\" {
                escapes = true
                end += 1
            }
            end += 1
        }
        try budget.spend(operations: end - at, reading: "template string")
        guard scalar(end) == quote else { throw .malformed(at: at, reading: "template string (no end)") }
        if escapes {
            let value = try JinjaEscapes.decode(text[(at + 1)..<end], at: at)
            tokens.append(JinjaToken(.string, value, at: at))
        } else {
            append(.string, (at + 1)..<end)
        }
        at = end + 1
    }
}
