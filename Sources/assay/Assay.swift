import ArgumentParser

@main
struct Assay: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assay",
        abstract: "Tests machine-learning models: what a file would do when loaded.",
        version: Version.current,
        subcommands: [ScanCommand.self, SignCommand.self, VerifyCommand.self])

    /// Runs the command; a command line that cannot be understood ends with status 2, as every other error does.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            Output.complain(fullMessage(for: error))
            exit(withError: ExitCode(2))
        }
    }
}

enum Version {
    static let current = "0.1.0"
}
