internal import AssayCore
internal import Controls

extension Assessment.State {
    /// The word for people.
    var word: String {
        switch self {
        case .present: "evidence present"
        case .partial: "partial"
        case .missing: "missing"
        case .attested: "attested"
        case .notApplicable: "not applicable"
        }
    }

    /// One character that tells the states apart without colour.
    var mark: String {
        switch self {
        case .present: "●"
        case .partial: "◐"
        case .missing: "○"
        case .attested: "◇"
        case .notApplicable: "–"
        }
    }
}

extension EvidenceRecord.Standing {
    var word: String {
        switch self {
        case .verified: "signed"
        case .unsigned: "not signed"
        case .notVerified: "signature not verified"
        }
    }
}

extension Attestation {
    /// Who said so, when, and until when it counts.
    var line: String {
        var parts = [by + (role.map { " (\($0))" } ?? "")]
        if let date { parts.append("on \(date)") }
        if let expires { parts.append("until \(expires)") }
        return parts.joined(separator: " ")
    }
}

/// Facts about assessments that several formats tell.
enum ControlWords {
    /// What reports say about themselves, once.
    static let caveat =
        "This lists evidence, it is no judgement: whether a control is met, and whether that is enough, is for a person "
        + "to say."

    static func counts(_ assessment: Assessment, catalogue: String? = nil) -> [(Assessment.State, Int)] {
        Assessment.State.allCases.map { ($0, assessment.count($0, catalogue: catalogue)) }
    }
}
