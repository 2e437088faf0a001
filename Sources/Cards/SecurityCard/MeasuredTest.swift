internal import AssayCore
internal import Documents

/// A result of a predicate (`Schemas/check-result-v1.schema.json`, `results`) as a test of a card.
struct MeasuredTest {
    let value: DocumentValue

    var name: String { value["metric"]?.string ?? "test" }

    init(_ result: DocumentValue, of predicate: DocumentValue, evidence: String, record: EvidenceRecord) {
        var test: DocumentValue = ["evidence": .string(evidence)]
        for name in ["id", "metric", "method", "dataset"] {
            if let text = result[name]?.string, !text.isEmpty { test[name] = .string(text) }
        }
        for name in ["value", "threshold"] where result[name]?.double?.isFinite == true { test[name] = result[name] }
        if let comparison = result["comparison"]?.string, Comparison(rawValue: comparison) != nil {
            test["comparison"] = .string(comparison)
        }
        test["outcome"] = .string(Self.outcome(result))
        if let n = result["n"], n.integer ?? 0 > 0 { test["n"] = n }
        if let interval = result["interval"], interval.elements.count == 2 { test["interval"] = interval }
        if let confidence = result["confidence"], let share = confidence.double, share > 0, share < 1 {
            test["confidence"] = confidence
        }
        if let day = record.issued { test["measured"] = .string("\(day)") }
        value = test
    }

    /// What the result says, in the card's words; what follows from its value and threshold when it does not say.
    private static func outcome(_ result: DocumentValue) -> String {
        switch result["outcome"]?.string {
        case "pass", "passed": return "pass"
        case "fail", "failed": return "fail"
        case "inconclusive": return "inconclusive"
        default: break
        }
        guard let threshold = result["threshold"]?.double,
            let comparison = result["comparison"]?.string.flatMap(Comparison.init)
        else { return "no-threshold" }
        guard let value = result["value"]?.double else { return "inconclusive" }
        let ends = result["interval"]?.elements.compactMap(\.double) ?? []
        if ends.count == 2, comparison.holds(ends[0], threshold) != comparison.holds(ends[1], threshold) {
            return "inconclusive"
        }
        return comparison.holds(value, threshold) ? "pass" : "fail"
    }

    /// Whether a test of the card is this one.
    func isSame(_ other: DocumentValue) -> Bool {
        other["evidence"] == value["evidence"] && other["metric"] == value["metric"] && other["id"] == value["id"]
    }
}
