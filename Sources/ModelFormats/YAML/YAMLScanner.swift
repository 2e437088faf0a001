package import ByteParsing

/// Scans a YAML stream for tags, scalars, anchors and aliases (YAML 1.2, chapters 6 to 9; tags as PyYAML resolves them).
///
/// Not a parser: structure is only followed as far as keys lead to scalars, indentation decides what is under what,
/// and text that YAML refuses is read as far as it goes. That is on purpose: readers differ in what they refuse, and a
/// tag is dangerous wherever one of them sees it. Merge keys and type resolution of plain scalars are left out.
package struct YAMLScanner {
    private let text: [UInt8]
    private let budget: Budget
    private var at = 0
    private var line = 1
    private var events: [YAMLEvent] = []
    private var handles: [String: String] = [:]
    /// Keys around the current place with their indentation.
    private var keys: [(indent: Int, name: String)] = []
    /// Open flow collections: the key under which each stands.
    private var flow: [String] = []
    private var flowKey = ""
    /// Where a `?` stands that said that what comes next is a key.
    private var keyColumn: Int?
    private var weights: [String: Int] = [:]
    private var anchor: String?

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
    }

    private func byte(_ offset: Int) -> UInt8? { offset >= 0 && offset < text.count ? text[offset] : nil }

    private func isBreak(_ byte: UInt8?) -> Bool { byte == nil || byte == 0x0A || byte == 0x0D }
    private func isBlank(_ byte: UInt8?) -> Bool { isBreak(byte) || byte == 0x20 || byte == 0x09 }

    private mutating func add(_ kind: YAMLEvent.Kind) throws(ParseError) {
        guard events.count < Self.eventLimit else { throw .limit(at: at, reading: "YAML nodes") }
        events.append(YAMLEvent(kind: kind, line: line))
    }

    private func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }

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

    /// `%TAG !handle! prefix`
    private mutating func readDirective() {
        var end = at
        while !isBreak(byte(end)) { end += 1 }
        let words = string(at..<end).split(separator: " ")
        if words.count >= 3, words[1].hasPrefix("!"), handles.count < 64 {
            handles[String(words[1])] = String(words[2])
        }
        at = end
    }

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
            flow.append(flowKey)
            at += 1
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
            flowKey = flow.popLast() ?? ""
            at += 1
        case UInt8(ascii: ","): at += 1
        case UInt8(ascii: "!"): try readTag()
        case UInt8(ascii: "&"): readAnchor()
        case UInt8(ascii: "*"): try readAlias()
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

    private func wordEnd(_ from: Int) -> Int {
        var end = from
        while let next = byte(end), !isBlank(next) {
            if !flow.isEmpty, ",]}[{".utf8.contains(next) { break }
            end += 1
        }
        return end
    }

    private mutating func readTag() throws(ParseError) {
        if byte(at + 1) == UInt8(ascii: "<") {
            var end = at + 2
            while let next = byte(end), next != UInt8(ascii: ">"), !isBreak(next) { end += 1 }
            try add(.tag(Self.decoded(string((at + 2)..<end))))
            at = min(text.count, end + 1)
            return
        }
        let end = wordEnd(at + 1)
        let tag = string(at..<end)
        at = end
        let decoded = Self.decoded(tag)
        for (handle, prefix) in handles where handle != "!" && decoded.hasPrefix(handle) {
            return try add(.tag(Self.decoded(prefix) + decoded.dropFirst(handle.count)))
        }
        if decoded.hasPrefix("!!") { return try add(.tag("tag:yaml.org,2002:" + decoded.dropFirst(2))) }
        if let prefix = handles["!"], decoded.count > 1 {
            return try add(.tag(Self.decoded(prefix) + decoded.dropFirst()))
        }
        if decoded.count > 1 { try add(.tag(decoded)) }
    }

    /// `%xx` in a tag stands for a byte.
    private static func decoded(_ tag: String) -> String {
        guard tag.utf8.contains(UInt8(ascii: "%")) else { return tag }
        var result: [UInt8] = []
        let bytes = Array(tag.utf8)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let value = UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
            {
                result.append(value)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private mutating func readAnchor() {
        let end = wordEnd(at + 1)
        let name = string((at + 1)..<end)
        at = end
        guard weights.count < 100_000 else { return }
        anchor = name
        weights[name] = 1
    }

    private mutating func readAlias() throws(ParseError) {
        let end = wordEnd(at + 1)
        let name = string((at + 1)..<end)
        guard !name.isEmpty, weights[name] != nil else {
            // A plain scalar with an asterisk: `*.txt`.
            return try finish(readPlain(), 0, isPlain: true)
        }
        at = end
        let weight = weights[name] ?? 1
        grow(by: weight)
        try add(.alias(name, weight: weight))
    }

    /// What is under the last anchor grows: its aliases stand for all of that.
    private mutating func grow(by weight: Int) {
        guard let anchor else { return }
        weights[anchor] = min((weights[anchor] ?? 1).adding(checked: weight) ?? .max, 1 << 60)
    }

    // MARK: Scalars

    /// Takes a scalar that was read for a key or a value.
    private mutating func finish(_ value: String, _ column: Int, isPlain: Bool) throws(ParseError) {
        var next = at
        while byte(next) == 0x20 || byte(next) == 0x09 { next += 1 }
        let isKey = byte(next) == UInt8(ascii: ":") && (isBlank(byte(next + 1)) || !flow.isEmpty)
        guard isKey || keyColumn != nil else { return try scalar(value, isPlain: isPlain) }
        // The colon of a key that was announced stands on a line of its own.
        if isKey { at = next + 1 }
        let column = keyColumn ?? column
        keyColumn = nil
        let name = value.utf8.count > 120 ? String(value.prefix(80)) : value
        if flow.isEmpty {
            guard keys.count < 256 else { throw .limit(at: at, reading: "YAML nesting") }
            keys.removeAll { $0.indent >= column }
            keys.append((column, name))
            flowKey = ""
        } else {
            flowKey = name
        }
    }

    private mutating func scalar(_ value: String, isPlain: Bool) throws(ParseError) {
        grow(by: 1)
        var names = keys.suffix(8).map(\.name)
        if !flow.isEmpty { names += flow.suffix(6).filter { !$0.isEmpty } }
        if !flowKey.isEmpty { names.append(flowKey) }
        try add(.scalar(value, key: names.last ?? "", path: names.joined(separator: "."), isPlain: isPlain))
    }

    private mutating func readQuoted(_ quote: UInt8) -> String {
        var result: [UInt8] = []
        at += 1
        while let next = byte(at) {
            at += 1
            if next == quote {
                guard quote == UInt8(ascii: "'"), byte(at) == quote else { break }
                at += 1
                result.append(quote)
                continue
            }
            if next == 0x0A {
                line += 1
                // A line end folds into a space, with the indentation after it.
                while byte(at) == 0x20 || byte(at) == 0x09 { at += 1 }
                result.append(0x20)
                continue
            }
            guard next == UInt8(ascii: "\\"), quote == UInt8(ascii: "\""), let escape = byte(at) else {
                result.append(next)
                continue
            }
            at += 1
            readEscape(escape, into: &result)
        }
        return String(decoding: result, as: UTF8.self)
    }

    private mutating func readEscape(_ escape: UInt8, into result: inout [UInt8]) {
        let digits: Int
        switch escape {
        case UInt8(ascii: "n"): return result.append(0x0A)
        case UInt8(ascii: "t"): return result.append(0x09)
        case UInt8(ascii: "r"): return result.append(0x0D)
        case UInt8(ascii: "0"): return result.append(0)
        case UInt8(ascii: "e"): return result.append(0x1B)
        case 0x0A:
            line += 1
            while byte(at) == 0x20 || byte(at) == 0x09 { at += 1 }
            return
        case UInt8(ascii: "x"): digits = 2
        case UInt8(ascii: "u"): digits = 4
        case UInt8(ascii: "U"): digits = 8
        default: return result.append(escape)
        }
        guard at + digits <= text.count, let value = UInt32(string(at..<(at + digits)), radix: 16),
            let scalar = Unicode.Scalar(value)
        else { return }
        at += digits
        result.append(contentsOf: Array(String(Character(scalar)).utf8))
    }

    /// A literal or folded block; nil when the header is not one.
    private mutating func readBlock(_ style: UInt8) -> String? {
        var end = at + 1
        while let next = byte(end), "+-0123456789".utf8.contains(next) { end += 1 }
        while byte(end) == 0x20 || byte(end) == 0x09 { end += 1 }
        guard isBreak(byte(end)) || byte(end) == UInt8(ascii: "#") else { return nil }
        while !isBreak(byte(end)) { end += 1 }
        let parent = keys.last?.indent ?? -1
        var result: [UInt8] = []
        var indent: Int?
        at = end
        while at < text.count {
            // At the end of a line: look at the next one.
            var start = at
            if byte(start) == 0x0D { start += 1 }
            if byte(start) == 0x0A { start += 1 }
            guard start < text.count else { break }
            var ink = start
            while byte(ink) == 0x20 { ink += 1 }
            var stop = ink
            while !isBreak(byte(stop)) { stop += 1 }
            if stop > ink {
                if indent == nil { indent = ink - start }
                guard ink - start >= (indent ?? 0), ink - start > parent || keys.isEmpty && ink > start else { break }
                let from = min(start + (indent ?? 0), stop)
                result.append(contentsOf: text[from..<stop])
            }
            result.append(style == UInt8(ascii: ">") ? 0x20 : 0x0A)
            line += 1
            at = stop
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// A plain scalar to the end of its line: `: `, ` #` and, in flow collections, their indicators end it.
    private mutating func readPlain() -> String {
        let start = at
        var end = at
        while let next = byte(end), !isBreak(next) {
            if next == UInt8(ascii: ":"), isBlank(byte(end + 1)) { break }
            if next == UInt8(ascii: "#"), end > start, isBlank(byte(end - 1)) { break }
            if !flow.isEmpty, ",]}[{".utf8.contains(next) { break }
            end += 1
        }
        at = max(end, min(start + 1, text.count))
        var last = at
        while last > start, isBlank(byte(last - 1)) { last -= 1 }
        return string(start..<last)
    }
}
