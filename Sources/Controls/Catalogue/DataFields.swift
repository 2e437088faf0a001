internal import Documents

/// Why a catalogue, profile, attestation or rule file was not read.
package struct ControlDataError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The name that the user gave, or that of the shipped file.
    package let file: String
    /// Counted from 1; 0 when no line is to blame.
    package let line: Int
    /// What is wrong with the line.
    package let message: String

    package init(file: String, line: Int, message: String) {
        self.file = file
        self.line = line
        self.message = message
    }

    package var description: String { line > 0 ? "\(file):\(line): \(message)" : "\(file): \(message)" }
}

/// The members of one object of a data file, read strictly: what is not expected is an error, not passed over.
struct DataFields {
    let file: String
    let value: DocumentValue

    init(_ value: DocumentValue, file: String, of what: String) throws(ControlDataError) {
        guard value.isObject else {
            throw ControlDataError(file: file, line: value.line, message: "\(what) is no mapping")
        }
        self.file = file
        self.value = value
    }

    func error(_ message: String, at other: DocumentValue? = nil) -> ControlDataError {
        ControlDataError(file: file, line: (other ?? value).line, message: message)
    }

    /// Refuses members that are not in the list: a misspelt condition must not be a condition that is not there.
    func expect(only names: [String], in what: String) throws(ControlDataError) {
        for member in value.members where !names.contains(where: { $0.utf8.elementsEqual(member.name.utf8) }) {
            throw ControlDataError(
                file: file, line: member.line,
                message: "\(what) has no member \(member.name); it can have \(names.joined(separator: ", "))")
        }
    }

    subscript(name: String) -> DocumentValue? {
        guard let found = value[name], !found.isNull else { return nil }
        return found
    }

    func text(_ name: String) throws(ControlDataError) -> String {
        guard let found = self[name] else { throw error("\(name) is missing") }
        guard let text = Self.scalar(found), !text.isEmpty else { throw error("\(name) is no text", at: found) }
        return text
    }

    func optionalText(_ name: String) throws(ControlDataError) -> String? {
        guard self[name] != nil else { return nil }
        return try text(name)
    }

    func texts(_ name: String) throws(ControlDataError) -> [String] {
        guard let found = self[name] else { return [] }
        guard found.isArray else { throw error("\(name) is no list", at: found) }
        var texts: [String] = []
        for element in found.elements {
            guard let text = Self.scalar(element), !text.isEmpty else {
                throw error("\(name) holds something that is no text", at: element)
            }
            texts.append(text)
        }
        return texts
    }

    func objects(_ name: String, of what: String) throws(ControlDataError) -> [DataFields] {
        guard let found = self[name] else { return [] }
        guard found.isArray else { throw error("\(name) is no list", at: found) }
        var objects: [DataFields] = []
        for element in found.elements { objects.append(try DataFields(element, file: file, of: what)) }
        return objects
    }

    func word(_ name: String, of words: [String], default word: String) throws(ControlDataError) -> String {
        guard let text = try optionalText(name) else { return word }
        guard words.contains(text) else {
            throw error("\(name) is \(text), and has to be one of \(words.joined(separator: ", "))", at: self[name])
        }
        return text
    }

    /// A scalar as text: `1.10` as it is written, whether or not the schema takes it for a number.
    static func scalar(_ value: DocumentValue) -> String? {
        value.string ?? value.number ?? value.boolean.map { $0 ? "true" : "false" }
    }

    /// Reads a data file of ours or of the user.
    static func document(
        _ bytes: [UInt8], file: String, schema: String
    ) throws(ControlDataError) -> DataFields {
        let root: DocumentValue
        do throws(DocumentError) {
            root = try DocumentReader.read(bytes)
        } catch {
            throw ControlDataError(file: file, line: error.line, message: error.message)
        }
        let fields = try DataFields(root, file: file, of: "the file")
        let found = try fields.text("schema")
        guard found == schema else {
            throw fields.error("the schema is \(found), not \(schema)", at: fields["schema"])
        }
        return fields
    }
}
