import ArgumentParser
import AssayCore
import Cards
import Documents

struct CardResultsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "results",
        abstract: "Lists the evaluation results of a Hugging Face repository's files.",
        discussion: """
            Reads the model-index of a README.md, or a file of .eval_results, and writes the results as entries of \
            .eval_results (yaml) or as JSON. Results of a model-index become entries where their dataset, split and \
            value allow it; the others are named.
            """)

    @Argument(help: "A README.md, or a YAML file of .eval_results.")
    var file: String

    @Option(name: .shortAndLong, help: "Form of the list.")
    var format = Form.json

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The file to write; - is standard output.", valueName: "file"),
        completion: .file())
    var output = "-"

    enum Form: String, CaseIterable, ExpressibleByArgument { case json, yaml }

    func run() throws {
        try reporting {
            let bytes = try FileInput.read(file)
            let entries: [EvaluationEntry]
            do {
                if FrontMatter(bytes) != nil {
                    entries = try Self.entries(of: CardLoading.hubCard(bytes, .model))
                } else {
                    entries = try EvaluationEntry.read(bytes)
                }
            } catch let error as DocumentError {
                throw CommandFailure("\(file): \(error)")
            }
            let written =
                format == .yaml
                ? EvaluationEntry.write(entries) : DocumentWriter.json(.array(entries.map(\.document)))
            try FileOutput.write(written, to: output)
        }
    }

    private static func entries(of card: ModelCard) -> [EvaluationEntry] {
        var entries: [EvaluationEntry] = []
        for result in (try? EvaluationResult.read(card.metadata))?.results ?? [] {
            if let entry = EvaluationEntry(result) {
                entries.append(entry)
            } else {
                let name = Printable.line(result.metricName?.string ?? result.metric.string ?? "a result", limit: 100)
                Output.complain("note: \(name) names no dataset of the Hub with a configuration or split")
            }
        }
        return entries
    }
}
