package import Documents

/// The attacks and techniques that may concern a model, as a table for people to edit: a proposal, not a verdict.
package struct ThreatTable: Sendable {
    /// Whether a threat concerns the model.
    package enum Applicability: String, Sendable, CaseIterable {
        case yes
        /// The card does not say enough: a person decides.
        case ask = "unknown"
        case no
    }

    /// One attack or technique.
    package struct Row: Sendable {
        package let catalogue: String
        package let id: String
        package let title: String
        /// Titles of the groups: tactics or objectives.
        package let groups: [String]
        package let applies: Applicability
        /// Why, in a sentence that names what the card says.
        package let reason: String
        package let mitigations: [Mitigation]
        /// What would answer it.
        package let evidence: [Answer]
    }

    /// A countermeasure of the catalogue.
    package struct Mitigation: Sendable, Hashable {
        package let id: String
        package let title: String
    }

    /// A kind of evidence that answers the threat, and how to get it.
    package struct Answer: Sendable, Hashable {
        package let kind: String
        /// What a user does to get it.
        package let answeredBy: String
    }

    package let model: String
    /// SHA-256 of the model, when the card names one.
    package let digest: String?
    /// In the order of the catalogues.
    package let rows: [Row]

    /// Proposes rows for every attack and technique of the catalogues that have rules.
    package init(_ facts: CardFacts, library: ControlLibrary, rules: ThreatRules) {
        model = facts.name
        digest = facts.digest
        var rows: [Row] = []
        for catalogue in library.catalogues {
            let titles = Dictionary(catalogue.groups.map { ($0.id, $0.title) }) { first, _ in first }
            let mitigations = Dictionary(catalogue.mitigations.map { ($0.id, $0.title) }) { first, _ in first }
            for control in catalogue.controls where control.kind == .attack || control.kind == .technique {
                let (applies, reason) = Self.judge(control, facts, rules)
                rows.append(
                    Row(
                        catalogue: catalogue.id, id: control.id, title: control.title,
                        groups: control.groups.compactMap { titles[$0] }, applies: applies, reason: reason,
                        mitigations: control.mitigations.map { Mitigation(id: $0, title: mitigations[$0] ?? "") },
                        evidence: control.evidence.map {
                            Answer(kind: $0, answeredBy: library.vocabulary[$0]?.answeredBy ?? "")
                        }))
            }
        }
        self.rows = rows
    }

    private static func judge(
        _ control: Control, _ facts: CardFacts, _ rules: ThreatRules
    ) -> (Applicability, String) {
        let systems = control.systems.joined(separator: " and ")
        if !control.systems.isEmpty, !facts.classes.isEmpty, facts.classes.isDisjoint(with: control.systems) {
            return (.no, "It concerns \(systems), and the card says \(facts.classes.sorted().joined(separator: ", ")).")
        }
        guard let rule = rules.rule(control.id) else {
            return (.ask, "No rule speaks about it: a person decides.")
        }
        switch rule.when.holds(facts) {
        case true?:
            let said = rule.when.established(facts)
            return (.yes, rule.because + (said.isEmpty ? "" : " The card says: \(said.joined(separator: ", "))."))
        case false?: return (.no, "The card says nothing that would expose the model to it.")
        case nil:
            let open = rule.when.open(facts)
            return (.ask, rule.because + " The card does not say: \(open.joined(separator: ", ")).")
        }
    }

    /// How many rows have that answer.
    package func count(_ applicability: Applicability) -> Int { rows.count { $0.applies == applicability } }

    /// The table as a document to edit, in YAML or JSON.
    package func document(all: Bool) -> DocumentValue {
        .object([
            "schema": "threat-table/v1", "model": .string(model), "digest": digest.map { .string($0) },
            "note": "Proposed from what the card says: to be edited and owned by a person.",
            "threats": .array(
                rows.filter { all || $0.applies != .no }.map { row in
                    .object([
                        "id": .string(row.id), "catalogue": .string(row.catalogue), "title": .string(row.title),
                        "groups": .strings(row.groups), "applicable": .string(row.applies.rawValue),
                        "rationale": .string(row.reason),
                        "mitigations": .array(
                            row.mitigations.map { .object(["id": .string($0.id), "title": .string($0.title)]) }),
                        "evidence": .array(
                            row.evidence.map {
                                .object(["kind": .string($0.kind), "answered-by": .string($0.answeredBy)])
                            }),
                    ])
                }),
        ])
    }
}
