import Testing

@testable import Documents

private func core(_ text: String) throws -> DocumentValue { try DocumentReader.yaml(Array(text.utf8)) }
private func old(_ text: String) throws -> DocumentValue { try DocumentReader.yaml(Array(text.utf8), schema: .yaml11) }

/// What a reader is expected to say of a plain scalar.
private enum Expected: Sendable {
    case value(DocumentValue)
    case number(String)
    case date
    case refused
}

@Suite struct DocumentReaderTests {
    @Test(
        arguments: [
            ("", .value(.null)), ("~", .value(.null)), ("Null", .value(.null)), ("true", .value(true)),
            ("FALSE", .value(false)), ("yes", .value("yes")), ("no", .value("no")), ("12", .number("12")),
            ("+12", .number("12")), ("-0", .number("-0")), ("007", .number("7")), ("0o17", .number("15")),
            ("0x1F", .number("31")), ("-0x1F", .value("-0x1F")), ("1.", .number("1.0")), (".5", .number("0.5")),
            ("1e5", .number("1e5")), ("1E-05", .number("1E-05")), ("1_000", .value("1_000")),
            ("12:30", .value("12:30")), ("! 12", .refused), ("!", .refused),
            ("1.10", .number("1.10")), ("2024-05-01", .value("2024-05-01")), (".", .value(".")), ("-x", .value("-x")),
            ("1.2.3", .value("1.2.3")), (".inf", .refused), (".nan", .refused), ("e5", .value("e5")),
            ("0xffffffffffffffff", .number("18446744073709551615")), ("0x1ffffffffffffffff", .refused),
        ] as [(String, Expected)])
    private func coreScalars(_ text: String, _ expected: Expected) throws {
        try check(expected) { try core("a: \(text)\n") }
    }

    /// As PyYAML 6.0 says: checked against it by Tests/Oracle/documents.py.
    @Test(
        arguments: [
            ("! 12", .number("12")), ("! \"12\"", .number("12")), ("!", .value(.null)), ("! a", .value("a")),
            ("no", .value(false)), ("On", .value(true)), ("y", .value("y")), ("1.10", .number("1.10")),
            ("1e5", .value("1e5")), ("1.0e5", .value("1.0e5")), ("1.0e+5", .number("1.0e+5")), ("010", .number("8")),
            ("08", .value("08")), ("0b101", .number("5")), ("-0x1F", .number("-31")), ("1_000", .number("1000")),
            ("1:30", .number("90")), ("1:30:05.5", .number("5405.5")), ("01:30", .value("01:30")),
            ("2024-05-01", .date), ("2024-5-1 10:00:00 Z", .date), ("2024-13-01", .refused),
            ("2024-05-01T", .value("2024-05-01T")),
            (".inf", .number(".inf")), ("-.INF", .number("-.inf")), (".NaN", .number(".nan")), ("0o17", .value("0o17")),
            ("-.5", .value("-.5")), (".5", .number("0.5")), ("1.", .number("1.0")), ("_1", .value("_1")),
        ] as [(String, Expected)])
    private func yaml11Scalars(_ text: String, _ expected: Expected) throws {
        try check(expected) { try old("a: \(text)\n") }
    }

    private func check(_ expected: Expected, _ read: () throws -> DocumentValue) throws {
        switch expected {
        case .value(let value): #expect(try read()["a"] == value)
        case .number(let digits): #expect(try read()["a"]?.number == digits)
        case .date: #expect(try read()["a"]?.isTimestamp == true)
        case .refused: #expect(throws: DocumentError.self) { try read() }
        }
    }

    @Test func linesAreWhereThingsStand() throws {
        let value = try core("# remark\na: 1\nb:\n  - x\n  - c: |\n      one\n      two\n    d: [1,\n      2]\n")
        #expect(value.members.map(\.line) == [2, 3])
        #expect(value.at(pointer: "/b/1/d/1")?.line == 9)
        #expect(value.at(pointer: "/b/1/c")?.string == "one\ntwo\n")
        let json = try DocumentReader.json(Array("{\n \"a\":\n  [1,\n 2],\n\"b\": \"x\\ny\"}".utf8))
        #expect(json.members.map(\.line) == [2, 5])
        #expect(json.at(pointer: "/a/1")?.line == 4)
    }

    @Test(arguments: [
        ("a: 1\nb: [\n", 3), ("a: 1\na: 2\n", 2), ("a: &x 1\nb: *x\n", 1), ("a: !!str 1\n", 1),
        ("a: 1\n---\nb: 2\n", 2),
        ("a: 1\n\tb: 2\n", 2), ("a: \u{7}\n", 1), ("x: y\n? [a]\n: b\n", 2), ("a: 'x\n", 2),
    ])
    func coreRefusesWithItsLine(_ text: String, _ line: Int) {
        let error = #expect(throws: DocumentError.self) { try core(text) }
        #expect(error?.line == line, "\(String(describing: error))")
    }

    @Test(arguments: [
        ("{\n\"a\": 1,\n\"a\": 2}", 3), ("{\n\"a\": 01}", 2), ("[1,\n2", 2), ("{} x", 1), ("\n{\"a\": \"\\ud800\"}", 2),
        ("[NaN]", 1), ("", 1),
    ])
    func jsonIsStrict(_ text: String, _ line: Int) {
        let error = #expect(throws: DocumentError.self) { try DocumentReader.json(Array(text.utf8)) }
        #expect(error?.line == line, "\(String(describing: error))")
    }

    @Test func yaml11FollowsWhatPyYAMLFollows() throws {
        let value = try old(
            "base: &b {x: 1, y: 2}\nother:\n  <<: *b\n  y: 3\nlist: [*b, *b]\na: 1\na: 2\ns: !!str 12\n")
        #expect(value["other"] == ["x": 1, "y": 3])
        #expect(value.at(pointer: "/list/1/y") == 2)
        #expect(value["a"] == 2)
        #expect(value["s"] == "12")
        #expect(throws: DocumentError.self) { try old("a: !!python/object/apply:os.system [x]\n") }
        #expect(throws: DocumentError.self) { try old("a: *nothing\n") }
    }

    @Test func aliasesDoNotMultiply() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<12 {
            text +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
                + "]\n"
        }
        #expect(throws: DocumentError.self) { try old(text) }
    }

    @Test func depthIsBounded() throws {
        let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        _ = try core(deep)
        _ = try DocumentReader.json(Array(deep.utf8))
        #expect(throws: DocumentError.self) { try core("[" + deep + "]") }
        #expect(throws: DocumentError.self) { try DocumentReader.json(Array(("[" + deep + "]").utf8)) }
    }

    @Test func flowNotationThatIsNoJSONIsYAML() throws {
        #expect(try DocumentReader.read(Array("{a: 1}".utf8)) == ["a": 1])
        #expect(try DocumentReader.read(Array("a: 1".utf8)) == ["a": 1])
        let error = #expect(throws: DocumentError.self) { try DocumentReader.read(Array("{\n\"a\": }}".utf8)) }
        #expect(error?.message.hasPrefix("not JSON") == true)
    }

    @Test func manyNamesTakeLinearTime() throws {
        var text = ""
        for number in 0..<60_000 { text += "n\(number):\n" }
        #expect(try core(text).members.count == 60_000)
    }

    @Test func pointersLeadAndChange() throws {
        var value: DocumentValue = ["a": ["b/c": [1, 2], "d~": true]]
        #expect(value.at(pointer: "/a/b~1c/1") == 2)
        #expect(value.at(pointer: "/a/d~0") == true)
        #expect(value.at(pointer: "/a/b~1c/01") == nil)
        #expect(value.at(pointer: "a") == nil)
        let pointer = try #require(DocumentPointer(text: "/a/b~1c/-"))
        let isSet = value.set(3, at: pointer)
        #expect(isSet)
        #expect(value.at(pointer: "/a/b~1c") == [1, 2, 3])
        value.set("x", at: DocumentPointer(["new", "way"]))
        #expect(value["new"] == ["way": "x"])
        value.remove(at: DocumentPointer(["a", "b/c", "0"]))
        #expect(value.at(pointer: "/a/b~1c") == [2, 3])
        let wasRefused = !value.set(1, at: DocumentPointer(["a", "d~", "x"]))
        #expect(wasRefused)
    }
}
