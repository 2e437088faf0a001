package import AssayCore
internal import ByteParsing
internal import Documents

/// Evidence as a card lists it.
package enum CardEvidence {
    /// The word of the card's vocabulary for a kind of predicate; nil for kinds that a card has no word for.
    package static func type(of record: EvidenceRecord) -> String? {
        switch record.kind {
        case "signature-verification", "https://model_signing/signature/v1.0": "signature"
        case "slsa-provenance", "link": "provenance"
        case "cyclonedx", "spdx": "ml-bom"
        case "scan": "artefact-scan"
        case "vulns": "dependency-scan"
        case "approval": "review-approval"
        case "evaluation": "evaluation-report"
        case "dataset-check": "data-validation"
        case "test-result": "unit-tests"
        case "model-card", "data-card", "security-card", "control-assessment", "card-redaction": record.kind
        case "check-result": record.statement.predicate["kind"]?.string
        default: nil
        }
    }

    /// What a person would call it.
    static func title(of record: EvidenceRecord, type: String) -> String {
        let predicate = record.statement.predicate
        if let title = predicate["title"]?.string, !title.isEmpty { return title }
        let words = type.split(separator: "-").joined(separator: " ")
        let name = words.prefix(1).uppercased() + words.dropFirst()
        switch record.kind {
        case "scan":
            guard let verdict = predicate["verdict"]?.string else { return name }
            return "\(name): \(verdict)"
        case "approval":
            let by = predicate["approver"]?.string.map { " by \($0)" } ?? ""
            return "\(name): \(predicate["decision"]?.string ?? "decided")\(by)"
        default: return "\(name) (\(record.name))"
        }
    }

    /// The id that a record gets in a card: the same for the same file, whatever it is called.
    static func id(of record: EvidenceRecord, type: String) -> String { "ev-\(type)-\(record.sha256.prefix(8))" }

    /// The entry for a record, or nil when the card has no word for its kind.
    /// - Parameters:
    ///   - whole: digest of what the card is about.
    ///   - files: digests of its files.
    ///   - types: words that the card's schema has.
    static func entry(
        for record: EvidenceRecord, whole: String, files: Set<String>, types: Set<String>, today: CalendarDate
    ) -> DocumentValue? {
        guard let type = type(of: record), types.contains(type) else { return nil }
        var entry: DocumentValue = [
            "id": .string(id(of: record, type: type)), "type": .string(type),
            "title": .string(title(of: record, type: type)),
            "digest": ["sha256": .string(record.sha256)],
        ]
        if record.matches([whole]) {
            entry["subjectDigest"] = ["sha256": .string(whole)]
        } else {
            let about = record.statement.subjects.filter { subject in
                subject.digests["sha256"].map { files.contains($0.lowercased()) } ?? false
            }
            entry["about"] = .array(
                about.prefix(50).map { subject in
                    let digest = subject.digests["sha256"]?.lowercased() ?? ""
                    return [
                        "name": .string(subject.name.isEmpty ? "unnamed" : subject.name),
                        "digest": ["sha256": .string(digest)],
                    ]
                })
        }
        if let moment = moment(of: record) {
            entry["created"] = .string(moment)
        } else {
            entry["recorded"] = .string("\(today)")
        }
        if let expires = record.statement.predicate["expires"]?.string {
            if isMoment(expires) {
                entry["expires"] = .string(expires)
            } else if CalendarDate(expires) != nil {
                entry["expires"] = .string(expires + "T00:00:00Z")
            }
        }
        let tool = record.statement.predicate["tool"]
        if let name = tool?["name"]?.string ?? tool?.string, !name.isEmpty {
            entry["tool"] = .object([
                "name": .string(name), "version": tool?["version"]?.string.map { DocumentValue.string($0) },
            ])
        }
        entry["predicateType"] = .string(record.statement.predicateType)
        entry["file"] = .string(record.name)
        entry["standing"] = .string(record.standing.name)
        if case .verified(let signers) = record.standing { entry["signers"] = .strings(signers) }
        return entry
    }

    /// When a record was made, as a moment: as it says, or the beginning of the day that it says.
    private static func moment(of record: EvidenceRecord) -> String? {
        for name in ["finished", "created", "date", "verified", "timestamp", "started"] {
            if let text = record.statement.predicate[name]?.string, isMoment(text) { return text }
        }
        return record.issued.map { "\($0)T00:00:00Z" }
    }

    /// Whether a text is a moment of RFC 3339.
    private static func isMoment(_ text: String) -> Bool {
        moments?.violations(of: .string(text)).isEmpty == true
    }

    private static let moments = try? JSONSchema(["format": "date-time"])

    /// The words that the shipped schema has for kinds of evidence.
    static let types: Set<String> = {
        let path = DocumentPointer(["$defs", "evidence", "properties", "type", "enum"])
        guard let region = Resource.named("cards/security-model-card-v1.schema.json"),
            let schema = try? DocumentReader.json(region.array())
        else { return [] }
        return Set(schema.at(path)?.strings ?? [])
    }()
}
