import ArgumentParser
import Sandbox

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@main
struct Assay: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assay",
        abstract: "Tests machine-learning models, and keeps the evidence about them.",
        discussion: """
            assay scan PATH... judges model files by what loading them would do, without loading them. What commands find \
            out can be written down as evidence about a model's digest, signed, and joined on a card.
            """,
        version: Version.current,
        // For the project's own tests.
        subcommands: [
            HDF5ListCommand.self, MembersCommand.self, TemplateCommand.self, TensorsCommand.self, SchemasCommand.self,
            DocumentCommand.self,
        ],
        groupedSubcommands: [
            CommandGroup(name: "Scanning", subcommands: [ScanCommand.self, InspectCommand.self, RulesCommand.self]),
            CommandGroup(name: "Signing", subcommands: [SignCommand.self, VerifyCommand.self, DigestCommand.self]),
            CommandGroup(name: "Evidence", subcommands: [AttestCommand.self, EvidenceCommand.self, BomCommand.self]),
            CommandGroup(name: "Governance", subcommands: [CardCommand.self, ControlsCommand.self, DataCommand.self]),
        ])

    /// Runs the command; a command line that cannot be understood ends with status 2, as every other error does.
    ///
    /// A process that was started as a worker becomes one before anything else is looked at.
    static func main() {
        if CommandLine.arguments.count == 2, CommandLine.arguments[1] == "worker" { Platform.exit(ScanWorker.run()) }
        do {
            if let job = ScanJob(plain: Array(CommandLine.arguments.dropFirst())) { return try job.run() }
            let arguments = Array(CommandLine.arguments.dropFirst())
            // The parser answers `help` of what there is not with the help of the whole.
            if arguments.first == "help", let unknown = UnknownCommand(Array(arguments.dropFirst()), below: Self.self) {
                Output.complain(unknown.message)
                Platform.exit(2)
            }
            var command = try parseAsRoot(Self.spelled(arguments))
            try command.run()
        } catch {
            // The parser would build its help to find out that there is nothing to say.
            if let code = error as? ExitCode { Platform.exit(code.rawValue) }
            if let failure = error as? CommandFailure { exit(withError: failure.status) }
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            let unknown = UnknownCommand(Array(CommandLine.arguments.dropFirst()), below: Self.self)
            Output.complain(unknown?.message ?? Self.signed(fullMessage(for: error)))
            exit(withError: ExitCode(2))
        }
    }
}

extension Assay {
    /// The parser's message under the program's name, as all others are.
    private static func signed(_ message: String) -> String {
        message.hasPrefix("Error: ") ? "assay: " + message.dropFirst(7) : message
    }

    /// The arguments, with the underscores that `model_signing` has in its flags taken for hyphens.
    static func spelled(_ arguments: [String]) -> [String] {
        guard let command = arguments.first, ["sign", "verify", "digest"].contains(command) else { return arguments }
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        return arguments.enumerated().map { index, argument in
            guard index < end, argument.hasPrefix("--") else { return argument }
            let name = argument.prefix { $0 != "=" }
            return String(name).replacing("_", with: "-") + String(argument.dropFirst(name.count))
        }
    }
}

enum Version {
    static let current = "0.1.0"
}

/// The C library's own `exit`, which the command's method of that name would hide.
enum Platform {
    static func exit(_ status: CInt) -> Never {
        #if canImport(Glibc)
            Glibc.exit(status)
        #else
            Darwin.exit(status)
        #endif
    }
}
