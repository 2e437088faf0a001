import ArgumentParser
import Foundation
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
        try expect(Assay.helpMessage(columns: 100), is: "assay.txt")
        for (words, command) in Self.commands {
            try expect(
                Assay.helpMessage(for: command, columns: 100), is: words.joined(separator: "-") + ".txt")
        }
    }

    @Test func everyCommandHasOneSnapshot() throws {
        let recorded = try FileManager.default.contentsOfDirectory(atPath: Self.folder).sorted()
        let expected = Self.commands.map { $0.words.joined(separator: "-") + ".txt" } + ["assay.txt"]
        #expect(recorded == expected.sorted())
    }

    @Test(arguments: [CompletionShell.bash, .zsh, .fish]) func completionsNameEveryCommand(_ shell: CompletionShell) {
        let script = Assay.completionScript(for: shell)
        for (words, _) in Self.commands {
            #expect(script.contains(words.last ?? "?"), "\(words) in \(shell.rawValue)")
        }
    }

    /// The commands that people are shown, with the words that they are called by.
    private static let commands: [(words: [String], type: any ParsableCommand.Type)] = {
        var found: [(words: [String], type: any ParsableCommand.Type)] = []
        func visit(_ command: any ParsableCommand.Type, _ words: [String]) {
            let configuration = command.configuration
            for child in configuration.subcommands
            where child.configuration.shouldDisplay {
                found.append((words + [child._commandName], child))
                visit(child, words + [child._commandName])
            }
        }
        visit(Assay.self, [])
        return found
    }()

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
