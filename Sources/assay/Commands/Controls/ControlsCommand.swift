import ArgumentParser
import AssayCore
import Controls
import Reporting

struct ControlsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "controls",
        abstract: "Reads control catalogues, and says which evidence there is for each control.",
        discussion: """
            Catalogues: A-MLSG, NCSC machine learning principles, SLSA, OWASP Top 10 for LLM applications and for machine \
            learning, NIST AI 100-2, MITRE ATLAS. An assessment lists evidence; whether a control is met is for a person \
            to say.
            """,
        subcommands: [
            ControlsListCommand.self, ControlsShowCommand.self, ControlsAssessCommand.self, ControlsGapCommand.self,
            ControlsExportCommand.self, ControlsThreatsCommand.self,
        ])
}

struct ControlsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the controls of all catalogues, or of those that are selected.")

    @OptionGroup(title: "Controls") var selection: ControlSelectionOptions

    @Option(name: .shortAndLong, help: "Form of the list.")
    var format = Form.text

    @Option(help: "When text is coloured; NO_COLOR is heeded.")
    var color = ColourChoice.auto

    enum Form: String, CaseIterable, ExpressibleByArgument { case text, json, markdown }

    func run() throws {
        let library = try selection.library()
        let report = CatalogueReport(
            library, plan: try selection.plan(library), columns: Terminal.columns,
            isColoured: color.appliesToOutput)
        switch format {
        case .text: try Output.show(report.list())
        case .json: try Output.show(report.json())
        case .markdown: try Output.show(report.markdown())
        }
    }
}

struct ControlsShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Explains controls: what they ask, and which evidence and queries answer them.")

    @Argument(
        help: ArgumentHelp("Controls to explain; a part of an id stands for all that contain it.", valueName: "id"))
    var ids: [String]

    @OptionGroup(title: "Controls") var selection: ControlSelectionOptions

    @Option(help: "When text is coloured; NO_COLOR is heeded.")
    var color = ColourChoice.auto

    func run() throws {
        let library = try selection.library()
        let plan = try selection.plan(library)
        var wanted: [String] = []
        for id in ids {
            let upper = id.uppercased()
            let known = plan.items.map(\.control.id)
            let exact = known.filter { $0.uppercased() == upper }
            let found = exact.isEmpty ? known.filter { $0.uppercased().contains(upper) } : exact
            guard !found.isEmpty else {
                throw CommandFailure(
                    "there is no control \(Printable.line(id, limit: 80)); `assay controls list` lists them")
            }
            wanted += found
        }
        let report = CatalogueReport(
            library, plan: plan, columns: Terminal.columns, isColoured: color.appliesToOutput)
        try Output.show(report.explain(wanted))
    }
}
