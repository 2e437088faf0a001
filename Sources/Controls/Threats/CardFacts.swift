internal import AssayCore
package import Documents

/// What a Security Model Card says that decides about controls and threats; nothing else of it is looked at.
package struct CardFacts: Sendable {
    /// An entry of the card's operational controls: what people claim.
    package struct Claim: Sendable, Hashable {
        /// Id of the catalogue; empty when the card names none.
        package let catalogue: String
        /// Id of the control.
        package let control: String
        /// The card's word: `met`, `partly-met`, `not-met` and the like.
        package let status: String
    }

    package var name: String
    /// SHA-256 of the subject, in lower-case hexadecimal.
    package var digest: String?
    /// `PredAI`, `GenAI`, both, or empty when the card does not say.
    package var classes: Set<String> = []
    /// Why the model has these classes.
    package var rationale: String?
    /// What exposes the model, in the words of the schema: `public-endpoint`, `edge-deployed`.
    package var traits: Set<String> = []
    /// What attackers know: `white-box`, `gray-box` or `black-box`; nil when that is unsaid.
    package var knowledge: String?
    /// Whether the card lists traits, even none: then what is not listed is absent, and not only unsaid.
    package var saysTraits = false
    /// The base models' names, and whether each has a digest.
    package var baseModels: [(name: String, hasDigest: Bool)] = []
    /// Whether the card lists base models, even none.
    package var saysBaseModels = false
    /// SHA-256 of the data and base models that it names, in lower-case hexadecimal.
    package var data: Set<String> = []
    /// Training data without a digest or with a sensitivity that is unknown.
    package var unpinnedTrainingData: [String] = []
    /// Whether it names any training data.
    package var hasTrainingData = false
    /// How sensitive the data is, in the words of the schema.
    package var sensitivities: Set<String> = []
    /// What people say of controls; no evidence stands behind it.
    package var claims: [Claim] = []
    /// Who answers for the card; nil when that is unknown.
    package var author: String?

    /// Reads a card; members that are missing or of another form are left unsaid.
    package init(_ card: DocumentValue) {
        let subject = card["subject"]
        name = subject?["name"]?.string ?? ""
        digest = Self.sha256(subject)
        author = card["issued"]?["author"]?.string
        if author == "unknown" { author = nil }
        let security = card["securityConsiderations"]
        let classification = security?["aiClassification"]
        classes = Set((classification?["class"]?.string ?? "").split(separator: "+").map(String.init))
            .intersection(["PredAI", "GenAI"])
        rationale = classification?["rationale"]?.string
        if let listed = classification?["traits"], listed.isArray {
            saysTraits = true
            traits = Set(listed.strings)
        }
        knowledge = security?["threatModel"]?["attackerKnowledge"]?.string
        if !["white-box", "gray-box", "black-box"].contains(knowledge) { knowledge = nil }
        if let listed = subject?["baseModels"], listed.isArray {
            saysBaseModels = true
            for model in listed.elements {
                let digest = Self.sha256(model)
                baseModels.append((model["name"]?.string ?? "", digest != nil))
                if let digest { data.insert(digest) }
            }
        }
        for section in ["trainingData", "evaluationData"] {
            for set in card[section]?.elements ?? [] {
                let digest = Self.sha256(set)
                if let digest { data.insert(digest) }
                if let sensitivity = set["sensitivity"]?.string { sensitivities.insert(sensitivity) }
                // A draft names what nobody has said yet `unknown`.
                let isSaid = digest != nil || set["name"]?.string != "unknown"
                guard section == "trainingData", isSaid else { continue }
                hasTrainingData = true
                if digest == nil || set["sensitivity"]?.string == "unknown" {
                    unpinnedTrainingData.append(set["name"]?.string ?? "")
                }
            }
        }
        for claim in security?["operationalControls"]?.elements ?? [] {
            guard let control = claim["control"]?.string, let status = claim["status"]?.string else { continue }
            claims.append(Claim(catalogue: claim["catalog"]?.string ?? "", control: control, status: status))
        }
    }

    /// The SHA-256 of a subject, model or dataset of the card, when it is one.
    private static func sha256(_ value: DocumentValue?) -> String? {
        value?["digest"]?["sha256"]?.string.flatMap { Digest(hexadecimal: $0) }?.description
    }
}
