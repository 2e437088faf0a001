import Testing

@testable import assay

@Suite struct UnknownCommandTests {
    @Test(arguments: [
        (["scna", "x"], "there is no command 'scna'; did you mean 'scan'?\n  See 'assay --help'"),
        (["card", "chekc"], "there is no command 'chekc'; did you mean 'check'?\n  See 'assay card --help'"),
        (["frobnicate"], "there is no command 'frobnicate'\n"),
        (["a\u{1B}[31m"], "there is no command 'a\\u{1b}[31m'\n"),
        (["card", "help"], "there is no command 'help'\n  See 'assay card --help'"),
    ])
    func theNearestCommandIsNamed(words: [String], expected: String) throws {
        let unknown = try #require(UnknownCommand(words, below: Assay.self))
        #expect(unknown.message.hasPrefix("assay: " + expected), "\(unknown.message)")
    }

    /// What is wrong with these is something else, and the parser says what.
    @Test(arguments: [
        [], ["--fial"], ["scan", "nothere"], ["help", "scna"], ["card", "check", "x", "--what"], ["attest", "model"],
    ])
    func wordsThatAreNoCommandsPass(words: [String]) { #expect(UnknownCommand(words, below: Assay.self) == nil) }
}
