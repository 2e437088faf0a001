internal import YAMLReading

/// Puts YAML events together into values, with a stack of its own.
struct YAMLTree {
    private struct Open {
        var isMapping: Bool
        var line: Int
        var anchor: String?
        var elements: [DocumentValue] = []
        var members: [DocumentValue.Member] = []
        /// Where each name stands, by its bytes.
        var places: [[UInt8]: Int] = [:]
        var merged: [DocumentValue] = []
        var name: (text: String, line: Int, isMerge: Bool)?
        var count = 1
    }

    private let schema: ScalarSchema
    private(set) var root: DocumentValue?
    private var open: [Open] = []
    private var documents = 0
    private var anchors: [String: (value: DocumentValue, count: Int, depth: Int)] = [:]
    /// Values so far, and how many levels the last finished one has.
    private var count = 0

    init(schema: ScalarSchema) { self.schema = schema }

    mutating func take(_ event: YAMLEvent) throws(DocumentError) {
        let line = event.line
        if schema == .core {
            if event.anchor != nil { throw DocumentError(line: line, message: "anchors are not allowed") }
            if event.tag != nil { throw DocumentError(line: line, message: "tags are not allowed") }
        }
        switch event.kind {
        case .document:
            documents += 1
            guard documents == 1 else { throw DocumentError(line: line, message: "a second document") }
        case .scalar:
            if takesName {
                try begin(
                    event.text, line, isMerge: schema == .yaml11 && event.isPlain && event.text.hasSameBytes(as: "<<"))
            } else {
                try add(scalar(event), anchor: event.anchor, count: 1, depth: 0)
            }
        case .alias:
            guard schema == .yaml11 else { throw DocumentError(line: line, message: "aliases are not allowed") }
            guard let (value, count, depth) = anchors[event.text] else {
                throw DocumentError(line: line, message: "nothing is called &\(event.text) before")
            }
            guard !takesName else {
                guard let text = value.string ?? value.number else {
                    throw DocumentError(line: line, message: "a name must be a word")
                }
                return try begin(text, line, isMerge: false)
            }
            guard open.count + depth <= DocumentReader.depth else {
                throw DocumentError(line: line, message: "nested more than \(DocumentReader.depth) deep")
            }
            try add(value, anchor: nil, count: count, depth: depth)
        case .openSequence, .openMapping:
            guard !takesName else { throw DocumentError(line: line, message: "a name must be a word") }
            guard open.count < DocumentReader.depth else {
                throw DocumentError(line: line, message: "nested more than \(DocumentReader.depth) deep")
            }
            let isMapping = event.kind == .openMapping
            if let tag = event.tag, tag != (isMapping ? "tag:yaml.org,2002:map" : "tag:yaml.org,2002:seq") {
                throw DocumentError(line: line, message: "the tag \(tag) is not allowed")
            }
            open.append(Open(isMapping: isMapping, line: line, anchor: event.anchor))
        case .close:
            guard let last = open.popLast() else { return }
            let value = try closed(last)
            try add(value, anchor: last.anchor, count: last.count, depth: last.anchor == nil ? 0 : value.levels)
        }
    }

    private var takesName: Bool {
        guard let last = open.last else { return false }
        return last.isMapping && last.name == nil
    }

    private mutating func begin(_ text: String, _ line: Int, isMerge: Bool) throws(DocumentError) {
        guard let last = open.indices.last else { return }
        if schema == .core, open[last].places[Array(text.utf8)] != nil {
            throw DocumentError(line: line, message: "\(text) stands here twice")
        }
        open[last].name = (text, line, isMerge)
    }

    private mutating func add(
        _ value: DocumentValue, anchor: String?, count added: Int, depth: Int
    ) throws(DocumentError) {
        count += added
        guard count <= DocumentReader.values else {
            throw DocumentError(line: value.line, message: "more than \(DocumentReader.values) values")
        }
        if let anchor { anchors[anchor] = (value, added, depth) }
        guard let last = open.indices.last else { return root = value }
        open[last].count += added
        guard let (name, line, isMerge) = open[last].name else { return open[last].elements.append(value) }
        open[last].name = nil
        if isMerge {
            let sources = value.isArray ? value.elements : [value]
            guard sources.allSatisfy(\.isObject) else {
                throw DocumentError(line: line, message: "<< takes mappings alone")
            }
            return open[last].merged.append(contentsOf: sources)
        }
        let member = DocumentValue.Member(name: name, line: line, value: value)
        if let place = open[last].places[Array(name.utf8)] {
            // The last value wins, at the first place: as in a Python dictionary.
            open[last].members[place] = member
        } else {
            open[last].places[Array(name.utf8)] = open[last].members.count
            open[last].members.append(member)
        }
    }

    private mutating func closed(_ last: Open) throws(DocumentError) -> DocumentValue {
        guard last.isMapping else { return DocumentValue(.array(last.elements), line: last.line) }
        guard !last.merged.isEmpty else { return DocumentValue(.object(last.members), line: last.line) }
        // What is merged stands first; an earlier source wins over a later one, and own members over both.
        var seen = Set(last.places.keys)
        var merged: [DocumentValue.Member] = []
        for source in last.merged {
            for member in source.members where seen.insert(Array(member.name.utf8)).inserted { merged.append(member) }
        }
        count += merged.count
        guard count <= DocumentReader.values else {
            throw DocumentError(line: last.line, message: "more than \(DocumentReader.values) values")
        }
        return DocumentValue(.object(merged + last.members), line: last.line)
    }

    private func scalar(_ event: YAMLEvent) throws(DocumentError) -> DocumentValue {
        var resolved = event.isPlain ? schema.resolve(event.text) : .text
        if let tag = event.tag {
            let implicit = schema.resolve(event.text)
            switch (tag, implicit) {
            // The specification makes it a text; PyYAML resolves it as if it stood there without quotes.
            case ("!", _): resolved = implicit
            case ("tag:yaml.org,2002:str", _): resolved = .text
            case ("tag:yaml.org,2002:null", _): resolved = .null
            case ("tag:yaml.org,2002:bool", .boolean), ("tag:yaml.org,2002:int", .number),
                ("tag:yaml.org,2002:float", .number), ("tag:yaml.org,2002:timestamp", .timestamp):
                resolved = implicit
            default: throw DocumentError(line: event.line, message: "the tag \(tag) is not allowed here")
            }
        }
        switch resolved {
        case .null: return DocumentValue(.null, line: event.line)
        case .boolean(let value): return DocumentValue(.boolean(value), line: event.line)
        case .number(let digits):
            guard schema == .yaml11 || !digits.hasSuffix("inf") && !digits.hasSuffix("nan") else {
                throw DocumentError(line: event.line, message: "\(event.text) is not finite: JSON has no such number")
            }
            return DocumentValue(.number(digits), line: event.line)
        case .timestamp:
            var value = DocumentValue(.string(event.text), line: event.line)
            value.isTimestamp = true
            return value
        case .text: return DocumentValue(.string(event.text), line: event.line)
        case .impossible(let why): throw DocumentError(line: event.line, message: why)
        }
    }
}

extension DocumentValue {
    /// How many levels of containers this is.
    var levels: Int {
        switch content {
        case .array(let elements): 1 + (elements.map(\.levels).max() ?? 0)
        case .object(let members): 1 + (members.map(\.value.levels).max() ?? 0)
        default: 0
        }
    }
}
