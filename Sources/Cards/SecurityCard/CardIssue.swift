package import Documents

/// One thing that a check of a card says.
package struct CardIssue: Sendable, Hashable {
    /// How grave it is.
    package enum Level: String, Sendable, Hashable, Comparable {
        /// Not wrong, and worth a look.
        case warning
        /// Something that the card leaves open: nobody knows, or nobody has said.
        case open
        /// The card contradicts its schema, its evidence, the calendar or itself.
        case error

        package static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }
        private var rank: Int { self == .warning ? 0 : self == .open ? 1 : 2 }
    }

    /// What a check looks for; the raw values are stable ids.
    package enum Rule: String, Sendable, Hashable, CaseIterable {
        case syntax = "CARD-SYNTAX"
        case schema = "CARD-SCHEMA"
        case open = "CARD-OPEN"
        case subject = "CARD-SUBJECT"
        case deadEvidence = "CARD-EVIDENCE-DEAD"
        case repeated = "CARD-ID-REPEATED"
        case evidenceSubject = "CARD-EVIDENCE-SUBJECT"
        case evidenceFile = "CARD-EVIDENCE-FILE"
        case expired = "CARD-EXPIRED"
        case date = "CARD-DATE"
        case claim = "CARD-CLAIM"
        case test = "CARD-TEST"
        case sample = "CARD-SAMPLE"
        case reference = "CARD-REFERENCE"

        /// What the rule looks for.
        package var title: String {
            switch self {
            case .syntax: "The text is no card"
            case .schema: "The card does not fit its schema"
            case .open: "The card leaves something open"
            case .subject: "The card is about another digest"
            case .deadEvidence: "An evidence id leads nowhere"
            case .repeated: "An id stands for two things"
            case .evidenceSubject: "Evidence is about something else"
            case .evidenceFile: "Evidence is not there, or does not say what the card says it does"
            case .expired: "A date has gone by"
            case .date: "Dates contradict each other"
            case .claim: "A claim rests on nothing"
            case .test: "A test's outcome contradicts its value"
            case .sample: "Sample size, value and interval do not go together"
            case .reference: "A name leads nowhere"
            }
        }
    }

    package let level: Level
    package let rule: Rule
    /// Where in the card.
    package let pointer: DocumentPointer
    /// Counted from 1; 0 when the card has no lines.
    package let line: Int
    /// What is wrong, said of what the pointer leads to.
    package let message: String

    package init(_ level: Level, _ rule: Rule, _ pointer: DocumentPointer, line: Int, _ message: String) {
        self.level = level
        self.rule = rule
        self.pointer = pointer
        self.line = line
        self.message = message
    }
}
