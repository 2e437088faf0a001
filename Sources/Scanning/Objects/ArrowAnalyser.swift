internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Judges what Arrow and Parquet files say of their columns: types that are pickles, and texts.
///
/// `arrow.py_extension_type` is a type of PyArrow's whose description is a pickle; until version 14.0.1 reading the schema
/// loaded it (CVE-2023-47248).
struct ArrowAnalyser: Analyser {
    enum Container: String { case arrow, parquet }
    let container: Container

    var format: FormatID { FormatID(rawValue: container.rawValue) }

    private static let pickledType = "arrow.py_extension_type"
    private static let typeName = "ARROW:extension:name"
    private static let typeDescription = "ARROW:extension:metadata"
    /// The key under which a Parquet file keeps the Arrow schema that it was made of.
    private static let schemaKey = "ARROW:schema"
    private static let longestSchema = 16 << 20

    func recognise(_ item: ScanItem) -> Recognition {
        let isPresent =
            switch container {
            case .arrow: ArrowSchema.isPresent(in: item.region)
            case .parquet: ParquetFooter.isPresent(in: item.region)
            }
        return isPresent ? .certain : .no
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        switch container {
        case .arrow:
            judge(try ArrowSchema(item.region, budget: scan.budget), at: 0, of: item, in: scan)
        case .parquet:
            let footer = try ParquetFooter(item.region, budget: scan.budget)
            for (key, value) in footer.metadata {
                guard key == Self.schemaKey else {
                    MetadataJudge.judge(value, named: key, at: item.location.at(footer.start, key), in: scan)
                    continue
                }
                guard value.count <= Self.longestSchema else {
                    scan.report(incomplete: "the Arrow schema has \(value.count) bytes", at: item.location)
                    continue
                }
                let schema = try ArrowSchema(ByteRegion(EncodedText.base64(value.array())), budget: scan.budget)
                judge(schema, at: footer.start, of: item, in: scan)
            }
        }
    }

    private func judge(_ schema: ArrowSchema, at offset: Int, of item: ScanItem, in scan: Scan) {
        for owner in schema.owners {
            let name = owner.name.map { "column \(Printable.line($0, limit: 60))" } ?? "schema"
            let place = item.location.at(offset, name)
            let isPickled = owner[Self.typeName].map { $0.text(limit: 64) == Self.pickledType } ?? false
            for (key, value) in owner.metadata {
                guard isPickled, key == Self.typeDescription else {
                    MetadataJudge.judge(value, named: key, at: place, in: scan)
                    continue
                }
                scan.report(
                    "ARROW-PICKLED-TYPE", "The type of the \(name) is a pickle, which older versions of PyArrow load",
                    at: place)
                NestedPickle.open(value.array(), at: offset, of: item, scan: scan, isLoaded: true)
            }
        }
    }

    func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        switch container {
        case .arrow:
            let schema = try ArrowSchema(item.region, budget: budget)
            return Outline("Arrow data", children: Self.outlines(of: schema))
        case .parquet:
            let footer = try ParquetFooter(item.region, budget: budget)
            return Outline(
                "Parquet file", "\(item.region.count) bytes",
                children: footer.metadata.prefix(256).map { pair in
                    let schema =
                        pair.key == Self.schemaKey && pair.value.count <= Self.longestSchema
                        ? try? ArrowSchema(ByteRegion(EncodedText.base64(pair.value.array())), budget: budget) : nil
                    return Outline(
                        Printable.line(pair.key, limit: 80),
                        schema == nil ? Printable.line(pair.value.text(limit: 200), limit: 200) : "",
                        children: schema.map(Self.outlines) ?? [])
                })
        }
    }

    private static func outlines(of schema: ArrowSchema) -> [Outline] {
        schema.owners.prefix(256).filter { !$0.metadata.isEmpty }.map { owner in
            Outline(
                owner.name.map { "column \(Printable.line($0, limit: 80))" } ?? "schema",
                children: owner.metadata.prefix(64).map {
                    Outline(Printable.line($0.key, limit: 80), Printable.line($0.value.text(limit: 200), limit: 200))
                })
        }
    }
}
