import ArgumentParser
import AssayCore
import Cards
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

    @Option(help: "auto, security, data, model or dataset.")
    var kind = CardKind.auto

    @Option(name: .shortAndLong, help: "html, markdown, json, yaml or pdf.")
    var format = Form.html

    @Option(help: "The file to write; - is standard output.")
    var output = "-"

    @OptionGroup(title: "Evidence") var evidence: EvidenceOptions

    @Option(help: "The program that prints PDF: Chromium, Chrome, Edge, WeasyPrint or wkhtmltopdf.")
    var pdfRenderer: String?

    @Option(help: "The day that dates are compared with (2026-11-21) instead of today.")
    var today: String?

    enum Form: String, CaseIterable, ExpressibleByArgument { case html, markdown, json, yaml, pdf }

    func validate() throws {
        if let today, CalendarDate(today) == nil { throw ValidationError("--today is a date like 2026-11-21") }
    }

    func run() throws {
        try reporting {
            let (read, bytes) = try CardLoading.read(card, as: kind)
            var context = CardContext(version: Version.current, today: CalendarDate(today ?? Clock.today))
            context.source = (card.split(separator: "/").last.map(String.init) ?? card, CardLoading.digest(bytes))
            context.evidence = try standings(of: read)
            let report = CardReport(read, context)
            guard format == .pdf else {
                guard let format = CardReport.Format(rawValue: format.rawValue) else { return }
                return try FileOutput.write(report.render(format), to: output)
            }
            let printer = try PDFPrinter(pdfRenderer)
            try FileOutput.write(printer.print(report.render(.html)), to: output)
        }
    }

    /// How each piece of evidence stands that the card names, when evidence was given.
    private func standings(of card: CardReport.Card) throws -> [String: CardContext.Standing] {
        guard !evidence.evidence.isEmpty else { return [:] }
        let entries: [DocumentValue] =
            switch card {
            case .security(let value), .data(let value): value["evidence"]?.elements ?? []
            case .hub: []
            }
        let (records, _) = try evidence.load()
        let byDigest = Dictionary(records.map { ($0.sha256, $0.standing) }, uniquingKeysWith: { first, _ in first })
        var standings: [String: CardContext.Standing] = [:]
        for entry in entries {
            guard let id = entry["id"]?.string, let digest = entry["digest"]?["sha256"]?.string else { continue }
            standings[id] = byDigest[digest].map { CardContext.Standing($0) } ?? .missing
        }
        return standings
    }
}
