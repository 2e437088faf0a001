import ArgumentParser
import AssayCore
import Reporting

struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "Lists the rules, or explains those that are named.")

    @Argument(help: ArgumentHelp("Rules to explain; a part of an id stands for all that contain it.", valueName: "id"))
    var ids: [String] = []

    @Option(name: .shortAndLong, help: "Form of the list.")
    var format = Form.text

    @Option(help: "When text is coloured; NO_COLOR is heeded.")
    var color = ColourChoice.auto

    enum Form: String, CaseIterable, ExpressibleByArgument { case text, json, markdown }

    func run() throws {
        var rules = RuleCatalogue.shipped.rules
        if !ids.isEmpty {
            let wanted = ids.map { $0.uppercased() }
            for id in wanted where !rules.contains(where: { $0.id.contains(id) }) {
                throw CommandFailure("there is no rule \(Printable.line(id, limit: 80)); `assay rules` lists them")
            }
            rules = rules.filter { rule in wanted.contains { rule.id == $0 || rule.id.contains($0) } }
        }
        let report = RulesReport(
            rules, columns: Terminal.columns, isColoured: color.appliesToOutput)
        switch format {
        case .text: try Output.show(ids.isEmpty ? report.list() : report.explain())
        case .json: try Output.show(report.json())
        case .markdown: try Output.show(report.markdown())
        }
    }
}
