internal import AssayCore
package import ByteParsing
internal import ModelFormats

/// Judges Torch7 files: a function in one is code that the loader brings to life.
package struct Torch7Analyser: Analyser {
    package let format: FormatID = "torch7"

    package init() {}

    package func recognise(_ item: ScanItem) -> Recognition {
        switch Torch7Stream.start(of: item.region) {
        case .object: .certain
        case .table: .possible
        case nil: .no
        }
    }

    package func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let stream = Torch7Stream(item.region, budget: scan.budget)
        let isCertain = Torch7Stream.start(of: item.region) == .object
        // A table's first bytes prove little: believe it when it could be read whole or holds a compiled chunk.
        let functions = stream.functions.filter { function in
            isCertain || stream.failure == nil || function.chunk.starts(with: [0x1B, 0x4C])
        }
        for function in functions {
            let kind = function.chunk.starts(with: [0x1B, 0x4C]) ? "compiled Lua" : "Lua"
            scan.report(
                "TORCH7-FUNCTION", "a function of \(function.chunk.count) bytes of \(kind) is part of the object",
                at: item.location.at(function.offset))
        }
        if isCertain || stream.failure == nil {
            for text in stream.texts where text.utf8.count >= 8 {
                MetadataJudge.judge(text, named: "string", at: item.location, in: scan)
            }
        }
        if let failure = stream.failure, isCertain || failure.code == .limit { throw failure }
    }

    package func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        let stream = Torch7Stream(item.region, budget: budget)
        var lines = stream.classes.map { Outline("object", Printable.line($0, limit: 200)) }
        lines += stream.functions.map { Outline("function", "\($0.chunk.count) bytes at \($0.offset)") }
        return Outline("torch7", "\(stream.objects) values", children: lines)
    }
}
