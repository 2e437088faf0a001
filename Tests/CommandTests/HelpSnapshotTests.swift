import ArgumentParser
import Testing

@testable import assay

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The help of each command is checked in: a change of the command line is a diff to be read. `ASSAY_RECORD=1` writes
/// it anew.
@Suite struct HelpSnapshotTests {
    private static let folder =
        "\(#filePath)".split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        + "/Snapshots"

    @Test func helpIsWhatWasReviewed() throws {
        try expect(Assay.helpMessage(for: ScanCommand.self, columns: 100), is: "scan.txt")
        try expect(Assay.helpMessage(for: InspectCommand.self, columns: 100), is: "inspect.txt")
        try expect(Assay.helpMessage(for: RulesCommand.self, columns: 100), is: "rules.txt")
        try expect(Assay.helpMessage(for: ControlsCommand.self, columns: 100), is: "controls.txt")
        try expect(Assay.helpMessage(for: ControlsAssessCommand.self, columns: 100), is: "controls-assess.txt")
        try expect(Assay.helpMessage(for: ControlsExportCommand.self, columns: 100), is: "controls-export.txt")
        try expect(Assay.helpMessage(for: ControlsThreatsCommand.self, columns: 100), is: "controls-threats.txt")
        try expect(Assay.helpMessage(for: DataCheckCommand.self, columns: 100), is: "data-check.txt")
        try expect(Assay.helpMessage(for: IndependenceCommand.self, columns: 100), is: "data-check-independence.txt")
        try expect(Assay.helpMessage(for: SignCommand.self, columns: 100), is: "sign.txt")
        try expect(Assay.helpMessage(for: VerifyCommand.self, columns: 100), is: "verify.txt")
        try expect(Assay.helpMessage(for: DigestCommand.self, columns: 100), is: "digest.txt")
        try expect(Assay.helpMessage(for: AttestFileCommand.self, columns: 100), is: "attest.txt")
        try expect(Assay.helpMessage(for: AttestTrainCommand.self, columns: 100), is: "attest-train.txt")
        try expect(Assay.helpMessage(for: EvidenceVerifyCommand.self, columns: 100), is: "evidence-verify.txt")
        try expect(Assay.helpMessage(for: BomCommand.self, columns: 100), is: "bom.txt")
        let cards: [any ParsableCommand.Type] = [
            CardInitCommand.self, CardCheckCommand.self, CardBuildCommand.self, CardDiffCommand.self,
            CardSignCommand.self, CardRedactCommand.self, CardRenderCommand.self, CardSetCommand.self,
            CardImportCommand.self, CardResultsCommand.self,
        ]
        for command in cards {
            try expect(Assay.helpMessage(for: command, columns: 100), is: "card-\(command._commandName).txt")
        }
    }

    @Test func completionsNameEveryCommand() {
        for shell in [CompletionShell.bash, .zsh, .fish] {
            let script = Assay.completionScript(for: shell)
            for command in Assay.configuration.subcommands where command.configuration.shouldDisplay {
                #expect(script.contains(command._commandName), "\(command._commandName) in \(shell.rawValue)")
            }
        }
    }

    private func expect(_ text: String, is name: String) throws {
        let path = Self.folder + "/" + name
        if unsafe getenv("ASSAY_RECORD") != nil { return try FileOutput.write(Array((text + "\n").utf8), to: path) }
        let recorded = try FileInput.read(path)
        #expect(String(decoding: recorded, as: UTF8.self) == text + "\n", "\(name) differs")
    }
}

/// The command line's own decisions.
@Suite struct ScanOptionTests {
    @Test(arguments: [
        ["scan"], ["scan", "a", "--quiet", "--verbose"], ["scan", "a", "--jobs", "0"],
        ["scan", "a", "--fail-on", "none"],
        ["scan", "a", "--max-member", "lots"], ["scan", "a", "--format", "yaml"], ["scan", "a", "--max-depth=-1"],
        ["scan", "a", "--write-baseline", "b"], ["scan", "a", "--policy", "p", "--no-policy"],
        ["scan", "a", "--baseline-days", "0", "--write-baseline", "b", "--baseline-reason", "r"],
    ])
    func mistakesAreRefused(arguments: [String]) {
        #expect(throws: (any Error).self) { try Assay.parseAsRoot(arguments) }
    }

    @Test func limitsAndReportsAreRead() throws {
        let command = try #require(
            try Assay.parseAsRoot([
                "scan", "a", "b", "--max-member", "2MiB", "--max-depth", "3", "--sarif", "s", "--html", "h",
                "--exclude", "*.txt", "--exclude", "tests/**", "--fail-on", "high",
            ]) as? ScanCommand)
        #expect(command.paths == ["a", "b"] && command.selection.exclude == ["*.txt", "tests/**"])
        #expect(command.reports.wanted.map(\.1) == ["s", "h"] && command.failOn == .high)
        #expect(command.limits.maxMember?.bytes == 2 << 20 && command.limits.maxDepth == 3)
    }
}
