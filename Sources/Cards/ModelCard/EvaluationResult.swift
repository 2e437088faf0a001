package import Documents

/// One measured value of a card's `model-index`.
///
/// The layout is the Hub's (`hub-docs/modelcard.md`): results hold a task, a dataset and a list of metrics; every metric
/// is one result here, as `huggingface_hub.EvalResult` has it.
package struct EvaluationResult: Sendable {
    package var task: DocumentValue
    package var taskName: DocumentValue?
    package var dataset: DocumentValue
    package var datasetName: DocumentValue
    package var datasetConfig: DocumentValue?
    package var datasetSplit: DocumentValue?
    package var datasetRevision: DocumentValue?
    package var datasetArguments: DocumentValue?
    package var metric: DocumentValue
    package var value: DocumentValue
    package var metricName: DocumentValue?
    package var metricConfig: DocumentValue?
    package var metricArguments: DocumentValue?
    package var isVerified: DocumentValue?
    package var verifyToken: DocumentValue?
    package var sourceName: DocumentValue?
    package var sourceURL: DocumentValue?

    /// Why `huggingface_hub` refuses a card's members, and where.
    package struct Problem: Error, Sendable, Hashable {
        package var line: Int
        package var message: String
    }

    /// The name and the results of the index; nil when the card has none.
    /// - Throws: `Problem` where the reader of the Hub raises an exception.
    package static func read(
        _ metadata: DocumentValue
    ) throws(Problem) -> (name: DocumentValue, results: [EvaluationResult])? {
        guard let index = metadata["model-index"], index.isTruthy else { return nil }
        var name = DocumentValue.null
        var results: [EvaluationResult] = []
        for element in try items(index, "model-index") {
            name = try member(element, "name", "an entry of model-index")
            for result in try items(member(element, "results", "an entry of model-index"), "results") {
                results += try read(result: result)
            }
        }
        if !results.isEmpty, name.isNull {
            throw Problem(line: index.line, message: "model-index needs a name for its results")
        }
        return (name, results)
    }

    private static func read(result: DocumentValue) throws(Problem) -> [EvaluationResult] {
        let task = try member(result, "task", "a result")
        let dataset = try member(result, "dataset", "a result")
        let source = result["source"].flatMap { $0.isTruthy ? $0 : nil }
        if let source, !source.isObject { throw Problem(line: source.line, message: "source is not a mapping") }
        func optional(_ value: DocumentValue?, _ name: String) -> DocumentValue? {
            value?[name].flatMap { $0.isNull ? nil : $0 }
        }
        let template = EvaluationResult(
            task: try member(task, "type", "task"), taskName: optional(task, "name"),
            dataset: try member(dataset, "type", "dataset"), datasetName: try member(dataset, "name", "dataset"),
            datasetConfig: optional(dataset, "config"), datasetSplit: optional(dataset, "split"),
            datasetRevision: optional(dataset, "revision"), datasetArguments: optional(dataset, "args"),
            metric: .null, value: .null, sourceName: optional(source, "name"), sourceURL: optional(source, "url"))
        var results: [EvaluationResult] = []
        for metric in try items(member(result, "metrics", "a result"), "metrics") {
            var one = template
            one.metric = try member(metric, "type", "a metric")
            one.value = try member(metric, "value", "a metric")
            one.metricName = optional(metric, "name")
            one.metricArguments = optional(metric, "args")
            one.metricConfig = optional(metric, "config")
            one.isVerified = optional(metric, "verified")
            one.verifyToken = optional(metric, "verifyToken")
            if one.sourceName != nil, one.sourceURL == nil {
                throw Problem(line: source?.line ?? result.line, message: "source has a name and no url")
            }
            results.append(one)
        }
        return results
    }

    /// What iterating in Python gives, where the elements can then be asked for members.
    private static func items(_ value: DocumentValue, _ name: String) throws(Problem) -> [DocumentValue] {
        if value.isArray { return value.elements }
        // An empty text or mapping is iterated over without any harm.
        if value.string == "" && !value.isTimestamp || value.isObject && value.members.isEmpty { return [] }
        throw Problem(line: value.line, message: "\(name) is not a list")
    }

    private static func member(
        _ value: DocumentValue, _ name: String, _ place: String
    ) throws(Problem) -> DocumentValue {
        guard value.isObject else { throw Problem(line: value.line, message: "\(place) is not a mapping") }
        guard let member = value[name] else { throw Problem(line: value.line, message: "\(place) has no \(name)") }
        return member
    }

    /// The first thing in the metadata for which `huggingface_hub.ModelCardData` raises an exception.
    static func problem(in metadata: DocumentValue) -> Problem? {
        do {
            let index = try read(metadata)
            if index == nil, let results = metadata["eval_results"], results.isTruthy {
                return Problem(line: results.line, message: "eval_results is no metadata: results stand in model-index")
            }
        } catch {
            return error
        }
        if let tags = metadata["tags"], !tags.isNull, !tags.isArray, !tags.isObject,
            tags.string == nil || tags.isTimestamp
        {
            return Problem(line: tags.line, message: "tags is not a list")
        }
        return nil
    }
}

extension DocumentValue {
    /// Whether Python takes the value for true.
    var isTruthy: Bool {
        switch content {
        case .null: false
        case .boolean(let value): value
        case .number: double != 0
        case .string(let text): !text.utf8.isEmpty
        case .array(let elements): !elements.isEmpty
        case .object(let members): !members.isEmpty
        }
    }
}
