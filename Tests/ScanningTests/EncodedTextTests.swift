import Testing

@testable import Scanning

@Suite struct EncodedTextTests {
    /// What CPython 3.11's `binascii.a2b_base64` makes of the same texts.
    @Test(arguments: [
        ("aGVsbG8=", "hello"), ("aGVs\nbG8=", "hello"), ("aGV*sbG8=", "hello"),
        // Padding where none can be is passed over; where it fills a group it ends the text.
        ("=aGVsbG8=", "hello"), ("a=GVsbG8=", "hello"), ("aG=VsbG8=", "hello"), ("aGVs=bG8=", "hello"),
        ("aGVsbG8=aGVs", "hello"), ("aG==VsbG8=", "h"),
        // The URL alphabet, as `urlsafe_b64decode` reads it.
        ("Pz8_Pj4-", "???>>>"),
    ])
    func readsBase64AsPythonDoes(_ text: String, _ content: String) {
        #expect(EncodedText.base64(Array(text.utf8)) == Array(content.utf8))
    }

    @Test func readsTheOtherEncodingsAsPythonDoes() {
        #expect(EncodedText.hexadecimal(Array("68 65\n6C6c6f".utf8)) == Array("hello".utf8))
        #expect(EncodedText.hexadecimal(Array("686".utf8)) == nil)
        #expect(EncodedText.base32(Array("NBSWY3DP".utf8)) == Array("hello".utf8))
        #expect(EncodedText.base85(Array("Xk~0{Zv".utf8)) == Array("hello".utf8))
        #expect(EncodedText.ascii85(Array("<~BOu!rDZ~>".utf8)) == Array("hello".utf8))
    }

    @Test func turnsLettersAndLeavesTheRest() {
        #expect(EncodedText.rot13(Array("Uryyb, jbeyq ü 1".utf8)) == Array("Hello, world ü 1".utf8))
        // What is no text at all was not turned by anybody.
        #expect(TextEncoding.rot13.decode([0x80, 0x41]) == nil)
    }

    @Test func undoesEncodingsInEachOther() {
        let twice = Array("NjY2ZjZmPQ==".utf8)
        let found = TextEncoding.undone(twice, depth: 2) { $0.starts(with: Array("foo".utf8)) }
        #expect(found == nil)
        let inner = Array("NjY2ZjZmMjE=".utf8)
        let undone = TextEncoding.undone(inner, depth: 2) { $0 == Array("foo!".utf8) }
        #expect(undone?.bytes == Array("foo!".utf8))
        #expect(undone?.names == ["hexadecimal", "base64"])
    }
}
