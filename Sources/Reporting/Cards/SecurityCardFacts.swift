internal import Documents

/// What a Security Model Card says, in the shapes that pages and Markdown are made of.
struct SecurityCardFacts: Sendable {
    /// One of the reports after NIST AI 100-2.
    struct Report: Sendable {
        var member: String
        /// Also its anchor.
        var id: String
        var title: String
        var question: String
        var value: DocumentValue?

        var status: String { value?["status"]?.string ?? "unknown" }
        var attacks: [Attack] { value?["attacks"]?.elements.map(Attack.init) ?? [] }

        var tone: Tone {
            switch status {
            case "assessed": .good
            case "partial": .mixed
            case "not-assessed": .open
            case "not-applicable": .none
            default: .unknown
            }
        }
        var words: String { status.split(separator: "-").joined(separator: " ") }
    }

    /// An attack that a report considers.
    struct Attack: Sendable {
        var value: DocumentValue

        /// What was done about it, the strongest first.
        enum Coverage: String, Sendable, CaseIterable { case tested, mitigated, accepted, open, unknown, excluded }

        var id: String { value["id"]?.string ?? "" }
        var tests: [DocumentValue] { value["tests"]?.elements ?? [] }
        var mitigations: [DocumentValue] { value["mitigations"]?.elements ?? [] }
        var acceptedBy: String? { value["acceptedBy"]?.string }

        var coverage: Coverage {
            if value["applicable"]?.string == "no" { return .excluded }
            if !tests.isEmpty { return .tested }
            if value["applicable"]?.string != "yes" { return .unknown }
            if !mitigations.isEmpty { return .mitigated }
            return acceptedBy == nil ? .open : .accepted
        }
    }

    let card: DocumentValue
    let reports: [Report]

    init(_ card: DocumentValue) {
        self.card = card
        let security = card["securityConsiderations"]
        let isGenerative = security?["aiClassification"]?["class"]?.string?.contains("GenAI") ?? true
        reports = [
            Report(
                member: "availabilityBreakdownReport", id: "availability", title: "Availability breakdown",
                question: "Can somebody make the model useless or slow?"),
            Report(
                member: "integrityViolationsReport", id: "integrity", title: "Integrity violations",
                question: "Can somebody make the model answer wrongly?"),
            Report(
                member: "privacyCompromiseReport", id: "privacy", title: "Privacy compromise",
                question: "Can somebody get at data, at the model, or at who is in it?"),
            Report(
                member: "misuseReport", id: "misuse", title: "Misuse",
                question: "Can somebody get around what the model shall refuse?"),
            Report(
                member: "supplyChainReport", id: "supply-chain", title: "Supply chain",
                question: "Can somebody get in through what the model is made of?"),
        ].map { report in
            var report = report
            report.value = security?[report.member]
            return report
        }.filter { $0.value != nil || $0.member != "misuseReport" || isGenerative }
    }

    var subject: DocumentValue? { card["subject"] }
    var security: DocumentValue? { card["securityConsiderations"] }
    var name: String { subject?["name"]?.string ?? "unnamed model" }
    var version: String? { subject?["version"]?.string }

    /// Every test with the attack and report that it belongs to.
    var tests: [(report: Report, attack: Attack, test: DocumentValue)] {
        reports.flatMap { report in
            report.attacks.flatMap { attack in attack.tests.map { (report, attack, $0) } }
        }
    }

    /// A risk that somebody answers for.
    struct Acceptance: Sendable {
        var what: String
        var place: String
        /// Anchor of the place.
        var id: String
        var standing: String
        /// `residualRisk`, `acceptedBy`, `acceptedOn`, `acceptedUntil`, `acceptanceReason`.
        var value: DocumentValue
    }

    /// Of whole reports, of attacks and of attack paths.
    var accepted: [Acceptance] {
        var result: [Acceptance] = []
        for report in reports {
            if let value = report.value, value["acceptedBy"]?.string != nil {
                result.append(
                    Acceptance(
                        what: "The whole report", place: report.title, id: report.id, standing: report.words,
                        value: value))
            }
            for attack in report.attacks where attack.acceptedBy != nil {
                result.append(
                    Acceptance(
                        what: attack.id, place: report.title, id: report.id, standing: attack.coverage.words,
                        value: attack.value))
            }
        }
        for path in security?["threatModel"]?["attackPaths"]?.elements ?? [] where path["acceptedBy"]?.string != nil {
            result.append(
                Acceptance(
                    what: path["title"]?.string ?? path["id"]?.string ?? "", place: "Threat model", id: "threats",
                    standing: "attack path", value: path))
        }
        return result
    }

    /// Factors that are said to matter and were not looked at one by one.
    var factorsNotEvaluated: [String] {
        let evaluated = Set((card["factors"]?["evaluation"]?.strings ?? []).map { Array($0.utf8) })
        return (card["factors"]?["relevant"]?.strings ?? []).filter { !evaluated.contains(Array($0.utf8)) }
    }

    /// How many attacks of a report were dealt with in which way.
    static func counts(_ report: Report) -> [(coverage: Attack.Coverage, count: Int)] {
        Attack.Coverage.allCases.map { coverage in (coverage, report.attacks.count { $0.coverage == coverage }) }
    }

    /// The measured value of a test or a result.
    static func measurement(_ value: DocumentValue) -> Chart.Measurement? {
        guard let number = value["value"]?.double, number.isFinite else { return nil }
        var measurement = Chart.Measurement(value: number)
        let ends = value["interval"]?.elements.compactMap(\.double) ?? []
        if ends.count == 2, ends.allSatisfy(\.isFinite) { measurement.interval = (ends[0], ends[1]) }
        measurement.threshold = value["threshold"]?.double.flatMap { $0.isFinite ? $0 : nil }
        measurement.comparison = value["comparison"]?.string
        measurement.tone = tone(outcome: value["outcome"]?.string)
        return measurement
    }

    static func tone(outcome: String?) -> Tone {
        switch outcome {
        case "pass": .good
        case "fail": .poor
        case "inconclusive": .mixed
        default: .none
        }
    }

    static func tone(risk: String?) -> Tone {
        switch risk {
        case "low": .good
        case "medium": .mixed
        case "high": .poor
        default: .unknown
        }
    }
}

extension SecurityCardFacts.Attack.Coverage {
    var words: String {
        switch self {
        case .tested: "tested"
        case .mitigated: "mitigated, not tested"
        case .accepted: "accepted, not tested"
        case .open: "open"
        case .unknown: "not known whether it applies"
        case .excluded: "does not apply"
        }
    }

    /// Class of the style sheet.
    var style: String { self == .unknown ? "blank" : rawValue }
}
