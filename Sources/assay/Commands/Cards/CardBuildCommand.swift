import ArgumentParser
import AssayCore
import Cards
import Documents
import Provenance

struct CardBuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Joins a card with the evidence for its digest.",
        discussion: """
            What people wrote stays as it is; what evidence measured goes where nothing stood. Every step is told on \
            standard error. Exit status: 0 built, 1 the card cannot be used, 2 usage or input error.
            """)

    @Argument(help: "The card that people wrote.", completion: .file())
    var path: String

    @OptionGroup(title: "Evidence") var evidence: EvidenceOptions

    @Option(
        help: ArgumentHelp(
            "The model's file or folder: evidence about one of its files counts as well.", valueName: "path"),
        completion: .file())
    var subject: String?

    @Option(help: ArgumentHelp("The day of the build: 2026-11-21. By default today.", valueName: "day"))
    var today: String?

    @Option(name: .shortAndLong, help: "yaml or json; by default what the output's or the card's name says.")
    var format: CardNotation?

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The built card; - is standard output.", valueName: "file"),
        completion: .file())
    var output = "-"

    @Option(
        help: ArgumentHelp(
            "Write the card as evidence (an unsigned statement of the type security-card), too.", valueName: "file"),
        completion: .file())
    var evidenceOutput: String?

    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    func validate() throws {
        guard !evidence.evidence.isEmpty else { throw ValidationError("--evidence names the evidence to join") }
    }

    func run() throws {
        try reporting {
            let (card, _) = try CardInput.card(path)
            let built = CardBuild(card, try CardEvidenceInput.records(evidence), try options())
            if !quiet { CardEvidenceInput.tell(built.notes) }
            let notation = CardNotation(format, output: output, input: path)
            try FileOutput.write(notation.write(built.card.document), to: output)
            if let evidenceOutput { try FileOutput.write(built.card.statement() + [0x0A], to: evidenceOutput) }
        }
    }

    private func options() throws -> CardBuild.Options {
        var options = CardBuild.Options(today: try CardInput.today(today))
        if let subject { options.subject = try EvidenceSubject.subjects(of: subject) }
        return options
    }
}

/// Evidence for cards, and what is said about it.
enum CardEvidenceInput {
    static func records(_ options: EvidenceOptions) throws -> [EvidenceRecord] {
        guard !options.evidence.isEmpty else { return [] }
        let (records, rejected) = try options.load()
        for one in rejected {
            Output.complain("no evidence  \(Printable.line(one.name)): \(Printable.line(one.reason))")
        }
        return records
    }

    static func tell(_ notes: [CardBuild.Note]) {
        for note in notes {
            let word = note.kind.rawValue
            let space = String(repeating: " ", count: max(1, 10 - word.count))
            Output.complain(word + space + Printable.line(note.text, limit: 500))
        }
    }
}
