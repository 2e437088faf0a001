import ArgumentParser
import Cards
import Documents

struct CardSetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Changes metadata of a model or dataset card, and nothing else of the file.",
        discussion: """
            Values are JSON or YAML: license=mit, tags='[safe, small]', model-index=@results.json. All other bytes stay, \
            comments and line ends included. A name alone removes the member.
            """)

    @Argument(help: "A README.md of the Hugging Face Hub.")
    var card: String

    @Argument(
        help: ArgumentHelp(
            "NAME=VALUE sets, NAME=@FILE reads the value from a file, NAME removes.", valueName: "change"))
    var changes: [String]

    @Option(help: "What the card is about.")
    var kind = CardKind.model

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The file to write instead of the card; - is standard output.", valueName: "file"),
        completion: .file())
    var output: String?

    func validate() throws {
        guard kind == .model || kind == .dataset else { throw ValidationError("--kind is model or dataset") }
    }

    func run() throws {
        try reporting {
            let bytes = FileInput.exists(card) ? try FileInput.read(card) : []
            do {
                var read = try ModelCard(bytes, kind: kind == .model ? .model : .dataset)
                for change in changes {
                    let parts = change.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                    let name = String(parts[0])
                    try read.set(name, to: parts.count == 2 ? try Self.value(String(parts[1])) : nil)
                }
                try FileOutput.write(read.bytes, to: output ?? card)
            } catch let error as DocumentError {
                throw CommandFailure("\(card): \(error)")
            }
        }
    }

    /// JSON where it is that, else YAML as the Hub reads it.
    private static func value(_ text: String) throws -> DocumentValue {
        let bytes = text.hasPrefix("@") ? try FileInput.read(String(text.dropFirst())) : Array(text.utf8)
        if let value = try? DocumentReader.json(bytes) { return value }
        return try DocumentReader.yaml(bytes, schema: .yaml11)
    }
}
