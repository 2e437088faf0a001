import ArgumentParser
import AssayCore
import Controls
import Provenance
import Reporting

struct SampleSizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample-size",
        abstract: "Ten samples for each feature, of the rarest class too: the one-in-ten rule.")

    @Argument(help: "A table of comma-separated values with a header.")
    var table: String

    @Option(help: ArgumentHelp("The column of the class, by name or number: it is no feature.", valueName: "column"))
    var label: String?

    @Option(help: ArgumentHelp("How many features the model sees, when it is not every other column.", valueName: "n"))
    var features: Int?

    @Option(
        parsing: .upToNextOption, help: ArgumentHelp("Columns that are no features: ids, weights.", valueName: "column")
    )
    var ignore: [String] = []

    @Option(help: ArgumentHelp("Samples for each feature.", valueName: "n"))
    var ratio = 10.0

    @OptionGroup var output: CheckOutputOptions

    func run() throws {
        try reporting {
            let profile = try DataInput.profile(table, counting: label)
            for name in ignore where !profile.columns.contains(name) {
                throw CommandFailure("\(table): there is no column \(Printable.line(name, limit: 80))")
            }
            let others = profile.columns.count - (label == nil ? 0 : 1) - Set(ignore).count
            let check = DatasetCheck.sampleSize(
                samples: profile.rows, features: features ?? others,
                rarestClass: label == nil ? nil : profile.counts.values.min() ?? 0, ratio: ratio)
            try output.report(check, [try DataInput.input("data", table)])
        }
    }
}

struct ClassSizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "class-size",
        abstract: "A thousand samples of each class: of a table's column, or of a folder with one folder a class.")

    @Argument(help: "A table with a header, or a folder whose folders are the classes.")
    var data: String

    @Option(help: ArgumentHelp("The column of the class, by name or number; for tables.", valueName: "column"))
    var label: String?

    @Option(help: ArgumentHelp("Samples of each class.", valueName: "n"))
    var minimum = 1000

    @OptionGroup var output: CheckOutputOptions

    func run() throws {
        try reporting {
            let counts: [(name: String, count: Int)]
            var isCut = false
            if let label {
                let profile = try DataInput.profile(data, counting: label)
                counts = profile.counts.map { (DataInput.text($0.key), $0.value) }
                isCut = profile.isCut
            } else {
                var byFolder: [String: Int] = [:]
                for file in try EvidenceFolder.files(data) {
                    let parts = file.utf8.dropFirst(data.utf8.count).split(separator: UInt8(ascii: "/"))
                    guard parts.count > 1, let first = parts.first else { continue }
                    byFolder[String(decoding: first, as: UTF8.self), default: 0] += 1
                }
                guard !byFolder.isEmpty else {
                    throw CommandFailure("\(data) has no folders of classes; for a table, name the column with --label")
                }
                counts = byFolder.map { (Printable.line($0.key, limit: 80), $0.value) }
            }
            try output.report(
                DatasetCheck.classSize(counts, minimum: minimum, cut: isCut), [try DataInput.input("data", data)])
        }
    }
}

struct LabellersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "labellers", abstract: "The largest share of the labels that one labeller gave.",
        discussion: "Names of labellers do not get into the evidence.")

    @Argument(help: "A table of comma-separated values with a header.")
    var table: String

    @Option(help: ArgumentHelp("The column that says who labelled, by name or number.", valueName: "column"))
    var labeller: String

    @Option(help: ArgumentHelp("The largest share that one may have.", valueName: "share"))
    var maximum = 0.5

    @OptionGroup var output: CheckOutputOptions

    func run() throws {
        try reporting {
            let profile = try DataInput.profile(table, counting: labeller)
            let counts = profile.counts.map { (name: DataInput.text($0.key), count: $0.value) }
            try output.report(
                DatasetCheck.labellers(counts, maximum: maximum, cut: profile.isCut),
                [try DataInput.input("data", table)])
        }
    }
}

struct CapacityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capacity", abstract: "The model's parameters against the samples that it learnt from.")

    @Option(
        help: ArgumentHelp(
            "The model: safetensors, GGUF or ONNX, whose header says how many parameters it has.", valueName: "file"),
        completion: .file())
    var model: String?

    @Option(help: ArgumentHelp("How many parameters the model has.", valueName: "n"))
    var parameters: Int?

    @Option(help: ArgumentHelp("The training data: a table with a header.", valueName: "file"), completion: .file())
    var data: String?

    @Option(help: ArgumentHelp("How many samples the training data has.", valueName: "n"))
    var samples: Int?

    @Option(help: ArgumentHelp("Samples for each parameter.", valueName: "n"))
    var ratio = 10.0

    @OptionGroup var output: CheckOutputOptions

    func validate() throws {
        guard (model == nil) != (parameters == nil) else { throw ValidationError("give --model or --parameters") }
        guard (data == nil) != (samples == nil) else { throw ValidationError("give --data or --samples") }
    }

    func run() throws {
        try reporting {
            var inputs: [DatasetCheckReport.Input] = []
            var count = parameters ?? 0
            if let model {
                guard let found = ParameterCount.count(try FileInput.map(model)) else {
                    throw CommandFailure("\(model): no safetensors, GGUF or ONNX file with parameters")
                }
                count = found
                inputs.append(try DataInput.input("model", model))
            }
            var rows = samples ?? 0
            if let data {
                rows = try DataInput.profile(data, counting: nil).rows
                inputs.append(try DataInput.input("data", data))
            }
            try output.report(DatasetCheck.capacity(parameters: count, samples: rows, ratio: ratio), inputs)
        }
    }
}

struct RetentionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention", abstract: "Whether the retention periods that cards name have run out.")

    @Argument(help: "Model or data cards, in YAML or JSON.")
    var cards: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Data to name in the evidence, beside the cards.", valueName: "path"), completion: .file())
    var data: [String] = []

    @Option(help: ArgumentHelp("The last day of the period, when no card says it.", valueName: "yyyy-mm-dd"))
    var until: String?

    @OptionGroup var output: CheckOutputOptions

    func validate() throws {
        guard !cards.isEmpty || until != nil else { throw ValidationError("name cards, or give --until") }
        if let until, CalendarDate(until) == nil { throw ValidationError("--until is a day like 2026-11-26") }
    }

    func run() throws {
        try reporting {
            var dates: [(name: String, until: CalendarDate)] = []
            var inputs: [DatasetCheckReport.Input] = []
            for path in cards {
                guard let day = DatasetCheck.retention(of: try CardDocument.read(path)) else {
                    Output.complain("assay: \(path) names no retention period")
                    continue
                }
                dates.append((path, day))
                inputs.append(try DataInput.input("card", path))
            }
            if let until, let day = CalendarDate(until) { dates.append(("--until", day)) }
            for path in data { inputs.append(try DataInput.input("data", path)) }
            try output.report(DatasetCheck.retention(dates, today: try output.day()), inputs)
        }
    }
}
