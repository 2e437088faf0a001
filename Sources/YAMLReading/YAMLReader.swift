internal import CLibYAML

/// Reads one YAML document into a tree: the plain part of YAML 1.1 that configuration needs.
///
/// Anchors, aliases, tags, several documents and repeated names are errors: in a file that decides what is let
/// through, nothing may mean something else than it says. libyaml parses; its event interface needs no recursion.
public enum YAMLReader {
    /// Levels that values may be nested.
    public static let depth = 32
    /// Bytes of the largest text that is read.
    public static let size = 4 << 20

    /// - Throws: `YAMLError` with the line of the first thing that is wrong.
    public static func read(_ bytes: [UInt8]) throws(YAMLError) -> YAMLNode? {
        guard bytes.count <= size else { throw YAMLError(line: 1, message: "more than \(size) bytes") }
        guard let parser = YAMLParser(bytes) else { throw YAMLError(line: 1, message: "no memory for a parser") }
        var tree = TreeBuilder()
        while let event = try parser.next() { try tree.take(event) }
        return tree.root
    }
}

/// One thing that the parser came across.
enum YAMLEvent {
    case scalar(String, line: Int)
    case openSequence(line: Int)
    case openMapping(line: Int)
    case close
    case document(line: Int)
}

/// Puts events together, with a stack of its own.
private struct TreeBuilder {
    private struct Open {
        var isMapping: Bool
        var line: Int
        var elements: [YAMLNode] = []
        var members: [YAMLNode.Member] = []
        var name: (text: String, line: Int)?
    }

    var root: YAMLNode?
    private var open: [Open] = []
    private var documents = 0

    mutating func take(_ event: YAMLEvent) throws(YAMLError) {
        switch event {
        case .document(let line):
            documents += 1
            guard documents == 1 else { throw YAMLError(line: line, message: "a second document") }
        case .scalar(let text, let line):
            if let last = open.indices.last, open[last].isMapping, open[last].name == nil {
                guard !open[last].members.contains(where: { Array($0.name.utf8) == Array(text.utf8) }) else {
                    throw YAMLError(line: line, message: "\(text) stands here twice")
                }
                open[last].name = (text, line)
            } else {
                add(YAMLNode(content: .scalar(text), line: line))
            }
        case .openSequence(let line), .openMapping(let line):
            if let last = open.last, last.isMapping, last.name == nil {
                throw YAMLError(line: line, message: "a name must be a word")
            }
            guard open.count < YAMLReader.depth else {
                throw YAMLError(line: line, message: "nested more than \(YAMLReader.depth) deep")
            }
            var isMapping = false
            if case .openMapping = event { isMapping = true }
            open.append(Open(isMapping: isMapping, line: line))
        case .close:
            guard let last = open.popLast() else { return }
            add(
                YAMLNode(
                    content: last.isMapping ? .mapping(last.members) : .sequence(last.elements), line: last.line))
        }
    }

    private mutating func add(_ node: YAMLNode) {
        guard let last = open.indices.last else { return root = node }
        if let name = open[last].name {
            open[last].members.append(YAMLNode.Member(name: name.text, line: name.line, value: node))
            open[last].name = nil
        } else {
            open[last].elements.append(node)
        }
    }
}

/// libyaml's parser over a copy of the text, which lives as long as it does.
@safe
private final class YAMLParser {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let text: UnsafeMutableBufferPointer<UInt8>

    init?(_ bytes: [UInt8]) {
        unsafe text = .allocate(capacity: max(1, bytes.count))
        _ = unsafe text.initialize(from: bytes)
        unsafe parser = .allocate(capacity: 1)
        guard unsafe yaml_parser_initialize(parser) == 1 else {
            unsafe parser.deallocate()
            unsafe text.deallocate()
            return nil
        }
        unsafe yaml_parser_set_input_string(parser, text.baseAddress, bytes.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe text.deallocate()
    }

    /// The next event that matters, or nil at the end.
    func next() throws(YAMLError) -> YAMLEvent? {
        while true {
            var event = unsafe yaml_event_t()
            guard unsafe yaml_parser_parse(parser, &event) == 1 else {
                let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "not YAML"
                throw unsafe YAMLError(line: Int(parser.pointee.problem_mark.line) + 1, message: problem)
            }
            defer { unsafe yaml_event_delete(&event) }
            let line = unsafe Int(event.start_mark.line) + 1
            switch unsafe event.type {
            case YAML_STREAM_END_EVENT, YAML_NO_EVENT: return nil
            case YAML_DOCUMENT_START_EVENT: return .document(line: line)
            case YAML_SCALAR_EVENT:
                let scalar = unsafe event.data.scalar
                try unsafe refuse(anchor: scalar.anchor, tag: scalar.tag, line)
                let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
                return unsafe .scalar(String(decoding: bytes, as: UTF8.self), line: line)
            case YAML_SEQUENCE_START_EVENT:
                try unsafe refuse(anchor: event.data.sequence_start.anchor, tag: event.data.sequence_start.tag, line)
                return .openSequence(line: line)
            case YAML_MAPPING_START_EVENT:
                try unsafe refuse(anchor: event.data.mapping_start.anchor, tag: event.data.mapping_start.tag, line)
                return .openMapping(line: line)
            case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return .close
            case YAML_ALIAS_EVENT: throw YAMLError(line: line, message: "aliases are not allowed")
            default: continue
            }
        }
    }

    private func refuse(
        anchor: UnsafeMutablePointer<UInt8>?, tag: UnsafeMutablePointer<UInt8>?, _ line: Int
    ) throws(YAMLError) {
        if unsafe anchor != nil { throw YAMLError(line: line, message: "anchors are not allowed") }
        if unsafe tag != nil { throw YAMLError(line: line, message: "tags are not allowed") }
    }
}
