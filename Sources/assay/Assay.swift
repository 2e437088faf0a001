import ArgumentParser

@main
struct Assay: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assay",
        abstract: "Tests machine-learning models: what a file would do when loaded.",
        version: Version.current,
        subcommands: [ScanCommand.self])
}

enum Version {
    static let current = "0.1.0"
}
