import ArgumentParser
import AssayCore
import ByteParsing
import Cards
import Documents
import Reporting

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The data that a data card is about, and the columns that mean something.
struct DataOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("A table of the data (CSV, TSV or JSON lines), to be counted.", valueName: "file"),
        completion: .file())
    var data: String?

    @Option(
        help: "csv, tsv or jsonl, instead of by the file's name.",
        transform: { text in
            guard let format = TableStatistics.Format(rawValue: text) else {
                throw ValidationError("--data-format is csv, tsv or jsonl")
            }
            return format
        })
    var dataFormat: TableStatistics.Format?

    @Option(help: ArgumentHelp("The column that holds the class, instead of one of a usual name.", valueName: "column"))
    var labelColumn: String?

    @Option(
        help: ArgumentHelp(
            "The column that says who labelled the row, instead of one of a usual name.", valueName: "column"))
    var labellerColumn: String?

    /// The statistics of the data, or nil when none is given.
    func statistics() throws(CommandFailure) -> DocumentValue? {
        guard let data else { return nil }
        let region = try FileInput.map(data)
        var counting = TableStatistics(format: dataFormat ?? Self.format(data))
        counting.classColumn = labelColumn
        counting.labellerColumn = labellerColumn
        do {
            return try counting.count(region, name: data.split(separator: "/").last.map(String.init) ?? data)
        } catch {
            throw CommandFailure("\(data): \(error)")
        }
    }

    private static func format(_ path: String) -> TableStatistics.Format {
        let name = path.lowercased()
        if name.hasSuffix(".tsv") || name.hasSuffix(".tab") { return .tsv }
        return name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson") || name.hasSuffix(".json") ? .jsonl : .csv
    }
}

/// What `assay card init --kind data` does.
enum DataCardCommands {
    /// A draft in YAML or JSON.
    static func draft(
        name: String, options: DataOptions, hub: String?, today: CalendarDate, asJSON: Bool
    ) throws -> [UInt8] {
        var card: ModelCard?
        if let hub {
            do {
                card = try CardLoading.hubCard(try FileInput.read(hub), .dataset)
            } catch let error as DocumentError {
                throw CommandFailure("\(hub): \(error)")
            }
        }
        let statistics = try options.statistics()
        let draft = DataCard.draft(name: name, statistics: statistics, hub: card, date: "\(today)")
        guard !asJSON else { return DocumentWriter.json(draft.card) }
        let comments = draft.sources.mapValues { "from \(Printable.line($0, limit: 200))" }
        return DocumentWriter.yaml(draft.card, comments: comments)
    }
}
