import ArgumentParser
import AssayCore
import ByteParsing
import CSandbox
import Reporting
import Scanning

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Shows the inside of a model file as a tree.",
        discussion: """
            Container members, pickle disassembly and the calls it makes, tensors with shapes and offsets, metadata, \
            templates, graph operators. Nothing is loaded or run, and weights are not read.
            """)

    @Argument(help: ArgumentHelp("File to look into.", valueName: "file"), completion: .file())
    var path: String

    @Option(name: .shortAndLong, help: "Form of the tree.")
    var format = Form.text

    @Option(
        help: ArgumentHelp("Show only members whose path in the archive matches this pattern.", valueName: "glob"))
    var member: String?

    @Flag(help: "Show the file itself and none of its members.")
    var noMembers = false

    @Option(help: ArgumentHelp("Lines of the tree that are shown.", valueName: "n"))
    var maxLines = 20_000

    @Option(help: "When text is coloured; NO_COLOR is heeded.")
    var color = ColourChoice.auto

    @Flag(help: "Don't give up file and network access before reading.")
    var noSandbox = false

    @OptionGroup(title: "Limits")
    var limits: LimitOptions

    enum Form: String, CaseIterable, ExpressibleByArgument { case text, json }

    func run() throws {
        let region = try FileInput.map(path)
        var report = InspectionReport(isColoured: color.appliesToOutput)
        report.limit = max(1, maxLines)
        report.columns = Terminal.outputColumns
        var settings = ScanSettings()
        limits.apply(to: &settings.limits)
        // The rule data is read once before the doors close; what follows only reads memory and writes the result.
        _ = RuleCatalogue.shipped.rules.count
        if !noSandbox { _ = assay_sandbox_enter(2 << 30, 1 << 40) }
        let inspection = Inspection(
            region, path: path, settings: settings, member: member.map { Glob($0) }, followsMembers: !noMembers)
        switch format {
        case .text: try Output.show(report.text(inspection, path: path, size: region.count))
        case .json: try Output.show(report.json(inspection, path: path, size: region.count))
        }
    }
}
