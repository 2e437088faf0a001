import AssayCore
import ModelFormats

/// Callables that no list has: graded by their name and by what they are given.
extension PickleJudge {
    /// A class that is taken for harmless like its neighbours, called with what no constructor of a value needs.
    func judgeConstructor(_ call: PickleCall, _ verdict: Verdict, in machine: borrowing PickleMachine) {
        guard let look = ArgumentText.worst(texts(of: call, in: machine)), !look.isWeak else {
            return
        }
        report(
            call, "PICKLE-UNKNOWN-CALL", "is on no list, and an argument looks like \(look.kind)", verdict: verdict,
            severity: .medium, in: machine)
    }

    func grade(
        _ call: PickleCall, _ verdict: Verdict, creates: Bool, in machine: borrowing PickleMachine
    ) {
        let dotted = verdict.canonical
        let last = dotted.split(separator: ".").last.map(String.init) ?? dotted
        let arguments = texts(of: call, in: machine)
        let look = ArgumentText.worst(arguments)
        let isClass = creates || verdict.knowledge.isClass || Self.isReconstructor(last)
        var severity: Severity = isClass ? .low : .medium
        var because = ""
        if last == "from_pretrained" || last == "from_url" {
            severity = .high
            because = ": it loads a model from wherever its argument says"
        }
        if let suspicion = verdict.knowledge.suspicion, !creates || look != nil {
            let suggested = suspicion.calledSeverity
            if !isClass {
                severity = max(severity, suggested)
                because = ": '\(last)' sounds like something that \(suspicion.phrase)"
            } else if look != nil || suggested == .critical && !creates && arguments.contains(where: { !$0.isEmpty }) {
                severity = max(severity, .medium)
                because = ": '\(last)' sounds like something that \(suspicion.phrase)"
            }
        }
        if let look, !isClass || look.severity == .critical && !look.isWeak {
            severity = max(severity, isClass ? .high : look.severity)
            because +=
                because.isEmpty ? ": an argument looks like \(look.kind)" : ", and an argument looks like \(look.kind)"
        }
        if severity == .low {
            note(stranger: dotted, at: call.offset)
        } else {
            let expression = PickleExpression.of(call.result, in: machine)
            scan.report(
                "PICKLE-UNKNOWN-CALL", "Loading calls \(expression), which is on no list\(because)",
                at: place(call.offset, call.opcode), severity: severity,
                details: details(call, verdict, in: machine))
        }
    }

    /// Whether a private function is named as `__reduce__` methods name what puts their object together again: Cython
    /// writes one for each class. It does what NEWOBJ does for classes that need more than that.
    static func isReconstructor(_ name: String) -> Bool {
        for prefix in ["__pyx_unpickle_", "_unpickle", "__unpickle", "_reconstruct", "_rebuild", "_recreate"]
        where name.hasPrefix(prefix) { return true }
        return name.hasPrefix("_") && name.hasSuffix("_unpickle")
    }
}
