import ArgumentParser
import Documents

/// Applies schemas to values, one case a line of standard input: what the tests compare with Python's `jsonschema`.
struct SchemasCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schemas", abstract: "Applies JSON Schemas to values, one JSON array of both a line.",
        shouldDisplay: false)

    func run() throws {
        while let line = readLine() {
            let pair = try DocumentReader.json(Array(line.utf8))
            guard let source = pair[0], let values = pair[1] else { continue }
            do {
                let schema = try JSONSchema(source)
                let verdicts = values.elements.map { schema.violations(of: $0).isEmpty ? "1" : "0" }
                print(verdicts.joined())
            } catch {
                print("refused: \(error)")
            }
        }
    }
}

/// Reads a document and writes it again: what the tests compare with PyYAML and Python's `json`.
struct DocumentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "document", abstract: "Reads YAML, one JSON text of it a line, and writes it as JSON and YAML.",
        shouldDisplay: false)

    @Flag(help: "Resolve scalars as YAML 1.1 does.")
    var yaml11 = false

    func run() throws {
        let schema: ScalarSchema = yaml11 ? .yaml11 : .core
        while let line = readLine() {
            guard let text = try DocumentReader.json(Array(line.utf8)).string else { continue }
            var answer = DocumentValue.emptyObject
            do {
                let value = try DocumentReader.yaml(Array(text.utf8), schema: schema)
                answer["value"] = value
                answer["yaml"] = .string(String(decoding: DocumentWriter.yaml(value, schema: schema), as: UTF8.self))
            } catch {
                answer["error"] = .string("\(error)")
            }
            print(String(decoding: DocumentWriter.json(answer, indentation: 0).dropLast(), as: UTF8.self))
        }
    }
}
