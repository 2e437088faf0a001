import ArgumentParser
import AssayCore
import Cards
import Documents
import Provenance
import Reporting

struct CardCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Checks cards against their schema, their evidence, the calendar and themselves.",
        discussion: """
            Each problem is told with its line and JSON Pointer. Exit status: 0 no errors and no open questions \
            (--allow-open lets those pass), 1 problems, 2 usage or input error.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, sarif }

    @Argument(help: "Cards in YAML or JSON.")
    var paths: [String]

    @Option(
        help: ArgumentHelp("The model's file or folder: its digest has to be the card's.", valueName: "path"),
        completion: .file())
    var subject: String?

    @OptionGroup(title: "Evidence") var evidence: EvidenceOptions

    @OptionGroup(title: "Data cards") var data: DataOptions

    @Option(
        help: ArgumentHelp("JSON Schema, in JSON or YAML, for the card's extensions.", valueName: "file"),
        completion: .file())
    var extensionSchema: String?

    @Option(help: ArgumentHelp("The day that dates are held against: 2026-11-21. By default today.", valueName: "day"))
    var today: String?

    @Option(name: .shortAndLong, help: "Form of the report.")
    var format = Format.text

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The file to write; - is standard output.", valueName: "file"),
        completion: .file())
    var output = "-"

    @Flag(help: "Let open questions pass: while a card is being written.")
    var allowOpen = false

    func run() throws {
        try reporting {
            let context = try context()
            var files: [CardIssuesReport.File] = []
            for path in paths {
                let bytes = try FileInput.read(path, limit: CardInput.limit)
                let issues =
                    DataCard.isDataCard(bytes)
                    ? DataCardCheck.issues(of: bytes, today: context.today, statistics: try data.statistics())
                    : CardCheck.issues(of: bytes, in: context)
                files.append(CardIssuesReport.File(path: path, issues: issues))
            }
            let report = CardIssuesReport(files: files, version: Version.current)
            let text =
                switch format {
                case .text: report.text()
                case .json: report.json()
                case .sarif: report.sarif()
                }
            try FileOutput.write(Array(text.utf8), to: output)
            if report.count(.error) > 0 || !allowOpen && report.count(.open) > 0 { throw ExitCode(1) }
        }
    }

    private func context() throws -> CardCheck.Context {
        var context = CardCheck.Context(today: try CardInput.today(today))
        if let subject { context.subject = try EvidenceSubject.subjects(of: subject) }
        if !evidence.evidence.isEmpty {
            let (records, rejected) = try evidence.load()
            for one in rejected { Output.complain("assay: \(one.name) is no evidence: \(Printable.line(one.reason))") }
            context.evidence = Dictionary(records.map { ($0.sha256, $0) }) { first, _ in first }
        }
        if let extensionSchema {
            do {
                let schema = try DocumentReader.read(FileInput.read(extensionSchema))
                context.extensionSchema = try JSONSchema(schema)
            } catch let error as DocumentError {
                throw CommandFailure("\(extensionSchema): \(error)")
            } catch let error as SchemaError {
                throw CommandFailure("\(extensionSchema): \(error)")
            }
        }
        return context
    }
}

struct CardDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Says what changed between two cards: risks, tests, evidence, dates, words.",
        discussion: "Exit status: 0 nothing changed, 1 something did, 2 usage or input error.")

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, markdown }

    @Argument(help: "The card before.", completion: .file())
    var before: String

    @Argument(help: "The card after.", completion: .file())
    var after: String

    @Option(name: .shortAndLong, help: "Form of the report.")
    var format = Format.text

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The file to write; - is standard output.", valueName: "file"),
        completion: .file())
    var output = "-"

    func run() throws {
        do {
            let diff = CardDiff(from: try CardInput.card(before).card, to: try CardInput.card(after).card)
            let report = CardDiffReport(diff)
            let text =
                switch format {
                case .text: report.text()
                case .json: report.json()
                case .markdown: report.markdown()
                }
            try FileOutput.write(Array(text.utf8), to: output)
            if !diff.changes.isEmpty { throw ExitCode(1) }
        } catch let failure as CommandFailure {
            throw failure.status
        } catch let error as EvidenceError {
            throw CommandFailure(error.reason).status
        }
    }
}
