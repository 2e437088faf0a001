package import Documents
internal import YAMLReading

/// A Hugging Face model or dataset card: YAML metadata, and Markdown for people.
///
/// The bytes are kept, so that a change touches what it changes and nothing else. It is read as `huggingface_hub`
/// reads it, YAML 1.1 included; what that reading makes of the text against its look is told in `notes`.
package struct ModelCard: Sendable {
    /// Whether the card is about a model or about data.
    package enum Kind: String, Sendable, CaseIterable { case model, dataset }

    /// Something that a reader of the text would not expect, or that the Hub does not take.
    package struct Note: Sendable, Hashable, CustomStringConvertible {
        /// Counted from 1 in the file; 0 when it is about the whole.
        package var line: Int
        package var message: String
        /// Whether `huggingface_hub` refuses the card for it.
        package var isError: Bool

        package var description: String { (line > 0 ? "line \(line): " : "") + message }
    }

    package let kind: Kind
    /// The file as it is, or as it has been edited.
    package private(set) var bytes: [UInt8]
    /// Nil when no block was found: the whole is Markdown then.
    package private(set) var frontMatter: FrontMatter?
    /// An object; empty when there is no block.
    package private(set) var metadata: DocumentValue
    /// In the order of their lines.
    package private(set) var notes: [Note]
    /// Members of the block as they stand in the text, those that a later one of the same name replaces included.
    private(set) var members: [FrontMatterMember]

    /// Bytes of the largest card that is read.
    package static let size = 16 << 20

    /// - Throws: `DocumentError` where `huggingface_hub` raises an exception: the text is not UTF-8, the block is no
    ///   YAML, no mapping, has tags, or a name that is no text.
    package init(_ bytes: [UInt8], kind: Kind = .model) throws(DocumentError) {
        guard bytes.count <= Self.size else { throw DocumentError(line: 1, message: "more than \(Self.size) bytes") }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw DocumentError(line: 1, message: "the card is not UTF-8")
        }
        self.kind = kind
        self.bytes = bytes
        notes = []
        metadata = .emptyObject
        members = []
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        if hasMark {
            notes.append(
                Note(
                    line: 1,
                    message: "a byte order mark stands first: readers that do not take it away see no metadata",
                    isError: false))
        }
        frontMatter = FrontMatter(bytes, from: hasMark ? 3 : 0)
        guard let frontMatter else {
            let looksAlike = bytes.dropFirst(hasMark ? 3 : 0).starts(with: Array("---".utf8))
            notes.append(
                Note(
                    line: 1,
                    message: looksAlike
                        ? "no metadata: the block that begins here is empty, does not end, or its fence is not `---` alone"
                        : "no metadata: the card does not begin with a block between `---` lines", isError: false))
            return
        }
        let before = 1 + lineStarts(in: bytes, within: frontMatter.opening).count
        try read(frontMatter, linesBefore: before - 1)
    }

    private mutating func read(_ block: FrontMatter, linesBefore: Int) throws(DocumentError) {
        let yaml = Array(bytes[block.yaml])
        let value: DocumentValue
        do {
            value = try DocumentReader.yaml(yaml, schema: .yaml11)
        } catch {
            throw DocumentError(line: error.line + linesBefore, message: error.message)
        }
        if let line = FrontMatterScan.lineOfTab(in: yaml) {
            throw DocumentError(line: line + linesBefore, message: "a tab stands between words")
        }
        guard !value.isNull else { return }
        guard value.isObject else {
            throw DocumentError(line: value.line + linesBefore, message: "the metadata is not a mapping")
        }
        metadata = value.movingLines(by: linesBefore)
        let scan = FrontMatterScan(yaml)
        for (name, line) in scan.namesThatAreNoText {
            throw DocumentError(
                line: line + linesBefore,
                message: "\(name) is no text in YAML 1.1: put it in quotes to name metadata so")
        }
        members = scan.members
        for duplicate in scan.duplicates {
            notes.append(
                Note(
                    line: duplicate.line + linesBefore,
                    message: "\(duplicate.name) stands here again: this value replaces the one in line "
                        + "\(duplicate.first + linesBefore)", isError: false))
        }
        for surprise in scan.surprises {
            notes.append(
                Note(
                    line: surprise.line + linesBefore,
                    message:
                        "\(surprise.text) is read as \(surprise.meaning) by YAML 1.1: put it in quotes to mean the text",
                    isError: false))
        }
        notes += shapeNotes
    }

    /// The Markdown.
    package var body: String {
        guard let frontMatter else {
            return String(
                decoding: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...], as: UTF8.self)
        }
        return String(decoding: bytes[frontMatter.closing.upperBound...], as: UTF8.self)
    }

    // MARK: What the Hub expects

    /// Names that have a meaning for the kind of card; all others are kept and mean nothing to the Hub.
    package static func knownNames(_ kind: Kind) -> [String] {
        switch kind {
        case .model:
            [
                "language", "license", "license_name", "license_link", "library_name", "tags", "datasets", "metrics",
                "base_model", "base_model_relation", "new_version", "pipeline_tag", "model-index", "model_name",
                "eval_results", "thumbnail", "inference", "widget", "co2_eq_emissions", "buckets", "extra_gated_prompt",
                "extra_gated_fields", "extra_gated_heading", "extra_gated_description", "extra_gated_button_content",
            ]
        case .dataset:
            [
                "language", "license", "license_name", "license_link", "annotations_creators", "language_creators",
                "multilinguality", "size_categories", "source_datasets", "task_categories", "task_ids",
                "paperswithcode_id", "pretty_name", "configs", "config_names", "dataset_info", "train-eval-index",
                "tags", "viewer", "thumbnail", "language_bcp47", "language_details", "extra_gated_prompt",
                "extra_gated_fields", "extra_gated_heading", "extra_gated_description", "extra_gated_button_content",
            ]
        }
    }

    private var shapeNotes: [Note] {
        var notes: [Note] = []
        let known = Self.knownNames(kind)
        for member in metadata.members {
            if member.name == "ignore_metadata_errors" || member.name == "self" {
                notes.append(
                    Note(
                        line: member.line,
                        message: "\(member.name) cannot name metadata: the reader has an argument of that name",
                        isError: true))
            } else if !known.contains(member.name) {
                notes.append(
                    Note(line: member.line, message: "\(member.name) means nothing to the Hub", isError: false))
            }
        }
        if kind == .model {
            if let problem = EvaluationResult.problem(in: metadata) {
                notes.append(Note(line: problem.line, message: problem.message, isError: true))
            }
        }
        return notes
    }
}

extension DocumentValue {
    /// The same value, so many lines further down.
    func movingLines(by count: Int) -> DocumentValue {
        var value = self
        if line > 0 { value.line += count }
        switch content {
        case .array(let elements): value.content = .array(elements.map { $0.movingLines(by: count) })
        case .object(let members):
            value.content = .object(
                members.map {
                    Member(
                        name: $0.name, line: $0.line > 0 ? $0.line + count : 0, value: $0.value.movingLines(by: count))
                })
        default: break
        }
        return value
    }
}

/// Where lines begin after the first, as YAML counts them: after CR LF, LF, CR, NEL and the Unicode separators.
func lineStarts(in bytes: [UInt8], within range: Range<Int>) -> [Int] {
    var starts: [Int] = []
    var at = range.lowerBound
    while at < range.upperBound {
        let left = range.upperBound - at
        switch bytes[at] {
        case 0x0D where left > 1 && bytes[at + 1] == 0x0A: at += 2
        case 0x0A, 0x0D: at += 1
        case 0xC2 where left > 1 && bytes[at + 1] == 0x85: at += 2
        case 0xE2 where left > 2 && bytes[at + 1] == 0x80 && (bytes[at + 2] == 0xA8 || bytes[at + 2] == 0xA9): at += 3
        default:
            at += 1
            continue
        }
        starts.append(at)
    }
    return starts
}
