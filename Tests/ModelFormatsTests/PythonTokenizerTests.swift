import ByteParsing
import ModelFormats
import Testing

@Suite struct PythonTokenizerTests {
    private func read(_ source: String) throws -> [PythonToken] {
        try PythonTokenizer.tokens(of: Array(source.utf8), budget: Budget())
    }

    @Test(arguments: [
        ("a = 1", "a = 1 ⏎"), ("f(a,\n  b)", "f ( a , b ) ⏎"), ("x \\\n y", "x y ⏎"), ("a; b", "a ⏎ b ⏎"),
        ("# only\n\n  # comments\n", ""), ("x**=2 // y", "x **= 2 // y ⏎"), ("1.5e-3 0xff .5", "1.5e-3 0xff .5 ⏎"),
        ("ｅｘｅｃ", "exec ⏎"), ("𝐞𝐱𝐞𝐜", "exec ⏎"),
    ])
    func splitsLines(_ source: String, _ expected: String) throws {
        let text = try read(source).map { $0.kind == .newline ? "⏎" : $0.text }.joined(separator: " ")
        #expect(text == expected)
    }

    @Test(arguments: [
        (#"'a\x41\u00e9\n\101'"#, "aA\u{e9}\nA"), (#"r'\n'"#, #"\n"#),
        (#"b'\xff'"#, "\u{ff}"),
        (#"'''a"b'c'''"#, "a\"b'c"),
        ("'a\\\n  b'", "a  b"), ("'open", "open"),
    ])
    func readsLiterals(_ source: String, _ value: String) throws {
        let token = try #require(try read(source).first)
        #expect(token.kind == .string && token.text == value)
    }

    @Test(arguments: [
        (#"f'a{{b}} c'"#, "'a{b} c'"), (#"f'{x}'"#, "( '' + ( x ) )"),
        (#"f'a{{b}} {os.system("x")}c'"#, "( 'a{b} ' + ( os . system ( 'x' ) ) + 'c' )"),
        (#"f'{x!s}{y:s}'"#, "( '' + ( x ) + ( y ) )"), (#"f'{y!r:{z}}'"#, "( '' + ( y , { z } ) )"),
        (#"f'{x=}'"#, "( '' + ( x , ) )"), (#"f'{x!=1}'"#, "( '' + ( x != 1 ) )"),
        (#"f"{d['a:b'][1:2]}""#, "( '' + ( d [ 'a:b' ] [ 1 : 2 ] ) )"),
        (#"'a' f'{x}' 'b' f'c' f'{y}'"#, "'a' + ( '' + ( x ) ) + 'b' 'c' + ( '' + ( y ) )"),
        (#"f(f'{x}', 'b')"#, "f ( ( '' + ( x ) ) , 'b' )"),
    ])
    func formattedStringsAreSums(_ source: String, _ expected: String) throws {
        let texts = try read(source).dropLast().map { $0.kind == .string ? "'\($0.text)'" : $0.text }
        #expect(texts.joined(separator: " ") == expected)
    }

    @Test func everyPrefixOfASourceEnds() throws {
        let source = Array(
            "@a.b\ndef f(x: int = 'é') -> str:\n\treturn f'{x!r:>{w}}' + \"\"\"\\\n\"\"\" + b'\\x41'\n".utf8)
        for count in 0...source.count { try expectTokensInOrder(of: Array(source.prefix(count))) }
        for index in source.indices {
            for value: UInt8 in [0, 0x27, 0x5c, 0x7b, 0x7d, 0xff, 0x0a] {
                var changed = source
                changed[index] = value
                try expectTokensInOrder(of: changed)
            }
        }
    }

    private func expectTokensInOrder(of source: [UInt8]) throws {
        let places = try PythonTokenizer.tokens(of: source, budget: Budget()).map(\.offset)
        #expect(places == places.sorted() && places.last ?? 0 <= source.count, "\(source)")
    }

    @Test func aSpentBudgetIsALimit() {
        var limits = Limits()
        limits.operations = 3
        #expect(throws: ParseError.limit()) {
            try PythonTokenizer.tokens(of: Array("a = 1".utf8), budget: Budget(limits))
        }
    }
}
