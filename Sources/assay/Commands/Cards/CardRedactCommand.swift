import ArgumentParser
import AssayCore
import Cards
import Documents
import Provenance

struct CardRedactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redact",
        abstract: "Withholds from a card what an audience is not to see, and records the review.",
        discussion: """
            Rules say which parts are shown to whom at most; a card's publication.restrict goes before them. The card \
            that is left still fits the schema. Exit status: 0 written, 1 the card cannot be redacted, 2 usage or input \
            error.
            """)

    @Argument(help: "The card.", completion: .file())
    var path: String

    @Option(
        help: "public, customer or internal.",
        transform: { text in
            guard let audience = CardRedaction.Audience(rawValue: text) else {
                throw ValidationError("an audience is public, customer or internal")
            }
            return audience
        })
    var audience: CardRedaction.Audience

    @Option(
        help: ArgumentHelp("Rules (card-redaction-rules/v1) instead of those that Assay ships.", valueName: "file"),
        completion: .file())
    var rules: String?

    @Option(help: ArgumentHelp("Who reviewed what is published.", valueName: "name"))
    var reviewer: String?

    @Option(help: ArgumentHelp("The day of the review: 2026-11-21. By default today.", valueName: "day"))
    var date: String?

    @Option(
        help: ArgumentHelp(
            "Write the review record (an unsigned statement of the type card-redaction) to this file.",
            valueName: "file"), completion: .file())
    var reviewRecord: String?

    @Option(name: .shortAndLong, help: "yaml or json; by default what the output's or the card's name says.")
    var format: CardNotation?

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The redacted card; - is standard output.", valueName: "file"),
        completion: .file())
    var output = "-"

    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    func validate() throws {
        guard reviewRecord == nil || reviewer?.isEmpty == false else {
            throw ValidationError("--review-record needs --reviewer: a person answers for what is published")
        }
    }

    func run() throws {
        try reporting {
            let (card, bytes) = try CardInput.card(path)
            let rulesText = try rules.map { path in try FileInput.read(path) } ?? CardRedaction.shippedBytes
            let digest = CardInput.sha256(bytes)
            let redaction = try CardRedaction(
                card, for: audience, rules: CardRedaction.rules(rulesText), originalDigest: digest)
            let text = CardNotation(format, output: output, input: path).write(redaction.card.document)
            try FileOutput.write(text, to: output)
            if let reviewRecord, let reviewer {
                guard let day = CalendarDate(date ?? Clock.today) else {
                    throw CommandFailure("--date is a day like 2026-11-21")
                }
                let review = CardRedaction.Review(
                    reviewer: reviewer, date: day, cardDigest: digest, redactedDigest: CardInput.sha256(text),
                    rulesDigest: CardInput.sha256(rulesText))
                try FileOutput.write(redaction.statement(review) + [0x0A], to: reviewRecord)
            }
            guard !quiet else { return }
            for one in redaction.withheld {
                let line = "\(one.action.rawValue) \(one.pointer) (\(one.rule.id)): \(one.rule.reason)"
                Output.complain(Printable.line(line, limit: 500))
            }
            Output.complain("withheld from \(audience.rawValue): \(redaction.withheld.count) parts")
        }
    }
}
