internal import AssayCore
package import ByteParsing
internal import ModelFormats

/// Recognises models of boosted trees (XGBoost, LightGBM, CatBoost) in their own formats, which hold no code, and shows
/// their texts to the judge of metadata. Of trees, those of XGBoost in JSON are checked; numbers are not read.
package struct TreeModelAnalyser: Analyser {
    package let format: FormatID = "tree-model"

    package init() {}

    /// Bytes of JSON up to which every tree is checked.
    private static let checkedSize = 8 << 20

    private enum Kind: String {
        case xgboostJSON = "xgboost-json"
        case xgboostUBJSON = "xgboost-ubjson"
        case xgboostBinary = "xgboost-binary"
        case lightGBM = "lightgbm"
        case catBoost = "catboost"

        var format: FormatID { FormatID(rawValue: rawValue) }
    }

    private func kind(of region: ByteRegion) -> Kind? {
        switch region[0] {
        case UInt8(ascii: "{"):
            let head = region.prefix(512)
            if UBJSONDocument.isLikely(region) { return .xgboostUBJSON }
            if head.firstOffset(of: Array("\"learner\"".utf8)) != nil { return .xgboostJSON }
        case UInt8(ascii: "C") where region.starts(with: Array("CBM1".utf8)): return .catBoost
        case UInt8(ascii: "t") where region.starts(with: Array("tree\nversion=v".utf8)): return .lightGBM
        case UInt8(ascii: "b") where region.starts(with: Array("binf".utf8)): return .xgboostBinary
        default: break
        }
        return nil
    }

    package func recognise(_ item: ScanItem) -> Recognition { kind(of: item.region) == nil ? .no : .likely }

    package func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        guard let kind = kind(of: item.region) else { return }
        if item.depth == 0 { scan.format = FormatID(rawValue: kind.rawValue) }
        switch kind {
        case .xgboostUBJSON:
            let document = try UBJSONDocument(item.region, budget: scan.budget)
            for entry in document.entries where entry.value.utf8.count >= 8 {
                MetadataJudge.judge(entry.value, named: entry.path, at: item.location, in: scan)
            }
            if document.end < item.region.count {
                let rest = item.region.suffix(from: document.end)
                scan.descend(
                    into: rest, named: "bytes after the model", of: item, as: FormatID(rawValue: kind.rawValue))
            }
        case .xgboostJSON:
            guard item.region.count <= scan.limits.textBytes else { break }
            // The nodes of many trees are more than are worth keeping: what lies in lists of numbers is no text.
            let isLarge = item.region.count > Self.checkedSize
            let document = try JSONDocument(
                isLarge ? ElidedJSON.reduce(item.region, budget: scan.budget) : item.region)
            let learner = document.root["learner"]
            for part in [
                learner?["attributes"], learner?["feature_names"], learner?["feature_types"], learner?["objective"],
            ] {
                guard let part else { continue }
                for value in part.descendants {
                    try scan.budget.spend(operations: 1, reading: "XGBoost model")
                    if let text = value.string, text.utf8.count >= 8 {
                        MetadataJudge.judge(text, named: "attributes", at: item.location.at(value.offset), in: scan)
                    }
                }
            }
            if !isLarge, let learner { try XGBoostTrees.check(learner, budget: scan.budget) }
        case .catBoost:
            // The length of the model's core follows the mark.
            guard let size = item.region.little(UInt32.self, at: 4), Int(size) <= item.region.count - 8 else {
                throw .truncated(at: 4, reading: "CatBoost model")
            }
        case .lightGBM:
            try judgeLines(of: item, in: scan)
            // Releases since version 3 of the format mark the end of the trees; parameters follow.
            let isMarked = ["v3", "v4"].contains { item.region.starts(with: Array("tree\nversion=\($0)".utf8)) }
            if isMarked, item.region.firstOffset(of: "\nend of trees") == nil {
                throw .truncated(at: item.region.count, reading: "LightGBM model")
            }
            if item.region.firstOffset(of: "\nparameters:") != nil,
                item.region.firstOffset(of: "\nend of parameters") == nil
            {
                throw .truncated(at: item.region.count, reading: "parameters of a LightGBM model")
            }
        case .xgboostBinary: try judgeBinary(item, in: scan)
        }
    }

    /// Lines of a LightGBM model that are no tree's: names, parameters, and what somebody added.
    private func judgeLines(of item: ScanItem, in scan: Scan) throws(ParseError) {
        let region = item.region
        let trees = region.firstOffset(of: "\nTree=") ?? region.count
        let after = region.firstOffset(of: "\nend of trees", from: trees) ?? region.count
        for part in [0..<trees, after..<region.count] {
            guard let text = region.slice(part.lowerBound, min(part.count, scan.limits.textBytes)) else { continue }
            var start = 0
            while start < text.count {
                let end = text.suffix(from: start).bytes.firstOffset(of: 0x0A).map { start + $0 } ?? text.count
                try scan.budget.spend(operations: 1, reading: "LightGBM model")
                if end - start >= 12, let line = text.slice(start, end - start) {
                    // `key=value`, and `[key: value]` among parameters.
                    let mark = line.prefix(64).bytes.firstOffset(of: UInt8(ascii: part.lowerBound == 0 ? "=" : ":"))
                    let key = mark.map { line.prefix($0).text() } ?? "line"
                    let place = item.location.at(part.lowerBound + start, key)
                    MetadataJudge.judge(line, named: key, at: place, in: scan)
                }
                start = end + 1
            }
        }
    }

    private func judgeBinary(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let model = try XGBoostBinary(item.region, budget: scan.budget)
        for (name, value) in model.attributes {
            MetadataJudge.judge(value, named: name.text(limit: 256), at: item.location, in: scan)
        }
        guard let end = model.end else {
            scan.report(
                incomplete: "xgboost-binary: booster “\(Printable.line(model.booster, limit: 40))” is not followed",
                at: item.location)
            return
        }
        ContainerJudge.trailing(item.region.suffix(from: end), of: item, as: Kind.xgboostBinary.format, in: scan)
    }

    package func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        guard let kind = kind(of: item.region) else { return Outline("tree model") }
        var lines: [Outline] = []
        switch kind {
        case .xgboostUBJSON:
            for entry in try UBJSONDocument(item.region, budget: budget).entries.prefix(2_000) {
                lines.append(Outline(Printable.line(entry.path, limit: 200), Printable.line(entry.value, limit: 200)))
            }
        case .lightGBM:
            let head = item.region.text(limit: 1 << 16)
            for line in head.split(separator: "\n").prefix(40) where !line.hasPrefix("Tree=") {
                let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                lines.append(
                    Outline(
                        Printable.line(String(parts[0]), limit: 80),
                        Printable.line(parts.count > 1 ? String(parts[1]) : "", limit: 200)))
            }
        case .xgboostJSON, .xgboostBinary, .catBoost: break
        }
        return Outline(kind.rawValue, "\(item.region.count) bytes", children: lines)
    }
}

/// Judges the metadata of Spark ML pipelines: a JSON line that names the class to be loaded.
package struct SparkAnalyser: Analyser {
    package let format: FormatID = "spark-ml"

    package init() {}

    package func recognise(_ item: ScanItem) -> Recognition {
        guard item.region[0] == UInt8(ascii: "{") else { return .no }
        let head = item.region.prefix(4_096)
        guard head.firstOffset(of: Array("\"class\"".utf8)) != nil,
            head.firstOffset(of: Array("\"sparkVersion\"".utf8)) != nil
                || head.firstOffset(of: Array("\"paramMap\"".utf8)) != nil
        else { return .no }
        return .likely
    }

    package func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        guard item.region.count <= scan.limits.textBytes else { throw .limit(reading: "Spark metadata") }
        let root = try JSONDocument(item.region).root
        guard let name = root["class"]?.string else { return }
        let isKnown = [
            "org.apache.spark.", "pyspark.ml.", "com.johnsnowlabs.", "com.microsoft.azure.synapse.ml.",
            "ml.dmlc.xgboost4j.", "ai.h2o.sparkling.", "synapse.ml.",
        ].contains { name.hasPrefix($0) }
        if !isKnown {
            scan.report("SPARK-CLASS", "the stage is of the class \(name)", at: item.location)
        }
    }

    package func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        let root = try JSONDocument(item.region.prefix(budget.limits.textBytes)).root
        return Outline("spark ml", Printable.line(root["class"]?.string ?? "", limit: 200))
    }
}
