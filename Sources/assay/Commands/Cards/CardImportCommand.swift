import ArgumentParser
import AssayCore
import Cards
import Documents

struct CardImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Drafts a Security Model Card from another program's card.",
        discussion: """
            Reads the Model Card Toolkit's JSON (0.0.2), the Security Model Card proof of concept's, a CycloneDX bill with \
            a modelCard, and a README.md of the Hugging Face Hub. What nobody said is unknown, what has no place in the \
            card is kept under x-imported, and each line names where it comes from. Remarks for a person go to standard \
            error.
            """)

    @Argument(help: "The other program's card.")
    var card: String

    @Option(
        name: .customLong("from"),
        help: "model-card-toolkit, security-model-card, cyclonedx or hugging-face, instead of by content.",
        transform: { text in
            guard let source = CardImport.Source(rawValue: text) else {
                throw ValidationError("--from is " + CardImport.Source.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return source
        })
    var source: CardImport.Source?

    @Option(help: "The model's name, where the card says none.")
    var name: String?

    @Option(name: .shortAndLong, help: "Form of the draft.")
    var format = Form.yaml

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The file to write; - is standard output.", valueName: "file"),
        completion: .file())
    var output = "-"

    enum Form: String, CaseIterable, ExpressibleByArgument { case yaml, json }

    func run() throws {
        try reporting {
            let bytes = try FileInput.read(card)
            let draft: CardImport.Draft
            do {
                draft = try CardImport.draft(bytes, name: name ?? Self.stem(card), source: source, date: Clock.today)
            } catch {
                throw CommandFailure("\(card): \(error)")
            }
            for remark in draft.remarks { Output.complain("note: " + Printable.line(remark, limit: 1_000)) }
            let comments = draft.sources.mapValues { "from \(Printable.line($0, limit: 200))" }
            try FileOutput.write(
                format == .json
                    ? DocumentWriter.json(draft.card) : DocumentWriter.yaml(draft.card, comments: comments), to: output)
        }
    }

    /// The file's name without its folder and extension.
    private static func stem(_ path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
        return String(name[..<dot])
    }
}
