package import ByteParsing

/// Scans a YAML stream for tags, scalars, anchors and aliases (YAML 1.2, chapters 6 to 9; tags as PyYAML resolves them).
///
/// Not a parser: structure is only followed as far as keys lead to scalars, indentation decides what is under what,
/// and text that YAML refuses is read as far as it goes. That is on purpose: readers differ in what they refuse, and a
/// tag is dangerous wherever one of them sees it. Merge keys and type resolution of plain scalars are left out.
package struct YAMLScanner {
    let text: [UInt8]
    private let budget: Budget
    var at = 0
    var line = 1
    private var events: [YAMLEvent] = []
    var handles: [String: String] = [:]
    /// Keys around the current place with their indentation.
    var keys: [(indent: Int, name: String)] = []
    /// Open flow collections: the key under which each stands.
    var flow: [String] = []
    var flowKey = ""
    /// Where a `?` stands that said that what comes next is a key.
    var keyColumn: Int?
    var weights: [String: Int] = [:]
    var anchor: String?
    /// The anchor of the node that comes next.
    var nextAnchor: String?
    /// The scalars that anchors stand before, so that an alias is judged as what it stands for.
    var scalars: [String: String] = [:]

    static let eventLimit = 400_000

    /// - Throws: `limit` when the budget or the number of events is used up.
    package static func events(in region: ByteRegion, budget: Budget) throws(ParseError) -> [YAMLEvent] {
        var scanner = YAMLScanner(region, budget: budget)
        try scanner.scan()
        return scanner.events
    }

    private init(_ region: ByteRegion, budget: Budget) {
        text = region.array()
        self.budget = budget
        if region.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
    }

    func byte(_ offset: Int) -> UInt8? { offset >= 0 && offset < text.count ? text[offset] : nil }

    func isBreak(_ byte: UInt8?) -> Bool { byte == nil || byte == 0x0A || byte == 0x0D }
    func isBlank(_ byte: UInt8?) -> Bool { isBreak(byte) || byte == 0x20 || byte == 0x09 }

    mutating func add(_ kind: YAMLEvent.Kind) throws(ParseError) {
        guard events.count < Self.eventLimit else { throw .limit(at: at, reading: "YAML nodes") }
        events.append(YAMLEvent(kind: kind, line: line))
    }

    func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }

    private mutating func scan() throws(ParseError) {
        while at < text.count {
            let start = at
            try scanLine()
            try budget.spend(operations: 1 + (at - start) / 4, reading: "YAML text")
            // Each line makes progress, whatever it held.
            if at == start { at += 1 }
        }
    }

    /// Reads one line; scalars that go on over further lines take those with them.
    private mutating func scanLine() throws(ParseError) {
        if flow.isEmpty {
            if text[at...].starts(with: Self.documentStart), isBlank(byte(at + 3)) {
                try add(.document)
                keys = []
                at += 3
            } else if text[at...].starts(with: Self.tagDirective) {
                readDirective()
            }
        }
        var indent = 0
        while byte(at) == 0x20 || byte(at) == 0x09 {
            indent += 1
            at += 1
        }
        if flow.isEmpty, !isBreak(byte(at)), byte(at) != UInt8(ascii: "#") {
            // A list's dash stands at the same indentation as the key above it.
            // So does the colon of a key that a `?` announced.
            let isDash = (byte(at) == UInt8(ascii: "-") || byte(at) == UInt8(ascii: ":")) && isBlank(byte(at + 1))
            keys.removeAll { isDash ? $0.indent > indent : $0.indent >= indent }
        }
        var column = indent
        while !isBreak(byte(at)) {
            let start = at
            try scanNode(column)
            if at == start { at += 1 }
            column += at - start
        }
        if byte(at) == 0x0D { at += 1 }
        if byte(at) == 0x0A { at += 1 }
        line += 1
    }

    private static let documentStart = Array("---".utf8)
    private static let tagDirective = Array("%TAG".utf8)

    /// Reads what starts here: an indicator, properties, a key or a scalar.
    private mutating func scanNode(_ column: Int) throws(ParseError) {
        guard let first = byte(at) else { return }
        switch first {
        case 0x20, 0x09: at += 1
        case UInt8(ascii: "#") where isBlank(byte(at - 1)):
            while !isBreak(byte(at)) { at += 1 }
        case UInt8(ascii: "-") where isBlank(byte(at + 1)) && flow.isEmpty: at += 1
        case UInt8(ascii: "?") where isBlank(byte(at + 1)):
            keyColumn = column
            at += 1
        case UInt8(ascii: ":") where isBlank(byte(at + 1)) || !flow.isEmpty: at += 1
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            guard flow.count < 512 else { throw .limit(at: at, reading: "YAML nesting") }
            nextAnchor = nil
            flow.append(flowKey)
            at += 1
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
            flowKey = flow.popLast() ?? ""
            at += 1
        case UInt8(ascii: ","): at += 1
        case UInt8(ascii: "!"): try readTag()
        case UInt8(ascii: "&"): readAnchor()
        case UInt8(ascii: "*"): try readAlias(column)
        case UInt8(ascii: "\""), UInt8(ascii: "'"): try finish(readQuoted(first), column, isPlain: false)
        case UInt8(ascii: "|") where flow.isEmpty, UInt8(ascii: ">") where flow.isEmpty:
            if let value = readBlock(first) {
                try scalar(value, isPlain: false)
            } else {
                try finish(readPlain(), column, isPlain: true)
            }
        default: try finish(readPlain(), column, isPlain: true)
        }
    }

    // MARK: Properties

    // MARK: Scalars
}
