package import ByteParsing

/// Finds credentials in text: by the forms that issuers give them, by structure, and as random values of names that
/// mean a secret.
package struct SecretScanner {
    package struct Match: Hashable, Sendable {
        package var issuer: String
        package var offset: Int
        /// The value with all but its first letters left out.
        package var masked: String
        /// The name that the value is given to, where there is one.
        package var name: String?
        /// Bytes that the value takes from `offset` on.
        package var length = 0

        package init(issuer: String, offset: Int, masked: String, name: String? = nil, length: Int = 0) {
            self.issuer = issuer
            self.offset = offset
            self.masked = masked
            self.name = name
            self.length = length
        }
    }

    var matches: [Match] = []
    var end = 0
    /// Where a run ends that holds no signed token, and how often one was looked for in vain: no run is read again and
    /// again.
    var tokenEnd = 0
    var tokenTries = 0
    var manifestTries = 0
    /// Where the value ends that was judged last, and how many within it: names and values may follow each other.
    var judgedEnd = 0
    var judgedTries = 0
    private let budget: Budget
    static let matchLimit = 50

    init(budget: Budget) { self.budget = budget }

    /// Finds what is in `region`, one match for each place.
    package static func matches(in region: ByteRegion, budget: Budget) throws(ParseError) -> [Match] {
        var scanner = SecretScanner(budget: budget)
        try scanner.scan(region)
        return scanner.matches
    }

    private mutating func scan(_ region: ByteRegion) throws(ParseError) {
        let bytes = region.bytes
        let count = bytes.byteCount
        let actions = Self.actions
        let pairs = KeyForm.firstPairs
        try budget.spend(operations: count / 4, reading: "text in search of secrets")
        var previous: UInt8 = 0
        var index = 0
        while index < count, matches.count < Self.matchLimit {
            let byte = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self)
            let action = actions[Int(byte)]
            if action != 0, index >= end {
                if action & Self.isMark != 0 { mark(byte, after: previous, in: bytes, at: index) }
                if action & Self.isLetter != 0 { letter(byte, after: previous, in: bytes, at: index) }
                if action & Self.isFirst != 0, !Self.isWord(previous), index &+ 1 < count {
                    let next = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: index &+ 1, as: UInt8.self)
                    let pair = Int(byte) << 8 | Int(next)
                    if pairs[pair >> 6] & (1 << UInt64(pair & 63)) != 0, index >= end {
                        prefixed(bytes, at: index, after: previous)
                    }
                }
            }
            previous = byte
            index &+= 1
        }
    }

    /// What is looked for at each byte.
    private static let isMark: UInt8 = 1
    private static let isLetter: UInt8 = 2
    private static let isFirst: UInt8 = 4
    private static let actions: [UInt8] = {
        var table = [UInt8](repeating: 0, count: 256)
        for byte in ":=|,>-%_+".utf8 { table[Int(byte)] |= isMark }
        for byte in "ueBbTtPpQAZN".utf8 { table[Int(byte)] |= isLetter }
        for pair in KeyForm.byFirstPair.keys { table[Int(pair >> 8)] |= isFirst }
        return table
    }()

    /// Looks at what a mark stands between or in front of.
    private mutating func mark(_ byte: UInt8, after previous: UInt8, in bytes: RawSpan, at index: Int) {
        switch byte {
        case UInt8(ascii: ":"):
            address(bytes, at: index)
            botToken(bytes, at: index)
            serviceKey(bytes, at: index)
            assignment(bytes, at: index)
        case UInt8(ascii: "="):
            serviceKey(bytes, at: index)
            if previous != byte { assignment(bytes, at: index) }
        case UInt8(ascii: "|"):
            applicationToken(bytes, at: index)
            serviceKey(bytes, at: index)
            if previous == byte { assignment(bytes, at: index) }
        case UInt8(ascii: "%") where (0x30...0x39).contains(previous): applicationToken(bytes, at: index)
        case UInt8(ascii: ","):
            serviceKey(bytes, at: index)
            // Arguments: a name in quotes, and its value.
            if previous == UInt8(ascii: "\"") || previous == UInt8(ascii: "'") { assignment(bytes, at: index) }
        case UInt8(ascii: ">"):
            serviceKey(bytes, at: index)
            if Self.isWord(previous) { assignment(bytes, at: index) }
        case UInt8(ascii: "-"):
            if previous == byte {
                option(bytes, at: index)
            } else if bytes.byte(at: index + 1) == byte {
                privateKey(bytes, at: index)
            }
            if LetterClass.hexadecimal.contains(previous) { markedKey(bytes, at: index) }
        case UInt8(ascii: "_"):
            switch bytes.byte(at: index + 1) {
            case UInt8(ascii: "m"): licenceKey(bytes, at: index)
            case UInt8(ascii: "K"), UInt8(ascii: "T"), UInt8(ascii: "S"), UInt8(ascii: "P"): variable(bytes, at: index)
            default: break
            }
        case UInt8(ascii: "+"): signedKey(bytes, at: index)
        default: break
        }
    }

    /// Looks at what begins with a letter, or has it in its middle.
    private mutating func letter(_ byte: UInt8, after previous: UInt8, in bytes: RawSpan, at index: Int) {
        switch byte {
        case UInt8(ascii: "u"): if previous == UInt8(ascii: "-") { commandLine(bytes, at: index) }
        case UInt8(ascii: "e"): if !Self.isWord(previous) { signedToken(bytes, at: index) }
        case UInt8(ascii: "Q"): clientSecret(bytes, at: index)
        case UInt8(ascii: "N"): if previous == UInt8(ascii: "F") { markedKey(bytes, at: index) }
        case UInt8(ascii: "Z"): if !Self.isWord(previous) { encodedToken(bytes, at: index) }
        case UInt8(ascii: "A"): if bytes.byte(at: index + 1) == UInt8(ascii: "z") { signedKey(bytes, at: index) }
        case UInt8(ascii: "P"), UInt8(ascii: "p"): if previous <= 0x20 { loginPassword(bytes, at: index) }
        default: if !Self.isWord(previous) { authorisation(bytes, at: index) }
        }
    }

    /// A key in the form that its issuer gives it.
    mutating func prefixed(_ bytes: RawSpan, at offset: Int, after previous: UInt8?) {
        guard let first = bytes.byte(at: offset), let second = bytes.byte(at: offset + 1),
            let forms = KeyForm.byFirstPair[UInt16(first) << 8 | UInt16(second)]
        else { return }
        for form in forms {
            // A short prefix within a path or a name is part of it.
            if form.isShort, let previous, Self.joins[Int(previous)] { continue }
            guard let stop = form.end(in: bytes, at: offset) else { continue }
            if form.isShort, bytes.byte(at: stop) == UInt8(ascii: "."), let next = bytes.byte(at: stop + 1),
                Self.isWord(next)
            {
                continue
            }
            let value = Self.copy(bytes, offset, stop)
            guard form.isGenuine(value[form.prefix.count...]), !isDigest(bytes, before: offset),
                !isInsideBase64(bytes, offset, stop)
            else { continue }
            return found(form.issuer, value, at: offset)
        }
    }

    private static let joins = table("._-/~")

    /// Whether the label of a digest stands before `offset`: `sha256=`, `sha512-`.
    private func isDigest(_ bytes: RawSpan, before offset: Int) -> Bool {
        guard let mark = bytes.byte(at: offset - 1), mark == UInt8(ascii: "=") || mark == UInt8(ascii: "-") else {
            return false
        }
        let label = Self.copy(bytes, offset - 7, offset - 4)
        return label == Array("sha".utf8)
    }

    /// Whether a value is a piece of far more base64: of that many letters, some are any form by chance.
    private func isInsideBase64(_ bytes: RawSpan, _ start: Int, _ stop: Int) -> Bool {
        func continues(_ offset: Int) -> Bool {
            bytes.byte(at: offset) == UInt8(ascii: "+") || bytes.byte(at: offset) == UInt8(ascii: "/")
        }
        guard continues(start - 1) || continues(stop) else { return false }
        let before = start - Self.run(bytes, to: start, .base64, limit: Self.blob)
        let after = Self.run(bytes, from: stop, .base64, limit: Self.blob) - stop
        return before + after >= Self.blob
    }

    /// Letters of base64 around a value from which on it is content and not a credential.
    private static let blob = 160

    static func table(_ text: String) -> [Bool] {
        var table = [Bool](repeating: false, count: 256)
        for byte in text.utf8 { table[Int(byte)] = true }
        return table
    }

    /// Whether a value can end before `byte`.
    static func isEnd(_ byte: UInt8?) -> Bool { byte.map { ending[Int($0)] } ?? true }
    private static let ending = table(" \t\r\n\"'`;,)}]<>\\&")

    package static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    mutating func found(_ issuer: String, _ value: [UInt8], at offset: Int, name: String? = nil) {
        matches.append(
            Match(issuer: issuer, offset: offset, masked: Self.mask(value), name: name, length: value.count))
        end = offset + value.count
    }

    /// The first letters of a value and its length: enough to find it, not enough to use it.
    package static func mask(_ value: [UInt8]) -> String {
        let shown = min(6, value.count / 4)
        return String(decoding: value.prefix(shown), as: UTF8.self) + "… (\(value.count) characters)"
    }

    static func copy(_ bytes: RawSpan, _ start: Int, _ end: Int) -> [UInt8] {
        guard start >= 0, start <= end, end <= bytes.byteCount else { return [] }
        return bytes.extracting(start..<end).array()
    }

    /// The letters of a run that lies between `start` and the first byte outside of `letters`, at most `limit` of them.
    static func run(_ bytes: RawSpan, from start: Int, _ letters: LetterClass, limit: Int) -> Int {
        var stop = start
        while stop - start < limit, let byte = bytes.byte(at: stop), letters.contains(byte) { stop += 1 }
        return stop
    }

    /// Where a run that ends before `stop` begins.
    static func run(_ bytes: RawSpan, to stop: Int, _ letters: LetterClass, limit: Int) -> Int {
        var start = stop
        while stop - start < limit, let byte = bytes.byte(at: start - 1), letters.contains(byte) { start -= 1 }
        return start
    }
}
