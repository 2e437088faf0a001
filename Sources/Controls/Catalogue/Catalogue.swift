/// A control catalogue: what one publisher asks of those who build and run machine-learning models.
public struct Catalogue: Sendable {
    /// A chapter: a group of a guideline, a principle, a tactic, an objective, a track.
    public struct Group: Sendable, Hashable {
        public let id: String
        public let title: String
        public let phase: String?
        public let summary: String?
    }

    /// A countermeasure that a taxonomy of attacks links its techniques to.
    public struct Mitigation: Sendable, Hashable {
        public let id: String
        public let title: String
        public let categories: [String]
        /// Kinds of evidence that would show it.
        public let evidence: [String]
    }

    public let id: String
    public let title: String
    public let version: String?
    public let source: String
    public let licence: String?
    public let note: String?
    public let groups: [Group]
    public let controls: [Control]
    public let mitigations: [Mitigation]
    /// Where it was read from.
    public let file: String
}

/// One entry of a catalogue: something to do, to consider, to avoid, or a risk or attack to answer.
public struct Control: Sendable {
    /// How much of it machine evidence can show.
    public enum Automation: String, Sendable, CaseIterable {
        /// Machine evidence alone.
        case automatic
        /// Machine evidence and a person's word.
        case partial
        /// A person's word alone.
        case attested
    }

    /// What it is: `do`, `dont`, `consider`, `risk`, `attack` or `technique`.
    public enum Kind: String, Sendable, CaseIterable { case `do`, dont, consider, risk, attack, technique }

    public let id: String
    public let title: String
    public let summary: String?
    public let kind: Kind
    public let phase: String?
    public let groups: [String]
    /// The kinds of evidence that could support it, as the catalogue lists them.
    public let evidence: [String]
    /// Where the evidence list comes from, in catalogues that say so.
    public let evidenceBasis: String?
    public let automation: Automation
    /// What has to be there; all of `evidence` when the catalogue says nothing else.
    public let needs: Requirement
    /// Ids in other publications, by the publication's short name.
    public let references: [Reference]
    /// The technique that this one is a part of.
    public let parent: String?
    public let mitigations: [String]
    public let maturity: String?
    /// `PredAI` and `GenAI`, for attacks; empty when the catalogue does not say.
    public let systems: [String]
    /// Where it stands in its file.
    public let line: Int

    /// Ids of the same thing in another publication.
    public struct Reference: Sendable, Hashable {
        public let publication: String
        public let ids: [String]
    }
}
