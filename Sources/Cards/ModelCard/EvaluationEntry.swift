package import Documents

/// One entry of a repository's `.eval_results/*.yaml`: the Hub's newer place for results of benchmarks.
///
/// The layout is `hub-docs/eval_results.yaml`; read and written as `huggingface_hub.EvalResultEntry` does.
package struct EvaluationEntry: Sendable {
    package var dataset: DocumentValue
    package var task: DocumentValue
    package var value: DocumentValue
    package var revision: DocumentValue?
    package var verifyToken: DocumentValue?
    package var date: DocumentValue?
    package var sourceURL: DocumentValue?
    package var sourceName: DocumentValue?
    package var sourceUser: DocumentValue?
    package var sourceOrganisation: DocumentValue?
    package var notes: DocumentValue?

    private init(
        dataset: DocumentValue, task: DocumentValue, value: DocumentValue, revision: DocumentValue?,
        verifyToken: DocumentValue?, date: DocumentValue?, sourceURL: DocumentValue?, sourceName: DocumentValue?,
        sourceUser: DocumentValue?, sourceOrganisation: DocumentValue?, notes: DocumentValue?
    ) {
        (self.dataset, self.task, self.value, self.revision) = (dataset, task, value, revision)
        (self.verifyToken, self.date, self.notes) = (verifyToken, date, notes)
        (self.sourceURL, self.sourceName) = (sourceURL, sourceName)
        (self.sourceUser, self.sourceOrganisation) = (sourceUser, sourceOrganisation)
    }

    /// - Throws: `DocumentError` where the Hub's reader raises an exception.
    package static func read(_ bytes: [UInt8]) throws(DocumentError) -> [EvaluationEntry] {
        let list = try DocumentReader.yaml(bytes, schema: .yaml11)
        guard list.isArray else { throw DocumentError(line: max(1, list.line), message: "results are a list") }
        var entries: [EvaluationEntry] = []
        for item in list.elements {
            guard item.isObject else { throw DocumentError(line: item.line, message: "a result is not a mapping") }
            let dataset = item["dataset"]
            func member(_ value: DocumentValue?, _ name: String) throws(DocumentError) -> DocumentValue {
                guard let found = value?[name] else {
                    throw DocumentError(line: item.line, message: "a result has no \(name)")
                }
                return found
            }
            let source = item["source"].flatMap { $0.isTruthy ? $0 : nil }
            if let source, !source.isObject {
                throw DocumentError(line: source.line, message: "source is not a mapping")
            }
            func optional(_ value: DocumentValue?, _ name: String) -> DocumentValue? {
                value?[name].flatMap { $0.isNull ? nil : $0 }
            }
            let entry = EvaluationEntry(
                dataset: try member(dataset, "id"), task: try member(dataset, "task_id"),
                value: try member(item, "value"),
                revision: optional(dataset, "revision"), verifyToken: optional(item, "verifyToken"),
                date: optional(item, "date"), sourceURL: optional(source, "url"), sourceName: optional(source, "name"),
                sourceUser: optional(source, "user"), sourceOrganisation: optional(source, "org"),
                notes: optional(item, "notes"))
            if entry.sourceURL == nil,
                entry.sourceName != nil || entry.sourceUser != nil || entry.sourceOrganisation != nil
            {
                throw DocumentError(line: item.line, message: "source names somebody and has no url")
            }
            entries.append(entry)
        }
        return entries
    }

    /// The entry for a result of a `model-index`; nil when it names no dataset of the Hub (`owner/name`), or no task
    /// within it: its configuration, or its split.
    package init?(_ result: EvaluationResult) {
        guard result.dataset.string?.contains("/") == true, let task = result.datasetConfig ?? result.datasetSplit
        else {
            return nil
        }
        dataset = result.dataset
        self.task = task
        value = result.value
        revision = result.datasetRevision
        verifyToken = result.verifyToken
        (sourceURL, sourceName) = (result.sourceURL, result.sourceName)
        notes = result.metricName ?? result.metric
    }

    /// The entries as the YAML of a file of results.
    package static func write(_ entries: [EvaluationEntry]) -> [UInt8] {
        DocumentWriter.yaml(.array(entries.map(\.document)), schema: .yaml11)
    }

    package var document: DocumentValue {
        .object([
            "dataset": .object(["id": dataset, "task_id": task, "revision": revision]), "value": value,
            "verifyToken": verifyToken, "date": date,
            "source": sourceURL.map {
                .object(["url": $0, "name": sourceName, "user": sourceUser, "org": sourceOrganisation])
            },
            "notes": notes,
        ])
    }
}
