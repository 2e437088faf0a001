import ByteParsing
import ModelFormats
import Testing

private func events(_ text: String) throws -> [ProtobufText.Event] {
    var found: [ProtobufText.Event] = []
    try ProtobufText.walk(ByteRegion(Array(text.utf8)), budget: Budget()) { (event, _) in found.append(event) }
    return found
}

@Suite struct ProtobufTextTests {
    @Test func readsMessagesAndValues() throws {
        #expect(
            try events("# comment\na { b: \"x\\056\\x2f\" 'y'  c: -1.5e3; } d <\n e: TRUE, > f: {}") == [
                .open("a"), .value("b", "x./y"), .value("c", "-1.5e3"), .close, .open("d"), .value("e", "TRUE"),
                .close, .open("f"), .close,
            ])
    }

    @Test func listsAreTheirElements() throws {
        #expect(
            try events("a: [1, 2] b: [{ c: [\"x\"] }, < c: 'y' >] [ext.name/d]: 3 e: []") == [
                .value("a", "1"), .value("a", "2"), .open("b"), .value("c", "x"), .close, .open("b"),
                .value("c", "y"), .close, .value("ext.name/d", "3"),
            ])
    }

    @Test(arguments: [
        ("a {", ParseError.truncated()), ("a: \"x", .truncated()), ("a: \"x\n\"", .malformed()),
        ("a \"x\"", .malformed()),
        ("}", .malformed()), ("a: }", .malformed()), ("a: [", .truncated()),
        (String(repeating: "a {", count: 600), .limit()),
    ])
    func whatIsNoMessageEndsTheWalk(text: String, error: ParseError) {
        #expect(throws: error) { try events(text) }
    }
}
