import ByteParsing
import Testing

@Suite struct JSONSieveTests {
    private struct Taken: Equatable {
        var rest = ""
        var parts: [String] = []
        var places = 0
    }

    /// What comes of a text that is fed in pieces of so many bytes; nil when it cannot be taken apart.
    private func take(_ text: String, _ path: [String], _ kind: JSONSieve.Kind, step: Int) -> Taken? {
        var sieve = JSONSieve(path, kind)
        var parts: [String] = []
        let bytes = Array(text.utf8)
        do throws(ParseError) {
            for start in stride(from: 0, to: bytes.count, by: step) {
                let piece = ByteRegion(Array(bytes[start..<min(start + step, bytes.count)]))
                try sieve.take(piece.bytes) { part in
                    parts.append(String(decoding: part.array(), as: UTF8.self))
                    return true
                }
            }
        } catch {
            return nil
        }
        if kind == .string { parts = parts.isEmpty ? [] : [parts.joined()] }
        return Taken(rest: String(decoding: sieve.rest, as: UTF8.self), parts: parts, places: sieve.places)
    }

    /// Texts with the place a/b, each with what is left and what is handed out; nil where it cannot be taken apart.
    @Test(arguments: [
        (#"{"a":{"b":"xyz"}}"#, #"{"a":{"b":""}}"#, ["xyz"]),
        (
            #"{ "c" : [1,{"b":"n"}], "a" : { "d":{"b":"n"}, "b" : "x" , "e":1e5 } }"#,
            #"{ "c" : [1,{"b":"n"}], "a" : { "d":{"b":"n"}, "b" : "" , "e":1e5 } }"#, ["x"]
        ),
        // Names elsewhere, names that are values, names with escapes, values of another kind.
        (#"{"b":"n","x":{"a":{"b":"n"}}}"#, #"{"b":"n","x":{"a":{"b":"n"}}}"#, []),
        (#"[{"a":{"b":"n"}}]"#, #"[{"a":{"b":"n"}}]"#, []),
        (#"{"x":"a","a":"b","c":["b"]}"#, #"{"x":"a","a":"b","c":["b"]}"#, []),
        (#"{"\u0061":{"b":"n"},"a":{"\u0062":"n"}}"#, #"{"\u0061":{"b":"n"},"a":{"\u0062":"n"}}"#, []),
        (#"{"a":{"b":["n"]}}"#, #"{"a":{"b":["n"]}}"#, []), (#"{"a":{"b":{"b":"n"}}}"#, #"{"a":{"b":{"b":"n"}}}"#, []),
        (#"{"a":[{"b":"n"}]}"#, #"{"a":[{"b":"n"}]}"#, []),
        // Quotes behind backslashes.
        (#"{"a":{"b":"x\"y\\"},"z":"\\\""}"#, #"{"a":{"b":""},"z":"\\\""}"#, [#"x\"y\\"#]),
        (#"{"a\"":{"b":"n"},"a":{"b":"x"}}"#, #"{"a\"":{"b":"n"},"a":{"b":""}}"#, ["x"]),
    ])
    func strings(text: String, rest: String, parts: [String]) {
        for step in 1...text.utf8.count {
            let found = take(text, ["a", "b"], .string, step: step)
            #expect(found == Taken(rest: rest, parts: parts, places: parts.count), "in steps of \(step)")
        }
    }

    @Test func aPlaceThatIsThereTwiceIsToldTwice() throws {
        let text = #"{"a":{"b":"x"},"a":{"b":"y","b":"z"}}"#
        let found = try #require(take(text, ["a", "b"], .string, step: 5))
        #expect(found.places == 3)
        // A strict reader of the rest sees it too.
        let region = ByteRegion(Array(found.rest.utf8))
        #expect(throws: ParseError.self) { try JSONDocument(region, dialect: .strict) }
    }

    @Test(arguments: [
        (#"{"a":{"b":[]}}"#, []), (#"{"a":{"b":[ ]}}"#, []), (#"{"a":{"b":[{}]}}"#, ["{}"]),
        (#"{"a":{"b":[ {"x":"}]\"{"} , {"y":[[{}],"["]} ]}}"#, [#"{"x":"}]\"{"}"#, #"{"y":[[{}],"["]}"#]),
    ])
    func objects(text: String, parts: [String]) {
        for step in 1...text.utf8.count {
            let found = take(text, ["a", "b"], .objects, step: step)
            #expect(found == Taken(rest: #"{"a":{"b":[]}}"#, parts: parts, places: 1), "in steps of \(step)")
        }
    }

    @Test(arguments: [
        #"{"a":{"b":[,{}]}}"#, #"{"a":{"b":[{},]}}"#, #"{"a":{"b":[{}{}]}}"#, #"{"a":{"b":[1]}}"#,
        #"{"a":{"b":["x"]}}"#,
        #"{"a":{"b":[[{}]]}}"#, #"{"a":{"b":[{},null]}}"#, #"{"a":{"b":[{}:{}]}}"#, #"{"a":{"b":[{}}]}"#,
    ])
    func whatIsNoArrayOfObjectsIsRefused(text: String) {
        for step in [1, 3, 100] { #expect(take(text, ["a", "b"], .objects, step: step) == nil) }
    }

    /// What breaks off inside of the place leaves a rest that no reader takes.
    @Test func textsThatBreakOff() {
        for text in [#"{"a":{"b":[{"x":1},{"y":"z"}]},"c":1}"#, #"{"a":{"b":[{"x":{"z":1}}]}}"#] {
            for end in 0..<text.utf8.count {
                let cut = String(text.utf8.prefix(end)) ?? ""
                guard let found = take(cut, ["a", "b"], .objects, step: 4) else { continue }
                #expect((try? JSONDocument(ByteRegion(Array(found.rest.utf8)), dialect: .strict)) == nil, "\(cut)")
            }
        }
    }

    @Test func nestingIsBounded() {
        let deep = #"{"x":"# + String(repeating: "[", count: 200)
        #expect(take(deep, ["a", "b"], .objects, step: 16) == nil)
        let inside =
            #"{"a":{"b":[{"x":"# + String(repeating: "[", count: 200) + String(repeating: "]", count: 200) + "}]}}"
        #expect(take(inside, ["a", "b"], .objects, step: 16)?.parts.count == 1)
    }
}
