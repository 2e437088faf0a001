internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Findings about Keras objects.
extension KerasJudge {
    func reportLambda(_ object: KerasObject, _ what: String) {
        let name = object.name.map { " \"\($0)\"" } ?? ""
        report(
            "KERAS-LAMBDA", "Lambda \(what)\(name): Python code from the file runs when the model is loaded or used",
            at: object.value)
    }

    func reportCustom(_ object: KerasObject, _ name: String) {
        report(
            "KERAS-CUSTOM-OBJECT", "\(name) is not part of Keras: loading needs somebody's code by that name",
            at: object.value)
    }

    func reportUnknownKeras(_ object: KerasObject, _ name: String, _ severity: Severity) {
        report(
            "KERAS-UNKNOWN-OBJECT", "\(object.module ?? "keras").\(name) is not among the building blocks of models",
            at: object.value, severity: severity)
    }

    func report(
        _ rule: String, _ message: String, path: String? = nil, at value: JSONValue, severity: Severity? = nil,
        details: [Finding.Detail] = []
    ) {
        var severity = severity
        if let path { severity = PathReach(path) >= .absolute ? .high : .medium }
        scan.report(
            rule, message, at: item.location.at(value.offset, item.location.detail), severity: severity,
            details: details)
    }

    /// Shows base64 text to all analysers, decoded.
    func descend(_ text: JSONValue?, named name: String) {
        guard let text, text.kind == .string, let bytes = Base64Text.decode(text.stringBytes), bytes.count > 1 else {
            return
        }
        scan.descend(into: ByteRegion(bytes), named: name, of: item, as: "keras")
    }
}
