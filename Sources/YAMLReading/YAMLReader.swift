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

/// Puts events together, with a stack of its own.
private struct TreeBuilder {
    private struct Open {
        var isMapping: Bool
        var line: Int
        var elements: [YAMLNode] = []
        var members: [YAMLNode.Member] = []
        var seen: Set<[UInt8]> = []
        var name: (text: String, line: Int)?
    }

    var root: YAMLNode?
    private var open: [Open] = []
    private var documents = 0

    mutating func take(_ event: YAMLEvent) throws(YAMLError) {
        let line = event.line
        if event.anchor != nil { throw YAMLError(line: line, message: "anchors are not allowed") }
        if event.tag != nil { throw YAMLError(line: line, message: "tags are not allowed") }
        switch event.kind {
        case .document:
            documents += 1
            guard documents == 1 else { throw YAMLError(line: line, message: "a second document") }
        case .alias: throw YAMLError(line: line, message: "aliases are not allowed")
        case .scalar:
            if let last = open.indices.last, open[last].isMapping, open[last].name == nil {
                guard open[last].seen.insert(Array(event.text.utf8)).inserted else {
                    throw YAMLError(line: line, message: "\(event.text) stands here twice")
                }
                open[last].name = (event.text, line)
            } else {
                add(YAMLNode(content: .scalar(event.text), line: line))
            }
        case .openSequence, .openMapping:
            if let last = open.last, last.isMapping, last.name == nil {
                throw YAMLError(line: line, message: "a name must be a word")
            }
            guard open.count < YAMLReader.depth else {
                throw YAMLError(line: line, message: "nested more than \(YAMLReader.depth) deep")
            }
            open.append(Open(isMapping: event.kind == .openMapping, line: line))
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
