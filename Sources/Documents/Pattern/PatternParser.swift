/// Reads the notation of ECMA-262, without what needs backtracking.
struct PatternParser {
    private static let depth = 50
    private static let repetitions = 1_000

    private let scalars: [Unicode.Scalar]
    private var at = 0
    private var depth = 0

    init(_ source: String) { scalars = Array(source.unicodeScalars) }

    private var next: Unicode.Scalar? { at < scalars.count ? scalars[at] : nil }

    private func peek(_ distance: Int) -> Unicode.Scalar? {
        at + distance < scalars.count ? scalars[at + distance] : nil
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        at += 1
        return true
    }

    private func error(_ what: String) -> PatternError { PatternError(description: "\(what) at \(at)") }

    mutating func read() throws(PatternError) -> PatternTree {
        let tree = try choice()
        guard at == scalars.count else { throw error("an unmatched )") }
        return tree
    }

    private mutating func choice() throws(PatternError) -> PatternTree {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depth else { throw error("groups nested more than \(Self.depth) deep") }
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(PatternError) -> PatternTree {
        var parts: [PatternTree] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            let (part, isAssertion) = try atom()
            parts.append(try repeated(part, isAssertion: isAssertion))
        }
        return parts.count == 1 ? parts[0] : parts.isEmpty ? .empty : .sequence(parts)
    }

    private mutating func atom() throws(PatternError) -> (PatternTree, isAssertion: Bool) {
        guard let scalar = next else { return (.empty, false) }
        at += 1
        switch scalar {
        case "^": return (.start, true)
        case "$": return (.end, true)
        case ".": return (.set(.withoutLineEnds), false)
        case "(":
            if next == "?" {
                guard peek(1) == ":" else { throw error("a group that is not followed (lookaround, name or flag)") }
                at += 2
            }
            let tree = try choice()
            guard take(")") else { throw error("an unmatched (") }
            return (tree, false)
        case "[": return (.set(try characterClass()), false)
        case "*", "+", "?": throw error("nothing to repeat")
        case "\\":
            switch next {
            case "b":
                at += 1
                return (.wordBoundary(true), true)
            case "B":
                at += 1
                return (.wordBoundary(false), true)
            default: return (.set(try escape(inClass: false)), false)
            }
        default: return (.set(ScalarSet(scalar.value...scalar.value)), false)
        }
    }

    private mutating func repeated(_ part: PatternTree, isAssertion: Bool) throws(PatternError) -> PatternTree {
        var least = 0
        var most: Int?
        switch next {
        case "*": at += 1
        case "+":
            at += 1
            least = 1
        case "?":
            at += 1
            most = 1
        case "{":
            guard let (low, high, end) = bounds() else { return part }
            guard low <= Self.repetitions, high ?? 0 <= Self.repetitions else {
                throw error("more than \(Self.repetitions) repetitions")
            }
            guard high.map({ low <= $0 }) ?? true else { throw error("a repetition that ends before it starts") }
            least = low
            most = high
            at = end
        default: return part
        }
        guard !isAssertion else { throw error("nothing to repeat") }
        // Whether as little or as much as possible is taken makes no difference to whether it matches.
        _ = take("?")
        switch next {
        case "*", "+", "?": throw error("a repetition of a repetition")
        case "{" where bounds() != nil: throw error("a repetition of a repetition")
        default: return .repetition(part, least: least, most: most)
        }
    }

    /// `{n}`, `{n,}` or `{n,m}` at this place; another brace stands for itself.
    private func bounds() -> (Int, Int?, end: Int)? {
        var position = at + 1
        func number() -> Int? {
            var value: Int?
            while position < scalars.count, let digit = Self.decimal(scalars[position]) {
                value = min((value ?? 0) * 10 + digit, 1 << 20)
                position += 1
            }
            return value
        }
        guard let low = number() else { return nil }
        var high: Int? = low
        if position < scalars.count, scalars[position] == "," {
            position += 1
            high = number()
        }
        guard position < scalars.count, scalars[position] == "}" else { return nil }
        return (low, high, position + 1)
    }

    private mutating func characterClass() throws(PatternError) -> ScalarSet {
        var set = ScalarSet()
        let isNegated = take("^")
        while true {
            guard let scalar = next else { throw error("an unmatched [") }
            if take("]") { break }
            at += 1
            let low = scalar == "\\" ? try escape(inClass: true) : ScalarSet(scalar.value...scalar.value)
            guard next == "-", let after = peek(1), after != "]" else {
                set.add(low)
                continue
            }
            at += 2
            let high = after == "\\" ? try escape(inClass: true) : ScalarSet(after.value...after.value)
            guard let first = low.single, let last = high.single else { throw error("a range between classes") }
            guard first <= last else { throw error("a range that ends before it starts") }
            set.add(first...last)
        }
        set.isNegated = isNegated
        return set
    }

    /// What follows a backslash.
    private mutating func escape(inClass: Bool) throws(PatternError) -> ScalarSet {
        guard let scalar = next else { throw error("a backslash at the end") }
        at += 1
        func one(_ value: UInt32) -> ScalarSet { ScalarSet(value...value) }
        switch scalar {
        case "d": return .digits
        case "D": return .digits.complement
        case "w": return .wordCharacters
        case "W": return .wordCharacters.complement
        case "s": return .spaces
        case "S": return .spaces.complement
        case "t": return one(0x09)
        case "n": return one(0x0A)
        case "v": return one(0x0B)
        case "f": return one(0x0C)
        case "r": return one(0x0D)
        case "b" where inClass: return one(0x08)
        case "0" where next.flatMap(Self.decimal) == nil: return one(0)
        case "x": return one(try hexadecimal(2))
        case "u":
            guard take("{") else {
                let unit = try hexadecimal(4)
                guard 0xD800...0xDBFF ~= unit else { return one(unit) }
                guard take("\\"), take("u") else { throw error("half a surrogate pair") }
                let low = try hexadecimal(4)
                guard 0xDC00...0xDFFF ~= low else { throw error("half a surrogate pair") }
                return one(0x10000 + ((unit - 0xD800) << 10 | (low - 0xDC00)))
            }
            var value: UInt32 = 0
            while let digit = next.flatMap(Self.hexadecimal) {
                value = min(value << 4 | digit, 0x110000)
                at += 1
            }
            guard take("}"), value <= 0x10FFFF else { throw error("a \\u{} that is no character") }
            return one(value)
        case "c":
            guard let letter = next, letter.isASCII, letter.properties.isAlphabetic else { throw error("a \\c") }
            at += 1
            return one(letter.value & 31)
        case "p", "P":
            guard take("{") else { throw error("a \\p without a property") }
            var name = ""
            while let letter = next, letter != "}" {
                name.unicodeScalars.append(letter)
                at += 1
            }
            guard take("}"), let category = ScalarSet.Category(rawValue: name) else {
                throw error("the property \(name), which is not followed,")
            }
            var set = ScalarSet()
            set.add(category, isNegated: scalar == "P")
            return set
        case _ where scalar.isASCII && (Self.decimal(scalar) != nil || scalar.properties.isAlphabetic):
            throw error("the escape \\\(scalar), which is not followed,")
        default: return one(scalar.value)
        }
    }

    private mutating func hexadecimal(_ count: Int) throws(PatternError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let digit = next.flatMap(Self.hexadecimal) else { throw error("a hexadecimal escape cut short") }
            value = value << 4 | digit
            at += 1
        }
        return value
    }

    private static func decimal(_ scalar: Unicode.Scalar) -> Int? {
        "0"..."9" ~= scalar ? Int(scalar.value - 0x30) : nil
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar) -> UInt32? {
        switch scalar {
        case "0"..."9": scalar.value - 0x30
        case "a"..."f": scalar.value - 0x61 + 10
        case "A"..."F": scalar.value - 0x41 + 10
        default: nil
        }
    }
}

extension ScalarSet {
    /// The only scalar in the set, if it is one that was named by itself.
    var single: UInt32? {
        guard !isNegated, ranges.count == 1, self == ScalarSet(ranges[0]), ranges[0].count == 1 else { return nil }
        return ranges[0].lowerBound
    }
}
