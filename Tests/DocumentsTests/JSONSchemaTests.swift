import Testing

@testable import Documents

private func read(_ text: String) throws -> DocumentValue { try DocumentReader.read(Array(text.utf8)) }

@Suite struct JSONSchemaTests {
    /// Schema, a value that it allows, a value that it does not, the keyword that says so.
    @Test(arguments: [
        ("{type: integer}", "5.0", "5.5", "type"), ("{type: [string, 'null']}", "null", "1", "type"),
        ("{enum: [1, [2], {a: b}]}", "{a: b}", "[3]", "enum"), ("{const: 1}", "1.0", "true", "const"),
        ("{minimum: 0.1}", "0.1", "0.09999999999999999", "minimum"),
        ("{exclusiveMaximum: 3}", "2.9", "3.0", "exclusiveMaximum"),
        ("{multipleOf: 0.1}", "0.3", "0.35", "multipleOf"), ("{multipleOf: 3}", "9e300", "1e300", "multipleOf"),
        ("{minLength: 2}", "ab", "😀", "minLength"), ("{maxLength: 1}", "😀", "ab", "maxLength"),
        ("{pattern: 'b+$'}", "abb", "abbc", "pattern"), ("{format: date}", "'2024-02-29'", "'2023-02-29'", "format"),
        ("{format: date-time}", "'2024-02-29T10:00:00.5+02:00'", "'2024-02-29 10:00:00Z'", "format"),
        ("{format: date-time}", "'2016-12-31T23:59:60Z'", "'2016-12-31T23:58:60Z'", "format"),
        ("{format: uri}", "'https://a.b/c?d#e'", "'/c'", "format"),
        ("{format: uri-reference}", "'/c'", "'a b'", "format"),
        ("{format: uuid}", "'00000000-0000-4000-8000-000000000001'", "'0'", "format"),
        ("{items: {type: string}}", "[a]", "[1]", "type"),
        ("{prefixItems: [{type: string}], items: false}", "[a]", "[a, b]", "false"),
        ("{contains: {const: a}, maxContains: 1}", "[a, b]", "[a, a]", "maxContains"),
        ("{contains: {const: a}}", "[a]", "[]", "contains"),
        ("{minContains: 0, contains: {const: a}}", "[]", "3", ""),
        ("{uniqueItems: true}", "[1, true, '1']", "[1, a, 1.0]", "uniqueItems"),
        ("{required: [a]}", "{a: null}", "{b: 1}", "required"),
        ("{additionalProperties: false, properties: {a: true}}", "{a: 1}", "{b: 1}", "additionalProperties"),
        ("{patternProperties: {'^x-': {type: string}}, additionalProperties: false}", "{x-a: b}", "{x-a: 1}", "type"),
        ("{propertyNames: {maxLength: 1}}", "{a: 1}", "{ab: 1}", "propertyNames"),
        ("{minProperties: 1}", "{a: 1}", "{}", "minProperties"),
        ("{dependentRequired: {a: [b]}}", "{b: 1}", "{a: 1}", "dependentRequired"),
        ("{dependentSchemas: {a: {required: [b]}}}", "{a: 1, b: 1}", "{a: 1}", "required"),
        ("{not: {type: string}}", "1", "a", "not"), ("{anyOf: [{type: string}, {minimum: 3}]}", "4", "2", "anyOf"),
        ("{oneOf: [{minimum: 1}, {maximum: 3}]}", "0", "2", "oneOf"),
        ("{if: {type: string}, then: {minLength: 1}, else: {type: integer}}", "1", "''", "minLength"),
        ("{$defs: {a: {type: string}}, $ref: '#/$defs/a', minLength: 1}", "x", "''", "minLength"),
        ("{$defs: {a: {$anchor: here, type: string}}, $ref: '#here'}", "x", "1", "type"),
        (
            "{properties: {next: {$ref: '#'}}, additionalProperties: false}", "{next: {next: {}}}", "{next: {a: 1}}",
            "additionalProperties"
        ),
        (
            "{allOf: [{properties: {a: true}}], unevaluatedProperties: false}", "{a: 1}", "{a: 1, b: 1}",
            "unevaluatedProperties"
        ),
        (
            "{anyOf: [{properties: {a: {const: 1}}, required: [a]}, {properties: {b: true}}], unevaluatedProperties: false}",
            "{a: 1, b: 2}", "{a: 2}", "unevaluatedProperties"
        ),
        ("{prefixItems: [true], contains: {const: x}, unevaluatedItems: false}", "[1, x]", "[1, x, 2]", "false"),
        (
            "{$schema: 'http://json-schema.org/draft-07/schema#', items: [{type: string}], additionalItems: false}",
            "[a]", "[a, 1]", "false"
        ),
        (
            "{$schema: 'http://json-schema.org/draft-07/schema#', $ref: '#/definitions/a', minLength: 9, definitions: {a: {type: string}}}",
            "x", "1", "type"
        ),
        (
            "{$schema: 'http://json-schema.org/draft-07/schema#', definitions: {a: {$id: '#b', type: string}}, items: {$ref: '#b'}}",
            "[x]", "[1]", "type"
        ),
        (
            "{$schema: 'http://json-schema.org/draft-07/schema#', dependencies: {a: [b], c: {required: [d]}}}",
            "{b: 1}", "{c: 1}", "required"
        ),
    ])
    func keywords(_ schema: String, _ allowed: String, _ refused: String, _ keyword: String) throws {
        let schema = try JSONSchema(read(schema))
        #expect(schema.violations(of: try read(allowed)).isEmpty)
        let violations = schema.violations(of: try read(refused))
        #expect(violations.first?.keyword ?? "" == keyword, "\(violations)")
    }

    @Test(arguments: [
        "{typ: string}", "{$dynamicRef: '#x'}", "{$ref: '#/nowhere'}", "{$ref: 'other.json'}", "{format: colour}",
        "{pattern: '(?=a)b'}", "{pattern: '(a'}", "{type: text}", "{minLength: -1}", "{dependencies: {}}",
        "{$schema: 'http://json-schema.org/draft-04/schema#'}", "{items: [true]}", "5", "{allOf: []}",
    ])
    func whatIsNotFollowedIsRefused(_ schema: String) {
        #expect(throws: SchemaError.self) { try JSONSchema(read(schema)) }
    }

    @Test func referencesLeadIntoOtherDocuments() throws {
        let other = try read("{$id: 'https://a.example/s/b.json', $defs: {n: {type: number}}, type: string}")
        let schema = try JSONSchema(
            read("{$id: 'https://a.example/s/a.json', properties: {x: {$ref: b.json}, y: {$ref: 'b.json#/$defs/n'}}}"),
            resources: [other])
        #expect(schema.violations(of: ["x": "a", "y": 1]).isEmpty)
        #expect(schema.violations(of: ["x": 1, "y": "a"]).map(\.pointer.description) == ["/x", "/y"])
    }

    @Test func saysWhereAndWhat() throws {
        let schema = try JSONSchema(
            read("{properties: {a: {items: {required: [b], properties: {b: {enum: [x, y]}}}}}}"))
        let violations = schema.violations(of: try read("a:\n  - b: x\n  - b: z\n  - c: 1\n"))
        #expect(
            violations.map(\.description) == [
                "line 3: /a/1/b is \"z\", not one of \"x\", \"y\"", "line 4: /a/2 lacks b",
            ])
    }

    @Test func longValuesAreCutShort() {
        let text = DocumentValue.string(String(repeating: "a", count: 61)).shown
        #expect(text == "\"" + String(repeating: "a", count: 60) + "...\"")
        #expect(DocumentValue.array(Array(repeating: 1, count: 9)).shown == "a list of 9")
    }

    /// A bill lists its files in objects that have the same members: each must not be compared with all others.
    @Test(.timeLimit(.minutes(1))) func longListsOfLikeObjects() throws {
        let schema = try JSONSchema(read("{uniqueItems: true}"))
        func file(_ number: Int) -> DocumentValue {
            [
                "type": "file", "name": .string("f\(number)"),
                "hashes": [["alg": "SHA-256", "content": .string("\(number)")]],
            ]
        }
        let files = (0..<60_000).map(file)
        #expect(schema.violations(of: .array(files)).isEmpty)
        #expect(schema.violations(of: .array(files + [file(7)])).map(\.keyword) == ["uniqueItems"])
    }

    @Test func endlessReferencesEnd() throws {
        let schema = try JSONSchema(read("{allOf: [{$ref: '#'}, {$ref: '#'}]}"))
        #expect(schema.violations(of: 1).map(\.keyword) == ["limit"])
    }
}

@Suite struct PatternTests {
    @Test(arguments: [
        ("a", "bab", true), ("^a$", "ab", false), ("^(a|b)*c$", "ababc", true), ("^[^a-c]+$", "xyz", true),
        ("^[^a-c]+$", "xbz", false), ("^\\d{2,3}$", "1234", false), ("^\\d{2,3}$", "123", true), ("^a{2}$", "aa", true),
        ("^a{,2}$", "a{,2}", true), ("\\bfoo\\b", "a foo b", true), ("\\bfoo\\b", "afoob", false), ("^.$", "😀", true),
        ("^.$", "\n", false), ("^\\u{1F600}$", "😀", true), ("^\\uD83D\\uDE00$", "😀", true), ("^\\p{L}+$", "añ日", true),
        ("^\\P{L}+$", "12", true), ("^[\\w.-]+$", "a-b.c", true), ("^(?:ab){1,}?$", "abab", true), ("", "x", true),
        ("^[\\s\\S]$", "\n", true), ("^[]$", "a", false), ("^[^]$", "a", true), ("^\\x41\\t$", "A\t", true),
        ("a||b", "zzz", true), ("^a|b$", "ac", true), ("(a*)*$", "b", true), ("[a\\-z]", "-", true),
        ("^[+--]$", ",", true),
    ])
    func finds(_ pattern: String, _ text: String, _ found: Bool) throws {
        #expect(try Pattern(pattern).matches(text) == found)
    }

    @Test(arguments: [
        "(", ")", "[a", "a**", "*a", "\\", "(?=a)", "(?<n>a)", "\\1", "\\k<n>", "[b-a]", "a{3,2}", "^*", "\\u12",
        "\\p{Greek}", "a{5000}", "(((a{1000}){1000}){1000})",
    ])
    func refuses(_ pattern: String) {
        #expect(throws: PatternError.self) { try Pattern(pattern) }
    }

    @Test func nothingBacktracks() throws {
        let text = String(repeating: "a", count: 20_000)
        #expect(try !Pattern("^(a+)+$").matches(text + "!"))
        #expect(try !Pattern("^(a|a)*b$").matches(text))
    }

    @Test func ownPatternsAreRead() {
        for name in ["uri", "iri", "uri-reference", "iri-reference"] {
            #expect(FormatChecks.checks[name]?("https://example.org/a?b#c") == true)
        }
    }

    /// As rfc3987-syntax judges them, the library that the validators of Python use; but for `[::1]`, which RFC 3986 allows.
    @Test(arguments: [
        ("a:b", true), ("./1:b", true), ("x/1:b", true), ("//a:/", true), ("?:", true), ("#:", true), ("", true),
        ("http://a:99999999/", true), ("http://u:p@h:1/x?y#z", true), ("a%20b", true), ("/", true), ("/a//b", true),
        ("http://[::1]/", true), ("mailto:a@b", true), ("urn:a:b", true), ("@", true), ("é/x", true),
        ("2026-01-02T03:04:05Z", false), ("1:b", false), ("-a:b", false), ("é:x", false), ("a b", false),
        ("a%zz", false), ("http://[::1", false), ("//a:b/", false), ("http://a:b/", false), ("http://[::1]x", false),
        ("http://a@b@c/", false), ("a#b#c", false), ("a\\b", false), ("a^b", false),
    ])
    func references(text: String, isOne: Bool) {
        #expect(FormatChecks.checks["iri-reference"]?(text) == isOne)
    }
}
