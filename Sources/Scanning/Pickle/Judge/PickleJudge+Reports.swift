import AssayCore
import ModelFormats

/// Findings about calls.
extension PickleJudge {
    func details(
        _ call: PickleCall, _ verdict: Verdict?, in machine: borrowing PickleMachine
    ) -> [Finding.Detail] {
        var details: [Finding.Detail] = []
        details.append(.init("callable", PickleExpression.of(call.callee, in: machine)))
        if let verdict, verdict.knowledge.resolved != details[0].value {
            details.append(.init("resolved", verdict.knowledge.resolved))
        }
        details.append(
            .init("arguments", PickleExpression.arguments(call.arguments, call.keywords, in: machine, limit: 400)))
        details.append(.init("opcode", call.opcode.name))
        // The table's word for a callable that is listed itself is its name, which stands above.
        if let verdict, !verdict.knowledge.reason.isEmpty, verdict.knowledge.reason != verdict.knowledge.resolved {
            details.append(.init("reason", verdict.knowledge.reason))
        }
        return details
    }

    func report(
        _ call: PickleCall, _ rule: String, _ what: String?, verdict: Verdict? = nil, capability: Capability? = nil,
        severity: Severity, in machine: borrowing PickleMachine
    ) {
        guard scan.hasRoom(for: severity) else { return }
        let expression = PickleExpression.of(call.result, in: machine)
        var message = "Loading calls \(expression)"
        if let capability { message += ", which \(capability.phrase)" }
        if let what { message += ": it \(what)" }
        scan.report(
            rule, message, at: place(call.offset, call.opcode), severity: severity,
            details: details(call, verdict, in: machine))
    }

    func reportOpaque(_ call: PickleCall, _ what: String, in machine: borrowing PickleMachine) {
        let look = ArgumentText.worst(texts(of: call, in: machine))
        report(
            call, "PICKLE-OPAQUE-CALL", "calls \(what)", severity: look?.severity == .critical ? .critical : .high,
            in: machine)
        consume(call.arguments, in: machine)
    }
}
