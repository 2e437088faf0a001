/// Why a schema was not read.
package struct SchemaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where in the schema, as a JSON Pointer.
    package let pointer: String
    package let line: Int
    package let message: String

    package var description: String {
        let place = pointer.isEmpty ? "schema" : "schema at \(pointer)"
        return line > 0 ? "\(place) (line \(line)): \(message)" : "\(place): \(message)"
    }
}

/// One thing about a document that its schema does not allow.
package struct Violation: Sendable, Hashable, CustomStringConvertible {
    /// Where in the document.
    package let pointer: DocumentPointer
    /// The line of what is meant, counted from 1; 0 when the document has no lines.
    package let line: Int
    /// What is wrong, said of the thing that the pointer leads to.
    package let message: String
    /// The keyword of the schema that says so; `limit` when the check was not carried to its end.
    package let keyword: String

    package init(pointer: DocumentPointer, line: Int, message: String, keyword: String) {
        self.pointer = pointer
        self.line = line
        self.message = message
        self.keyword = keyword
    }

    package var description: String {
        let place = pointer.tokens.isEmpty ? "the document" : pointer.description
        return (line > 0 ? "line \(line): " : "") + "\(place) \(message)"
    }
}

/// A JSON Schema of draft 2020-12 or draft-07, compiled.
///
/// `format` is checked. A keyword that is not known is an error of the schema: something may be asked there, and
/// nothing that is asked goes unchecked. Names that begin with `x-` or `meta:` are remarks. Not followed:
/// `$dynamicRef`, vocabularies, and references to documents that were not handed over.
package struct JSONSchema: Sendable {
    /// Violations that are told.
    package static let violations = 1_000
    /// Steps (one schema on one value) of one check.
    package static let steps = 20_000_000
    /// Schemas that are applied within each other.
    static let depth = 256

    let nodes: [SchemaNode]
    let root: Int
    let tracksEvaluation: Bool

    /// - Parameter resources: other schemas that references may lead to, by their `$id`.
    /// - Throws: `SchemaError` at the first keyword that is wrong, unknown or leads nowhere.
    package init(_ schema: DocumentValue, resources: [DocumentValue] = []) throws(SchemaError) {
        var compiler = SchemaCompiler()
        root = try compiler.add(schema)
        for resource in resources { _ = try compiler.add(resource) }
        try compiler.resolve()
        nodes = compiler.nodes
        tracksEvaluation = nodes.contains { $0.unevaluatedItems != nil || $0.unevaluatedProperties != nil }
    }

    /// What of the document the schema does not allow, in the document's order as far as the schema follows it.
    package func violations(of document: DocumentValue) -> [Violation] {
        var evaluation = SchemaEvaluation(schema: self)
        var seen = SchemaEvaluation.Seen()
        let isValid = evaluation.check(root, document, 0, &seen)
        if evaluation.isExhausted {
            evaluation.violations.append(
                Violation(
                    pointer: DocumentPointer(), line: document.line,
                    message: "was not checked to the end: too many steps or levels", keyword: "limit"))
        } else if !isValid, evaluation.violations.isEmpty {
            evaluation.violations.append(
                Violation(pointer: DocumentPointer(), line: document.line, message: "is not allowed", keyword: "false"))
        }
        return evaluation.violations
    }
}
