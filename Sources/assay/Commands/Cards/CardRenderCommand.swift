import ArgumentParser
import AssayCore
import ByteParsing
import Cards
import Controls
import Documents
import Reporting

struct CardRenderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Shows a card as a page, as Markdown, JSON, YAML or PDF.",
        discussion: """
            A page is one file that loads nothing from anywhere and runs nothing. PDF is printed from it by a browser or \
            WeasyPrint, if there is one. With --evidence, pieces of evidence that the card names are looked up by their \
            digest, and signatures on them verified with --public-key; without, the page says that nobody checked.
            """)

    @Argument(help: "A Security Model Card or data card (YAML or JSON), or a README.md of the Hugging Face Hub.")
    var card: String

    @Option(help: "What the card is, instead of by content.")
    var kind = CardKind.auto

    @Option(name: .shortAndLong, help: "What the card is shown as.")
    var format = Form.html

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The file to write; - is standard output.", valueName: "file"),
        completion: .file())
    var output = "-"

    @OptionGroup(title: "Evidence") var evidence: EvidenceOptions

    @Option(
        help: ArgumentHelp(
            "The program that prints PDF: Chromium, Chrome, Edge, WeasyPrint or wkhtmltopdf.", valueName: "program"))
    var pdfRenderer: String?

    @Option(help: ArgumentHelp("The day that dates are compared with (2026-11-21) instead of today.", valueName: "day"))
    var today: String?

    enum Form: String, CaseIterable, ExpressibleByArgument { case html, markdown, json, yaml, pdf }

    func validate() throws {
        if let today, CalendarDate(today) == nil { throw ValidationError("--today is a day like 2026-11-21") }
    }

    func run() throws {
        try reporting {
            let (read, bytes) = try CardLoading.read(card, as: kind)
            var context = CardContext(version: Version.current, today: CalendarDate(today ?? Clock.today))
            context.source = (card.split(separator: "/").last.map(String.init) ?? card, CardLoading.digest(bytes))
            context.attacks = Self.attackNames
            if !evidence.evidence.isEmpty { CardStandings(of: read, among: try evidence.load().records).tell(&context) }
            let report = CardReport(read, context)
            guard format == .pdf else {
                guard let format = CardReport.Format(rawValue: format.rawValue) else { return }
                return try FileOutput.write(report.render(format), to: output)
            }
            let printer = try PDFPrinter(pdfRenderer)
            try FileOutput.write(printer.print(report.render(.html)), to: output)
        }
    }

    /// Names of the attack classes and techniques in the shipped catalogues.
    private static var attackNames: [String: String] {
        let controls = (try? ControlLibrary.shipped())?.catalogues.flatMap(\.controls) ?? []
        return Dictionary(
            controls.filter { $0.kind == .attack || $0.kind == .technique }.map { ($0.id, $0.title) },
            uniquingKeysWith: { first, _ in first })
    }
}

/// How what a card names stands, by the evidence at hand.
struct CardStandings {
    private let card: DocumentValue
    private let records: [EvidenceRecord]

    init(of card: CardReport.Card, among records: [EvidenceRecord]) {
        self.records = records
        switch card {
        case .security(let value), .data(let value): self.card = value
        case .hub: self.card = .emptyObject
        }
    }

    func tell(_ context: inout CardContext) {
        let byDigest = Dictionary(records.map { ($0.sha256, $0.standing) }, uniquingKeysWith: { first, _ in first })
        for entry in card["evidence"]?.elements ?? [] {
            guard let id = entry["id"]?.string, let digest = entry["digest"]?["sha256"]?.string else { continue }
            context.evidence[id] = byDigest[digest].map { CardContext.Standing($0) } ?? .missing
        }
        guard let digest = card["subject"]?["digest"]?["sha256"]?.string else { return }
        let about = records.filter { $0.matches([digest]) }
        let verifications =
            about.filter { $0.kind == PredicateType.signatureVerification.name }.compactMap(Self.signature)
        // What a key stands behind goes before what anybody may have written.
        context.signature =
            verifications.last { if case .claimed = $0 { false } else { true } } ?? verifications.last
        if let bill = about.first(where: { $0.kind == "cyclonedx" || $0.kind == "spdx" }) {
            context.bom = CardContext.Standing(bill.standing)
        }
    }

    /// What a verification found, and who says so; nil when it found nothing out.
    private static func signature(_ record: EvidenceRecord) -> CardContext.Standing? {
        let predicate = record.statement.predicate
        let teller =
            switch record.standing {
            case .verified(let signers): "\(record.name), signed by \(signers.joined(separator: ", "))"
            case .unsigned: "\(record.name), which nobody signed"
            case .notVerified: "\(record.name), whose own signature is not verified"
            }
        guard let outcome = predicate["outcome"]?.string, outcome != "undecided" else { return nil }
        guard outcome == "verified" else {
            let reasons = predicate["reasons"]?.elements.compactMap(\.string) ?? []
            return .failed(
                reason: (reasons.isEmpty ? "not verified" : reasons.joined(separator: "; ")) + " (says \(teller))")
        }
        let signer =
            predicate["signer"]?.members.compactMap { name, value in
                name.string.flatMap { name in value.string.map { "\(name) \($0)" } }
            } ?? []
        guard case .verified = record.standing else {
            return .claimed("verified by \(signer.joined(separator: ", ")), says \(teller)")
        }
        return .verified(signers: signer + ["says \(teller)"])
    }
}
