/// Letters, escapes and sets.
extension PatternParser {
    func one(_ code: UInt32) -> CharacterClass {
        var set = CharacterClass()
        set.insert(code)
        return ignoresCase ? set.foldingCase : set
    }

    /// The characters of an escape whose letter was taken.
    mutating func escape(_ letter: UInt32) -> CharacterClass? {
        switch letter {
        case scalar("d"): return .digits
        case scalar("D"): return CharacterClass.digits.inverted
        case scalar("w"): return .words
        case scalar("W"): return CharacterClass.words.inverted
        case scalar("s"): return .spaces
        case scalar("S"): return CharacterClass.spaces.inverted
        case scalar("n"): return one(10)
        case scalar("t"): return one(9)
        case scalar("r"): return one(13)
        case scalar("f"): return one(12)
        case scalar("v"): return one(11)
        case scalar("a"): return one(7)
        case scalar("0"): return one(0)
        case scalar("x"), scalar("u"), scalar("U"):
            let width = letter == scalar("x") ? 2 : letter == scalar("u") ? 4 : 8
            guard at + width <= text.count else { return nil }
            let digits = text[at..<(at + width)].compactMap { Unicode.Scalar($0).map(Character.init)?.hexDigitValue }
            guard digits.count == width else { return nil }
            at += width
            return one(digits.reduce(0) { $0 << 4 | UInt32($1) })
        case scalar("p"), scalar("P"):
            // A property, as other engines have it.
            guard next == 0x7B, let end = text[at...].prefix(32).firstIndex(of: 0x7D),
                let first = text[(at + 1)..<end].first(where: { $0 != 0x5E })
            else { return nil }
            let isInverted = (letter == scalar("P")) != (text[(at + 1)..<end].first == 0x5E)
            at = end + 1
            let set: CharacterClass? =
                switch first {
                case scalar("L"): .letters
                case scalar("N"): .digits
                case scalar("Z"): .spaces
                case scalar("S"), scalar("P"): .symbols
                case scalar("M"): CharacterClass()
                default: nil
                }
            return set.map { isInverted ? $0.inverted : $0 }
        default:
            guard letter >= 128 || !(0x41...0x5A).contains(letter) && !(0x61...0x7A).contains(letter) else {
                return nil
            }
            return one(letter)
        }
    }

    /// The characters of a set whose bracket was taken.
    mutating func set() -> CharacterClass? {
        var set = CharacterClass()
        let isInverted = next == 0x5E
        if isInverted { at += 1 }
        var isFirst = true
        while let letter = next, letter != 0x5D || isFirst {
            isFirst = false
            at += 1
            guard let low = member(letter, into: &set) else { return nil }
            guard next == 0x2D, at + 1 < text.count, text[at + 1] != 0x5D else { continue }
            at += 1
            guard let after = next else { return nil }
            at += 1
            guard let high = member(after, into: &set) else { return nil }
            if low != .max, high != .max {
                guard low <= high else { return nil }
                set.insert(low...high)
            }
        }
        guard next == 0x5D else { return nil }
        at += 1
        if ignoresCase { set = set.foldingCase }
        return isInverted ? set.inverted : set
    }

    /// Adds one member of a set; its code, or the largest number for a class.
    private mutating func member(_ letter: UInt32, into set: inout CharacterClass) -> UInt32? {
        guard letter == 0x5C else {
            set.insert(letter)
            return letter
        }
        guard let escaped = next else { return nil }
        at += 1
        if escaped == scalar("b") {
            set.insert(8)
            return 8
        }
        guard let members = escape(escaped) else { return nil }
        set.formUnion(members)
        return (0x21...0x7E).contains(escaped) && !Character(Unicode.Scalar(UInt8(escaped))).isLetter ? escaped : .max
    }
}
