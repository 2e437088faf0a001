import AssayCore
import ByteParsing
import Reporting
import Testing

/// The JSON that is written is the JSON that the published schema describes, and the schema describes all of it.
@Suite struct SchemaTests {
    private static let schemas =
        "\(#filePath)".split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        + "/Schemas/"

    private func parse(_ text: String) throws -> JSONValue {
        try JSONDocument(ByteRegion(Array(text.utf8)), dialect: .strict).root
    }

    @Test func reportsFollowTheSchema() throws {
        let schema = try parse(try #require(Snapshot.read(Self.schemas + "scan-report-v1.schema.json")))
        #expect(schema["$id"]?.string == ScanReport.schema)
        let report = try parse(JSONReport().render(SampleReport.report))
        #expect(Schema(root: schema).problems(report) == [])
        let bytes = try #require(EvidenceStatement().render(SampleReport.report, time: "2026-11-21T12:00:00Z"))
        let statement = try JSONDocument(ByteRegion(bytes), dialect: .strict).root
        let predicate = try #require(statement["predicate"])
        #expect(Schema(root: schema).problems(predicate) == [])
        #expect(statement["predicateType"]?.string == PredicateType.scan.uri)
        #expect(PredicateType.scan.deficiency(of: predicate) == nil)
    }

    @Test func theCheckFails() throws {
        let schema = try parse(try #require(Snapshot.read(Self.schemas + "scan-report-v1.schema.json")))
        let wrong = try parse(#"{"schema": "x", "tool": {}, "files": [{"outcome": "fine"}], "extra": 1}"#)
        #expect(Schema(root: schema).problems(wrong).count > 8)
    }
}

/// As much of JSON Schema as our own schemas use; unlike it, members that no schema names are problems too.
private struct Schema {
    let root: JSONValue

    func problems(_ value: JSONValue) -> [String] { problems(value, root, "", isWhole: true) }

    private func problems(_ value: JSONValue, _ schema: JSONValue, _ path: String, isWhole: Bool) -> [String] {
        var found: [String] = []
        let schema = resolved(schema)
        if let type = schema["type"]?.string, !value.isOf(type) { return ["\(path): not \(type)"] }
        if let constant = schema["const"]?.string, value.string != constant { found.append("\(path): not \(constant)") }
        if let words = schema["enum"], !words.elements.contains(where: { $0.string == value.string }) {
            found.append("\(path): \(value.string ?? "?") is not in the list")
        }
        for name in schema["required"]?.elements.compactMap(\.string) ?? [] where value[name] == nil {
            found.append("\(path)/\(name): missing")
        }
        if let parts = schema["allOf"] {
            for part in parts.elements { found += problems(value, part, path, isWhole: false) }
        }
        for (key, member) in value.members {
            let name = key.string ?? ""
            if let inner = schema["properties"]?[name] ?? schema["additionalProperties"] {
                found += problems(member, inner, "\(path)/\(name)", isWhole: true)
            } else if isWhole, schema["properties"] != nil {
                found.append("\(path)/\(name): not in the schema")
            }
        }
        if let inner = schema["items"] {
            for (index, element) in value.elements.enumerated() {
                found += problems(element, inner, "\(path)/\(index)", isWhole: true)
            }
        }
        return found
    }

    private func resolved(_ schema: JSONValue) -> JSONValue {
        guard let name = schema["$ref"]?.string?.split(separator: "/").last else { return schema }
        return root["$defs"]?[String(name)] ?? schema
    }
}

extension JSONValue {
    fileprivate func isOf(_ type: String) -> Bool {
        switch type {
        case "object": isObject
        case "array": isArray
        case "string": kind == .string
        case "integer": integer != nil
        default: false
        }
    }
}

@Suite struct JSONEscapingTests {
    @Test(arguments: [
        ("\u{9B}31m", #""\u009b31m""#), ("\u{7F}", #""\u007f""#), ("a\u{202E}b", #""a\u202eb""#), ("é—©", "\"é—©\""),
        ("\u{200B}\u{2066}\u{2028}", #""\u200b\u2066\u2028""#), ("\u{1}", #""\u0001""#), ("日本", "\"日本\""),
    ])
    func whatActsOnATerminalIsEscapedAndReadsBack(text: String, json: String) throws {
        var writer = JSONWriter()
        writer.string(text)
        #expect(writer.text == json)
        let back = try JSONDocument(ByteRegion(writer.bytes), dialect: .strict).root.string
        #expect(back.map { Array($0.utf8) } == Array(text.utf8))
    }
}
