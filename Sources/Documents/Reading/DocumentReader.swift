package import ByteParsing
internal import YAMLReading

/// Reads one document, in YAML or JSON, into a tree of values with lines.
package enum DocumentReader {
    /// Levels that values may be nested.
    package static let depth = 64
    /// Bytes of the largest text that is read.
    package static let size = 16 << 20
    /// Values of the largest document, those that aliases repeat included.
    package static let values = 1_000_000

    /// Reads YAML. In the core schema nothing may mean something else than it says: anchors, aliases, tags and repeated
    /// names are errors.
    /// - Throws: `DocumentError` with the line of the first thing that is wrong.
    package static func yaml(
        _ bytes: [UInt8], schema: ScalarSchema = .core
    ) throws(DocumentError) -> DocumentValue {
        guard bytes.count <= size else { throw DocumentError(line: 1, message: "more than \(size) bytes") }
        guard let parser = YAMLParser(bytes) else { throw DocumentError(line: 1, message: "no memory for a parser") }
        var tree = YAMLTree(schema: schema)
        do {
            while let event = try parser.next() { try tree.take(event) }
        } catch let error as YAMLError {
            throw DocumentError(line: error.line, message: error.message)
        } catch let error as DocumentError {
            throw error
        } catch {
            throw DocumentError(line: 1, message: "\(error)")
        }
        return tree.root ?? .null
    }

    /// Reads JSON exactly as RFC 8259 has it, with unique names.
    /// - Throws: `DocumentError` with the line of the first thing that is wrong.
    package static func json(_ bytes: [UInt8]) throws(DocumentError) -> DocumentValue {
        guard bytes.count <= size else { throw DocumentError(line: 1, message: "more than \(size) bytes") }
        var dialect = JSONDocument.Dialect.strict
        dialect.depth = depth
        dialect.nodes = 2 * values
        do {
            var lines = LineCount(bytes: bytes)
            return DocumentValue(try JSONDocument(ByteRegion(bytes), dialect: dialect).root, lines: &lines)
        } catch {
            var lines = LineCount(bytes: bytes)
            let line = lines.line(at: error.offset)
            switch error.code {
            case .truncated: throw DocumentError(line: line, message: "the text ends within a value")
            case .limit: throw DocumentError(line: line, message: "too large or too deep: \(error.reading)")
            default: throw DocumentError(line: line, message: "not JSON: \(error.reading)")
            }
        }
    }

    /// Reads what begins with `{` or `[` as JSON and, where it is none, as everything else: as YAML.
    /// - Throws: `DocumentError`; of a text that is neither, the one of the notation that it looks like.
    package static func read(_ bytes: [UInt8]) throws(DocumentError) -> DocumentValue {
        let first = bytes.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return try yaml(bytes) }
        do {
            return try json(bytes)
        } catch {
            // YAML's own flow notation begins alike.
            if let value = try? yaml(bytes) { return value }
            throw error
        }
    }
}

/// Lines of ascending offsets, counted once from front to end.
struct LineCount {
    private let bytes: [UInt8]
    private var offset = 0
    private var line = 1

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func line(at target: Int) -> Int {
        let target = min(max(0, target), bytes.count)
        while offset < target {
            if bytes[offset] == 0x0A { line += 1 }
            offset += 1
        }
        return line
    }
}

extension DocumentValue {
    /// A copy of a value of another JSON document, without lines.
    package init(_ value: JSONValue) {
        var lines = LineCount(bytes: [])
        self.init(value, lines: &lines)
        forgetLines()
    }

    /// Recursion is bounded by the depth that the JSON text was read with.
    init(_ value: JSONValue, lines: inout LineCount) {
        let line = lines.line(at: value.offset)
        switch value.kind {
        case .null: self.init(.null, line: line)
        case .true: self.init(.boolean(true), line: line)
        case .false: self.init(.boolean(false), line: line)
        case .number: self.init(.number(value.numberText ?? "0"), line: line)
        case .string: self.init(.string(value.string ?? ""), line: line)
        case .array:
            var elements: [DocumentValue] = []
            for element in value.elements { elements.append(DocumentValue(element, lines: &lines)) }
            self.init(.array(elements), line: line)
        case .object:
            var members: [Member] = []
            for (name, member) in value.members {
                let place = lines.line(at: name.offset)
                members.append(
                    Member(name: name.string ?? "", line: place, value: DocumentValue(member, lines: &lines)))
            }
            self.init(.object(members), line: line)
        }
    }

    /// Sets the line of everything to 0, as if a program had made it.
    package mutating func forgetLines() {
        line = 0
        switch content {
        case .array(let elements):
            content = .array(
                elements.map { element in
                    var element = element
                    element.forgetLines()
                    return element
                })
        case .object(let members):
            content = .object(
                members.map { member in
                    var value = member.value
                    value.forgetLines()
                    return Member(name: member.name, value: value)
                })
        default: break
        }
    }
}
