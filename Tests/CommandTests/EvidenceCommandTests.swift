import ArgumentParser
import AssayCore
import ByteParsing
import Fixtures
import Provenance
import Testing

@testable import assay

@Suite struct EvidenceCommandTests {
    private func status(_ arguments: [String]) throws -> Int32 {
        var command = try Assay.parseAsRoot(arguments)
        do {
            try command.run()
        } catch let code as ExitCode {
            return code.rawValue
        }
        return 0
    }

    /// A folder that somebody emptied holds nothing that was verified.
    @Test func nothingIsNotVerified() throws {
        let key = SigningKey(generating: .p256)
        let folder = try Fixture([
            "key.pem": key.pem, "key.pub": key.publicKey.pem, "m/w.bin": "1", "p.json": "{}", "none/notes.txt": "",
        ])
        func path(_ name: String) -> String { folder.path + "/" + name }
        #expect(try status(["evidence", "verify", path("none"), "--public-key", path("key.pub")]) == 1)
        // What is not there is an error of input.
        #expect(try status(["evidence", "verify", path("gone.json"), "--public-key", path("key.pub")]) == 2)
        let made = try status([
            "attest", path("m"), "--type", "https://example.com/x", "--predicate", path("p.json"), "--sign",
            "--private-key", path("key.pem"), "--output", path("none/one.json"),
        ])
        #expect(made == 0)
        #expect(try status(["evidence", "verify", path("none"), "--public-key", path("key.pub")]) == 0)
    }

    /// Evidence that nobody vouches for says nothing to a terminal.
    @Test func whatIsShownHasNoControlCharacters() throws {
        let text = "{\"a\": \"\u{9B}2J \u{202E}x \u{7F} \u{E000} \u{E0041} é\",\n \"b\": 1}"
        let shown = Printable.json(text)
        #expect(shown == #"{"a": "\u009b2J \u202ex \u007f \ue000 \udb40\udc41 é","# + "\n" + #" "b": 1}"#)
        let before = try JSONDocument(ByteRegion(Array(text.utf8)), dialect: .strict).root["a"]?.string
        let after = try JSONDocument(ByteRegion(Array(shown.utf8)), dialect: .strict).root["a"]?.string
        #expect(before != nil && before == after)
    }

    @Test(arguments: ["secret", "secret\n", "secret\r\n", "secret\nand a note\n"])
    func passwordsAreTheFirstLine(text: String) throws {
        let folder = try Fixture(["password": text])
        #expect(try FileInput.readPassword(folder.path + "/password") == Array("secret".utf8))
    }
}
