import ArgumentParser
import AssayCore
import Cards
import Documents
import Provenance
import Reporting

struct CardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "card",
        abstract: "Drafts, checks, builds, shows, compares, signs and redacts Security Model Cards and data cards.",
        subcommands: [
            CardInitCommand.self, CardImportCommand.self, CardCheckCommand.self, CardBuildCommand.self,
            CardRenderCommand.self, CardDiffCommand.self, CardSignCommand.self, CardRedactCommand.self,
            CardSetCommand.self, CardResultsCommand.self,
        ])
}

/// Reads cards that the user names.
enum CardInput {
    /// Bytes of the largest card.
    static let limit = DocumentReader.size

    /// - Throws: `EvidenceError` with the line when the text is no card.
    static func card(_ path: String) throws -> (card: SecurityCard, bytes: [UInt8]) {
        let bytes = try FileInput.read(path, limit: limit)
        let card: SecurityCard
        do throws(DocumentError) {
            card = try SecurityCard(bytes)
        } catch {
            throw EvidenceError("\(path):\(error.line): \(error.message)")
        }
        guard card.isSecurityCard else {
            throw EvidenceError("\(path): this is no Security Model Card: schema is not \(SecurityCard.schemaName)")
        }
        return (card, bytes)
    }

    /// Today, or the day that the user says it is.
    static func today(_ text: String?) throws(CommandFailure) -> CalendarDate {
        guard let day = CalendarDate(text ?? Clock.today) else {
            throw CommandFailure("--today is a day like 2026-11-21")
        }
        return day
    }

    static func sha256(_ bytes: [UInt8]) -> String { Hexadecimal.encode(HashAlgorithm.sha256.hash(bytes)) }
}

/// In which notation a card is written.
enum CardNotation: String, ExpressibleByArgument, CaseIterable {
    case yaml, json

    /// What the name of the output says, when the user says nothing.
    init(_ said: CardNotation?, output: String, input: String) {
        let name = output == "-" ? input : output
        self = said ?? (name.hasSuffix(".json") ? .json : .yaml)
    }

    func write(_ document: DocumentValue) -> [UInt8] {
        switch self {
        case .yaml: DocumentWriter.yaml(document)
        case .json: DocumentWriter.json(document)
        }
    }
}

struct CardSignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Signs a card: a statement of the type security-card in a DSSE envelope.",
        discussion: """
            A card that does not fit its schema is not signed. Exit status: 0 signed, 1 the card or the key cannot be \
            used, 2 usage or input error. `assay evidence verify` verifies what is written.
            """)

    @Argument(help: "The card.", completion: .file())
    var path: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The envelope to write; - is standard output.", valueName: "file"),
        completion: .file())
    var output = "-"

    @OptionGroup(title: "Key") var key: SigningKeyOptions

    func run() throws {
        try reporting {
            let (card, _) = try CardInput.card(path)
            if let violation = SecurityCard.schema?.violations(of: card.document).first {
                throw EvidenceError("\(path): the card does not fit its schema, \(violation)")
            }
            let (bytes, _) = try EvidenceFile(card.statement()).signed(with: key.method())
            try FileOutput.write(bytes, to: output)
        }
    }
}
