internal import Documents
internal import YAMLReading

/// A member of the metadata as it stands in the text.
struct FrontMatterMember: Sendable, Hashable {
    var name: String
    /// Counted from 1 within the block.
    var line: Int
}

/// What the tree of values no longer tells: names that stand twice, and words that YAML 1.1 takes for something else.
struct FrontMatterScan {
    struct Duplicate {
        var name: String
        var line: Int
        var first: Int
    }

    struct Surprise {
        var text: String
        var meaning: String
        var line: Int
    }

    private(set) var members: [FrontMatterMember] = []
    private(set) var duplicates: [Duplicate] = []
    private(set) var surprises: [Surprise] = []
    /// Of the outermost mapping: Python passes its members as keywords, which must be text.
    private(set) var namesThatAreNoText: [(name: String, line: Int)] = []

    private struct Open {
        var isMapping: Bool
        var awaitsName = true
        var names: [[UInt8]: Int] = [:]
    }

    /// - Parameter yaml: text that was read before without an error.
    init(_ yaml: [UInt8]) {
        guard let parser = YAMLParser(yaml) else { return }
        var open: [Open] = []
        while let event = try? parser.next() {
            switch event.kind {
            case .document: continue
            case .scalar, .alias:
                if let last = open.indices.last, open[last].isMapping, open[last].awaitsName {
                    open[last].awaitsName = false
                    take(name: event, isOutermost: last == 0, in: &open[last].names)
                } else {
                    if event.kind == .scalar { note(event) }
                    if let last = open.indices.last { open[last].awaitsName = true }
                }
            case .openSequence, .openMapping: open.append(Open(isMapping: event.kind == .openMapping))
            case .close:
                open.removeLast()
                if let last = open.indices.last { open[last].awaitsName = true }
            }
        }
    }

    private mutating func take(name event: YAMLEvent, isOutermost: Bool, in names: inout [[UInt8]: Int]) {
        let isMerge = event.isPlain && event.text == "<<"
        if isOutermost {
            members.append(FrontMatterMember(name: event.text, line: event.line))
            if event.kind == .scalar, event.isPlain, !isMerge, let value = Self.resolve(event.text),
                value.string == nil || value.isTimestamp
            {
                namesThatAreNoText.append((event.text, event.line))
            }
        }
        guard !isMerge else { return }
        if let first = names.updateValue(event.line, forKey: Array(event.text.utf8)) {
            duplicates.append(Duplicate(name: event.text, line: event.line, first: first))
        }
    }

    /// A word that YAML 1.2 and people take for text, or a number that loses how it was written.
    private mutating func note(_ event: YAMLEvent) {
        guard event.isPlain, event.tag == nil else { return }
        guard let value = Self.resolve(event.text) else { return }
        let text = event.text
        if let truth = value.boolean, text.lowercased() != "\(truth)" {
            surprises.append(Surprise(text: text, meaning: "\(truth)", line: event.line))
        } else if let digits = value.number, text.contains(":") || text.contains("_") || Self.isOctal(text) {
            surprises.append(Surprise(text: text, meaning: digits, line: event.line))
        } else if value.number != nil, text.contains("."), text.hasSuffix("0"), !text.hasSuffix(".0") {
            surprises.append(Surprise(text: text, meaning: "a number without its last zero", line: event.line))
        } else if value.isTimestamp {
            surprises.append(Surprise(text: text, meaning: "a date", line: event.line))
        }
    }

    /// What a plain scalar of that text is; nil for what is certainly text.
    private static func resolve(_ text: String) -> DocumentValue? {
        guard text.utf8.count <= 64 else { return nil }
        guard let first = text.utf8.first else { return .null }
        guard "0123456789+-.yYnNtTfFoO~".utf8.contains(first) else { return nil }
        return try? DocumentReader.yaml(Array(text.utf8), schema: .yaml11)
    }

    private static func isOctal(_ text: String) -> Bool {
        let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
        return digits.count > 1 && digits.first == 0x30 && digits.allSatisfy { (0x30...0x37).contains($0) }
    }

    /// The line of a tab that PyYAML refuses: it takes tabs within quotes, blocks and comments alone, where libyaml
    /// also takes them for space between words.
    ///
    /// Each tab is replaced by a letter: in content that changes nothing else, between words it becomes part of one.
    static func lineOfTab(in yaml: [UInt8]) -> Int? {
        guard yaml.contains(0x09) else { return nil }
        var letter: [UInt8] = [0xEE, 0x80, 0x80]
        while letter[2] < 0xBF, yaml.indices.dropLast(2).contains(where: { yaml[$0...].starts(with: letter) }) {
            letter[2] += 1
        }
        let replaced = yaml.flatMap { $0 == 0x09 ? letter : [$0] }
        guard let one = YAMLParser(yaml), let other = YAMLParser(replaced) else { return 1 }
        let word = String(decoding: letter, as: UTF8.self)
        while let event = try? one.next() {
            guard let twin = (try? other.next()) ?? nil, twin.kind == event.kind, twin.isPlain == event.isPlain,
                !(twin.isPlain && twin.text.contains(word)),
                twin.text.split(separator: word, omittingEmptySubsequences: false).joined(separator: "\t") == event.text
            else { return event.line }
        }
        return ((try? other.next()) ?? nil).map(\.line)
    }
}
