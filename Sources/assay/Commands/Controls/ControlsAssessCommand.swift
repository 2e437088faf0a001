import ArgumentParser
import AssayCore
import ByteParsing
import Controls
import Reporting

struct ControlsAssessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assess",
        abstract: "Says for each control which evidence about a model there is, and what is missing.",
        discussion: """
            Evidence counts when a key of --public-key signed it; other evidence makes a control partial unless the \
            profile or --count-unsigned says otherwise. Exit status: 0 assessed, 1 --fail-on found something, 2 usage or \
            input error.
            """)

    enum Form: String, CaseIterable, ExpressibleByArgument { case text, json, html }

    @OptionGroup var options: AssessmentOptions

    @Option(name: .shortAndLong, help: "Form of the assessment.")
    var format = Form.text

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The file to write; - is standard output.", valueName: "file"),
        completion: .file())
    var output = "-"

    @Option(
        help: ArgumentHelp(
            "Write the assessment of the one model as evidence (control-assessment/v1); assay evidence sign signs it.",
            valueName: "file"), completion: .file()
    )
    var statement: String?

    @Option(help: "Exit with 1 when a must-have (must) or any control (should) is missing or partial.")
    var failOn: Level?

    @Flag(name: .shortAndLong, help: "Every control, those without evidence as well.")
    var verbose = false

    @Option(help: "When text is coloured; NO_COLOR is heeded.")
    var color = ColourChoice.auto

    enum Level: String, CaseIterable, ExpressibleByArgument { case must, should }

    func run() throws {
        try reporting {
            var isOpen = false
            var writer = try StreamedOutput(output)
            defer { writer.discard() }
            let json = ControlAssessmentJSON(version: Version.current)
            let text = ControlTerminalReport(
                columns: Terminal.columns, isColoured: output == "-" && color.appliesToOutput,
                isVerbose: verbose)
            var kept: [Assessment] = []
            // Of one model everything is told, of several a line each.
            var (whole, lines) = ("", text.legend)
            var count = 0
            if format == .json { try writer.write(Array("{\"assessments\": [\n".utf8)) }
            try options.forEach { assessment in
                count += 1
                isOpen = isOpen || self.isOpen(assessment)
                if statement != nil || format == .html, kept.count < 2 || format == .html { kept.append(assessment) }
                switch format {
                case .html: break
                case .json:
                    var one = JSONWriter()
                    json.write(assessment, into: &one)
                    try writer.write((count > 1 ? Array(",\n".utf8) : []) + one.bytes)
                case .text:
                    if count == 1 { whole = text.assessment(assessment) }
                    lines += text.line(assessment)
                }
            }
            switch format {
            case .json: try writer.write(Array("\n]}\n".utf8))
            case .html: try writer.write(Array(ControlMatrixPage().render(kept).utf8))
            case .text: try writer.write(Array((count == 1 ? whole : lines).utf8))
            }
            try writer.finish()
            if let statement { try write(kept, count, to: statement) }
            if isOpen { throw ExitCode(1) }
        }
    }

    private func write(_ assessments: [Assessment], _ count: Int, to path: String) throws {
        guard count == 1, let only = assessments.first else {
            throw CommandFailure("--statement is about one model, and \(count) were assessed")
        }
        guard let bytes = ControlAssessmentJSON(version: Version.current).statement(only) else {
            throw CommandFailure("the model has no digest: a statement would be about nothing")
        }
        try EvidenceOutput.write(bytes, to: path)
    }

    private func isOpen(_ assessment: Assessment) -> Bool {
        guard let failOn else { return false }
        let levels: [ControlProfile.Level] = failOn == .must ? [.must] : [.must, .should]
        return levels.contains { level in
            assessment.count(.missing, level: level) + assessment.count(.partial, level: level) > 0
        }
    }
}

struct ControlsGapCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gap",
        abstract: "Lists the controls that evidence is missing for, the must-haves first, and what would answer them.")

    @OptionGroup var options: AssessmentOptions

    @Flag(name: .shortAndLong, help: "One by one those that are no must-haves, too.")
    var verbose = false

    @Option(help: "When text is coloured; NO_COLOR is heeded.")
    var color = ColourChoice.auto

    func run() throws {
        try reporting {
            let report = ControlTerminalReport(
                columns: Terminal.columns, isColoured: color.appliesToOutput, isVerbose: verbose)
            try options.forEach { try Output.show(report.gap($0)) }
        }
    }
}

struct ControlsExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes an assessment, or a catalogue, in the formats of other programs.",
        discussion: """
            oscal-catalog writes the catalogue of --only; oscal-results and cdxa (CycloneDX attestations) the assessment; \
            sarif the must-haves that are open; tickets the same as JSON for a webhook, with ids that stay.
            """)

    enum Form: String, CaseIterable, ExpressibleByArgument {
        case oscalCatalog = "oscal-catalog"
        case oscalResults = "oscal-results"
        case cdxa, sarif, csv, html, tickets
    }

    @Argument(help: "oscal-catalog, oscal-results, cdxa, sarif, csv, html or tickets.")
    var format: Form

    @OptionGroup var options: AssessmentOptions

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The file to write; - is standard output.", valueName: "file"),
        completion: .file())
    var output = "-"

    @Flag(help: "With tickets: controls that are no must-haves as well.")
    var all = false

    @Option(help: ArgumentHelp("The document's time (RFC 3339, UTC) instead of now.", valueName: "time"))
    var timestamp: String?

    func run() throws {
        try reporting {
            let time = timestamp ?? Clock.now
            guard CalendarDate(moment: time) != nil, time.utf8.last == UInt8(ascii: "Z"), time.utf8.count >= 20 else {
                throw CommandFailure("--timestamp is a moment like 2026-11-26T12:00:00Z")
            }
            if format == .oscalCatalog { return try FileOutput.write(try catalogue(time), to: output) }
            let assessments = try options.all()
            let bytes: [UInt8] =
                switch format {
                case .oscalResults:
                    OSCALExport(version: Version.current).results(assessments, modified: time)
                case .cdxa: AttestationBOM(version: Version.current).render(assessments, time: time)
                case .sarif: ControlSARIF(version: Version.current).render(assessments)
                case .csv: Array(ControlCSV().render(assessments).utf8)
                case .html: Array(ControlMatrixPage().render(assessments).utf8)
                case .tickets: ControlTickets().render(assessments, all: all)
                case .oscalCatalog: []
                }
            try FileOutput.write(bytes, to: output)
        }
    }

    private func catalogue(_ time: String) throws -> [UInt8] {
        let library = try options.selection.library()
        let plan = try options.selection.plan(library)
        let chosen = plan.catalogues.filter { catalogue in
            plan.items.contains { plan.catalogues[$0.catalogue].id == catalogue.id }
        }
        guard chosen.count == 1, let catalogue = chosen.first else {
            throw CommandFailure("an OSCAL catalog holds one catalogue: choose it with --only")
        }
        return OSCALExport(version: Version.current).catalogue(catalogue, plan: plan, modified: time)
    }
}
