internal import Documents

/// Fills a card in, and keeps account of what went where.
struct ImportBuilder {
    private(set) var draft: CardImport.Draft
    private let name: String
    /// What has no place in the card.
    private var rest = DocumentValue.emptyObject

    init(digest: String, name: String, date: String) {
        self.name = name
        let unknown: DocumentValue = "unknown"
        let report: DocumentValue = ["status": "not-assessed", "summary": unknown, "reason": unknown]
        // The same source gives the same card: its id is made of the source's digest (RFC 9562, version 8).
        let hex = Array(digest.utf8)
        func part(_ range: Range<Int>) -> String { String(decoding: hex[range], as: UTF8.self) }
        let id = "\(part(0..<8))-\(part(8..<12))-8\(part(13..<16))-a\(part(17..<20))-\(part(20..<32))"
        draft = CardImport.Draft(
            card: [
                "schema": "security-model-card/v1", "id": .string("urn:uuid:" + id), "revision": 1,
                "subject": ["name": unknown, "digest": unknown],
                "issued": ["date": .string(date), "author": unknown],
                "modelDetails": ["overview": unknown, "owner": unknown, "type": unknown],
                "intendedUse": ["primaryUses": [unknown], "outOfScope": [unknown]],
                "factors": [:], "metrics": ["measures": [unknown]],
                "evaluationData": [], "trainingData": [],
                "quantitativeAnalyses": ["unitary": []], "ethicalConsiderations": [:],
                "securityConsiderations": [
                    "taxonomy": ["name": "NIST AI 100-2", "edition": "E2025"],
                    "aiClassification": ["class": unknown, "rationale": unknown],
                    "availabilityBreakdownReport": report, "integrityViolationsReport": report,
                    "privacyCompromiseReport": report,
                ],
                "caveatsAndRecommendations": [:], "evidence": [],
            ])
    }

    /// Puts a value where the pointer leads, unless there is none.
    mutating func put(_ pointer: String, _ value: DocumentValue?, from place: String) {
        guard let value, !value.isNull, value.string != "", let pointer = DocumentPointer(text: pointer) else { return }
        if value.isArray, value.elements.isEmpty { return }
        if draft.card.set(value, at: pointer) { draft.sources[pointer] = place }
    }

    mutating func remove(_ pointer: DocumentPointer) { draft.card.remove(at: pointer) }

    mutating func keep(_ name: String, _ value: DocumentValue?) {
        guard let value, !value.isNull else { return }
        rest[name] = value
    }

    mutating func remark(_ text: String) { draft.remarks.append(text) }

    func finished(_ source: CardImport.Source) -> CardImport.Draft {
        var draft = draft
        if draft.card.at(pointer: "/subject/name")?.string == "unknown", !name.isEmpty {
            draft.card.set(.string(name), at: DocumentPointer(["subject", "name"]))
            draft.sources[DocumentPointer(["subject", "name"])] = "the file's name"
        }
        if !rest.members.isEmpty {
            draft.card["x-imported"] = .object(["source": .string(source.rawValue), "members": rest])
            draft.remarks.append(
                "kept under x-imported, for a person to place: " + rest.members.map(\.name).joined(separator: ", "))
        }
        return draft
    }

    // MARK: Shapes that several sources share

    /// A text, a number or a list of them as one text; anything else as the JSON that writes it.
    static func text(_ value: DocumentValue?) -> DocumentValue? {
        guard let value, !value.isNull else { return nil }
        if let text = value.string { return text.isEmpty ? nil : .string(text) }
        if let digits = value.number { return .string(digits) }
        if value.isArray {
            let texts = value.elements.compactMap { text($0)?.string }
            return texts.isEmpty ? nil : .string(texts.joined(separator: ", "))
        }
        return .string(String(decoding: DocumentWriter.json(value, indentation: 0).dropLast(), as: UTF8.self))
    }

    /// A list of texts of what is a text, or a list of texts or of objects with a description.
    static func texts(_ value: DocumentValue?, member: String = "description") -> DocumentValue? {
        guard let value, !value.isNull else { return nil }
        let elements = value.isArray ? value.elements : [value]
        let texts = elements.compactMap { text($0.isObject ? $0[member] ?? $0 : $0) }
        return texts.isEmpty ? nil : .array(texts)
    }

    /// A day in ISO 8601; slashes are taken for dashes.
    static func day(_ value: DocumentValue?) -> DocumentValue? {
        guard let text = value?.string else { return nil }
        let day = text.split(separator: "/", omittingEmptySubsequences: false).joined(separator: "-")
        let fits = (try? JSONSchema(["format": "date"]))?.violations(of: .string(day)).isEmpty == true
        return fits ? .string(day) : nil
    }

    /// A measured value; nil when the value is no number.
    static func result(
        metric: DocumentValue?, value: DocumentValue?, slice: DocumentValue?, low: DocumentValue?, high: DocumentValue?
    ) -> DocumentValue? {
        guard let metric = text(metric), let number = number(value) else { return nil }
        var result: DocumentValue = ["metric": metric, "value": number]
        if let slice = text(slice), let words = slice.string, words.lowercased() != "overall" {
            result["slice"] = ["slice": slice]
        }
        if let low = self.number(low), let high = self.number(high) { result["interval"] = [low, high] }
        return result
    }

    static func number(_ value: DocumentValue?) -> DocumentValue? {
        if value?.number != nil, value?.double?.isFinite == true { return value }
        guard let text = value?.string, let number = Double(text), number.isFinite else { return nil }
        return .double(number)
    }

    /// Whether a dataset is for training or evaluation, when its name or description says so.
    enum Role { case training, evaluation }
    static func role(_ texts: [String?]) -> Role? {
        let words = Set(
            texts.compactMap { $0?.lowercased() }.joined(separator: " ").split { !$0.isLetter }.map(String.init))
        let trains = !words.isDisjoint(with: ["train", "training"])
        let evaluates = !words.isDisjoint(with: ["eval", "evaluation", "test", "testing", "validation", "holdout"])
        return trains == evaluates ? nil : trains ? .training : .evaluation
    }
}
