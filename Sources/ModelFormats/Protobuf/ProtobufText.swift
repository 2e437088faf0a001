package import ByteParsing

/// Walks a protocol buffer message in its text format, without a schema.
///
/// Says when a message opens, what single values it holds, and when it closes. What the format's own parser refuses is
/// passed over where that is possible. Not read: the expanded form of `Any`, and what numbers mean.
///
/// Source: the text format language specification of protocol buffers.
package struct ProtobufText: ~Escapable {
    package enum Event: Sendable, Hashable {
        case open(String)
        case close
        /// A value, decoded when it is quoted.
        case value(String, String)
    }

    private let bytes: RawSpan
    private var at = 0
    /// What is open: a message with the bracket that closes it, or the list of a field.
    private enum Open { case message(UInt8), list(String) }
    private var open: [Open] = []
    private static let nesting = 512
    private static let longestName = 256
    /// Bytes of one value that are kept.
    private static let longestValue = 8_192

    @_lifetime(copy bytes)
    private init(_ bytes: RawSpan) { self.bytes = bytes }

    /// Calls `visit` for each event with its offset.
    /// - Throws: `limit` for the budget and for nesting, `malformed` for what is no name, `truncated` for open messages.
    package static func walk(
        _ region: ByteRegion, budget: Budget, _ visit: (Event, Int) throws(ParseError) -> Void
    ) throws(ParseError) {
        var text = ProtobufText(region.bytes)
        if region.starts(with: [0xEF, 0xBB, 0xBF]) { text.at = 3 }
        while true {
            text.skipSpace()
            guard text.at < text.bytes.byteCount else { break }
            let start = text.at
            try text.field(visit)
            try budget.spend(operations: 1 + (text.at - start) / 16, reading: "protocol buffer text")
        }
        guard text.open.isEmpty else { throw .truncated(at: text.at, reading: "protocol buffer text") }
    }

    private func byte(_ offset: Int) -> UInt8? { bytes.byte(at: offset) }

    /// Passes over white space, comments and separators.
    private mutating func skipSpace() {
        while let next = byte(at) {
            switch next {
            case UInt8(ascii: "#"): while let other = byte(at), other != 0x0A { at += 1 }
            case 0x09...0x0D, 0x20, UInt8(ascii: ","), UInt8(ascii: ";"): at += 1
            default: return
            }
        }
    }

    private mutating func field(_ visit: (Event, Int) throws(ParseError) -> Void) throws(ParseError) {
        let start = at
        switch open.last {
        case .message(let end)? where byte(at) == end:
            at += 1
            open.removeLast()
            return try visit(.close, start)
        case .list(let name)?:
            // The messages or values of a list are the field's, one after the other.
            guard byte(at) == UInt8(ascii: "]") else { return try value(of: name, true, visit) }
            at += 1
            open.removeLast()
            return
        default: break
        }
        let name = try name()
        skipSpace()
        let hasColon = byte(at) == UInt8(ascii: ":")
        if hasColon {
            at += 1
            skipSpace()
        }
        guard byte(at) == UInt8(ascii: "[") else { return try value(of: name, hasColon, visit) }
        try enter(.list(name))
        at += 1
    }

    private mutating func enter(_ opened: Open) throws(ParseError) {
        guard open.count < Self.nesting else { throw .limit(at: at, reading: "protocol buffer text") }
        open.append(opened)
    }

    private mutating func name() throws(ParseError) -> String {
        // An extension or `Any` has its name in brackets.
        let isBracketed = byte(at) == UInt8(ascii: "[")
        if isBracketed { at += 1 }
        let start = at
        while let next = byte(at), Self.isWord(next) || isBracketed && (next == 0x2E || next == 0x2F) { at += 1 }
        let end = at
        if isBracketed, byte(at) == UInt8(ascii: "]") { at += 1 }
        guard end > start, end - start <= Self.longestName else {
            throw .malformed(at: start, reading: "protocol buffer text")
        }
        return String(decoding: bytes.extracting(start..<end).array(), as: UTF8.self)
    }

    private mutating func value(
        of name: String, _ hasColon: Bool, _ visit: (Event, Int) throws(ParseError) -> Void
    ) throws(ParseError) {
        let start = at
        switch byte(at) {
        case UInt8(ascii: "{"), UInt8(ascii: "<"):
            try enter(.message(byte(at) == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: ">")))
            at += 1
            try visit(.open(name), start)
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            guard hasColon else { throw .malformed(at: start, reading: "protocol buffer text") }
            try visit(.value(name, try quoted()), start + 1)
        default:
            guard hasColon else { throw .malformed(at: start, reading: "protocol buffer text") }
            while let next = byte(at), Self.isWord(next) || next == 0x2E || next == 0x2B || next == 0x2D { at += 1 }
            guard at > start else { throw .malformed(at: start, reading: "protocol buffer value") }
            let end = min(at, start + Self.longestName)
            try visit(.value(name, String(decoding: bytes.extracting(start..<end).array(), as: UTF8.self)), start)
        }
    }

    /// Quoted pieces that follow each other are one value.
    private mutating func quoted() throws(ParseError) -> String {
        var result: [UInt8] = []
        while let quote = byte(at), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            at += 1
            while let next = byte(at), next != quote {
                guard next != 0x0A else { throw .malformed(at: at, reading: "protocol buffer string") }
                at += 1
                let plain = next == UInt8(ascii: "\\") ? escape() : [next]
                if result.count < Self.longestValue { result += plain }
            }
            guard byte(at) == quote else { throw .truncated(at: at, reading: "protocol buffer string") }
            at += 1
            while let next = byte(at), next == 0x20 || (0x09...0x0D).contains(next) { at += 1 }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The bytes that an escape stands for.
    private mutating func escape() -> [UInt8] {
        guard let first = byte(at) else { return [] }
        at += 1
        switch first {
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "x"), UInt8(ascii: "X"): return [UInt8(truncatingIfNeeded: number(digits: 2, base: 16))]
        case UInt8(ascii: "u"): return Array(String(Unicode.Scalar(number(digits: 4, base: 16)) ?? "\u{FFFD}").utf8)
        case UInt8(ascii: "U"): return Array(String(Unicode.Scalar(number(digits: 8, base: 16)) ?? "\u{FFFD}").utf8)
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            at -= 1
            return [UInt8(truncatingIfNeeded: number(digits: 3, base: 8))]
        default: return [first]
        }
    }

    private mutating func number(digits: Int, base: UInt32) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let next = byte(at), let digit = Self.digit(next), digit < base else { break }
            value = value &* base &+ digit
            at += 1
        }
        return value
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte) - 0x30
        case 0x41...0x46, 0x61...0x66: UInt32(byte | 0x20) - 0x57
        default: nil
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_") || byte >= 0x80
    }
}
