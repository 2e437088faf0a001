import ArgumentParser
import AssayCore
import Cards
import Documents
import Provenance

struct CardInitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Drafts a card in YAML from what a model's files and evidence say.",
        discussion: """
            Nothing is made up: what nothing says is "unknown", and every line that the program filled names its source. \
            An existing card is not written over. Exit status: 0 written, 1 the model cannot be read, 2 usage or input \
            error.
            """)

    @Argument(help: "The model's file or folder; with --kind data, the dataset's name.", completion: .file())
    var path: String

    @Option(help: "What card is drafted: data is a data card.")
    var kind = CardKind.security

    @OptionGroup(title: "Evidence") var evidence: EvidenceOptions

    @OptionGroup(title: "Data cards") var data: DataOptions

    @Option(
        help: ArgumentHelp("With --kind data: the dataset's README.md on the Hugging Face Hub.", valueName: "file"),
        completion: .file())
    var hub: String?

    @Option(help: ArgumentHelp("The day of the draft: 2026-11-21. By default today.", valueName: "day"))
    var today: String?

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The card to write; - is standard output.", valueName: "file"),
        completion: .file())
    var output = "-"

    @Flag(help: "Write over an existing card.")
    var force = false

    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    func validate() throws {
        guard kind == .security || kind == .data else { throw ValidationError("--kind is security or data") }
    }

    func run() throws {
        try reporting {
            guard output == "-" || force || !FileInput.exists(output) else {
                throw CommandFailure("\(output) is there already; --force writes over it")
            }
            let today = try CardInput.today(today)
            if kind == .data {
                return try FileOutput.write(
                    DataCardCommands.draft(
                        name: path, options: data, hub: hub, today: today, asJSON: output.hasSuffix(".json")),
                    to: output)
            }
            try FileInput.require(path)
            let subject = try EvidenceSubject.subjects(of: path)
            let model = try ModelDescription(path)
            guard let whole = subject.first?.digests["sha256"] else { throw EvidenceError("\(path) has no digest") }
            var draft = CardDraft(
                name: model.measurement.name.text, digest: whole,
                digestSource: model.measurement.isSingleFile
                    ? "SHA-256 of the file" : "root digest, as assay digest computes it",
                facts: ModelFacts.facts(of: model), today: today)
            var options = CardBuild.Options(today: today)
            options.subject = subject
            let notes = draft.join(try CardEvidenceInput.records(evidence), options)
            try FileOutput.write(draft.yaml(), to: output)
            guard !quiet else { return }
            CardEvidenceInput.tell(notes)
            let open = CardCheck.issues(of: draft.yaml(), in: CardCheck.Context(today: today))
                .count { $0.level == .open }
            Output.complain("\(open) open questions: assay card check lists them")
        }
    }
}

/// What a model's files say, as facts of a card.
enum ModelFacts {
    static func facts(of model: ModelDescription) -> [CardDraft.Fact] {
        var facts: [CardDraft.Fact] = []
        func file(_ name: String) -> String { model.sources[name] ?? "the model's files" }
        func add(_ section: String, _ member: String, _ value: String?, _ source: String) {
            guard let value, !value.isEmpty else { return }
            facts.append(CardDraft.Fact(section, member, value: .string(value), source: source))
        }
        if model.name != model.measurement.name.text { add("subject", "name", model.name, file("name")) }
        add("modelDetails", "overview", model.description, file("description"))
        add("modelDetails", "license", model.licenses.joined(separator: ", "), file("licenses"))
        if let family = model.architectureFamily {
            add("modelDetails", "type", family, file("architectureFamily"))
        } else {
            add("modelDetails", "type", model.task, file("task") + ", pipeline_tag")
        }
        let parameters = model.parameters.map { "\($0) parameters" }
        let shape = [model.architecture, parameters].compactMap { $0 }.joined(separator: ", ")
        let origins = [
            model.architecture.map { _ in file("architecture") }, parameters.map { _ in file("parameters") },
        ]
        add("modelDetails", "architecture", shape, origins.compactMap { $0 }.joined(separator: ", "))
        for (position, name) in model.baseModels.enumerated() {
            let relation = model.baseModelRelation.flatMap { relations.contains($0) ? DocumentValue.string($0) : nil }
            facts.append(
                CardDraft.Fact(
                    "subject", "baseModels", String(position),
                    value: .object(["name": .string(name), "relation": relation]),
                    source: file("baseModels")))
        }
        for (position, name) in model.datasets.enumerated() {
            facts.append(
                CardDraft.Fact(
                    "trainingData", String(position), value: ["name": .string(name), "sensitivity": "unknown"],
                    source: file("datasets") + "; whether it is sensitive is for people to say"))
        }
        facts += results(of: model, file("metrics"))
        return facts
    }

    private static let relations: Set = ["finetune", "adapter", "quantized", "merge", "distilled", "other"]

    /// Metrics whose value is a number; the others stay in the model card.
    private static func results(of model: ModelDescription, _ source: String) -> [CardDraft.Fact] {
        var facts: [CardDraft.Fact] = []
        for metric in model.metrics {
            guard let value = try? DocumentReader.yaml(Array(metric.value.utf8)), value.number != nil else { continue }
            let dataset = metric.slice.isEmpty ? nil : DocumentValue.string(metric.slice)
            facts.append(
                CardDraft.Fact(
                    "quantitativeAnalyses", "unitary", String(facts.count),
                    value: .object(["metric": .string(metric.type), "value": value, "dataset": dataset]),
                    source: source + ", model-index"))
        }
        for (position, name) in Set(facts.compactMap { $0.value["metric"]?.string }).sorted().enumerated() {
            facts.append(
                CardDraft.Fact(
                    "metrics", "measures", String(position), value: .string(name), source: source + ", model-index"))
        }
        return facts
    }
}
