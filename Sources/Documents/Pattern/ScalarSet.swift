/// A set of Unicode scalars, as a regular expression's class names it.
struct ScalarSet: Sendable, Equatable {
    /// A general category, or a group of them: `L` has `Lu`, `Ll`, and so on.
    enum Category: String, Sendable, CaseIterable {
        case letter = "L", upper = "Lu", lower = "Ll", title = "Lt", modifier = "Lm", other = "Lo", mark = "M"
        case number = "N", digit = "Nd", punctuation = "P", symbol = "S", separator = "Z", control = "C"
    }

    private(set) var ranges: [ClosedRange<UInt32>] = []
    private var categories: [(category: Category, isNegated: Bool)] = []
    private var excluded: [ScalarSet] = []
    var isNegated = false

    static func == (left: ScalarSet, right: ScalarSet) -> Bool {
        left.ranges == right.ranges && left.isNegated == right.isNegated && left.excluded == right.excluded
            && left.categories.elementsEqual(right.categories) { $0 == $1 }
    }

    init(_ ranges: ClosedRange<UInt32>...) { self.ranges = ranges }

    mutating func add(_ range: ClosedRange<UInt32>) { ranges.append(range) }
    mutating func add(_ category: Category, isNegated: Bool) { categories.append((category, isNegated)) }

    /// Adds another set, complemented ones included.
    mutating func add(_ set: ScalarSet) {
        if set.isNegated {
            excluded.append(set)
        } else {
            ranges += set.ranges
            categories += set.categories
            excluded += set.excluded
        }
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        var found = ranges.contains { $0.contains(value) }
        if !found { found = excluded.contains { $0.contains(scalar) } }
        if !found {
            found = categories.contains { category, isNegated in Self.has(scalar, category) != isNegated }
        }
        return found != isNegated
    }

    private static func has(_ scalar: Unicode.Scalar, _ category: Category) -> Bool {
        switch (scalar.properties.generalCategory, category) {
        case (.uppercaseLetter, .letter), (.uppercaseLetter, .upper), (.lowercaseLetter, .letter),
            (.lowercaseLetter, .lower), (.titlecaseLetter, .letter), (.titlecaseLetter, .title),
            (.modifierLetter, .letter), (.modifierLetter, .modifier), (.otherLetter, .letter), (.otherLetter, .other),
            (.decimalNumber, .number), (.decimalNumber, .digit), (.letterNumber, .number), (.otherNumber, .number),
            (.nonspacingMark, .mark), (.spacingMark, .mark), (.enclosingMark, .mark),
            (.connectorPunctuation, .punctuation), (.dashPunctuation, .punctuation), (.openPunctuation, .punctuation),
            (.closePunctuation, .punctuation), (.initialPunctuation, .punctuation), (.finalPunctuation, .punctuation),
            (.otherPunctuation, .punctuation), (.mathSymbol, .symbol), (.currencySymbol, .symbol),
            (.modifierSymbol, .symbol), (.otherSymbol, .symbol), (.spaceSeparator, .separator),
            (.lineSeparator, .separator), (.paragraphSeparator, .separator), (.control, .control),
            (.format, .control), (.surrogate, .control), (.privateUse, .control), (.unassigned, .control):
            true
        default: false
        }
    }

    // MARK: The sets with a name of their own in ECMA-262

    static let digits = ScalarSet(0x30...0x39)
    static let wordCharacters = ScalarSet(0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A)
    static let spaces = ScalarSet(
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
        0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF)
    /// What `.` stands for: everything but line terminators.
    static let withoutLineEnds: ScalarSet = {
        var set = ScalarSet(0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029)
        set.isNegated = true
        return set
    }()

    var complement: ScalarSet {
        var set = self
        set.isNegated.toggle()
        return set
    }
}
