internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Judges MessagePack as Flax writes it: values are numbers, unless somebody put something else in.
struct MessagePackAnalyser: Analyser {
    let format: FormatID = "msgpack"

    func recognise(_ item: ScanItem) -> Recognition {
        let named = item.fileExtension == "msgpack"
        guard let first = item.region[0], (0x81...0x8F).contains(first) || first == 0xDE || first == 0xDF else {
            return named ? .possible : .no
        }
        // Maps of parameters have text for keys; anything else that starts with such a byte rarely goes on like this.
        guard let probe = try? MessagePack(item.region.prefix(1 << 16), budget: Budget(), limit: 64) else {
            let whole = try? MessagePack(item.region, budget: Budget(), limit: 64)
            return whole != nil && named ? .likely : named ? .possible : .no
        }
        guard probe.count >= 64 || probe.end == item.region.count else { return named ? .possible : .no }
        return named ? .likely : .possible
    }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let isNamed = item.fileExtension == "msgpack"
        let document: MessagePack
        do throws(ParseError) {
            document = try MessagePack(item.region, budget: scan.budget)
        } catch {
            guard isNamed || error.code == .limit else { return }
            throw error
        }
        guard isNamed || document.end == item.region.count else { return }
        if document.end < item.region.count {
            scan.report(
                "TENSOR-LAYOUT", "\(item.region.count - document.end) bytes after the document belong to nothing",
                at: item.location.at(document.end))
            HiddenContent.open(
                [(document.end, item.region.count - document.end)], of: item, as: format, in: scan)
        }
        for text in document.texts {
            guard let value = item.region.slice(text.range.lowerBound, text.range.count) else { continue }
            try MetadataText.judge(
                value, key: text.name, at: item.location.at(text.range.lowerBound, text.name), in: scan)
        }
        for value in document.values {
            guard let bytes = item.region.slice(value.range.lowerBound, value.range.count), bytes.count >= 4 else {
                continue
            }
            OpaqueContent.openPickle(in: bytes, named: value.name, of: item, as: format, in: scan)
            try EmbeddedProgram.check(bytes, in: value.name, of: item, scan: scan)
            if value.type != nil { try judgeInside(bytes, value, of: item, in: scan) }
        }
    }

    /// An extension holds another document: of an array, its shape, type and bytes.
    private func judgeInside(
        _ bytes: ByteRegion, _ value: MessagePack.Value, of item: ScanItem, in scan: Scan
    ) throws(ParseError) {
        guard let inside = try? MessagePack(bytes, budget: scan.budget, limit: 1_000) else { return }
        for part in inside.values {
            guard let content = bytes.slice(part.range.lowerBound, part.range.count) else { continue }
            OpaqueContent.openPickle(in: content, named: value.name, of: item, as: format, in: scan)
            try EmbeddedProgram.check(content, in: value.name, of: item, scan: scan)
        }
    }

    func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        let document = try MessagePack(item.region, budget: budget)
        return Outline(
            "MessagePack", "\(document.count) values",
            children: document.values.map { value in
                Outline(
                    value.name,
                    "\(value.type.map { "extension \($0)" } ?? "binary"), \(value.range.count) bytes at \(value.range.lowerBound)"
                )
            })
    }
}
