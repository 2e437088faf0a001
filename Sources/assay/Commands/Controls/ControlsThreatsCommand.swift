import ArgumentParser
import AssayCore
import Controls
import Documents
import Reporting

struct ControlsThreatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "threats",
        abstract: "Proposes the attacks that concern a model, from what its card says: a table to edit.",
        discussion: """
            Looks at the card's classification, traits, attackers' knowledge, base models and training data. What the \
            card does not say is asked, not assumed.
            """)

    enum Form: String, CaseIterable, ExpressibleByArgument { case text, yaml, json, markdown, csv }

    @Argument(help: "A Security Model Card, in YAML or JSON.")
    var card: String

    @Option(name: .shortAndLong, help: "Form of the table.")
    var format = Form.text

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The file to write; - is standard output.", valueName: "file"),
        completion: .file())
    var output = "-"

    @Flag(help: "With those that do not apply.")
    var all = false

    @Option(help: "When text is coloured; NO_COLOR is heeded.")
    var color = ColourChoice.auto

    func run() throws {
        guard let file = try CardFile(card, isNamed: true) else { return }
        let table = try ControlSelectionOptions.explaining {
            ThreatTable(file.facts, library: try ControlLibrary.shipped(), rules: try ThreatRules.shipped())
        }
        let report = ThreatReport(
            columns: Terminal.columns, isColoured: output == "-" && color.appliesToOutput, isAll: all)
        let bytes: [UInt8] =
            switch format {
            case .text: Array(report.text(table).utf8)
            case .markdown: Array(report.markdown(table).utf8)
            case .csv: Array(report.csv(table).utf8)
            case .yaml: DocumentWriter.yaml(table.document(all: all))
            case .json: DocumentWriter.json(table.document(all: all), indentation: 2)
            }
        try FileOutput.write(bytes, to: output)
    }
}
