internal import ByteParsing

/// The three codings of R's serialisation behind one set of reads.
struct RInput {
    private let region: ByteRegion
    private let isText: Bool
    private let isLittle: Bool
    let budget: Budget
    private(set) var at: Int

    init(_ region: ByteRegion, at offset: Int, coding: UInt8, budget: Budget) {
        self.region = region
        self.budget = budget
        isText = coding == UInt8(ascii: "A")
        isLittle = coding == UInt8(ascii: "B")
        at = offset
        skipSpace()
    }

    var remaining: Int { region.count - at }

    private mutating func skipSpace() {
        guard isText else { return }
        while let byte = region[at], byte <= 0x20 { at += 1 }
    }

    private mutating func word(_ what: @autoclosure () -> String) throws(ParseError) -> String {
        skipSpace()
        let start = at
        while let byte = region[at], byte > 0x20, at - start < 64 { at += 1 }
        guard at > start, let text = region.slice(start, at - start)?.text() else {
            throw .truncated(at: start, reading: what())
        }
        skipSpace()
        return text
    }

    mutating func int(_ what: @autoclosure () -> String) throws(ParseError) -> Int {
        if isText {
            let text = try word(what())
            if text == "NA" { return Int(Int32.min) }
            guard let value = Int32(text) else { throw .malformed(at: at, reading: what()) }
            return Int(value)
        }
        guard let value = isLittle ? region.little(Int32.self, at: at) : region.big(Int32.self, at: at) else {
            throw .truncated(at: at, reading: what())
        }
        at += 4
        return Int(value)
    }

    /// The length of a vector; -1 announces a long one in two words.
    mutating func length() throws(ParseError) -> Int {
        let length = try int("R vector length")
        if length == -1 {
            let high = try int("R vector length")
            let low = try int("R vector length")
            guard high >= 0, high < 1 << 16 else { throw .malformed(at: at, reading: "R vector length") }
            return high << 32 | Int(UInt32(truncatingIfNeeded: low))
        }
        guard length >= 0 else { throw .malformed(at: at, reading: "R vector length") }
        return length
    }

    /// Passes over `count` bytes of a string.
    mutating func skip(_ count: Int, _ what: @autoclosure () -> String) throws(ParseError) {
        guard count >= 0, count <= remaining else { throw .truncated(at: at, reading: what()) }
        at += count
        skipSpace()
    }

    /// Passes over the values of a vector.
    mutating func skip(values count: Int, of type: RType) throws(ParseError) {
        if isText {
            let words = type == .complex ? count.multiplied(checked: 2) : count
            guard let words, words <= remaining else { throw .truncated(at: at, reading: "R vector") }
            for _ in 0..<words {
                try budget.spend(operations: 1, reading: "R vector")
                _ = try word("R vector")
            }
            return
        }
        let width =
            switch type {
            case .logical, .integer: 4
            case .real: 8
            case .complex: 16
            default: 1
            }
        guard let bytes = count.multiplied(checked: width), bytes <= remaining else {
            throw .truncated(at: at, reading: "R vector")
        }
        at += bytes
    }

    /// The text of a character object, or nil for NA.
    mutating func text(limit: Int) throws(ParseError) -> String? {
        let length = try int("R text")
        if length == -1 { return nil }
        return try string(length, limit: limit)
    }

    /// A string of `length` bytes; in the text coding escapes count as one byte each.
    mutating func string(_ length: Int, limit: Int) throws(ParseError) -> String {
        guard length >= 0, length <= remaining else { throw .truncated(at: at, reading: "R text") }
        guard isText else {
            let text = region.slice(at, length)?.text(limit: limit) ?? ""
            at += length
            return text
        }
        skipSpace()
        var bytes: [UInt8] = []
        for _ in 0..<length {
            try budget.spend(operations: 1, reading: "R text")
            guard let byte = region[at] else { throw .truncated(at: at, reading: "R text") }
            at += 1
            guard byte == UInt8(ascii: "\\"), let next = region[at] else {
                bytes.append(byte)
                continue
            }
            at += 1
            switch next {
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "r"): bytes.append(0x0D)
            case UInt8(ascii: "v"): bytes.append(0x0B)
            case UInt8(ascii: "b"): bytes.append(0x08)
            case UInt8(ascii: "f"): bytes.append(0x0C)
            case UInt8(ascii: "a"): bytes.append(0x07)
            case 0x30...0x37:
                var value = UInt32(next - 0x30)
                for _ in 0..<2 {
                    guard let digit = region[at], 0x30...0x37 ~= digit else { break }
                    value = value << 3 | UInt32(digit - 0x30)
                    at += 1
                }
                bytes.append(UInt8(truncatingIfNeeded: value))
            default: bytes.append(next)
            }
        }
        skipSpace()
        return String(decoding: bytes.prefix(limit), as: UTF8.self)
    }
}
