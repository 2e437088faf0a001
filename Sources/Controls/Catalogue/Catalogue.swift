/// A control catalogue: what one publisher asks of those who build and run machine-learning models.
package struct Catalogue: Sendable {
    /// A chapter: a group of a guideline, a principle, a tactic, an objective, a track.
    package struct Group: Sendable, Hashable {
        package let id: String
        package let title: String
        /// The phase of a life cycle, in catalogues that are ordered by one.
        package let phase: String?
        package let summary: String?
    }

    /// A countermeasure that a taxonomy of attacks links its techniques to.
    package struct Mitigation: Sendable, Hashable {
        package let id: String
        package let title: String
        /// What its publisher files it under.
        package let categories: [String]
        /// Kinds of evidence that would show it.
        package let evidence: [String]
    }

    package let id: String
    package let title: String
    /// The publisher's edition; nil where there is but one.
    package let version: String?
    /// Title and publisher of the original, which the texts here paraphrase.
    package let source: String
    /// The terms of the original.
    package let licence: String?
    /// What readers of an assessment have to know about it.
    package let note: String?
    package let groups: [Group]
    /// In the order of the publication.
    package let controls: [Control]
    /// Empty in catalogues that are no taxonomy of attacks.
    package let mitigations: [Mitigation]
    /// Where it was read from.
    package let file: String
}

/// One entry of a catalogue: something to do, to consider, to avoid, or a risk or attack to answer.
package struct Control: Sendable {
    /// How much of it machine evidence can show.
    package enum Automation: String, Sendable, CaseIterable {
        /// Machine evidence alone.
        case automatic
        /// Machine evidence and a person's word.
        case partial
        /// A person's word alone.
        case attested
    }

    /// What it is: `do`, `dont`, `consider`, `risk`, `attack` or `technique`.
    package enum Kind: String, Sendable, CaseIterable { case `do`, dont, consider, risk, attack, technique }

    package let id: String
    package let title: String
    package let summary: String?
    package let kind: Kind
    package let phase: String?
    /// Ids of the groups that it stands in; techniques stand under several tactics.
    package let groups: [String]
    /// The kinds of evidence that could support it, as the catalogue lists them.
    package let evidence: [String]
    /// Where the evidence list comes from, in catalogues that say so.
    package let evidenceBasis: String?
    package let automation: Automation
    /// What has to be there; all of `evidence` when the catalogue says nothing else.
    package let needs: Requirement
    /// Ids in other publications, by the publication's short name.
    package let references: [Reference]
    /// The technique that this one is a part of.
    package let parent: String?
    /// Ids of countermeasures of the same catalogue.
    package let mitigations: [String]
    /// How well attested a technique is, in the words of MITRE ATLAS.
    package let maturity: String?
    /// `PredAI` and `GenAI`, for attacks; empty when the catalogue does not say.
    package let systems: [String]
    /// Where it stands in its file.
    package let line: Int

    /// Ids of the same thing in another publication.
    package struct Reference: Sendable, Hashable {
        /// The short name of the other publication.
        package let publication: String
        package let ids: [String]
    }
}
