/// A set of characters of a regular expression: ASCII one by one, all others in four kinds.
///
/// What matters is whether two sets share a character; kinds of other characters are told apart only as far as classes
/// of regular expressions do.
struct CharacterClass: Hashable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    private var other: UInt8 = 0

    private static let otherWord: UInt8 = 1
    private static let otherSpace: UInt8 = 2
    private static let otherNumber: UInt8 = 4
    private static let otherRest: UInt8 = 8

    init() {}

    private init(low: UInt64, high: UInt64, other: UInt8) { (self.low, self.high, self.other) = (low, high, other) }

    private init(_ ranges: [ClosedRange<UInt32>], other: UInt8) {
        for range in ranges { insert(range) }
        self.other = other
    }

    var isEmpty: Bool { low | high == 0 && other == 0 }

    mutating func insert(_ code: UInt32) {
        switch code {
        case 0..<64: low |= 1 << UInt64(code)
        case 64..<128: high |= 1 << UInt64(code - 64)
        case 0x85, 0xA0, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x3000: other |= Self.otherSpace
        default: other |= Unicode.Scalar(code)?.properties.isAlphabetic ?? false ? Self.otherWord : Self.otherRest
        }
    }

    mutating func insert(_ range: ClosedRange<UInt32>) {
        if range.lowerBound < 128 {
            for code in range.lowerBound...min(range.upperBound, 127) { insert(code) }
        }
        // A stretch of other characters may hold any kind.
        if range.upperBound >= 128 { other = 15 }
    }

    mutating func formUnion(_ set: CharacterClass) {
        low |= set.low
        high |= set.high
        other |= set.other
    }

    var inverted: CharacterClass {
        var result = CharacterClass()
        result.low = ~low
        result.high = ~high
        // A kind that is named in part is still there in part.
        result.other = other == 15 ? 15 : ~other & 15
        return result
    }

    func overlaps(_ set: CharacterClass) -> Bool {
        low & set.low != 0 || high & set.high != 0 || other & set.other != 0
    }

    /// The set with the other case of each letter.
    var foldingCase: CharacterClass {
        var result = self
        let letters: UInt64 = 0x07FF_FFFE
        result.high |= (high & letters) << 32 | (high >> 32) & letters
        return result
    }

    static let any = CharacterClass(low: .max, high: .max, other: 15)
    static let anyButNewline = CharacterClass(low: .max & ~(1 << 10), high: .max, other: 15)
    static let digits = CharacterClass([0x30...0x39], other: otherNumber)
    static let letters = CharacterClass([0x41...0x5A, 0x61...0x7A], other: otherWord)
    static let words = CharacterClass(
        [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A], other: otherWord | otherNumber)
    static let spaces = CharacterClass([0x09...0x0D, 0x20...0x20], other: otherSpace)
    /// What is neither a letter, a digit nor space.
    static let symbols: CharacterClass = {
        var set = words
        set.formUnion(spaces)
        var rest = set.inverted
        rest.insert(0x5F)
        return rest
    }()
}
