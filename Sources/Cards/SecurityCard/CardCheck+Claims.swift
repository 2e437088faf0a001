internal import AssayCore
internal import Documents

extension CardCheck {
    // MARK: Dates

    /// Dates that have gone by, and dates that are still to come where something is said to be done.
    mutating func dates(_ card: SecurityCard) {
        due(card.document["issued"], DocumentPointer(["issued"]), "expires", "the card is out of date")
        due(card.document["issued"], DocumentPointer(["issued"]), "nextReview", "the card is due for review")
        past(card.document["issued"], DocumentPointer(["issued"]), ["date", "reviewed"])
        order(card.document["issued"], DocumentPointer(["issued"]), "date", "expires")
        for name in SecurityCard.reports {
            let pointer = SecurityCard.securityPointer.appending(name)
            due(card.report(name), pointer, "nextReview", "the report is due for review")
            due(card.report(name), pointer, "acceptedUntil", "the acceptance of the risk has ended")
            past(card.report(name), pointer, ["assessed", "acceptedOn"])
        }
        for attack in card.attacks {
            due(attack.value, attack.pointer, "acceptedUntil", "the acceptance of the risk has ended")
            past(attack.value, attack.pointer, ["acceptedOn"])
            order(attack.value, attack.pointer, "acceptedOn", "acceptedUntil")
        }
        let model = card.security?["threatModel"]
        let pointer = SecurityCard.securityPointer.appending("threatModel")
        due(model, pointer, "nextReview", "the threat model is due for review")
        past(model, pointer, ["reviewed"])
        for (position, path) in (model?["attackPaths"]?.elements ?? []).enumerated() {
            let place = pointer.appending("attackPaths").appending(position)
            due(path, place, "acceptedUntil", "the acceptance of the risk has ended")
            past(path, place, ["acceptedOn"])
        }
        let life = SecurityCard.securityPointer.appending("lifecycle")
        due(card.security?["lifecycle"], life, "endOfLife", "the model is past the end of its life")
        due(card.security?["lifecycle"], life, "retentionUntil", "the model is past its retention")
        due(card.security?["lifecycle"], life, "nextReview", "the life cycle is due for review")
    }

    private mutating func due(_ value: DocumentValue?, _ pointer: DocumentPointer, _ name: String, _ what: String) {
        guard let member = value?[name], let day = member.day, day <= context.today else { return }
        tell(.error, .expired, pointer.appending(name), member.line, "\(what) since \(day)")
    }

    private mutating func past(_ value: DocumentValue?, _ pointer: DocumentPointer, _ names: [String]) {
        for name in names {
            guard let member = value?[name], let day = member.day, day > context.today else { continue }
            tell(.error, .date, pointer.appending(name), member.line, "\(day) is still to come")
        }
    }

    private mutating func order(_ value: DocumentValue?, _ pointer: DocumentPointer, _ first: String, _ second: String)
    {
        guard let from = value?[first]?.day, let member = value?[second], let to = member.day, to < from else { return }
        tell(.error, .date, pointer.appending(second), member.line, "\(to) is before \(first), \(from)")
    }

    // MARK: Claims

    /// What the card claims and shows nothing for.
    mutating func claims(_ card: SecurityCard) {
        for name in SecurityCard.reports {
            guard let report = card.report(name), report["status"]?.string == "assessed" else { continue }
            let pointer = SecurityCard.securityPointer.appending(name)
            let attacks = report["attacks"]?.elements ?? []
            if !attacks.contains(where: { $0["tests"]?.elements.isEmpty == false }), report["evidence"] == nil {
                tell(
                    .error, .claim, pointer.appending("status"), report["status"]?.line ?? report.line,
                    "says assessed, and no attack of the report has a test")
            }
            for (position, attack) in attacks.enumerated() where attack["applicable"]?.string == "unknown" {
                tell(
                    .warning, .claim, pointer.appending("attacks").appending(position).appending("applicable"),
                    attack["applicable"]?.line ?? attack.line,
                    "is unknown in a report that says assessed: say partial, or judge it")
            }
        }
        for attack in card.attacks { claims(of: attack) }
        for (position, path) in (card.security?["threatModel"]?["attackPaths"]?.elements ?? []).enumerated() {
            let pointer = SecurityCard.securityPointer.appending("threatModel").appending("attackPaths").appending(
                position)
            mitigations(path, pointer)
            acceptance(path, pointer)
        }
        for (position, control) in (card.security?["operationalControls"]?.elements ?? []).enumerated() {
            guard control["status"]?.string == "met" || control["status"]?.string == "partly-met",
                control["evidence"]?.elements.isEmpty != false
            else { continue }
            let pointer = SecurityCard.securityPointer.appending("operationalControls").appending(position)
            tell(
                .error, .claim, pointer.appending("status"), control["status"]?.line ?? control.line,
                "says \(control["status"]?.string ?? ""), and names no evidence")
        }
        for list in ["unitary", "intersectional"] {
            for (position, result) in (card.document["quantitativeAnalyses"]?[list]?.elements ?? []).enumerated()
            where result["evidence"] == nil {
                tell(
                    .warning, .claim, DocumentPointer(["quantitativeAnalyses", list, String(position)]), result.line,
                    "is a measured value without evidence")
            }
        }
    }

    private mutating func claims(of attack: CardAttack) {
        mitigations(attack.value, attack.pointer)
        acceptance(attack.value, attack.pointer)
        let isTested = attack.value["tests"]?.elements.isEmpty == false
        let isVerified = attack.value["mitigations"]?.elements.contains { $0["status"]?.string == "verified" } == true
        if attack.value["residualRisk"]?.string == "low", attack.value["applicable"]?.string == "yes", !isTested,
            !isVerified, attack.value["evidence"] == nil
        {
            tell(
                .warning, .claim, attack.pointer.appending("residualRisk"), attack.value["residualRisk"]?.line ?? 0,
                "says low, with no test and no verified mitigation")
        }
    }

    private mutating func mitigations(_ value: DocumentValue, _ pointer: DocumentPointer) {
        for (position, mitigation) in (value["mitigations"]?.elements ?? []).enumerated()
        where mitigation["status"]?.string == "verified" && mitigation["evidence"]?.elements.isEmpty != false {
            tell(
                .error, .claim, pointer.appending("mitigations").appending(position).appending("status"),
                mitigation["status"]?.line ?? mitigation.line, "says verified, and names no evidence")
        }
    }

    /// An acceptance names a person; the ends of it are a matter of dates.
    private mutating func acceptance(_ value: DocumentValue, _ pointer: DocumentPointer) {
        guard let accepted = value["acceptedBy"], value["acceptedUntil"] == nil else { return }
        tell(
            .warning, .claim, pointer.appending("acceptedBy"), accepted.line,
            "accepts a risk without an end: give acceptedUntil")
    }

    // MARK: Tests

    /// Tests whose parts contradict each other.
    mutating func tests(_ card: SecurityCard) {
        // Of a redacted card the numbers may be withheld.
        let isWhole = card.document["publication"]?["redactedFrom"] == nil
        for attack in card.attacks {
            for (position, test) in (attack.value["tests"]?.elements ?? []).enumerated() {
                let pointer = attack.pointer.appending("tests").appending(position)
                if isWhole { outcome(test, pointer) }
                sample(test, pointer)
            }
        }
        for list in ["unitary", "intersectional"] {
            for (position, result) in (card.document["quantitativeAnalyses"]?[list]?.elements ?? []).enumerated() {
                sample(result, DocumentPointer(["quantitativeAnalyses", list, String(position)]))
            }
        }
    }

    private mutating func outcome(_ test: DocumentValue, _ pointer: DocumentPointer) {
        guard let outcome = test["outcome"]?.string else { return }
        let line = test["outcome"]?.line ?? test.line
        let place = pointer.appending("outcome")
        guard let threshold = test["threshold"], let limit = threshold.double else {
            if outcome == "pass" || outcome == "fail" {
                tell(.error, .test, place, line, "is \(outcome) without a threshold to hold the value against")
            }
            return
        }
        if outcome == "no-threshold" {
            return tell(.error, .test, place, line, "says no-threshold, and there is one: \(threshold.shown)")
        }
        guard let comparison = test["comparison"]?.string.flatMap(Comparison.init) else {
            return tell(.error, .test, place, line, "has a threshold and no comparison: <, <=, > or >=")
        }
        guard let value = test["value"]?.double else {
            if outcome != "inconclusive" { tell(.error, .test, place, line, "is \(outcome) without a value") }
            return
        }
        let holds = comparison.holds(value, limit)
        let relation = "\(test["value"]?.shown ?? "") \(comparison.rawValue) \(threshold.shown)"
        switch outcome {
        case "pass" where !holds: tell(.error, .test, place, line, "is pass, and \(relation) does not hold")
        case "fail" where holds: tell(.error, .test, place, line, "is fail, and \(relation) holds")
        case "pass", "fail":
            let ends = test["interval"]?.elements.compactMap(\.double) ?? []
            guard ends.count == 2, comparison.holds(ends[0], limit) != comparison.holds(ends[1], limit) else { break }
            tell(
                .warning, .test, place, line,
                "is \(outcome), and the interval reaches across the threshold: the sample does not decide it")
        default: break
        }
    }

    private mutating func sample(_ value: DocumentValue, _ pointer: DocumentPointer) {
        guard let measured = value["value"]?.double else { return }
        guard let interval = value["interval"], interval.elements.count == 2,
            let low = interval[0]?.double, let high = interval[1]?.double
        else {
            if value["n"] == nil {
                tell(.warning, .sample, pointer, value.line, "has a value with neither a sample size nor an interval")
            }
            return
        }
        let place = pointer.appending("interval")
        if low > high {
            tell(.error, .sample, place, interval.line, "ends before it starts")
        } else if measured < low || measured > high {
            tell(.error, .sample, place, interval.line, "does not hold the value \(value["value"]?.shown ?? "")")
        }
        guard let n = value["n"]?.integer else {
            return tell(.warning, .sample, place, interval.line, "has no sample size beside it")
        }
        if n < 30, outcomeDecides(value) {
            tell(.warning, .sample, pointer.appending("n"), value["n"]?.line ?? value.line, "is \(n): few to decide on")
        }
        // The standard deviation of a share is sqrt(p(1-p)/n), and a 95 % interval about four of them wide: less than
        // two thirds of one is a wrong n, or another kind of value.
        if (0...1).contains(measured), low >= 0, high <= 1, low < high, n > 0 {
            let deviation = (measured * (1 - measured) / Double(n)).squareRoot()
            if deviation > 0, high - low < 2 * deviation / 3 {
                tell(
                    .warning, .sample, place, interval.line,
                    "is narrower than \(n) samples of a share can make it: is n right?")
            }
        }
    }

    private func outcomeDecides(_ value: DocumentValue) -> Bool {
        ["pass", "fail"].contains(value["outcome"]?.string ?? "")
    }
}

/// How a value is held against a threshold.
enum Comparison: String {
    case less = "<", atMost = "<=", more = ">", atLeast = ">="

    func holds(_ value: Double, _ threshold: Double) -> Bool {
        switch self {
        case .less: value < threshold
        case .atMost: value <= threshold
        case .more: value > threshold
        case .atLeast: value >= threshold
        }
    }

    /// Whether a change from one value to the other is for the worse.
    func isWorse(_ value: Double, than before: Double) -> Bool {
        switch self {
        case .less, .atMost: value > before
        case .more, .atLeast: value < before
        }
    }
}
