import Testing

@testable import assay

@Suite struct UnknownCommandTests {
    @Test(arguments: [
        (["scna", "x"], "There is no command 'scna'. Did you mean 'scan'?\n  See 'assay --help'"),
        (["card", "chekc"], "There is no command 'chekc'. Did you mean 'check'?\n  See 'assay card --help'"),
        (["frobnicate"], "There is no command 'frobnicate'.\n"),
        (["a\u{1B}[31m"], "There is no command 'a\\u{1b}[31m'.\n"),
    ])
    func theNearestCommandIsNamed(words: [String], expected: String) throws {
        let unknown = try #require(UnknownCommand(words, below: Assay.self))
        #expect(unknown.message.hasPrefix("Error: " + expected), "\(unknown.message)")
    }

    /// What is wrong with these is something else, and the parser says what.
    @Test(arguments: [
        [], ["--fial"], ["scan", "nothere"], ["help", "scna"], ["card", "check", "x", "--what"], ["attest", "model"],
    ])
    func wordsThatAreNoCommandsPass(words: [String]) { #expect(UnknownCommand(words, below: Assay.self) == nil) }

    @Test(arguments: [
        ("scan", "scan", 0), ("", "ab", 2), ("scna", "scan", 1), ("kitten", "sitting", 3), ("abc", "ca", 3),
    ])
    func distanceCountsSteps(left: String, right: String, steps: Int) {
        #expect(UnknownCommand.distance(left, right) == steps)
    }
}
