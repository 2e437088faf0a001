package import AssayCore
package import Documents

/// Drafts a card from what files and evidence say. What nothing says is `unknown`; nothing is made up.
package struct CardDraft: Sendable {
    /// Something that is known, where it belongs in a card, and who says it.
    package struct Fact: Sendable {
        package let pointer: DocumentPointer
        package let value: DocumentValue
        /// In words: `config.json, architectures`.
        package let source: String

        package init(_ tokens: String..., value: DocumentValue, source: String) {
            pointer = DocumentPointer(tokens)
            self.value = value
            self.source = source
        }
    }

    package private(set) var card: SecurityCard
    /// Where each line that the program filled comes from.
    package private(set) var sources: [DocumentPointer: String] = [:]

    /// - Parameters:
    ///   - name: the model's name, unless a fact says another.
    ///   - digest: SHA-256 of the whole, in lower-case hexadecimal.
    ///   - facts: what is known, the most reliable first: the first for a place wins.
    package init(name: String, digest: String, digestSource: String, facts: [Fact], today: CalendarDate) {
        card = SecurityCard(Self.template(name: name, digest: digest, today: today))
        sources[DocumentPointer(["id"])] = "from the digest"
        sources[DocumentPointer(["subject", "name"])] = "name of the file or folder"
        sources[DocumentPointer(["subject", "digest", "sha256"])] = digestSource
        sources[DocumentPointer(["issued", "date"])] = "day of the draft"
        var filled: Set<DocumentPointer> = []
        for fact in facts where filled.insert(fact.pointer).inserted {
            card.document.set(fact.value, at: fact.pointer)
            sources[fact.pointer] = fact.source
        }
    }

    /// Joins the draft with evidence, as `CardBuild` does.
    package mutating func join(_ records: [EvidenceRecord], _ options: CardBuild.Options) -> [CardBuild.Note] {
        let built = CardBuild(card, records, options)
        card = built.card
        sources.merge(built.sources) { _, new in new }
        return built.notes
    }

    /// The draft in YAML, with the sources and the open questions beside their lines.
    package func yaml() -> [UInt8] {
        var comments = sources
        comments[DocumentPointer()] = """
            Security Model Card, a draft. Lines with a source were filled from files and evidence; "unknown" is for people
            to answer, and `assay card check` lists what is open.
            """
        for (tokens, question) in Self.questions {
            let pointer = DocumentPointer(tokens)
            guard sources[pointer] == nil, card.document.at(pointer)?.saysUnknown == true else { continue }
            comments[pointer] = question
        }
        return DocumentWriter.yaml(card.document, comments: comments)
    }

    /// The name-based identifier of a card for a digest: the same for every draft of the same model (RFC 9562, version 8).
    static func identifier(_ digest: String) -> String {
        var digits = Array(String(repeating: "0", count: max(0, 32 - digest.count)) + digest).prefix(32).map(
            String.init)
        digits[12] = "8"
        digits[16] = ["8", "9", "a", "b"][(Int(digits[16], radix: 16) ?? 0) & 3]
        let groups = [digits[0..<8], digits[8..<12], digits[12..<16], digits[16..<20], digits[20..<32]]
        return "urn:uuid:" + groups.map { $0.joined() }.joined(separator: "-")
    }

    private static func template(name: String, digest: String, today: CalendarDate) -> DocumentValue {
        let report: DocumentValue = ["status": "not-assessed", "summary": "unknown", "reason": "unknown"]
        return [
            "schema": .string(SecurityCard.schemaName),
            "id": .string(identifier(digest)),
            "revision": 1,
            "subject": ["name": .string(name), "digest": ["sha256": .string(digest)]],
            "issued": ["date": .string("\(today)"), "nextReview": "unknown", "author": "unknown"],
            "modelDetails": [
                "overview": "unknown", "owner": "unknown", "contact": "unknown", "expectedLifespan": "unknown",
                "type": "unknown", "license": "unknown",
            ],
            "intendedUse": ["primaryUses": ["unknown"], "primaryUsers": ["unknown"], "outOfScope": ["unknown"]],
            "factors": ["relevant": ["unknown"]],
            "metrics": ["measures": ["unknown"]],
            "evaluationData": [["name": "unknown", "sensitivity": "unknown"]],
            "trainingData": [["name": "unknown", "sensitivity": "unknown"]],
            "quantitativeAnalyses": ["unitary": []],
            "ethicalConsiderations": ["sensitiveData": "unknown", "humanLife": "unknown"],
            "securityConsiderations": [
                "taxonomy": ["name": "NIST AI 100-2", "edition": "E2025"],
                "aiClassification": ["class": "unknown", "rationale": "unknown"],
                "threatModel": [
                    "attackerKnowledge": "unknown",
                    "triad": [
                        "confidentiality": ["impact": "unknown", "description": "unknown"],
                        "integrity": ["impact": "unknown", "description": "unknown"],
                        "availability": ["impact": "unknown", "description": "unknown"],
                    ],
                    "assets": [], "actors": [], "attackPaths": [],
                    "onFailure": ["consequence": "unknown", "detection": "unknown", "fallback": "unknown"],
                ],
                "availabilityBreakdownReport": report, "integrityViolationsReport": report,
                "privacyCompromiseReport": report, "supplyChainReport": report,
                "operationalControls": [],
                "incidentContact": "unknown", "disclosureContact": "unknown",
                "lifecycle": ["retention": "unknown", "retentionUntil": "unknown", "destruction": "unknown"],
            ],
            "caveatsAndRecommendations": ["caveats": ["unknown"], "recommendations": ["unknown"]],
            "evidence": [],
        ]
    }

    /// What is asked of people, beside the lines where they answer.
    private static let questions: [([String], String)] =
        [
            (["issued", "author"], "who answers for this card?"),
            (["issued", "nextReview"], "a date, YYYY-MM-DD: when is the card to be reviewed?"),
            (["modelDetails", "overview"], "what is the model, in a sentence or two?"),
            (["modelDetails", "owner"], "the person or role accountable for the model"),
            (["modelDetails", "contact"], "where to ask"),
            (["modelDetails", "expectedLifespan"], "how long is it expected to be in use?"),
            (["modelDetails", "type"], "such as logistic regression, convolutional network, transformer"),
            (["modelDetails", "license"], "an SPDX identifier, or words"),
            (["securityConsiderations", "aiClassification", "class"], "PredAI, GenAI or PredAI+GenAI"),
            (["securityConsiderations", "aiClassification", "rationale"], "why it is that class"),
            (["securityConsiderations", "threatModel", "attackerKnowledge"], "white-box, gray-box or black-box"),
            (
                ["securityConsiderations", "threatModel", "onFailure", "consequence"],
                "what happens in the wider system when the model is wrong, slow or gone?"
            ),
            (["securityConsiderations", "incidentContact"], "whom to call when something happens"),
            (["securityConsiderations", "disclosureContact"], "whom to tell about a vulnerability"),
            (["securityConsiderations", "lifecycle", "retention"], "what is kept, for how long?"),
            (["securityConsiderations", "lifecycle", "retentionUntil"], "a date, YYYY-MM-DD"),
            (["securityConsiderations", "lifecycle", "destruction"], "how is the model destroyed at the end?"),
        ]
        + SecurityCard.reports.map {
            (
                ["securityConsiderations", $0, "reason"],
                "why is it not assessed? or: status assessed, partial, not-applicable"
            )
        }
}
