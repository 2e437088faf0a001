/// The tables of a TOML document with the values that lock files and project files state: strings, and lists of them.
///
/// Read is as much of TOML 1.0 as poetry, uv and packaging write. Numbers, times and booleans are passed over, and
/// what cannot be understood ends the reading: what was read until then stays.
struct TOMLTables: Sendable {
    enum Value: Sendable, Hashable {
        case string(String)
        case strings([String])
        /// An inline table's strings.
        case table([String: String])
        case other
    }

    struct Table: Sendable {
        /// Dotted, without brackets and quotes: `tool.poetry.dependencies`.
        let name: String
        var values: [(key: String, value: Value)] = []

        func string(_ key: String) -> String? {
            for (name, value) in values where name == key { if case .string(let text) = value { return text } }
            return nil
        }

        func strings(_ key: String) -> [String] {
            for (name, value) in values where name == key { if case .strings(let texts) = value { return texts } }
            return []
        }
    }

    private(set) var tables: [Table] = [Table(name: "")]
    private let text: [UInt8]
    private var at = 0

    static let tableLimit = 100_000

    init(_ text: [UInt8]) {
        self.text = text
        while at < text.count {
            let start = at
            guard readLine() else { break }
            if at == start { break }
        }
    }

    private var byte: UInt8 { at < text.count ? text[at] : 0 }

    private mutating func skip(lines: Bool) {
        while at < text.count {
            switch byte {
            case 0x20, 0x09, 0x0D: at += 1
            case 0x0A where lines: at += 1
            case UInt8(ascii: "#"): while at < text.count, byte != 0x0A { at += 1 }
            default: return
            }
            if !lines, byte == 0x0A { return }
        }
    }

    private mutating func readLine() -> Bool {
        skip(lines: true)
        guard at < text.count else { return true }
        if byte == UInt8(ascii: "[") {
            let end = text[at...].firstIndex(of: 0x0A) ?? text.count
            let header = String(decoding: text[at..<end], as: UTF8.self)
            at = end
            guard tables.count < Self.tableLimit else { return false }
            let name = header.drop { $0 == "[" || $0 == " " }.prefix { $0 != "]" }
            tables.append(Table(name: name.filter { $0 != "\"" && $0 != "'" && $0 != " " }))
            return true
        }
        guard let key = key() else { return false }
        skip(lines: false)
        guard byte == UInt8(ascii: "=") else { return false }
        at += 1
        guard let value = value() else { return false }
        tables[tables.count - 1].values.append((key, value))
        return true
    }

    /// A key, dotted or quoted.
    private mutating func key() -> String? {
        if byte == 0x22 || byte == 0x27 { return string() }
        let start = at
        while at < text.count, byte != UInt8(ascii: "="), byte > 0x20 { at += 1 }
        return start == at ? nil : String(decoding: text[start..<at], as: UTF8.self)
    }

    private mutating func value() -> Value? {
        skip(lines: false)
        switch byte {
        case 0x22, 0x27: return string().map { .string($0) }
        case UInt8(ascii: "["): return list()
        case UInt8(ascii: "{"): return table()
        default:
            while at < text.count, !",]}\n#".utf8.contains(byte) { at += 1 }
            return .other
        }
    }

    /// The strings of an array; of arrays and tables inside of it only the end is looked for.
    private mutating func list() -> Value? {
        var found: [String] = []
        var depth = 0
        while at < text.count {
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                at += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                depth -= 1
                at += 1
                if depth == 0 { return .strings(found) }
            case 0x22, 0x27:
                guard let one = string() else { return nil }
                if depth == 1 { found.append(one) }
            case UInt8(ascii: "#"): skip(lines: true)
            default: at += 1
            }
        }
        return nil
    }

    /// An inline table: `{ version = "^2", extras = ["x"] }`.
    private mutating func table() -> Value? {
        var found: [String: String] = [:]
        at += 1
        while at < text.count {
            skip(lines: true)
            if byte == UInt8(ascii: "}") {
                at += 1
                return .table(found)
            }
            if byte == UInt8(ascii: ",") {
                at += 1
                continue
            }
            guard let key = key() else { return nil }
            skip(lines: false)
            guard byte == UInt8(ascii: "=") else { return nil }
            at += 1
            skip(lines: false)
            // A table in a table is left to the list's reader, which only looks for its end: depth costs no stack.
            let value = byte == UInt8(ascii: "{") ? list() : value()
            guard let value else { return nil }
            if case .string(let text) = value { found[key] = text }
        }
        return nil
    }

    /// A string in one of TOML's four notations.
    private mutating func string() -> String? {
        let quote = byte
        let isLong = at + 2 < text.count && text[at + 1] == quote && text[at + 2] == quote
        at += isLong ? 3 : 1
        var bytes: [UInt8] = []
        while at < text.count {
            let current = byte
            if current == quote {
                if !isLong {
                    at += 1
                    return String(decoding: bytes, as: UTF8.self)
                }
                if at + 2 < text.count, text[at + 1] == quote, text[at + 2] == quote {
                    at += 3
                    return String(decoding: bytes, as: UTF8.self)
                }
            }
            if current == 0x0A, !isLong { return nil }
            if current == 0x5C, quote == 0x22 {
                at += 1
                // Escapes matter to no name or version: what they stand for is kept as it is.
                switch byte {
                case UInt8(ascii: "n"): bytes.append(0x0A)
                case UInt8(ascii: "t"): bytes.append(0x09)
                default: bytes.append(byte)
                }
            } else {
                bytes.append(current)
            }
            at += 1
        }
        return nil
    }
}
