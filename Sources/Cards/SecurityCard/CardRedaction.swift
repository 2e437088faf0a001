package import AssayCore
internal import ByteParsing
package import Documents

/// Withholds parts of a card from an audience (NCSC principles for the security of machine learning, 1.3 and 3.1).
package struct CardRedaction: Sendable {
    /// Who reads a card, the narrowest first.
    package enum Audience: String, Sendable, Hashable, CaseIterable, Comparable {
        case `internal`, customer, `public`

        package static func < (left: Audience, right: Audience) -> Bool { left.rank < right.rank }
        private var rank: Int { self == .internal ? 0 : self == .customer ? 1 : 2 }
    }

    /// What is shown to whom at most.
    package struct Rule: Sendable, Hashable {
        package let id: String
        package let path: PathPattern
        /// The widest audience that sees it.
        package let audience: Audience
        /// Why, for the record of the review.
        package let reason: String
    }

    /// Something that was taken out.
    package struct Withheld: Sendable, Hashable {
        /// How: removed, or replaced by the word `withheld` where the schema demands something.
        package enum Action: String, Sendable { case removed, replaced }
        package let pointer: DocumentPointer
        package let rule: Rule
        package let action: Action
    }

    /// The word that stands for what was taken out.
    package static let word = "withheld"

    /// What the audience sees.
    package private(set) var card: SecurityCard
    /// What it does not see, in the order of the card.
    package private(set) var withheld: [Withheld] = []

    /// Takes out of a card what its audience is not to see; the rest still fits the schema.
    /// - Parameter originalDigest: SHA-256 of the card's file as it was.
    /// - Throws: `EvidenceError` when the card does not fit its schema, a rule is wrong, or something is to be withheld
    ///   that the schema demands and that no word can stand for.
    package init(
        _ original: SecurityCard, for audience: Audience, rules: [Rule], originalDigest: String
    ) throws(EvidenceError) {
        guard let schema = SecurityCard.schema else { throw EvidenceError("the card schema is broken") }
        if let violation = schema.violations(of: original.document).first {
            throw EvidenceError("the card does not fit its schema: \(violation)")
        }
        let own = try Self.restrictions(of: original)
        var found: [(pointer: DocumentPointer, rule: Rule)] = []
        Self.find(original.document, DocumentPointer(), audience, own, rules, &found)
        var replaced: Set<DocumentPointer> = []
        let publication: DocumentValue = [
            "audience": .string(audience.rawValue), "redactedFrom": ["sha256": .string(originalDigest)],
        ]
        card = Self.apply(found, replaced, to: original, publication)
        var violations = schema.violations(of: card.document)
        // Where the schema misses something, the word stands for it: one thing at a time, and only where that helps.
        for (pointer, _) in found {
            guard violations.contains(where: { Self.isAround($0.pointer, pointer) }) else { continue }
            let trial = Self.apply(found, replaced.union([pointer]), to: original, publication)
            let left = schema.violations(of: trial.document)
            guard left.count < violations.count else { continue }
            (card, violations) = (trial, left)
            replaced.insert(pointer)
        }
        if let first = violations.first {
            throw EvidenceError("the card would no longer fit its schema: \(first). Withhold what is around it")
        }
        withheld = found.map {
            Withheld(pointer: $0.pointer, rule: $0.rule, action: replaced.contains($0.pointer) ? .replaced : .removed)
        }
    }

    /// Whether a violation at one place may come from something that is missing at the other.
    private static func isAround(_ violation: DocumentPointer, _ item: DocumentPointer) -> Bool {
        item.tokens.starts(with: violation.tokens) && item.tokens.count <= violation.tokens.count + 2
    }

    private static func apply(
        _ found: [(pointer: DocumentPointer, rule: Rule)], _ replaced: Set<DocumentPointer>,
        to original: SecurityCard, _ publication: DocumentValue
    ) -> SecurityCard {
        var card = original
        // From the back, so that places in lists stay what they were.
        for (pointer, _) in found.reversed() {
            guard replaced.contains(pointer), let value = card.document.at(pointer) else {
                card.document.remove(at: pointer)
                continue
            }
            card.document.set(value.isArray ? [.string(word)] : .string(word), at: pointer)
        }
        for member in publication.members {
            card.document.set(member.value, at: DocumentPointer(["publication", member.name]))
        }
        return card
    }

    /// Walks the card; what is withheld as a whole is not looked into.
    private static func find(
        _ value: DocumentValue, _ pointer: DocumentPointer, _ audience: Audience, _ own: [Rule], _ rules: [Rule],
        _ found: inout [(pointer: DocumentPointer, rule: Rule)]
    ) {
        var rules = rules
        // The card's own word goes before the rules, for everything below as well.
        if let said = own.last(where: { $0.path.matches(pointer) }) {
            guard audience <= said.audience else { return found.append((pointer, said)) }
            rules = []
        } else if let rule = rules.first(where: { audience > $0.audience && $0.path.matches(pointer) }) {
            guard own.contains(where: { $0.audience >= audience && $0.path.reachesBelow(pointer) }) else {
                return found.append((pointer, rule))
            }
            // Something below is shown by the card's own word: withhold what is beside it.
            rules = [Rule(id: rule.id, path: PathPattern.everything, audience: rule.audience, reason: rule.reason)]
        }
        switch value.content {
        case .array(let elements):
            for (position, element) in elements.enumerated() {
                find(element, pointer.appending(position), audience, own, rules, &found)
            }
        case .object(let members):
            for member in members { find(member.value, pointer.appending(member.name), audience, own, rules, &found) }
        default: break
        }
    }

    /// The card's own word on who may see what.
    private static func restrictions(of card: SecurityCard) throws(EvidenceError) -> [Rule] {
        var rules: [Rule] = []
        for (position, entry) in (card.document["publication"]?["restrict"]?.elements ?? []).enumerated() {
            guard let path = entry["path"]?.string.flatMap(PathPattern.init),
                let audience = entry["audience"]?.string.flatMap(Audience.init)
            else { throw EvidenceError("line \(entry.line): a restriction needs a path and an audience") }
            rules.append(
                Rule(id: "card-\(position + 1)", path: path, audience: audience, reason: entry["reason"]?.string ?? ""))
        }
        return rules
    }

    // MARK: Rules

    /// Reads rules (`card-redaction-rules/v1`).
    /// - Throws: `EvidenceError` with the line of the first thing that is wrong.
    package static func rules(_ bytes: [UInt8]) throws(EvidenceError) -> [Rule] {
        let document: DocumentValue
        do { document = try DocumentReader.read(bytes) } catch { throw EvidenceError("redaction rules: \(error)") }
        guard document["schema"]?.string == "card-redaction-rules/v1" else {
            throw EvidenceError("redaction rules start with `schema: card-redaction-rules/v1`")
        }
        var rules: [Rule] = []
        for entry in document["rules"]?.elements ?? [] {
            for member in entry.members where !["id", "path", "audience", "reason"].contains(member.name) {
                throw EvidenceError("redaction rules, line \(member.line): \(member.name) is not known")
            }
            guard let id = entry["id"]?.string, let path = entry["path"]?.string.flatMap(PathPattern.init),
                let audience = entry["audience"]?.string.flatMap(Audience.init), let reason = entry["reason"]?.string
            else {
                throw EvidenceError("redaction rules, line \(entry.line): a rule has id, path, audience and reason")
            }
            rules.append(Rule(id: id, path: path, audience: audience, reason: reason))
        }
        return rules
    }

    /// The text of the rules that Assay ships.
    package static var shippedBytes: [UInt8] { Resource.named("cards/redaction.yaml")?.array() ?? [] }

    // MARK: Review

    /// Who reviewed what is published, and when.
    package struct Review: Sendable {
        package var reviewer: String
        /// When it was reviewed.
        package var date: CalendarDate
        /// SHA-256 of the whole card, in lower-case hexadecimal.
        package var cardDigest: String
        /// SHA-256 of what is published.
        package var redactedDigest: String
        /// SHA-256 of the rules that decided.
        package var rulesDigest: String

        package init(
            reviewer: String, date: CalendarDate, cardDigest: String, redactedDigest: String, rulesDigest: String
        ) {
            self.reviewer = reviewer
            self.date = date
            self.cardDigest = cardDigest
            self.redactedDigest = redactedDigest
            self.rulesDigest = rulesDigest
        }
    }

    /// The type of a review record as evidence; `Schemas/card-redaction-v1.schema.json`.
    package static let predicateType = PredicateType.own + "card-redaction/v1"

    /// The review as a statement about the model and about the card that is published.
    /// - Throws: `EvidenceError` when the card names no digest.
    package func statement(_ review: Review) throws(EvidenceError) -> [UInt8] {
        guard let subject = card.subject else { throw EvidenceError("the card names no digest that it is about") }
        func digest(_ text: String) -> DocumentValue { ["sha256": .string(text)] }
        let predicate: DocumentValue = [
            "schema": "card-redaction/v1",
            "audience": card.document["publication"]?["audience"] ?? .null,
            "card": ["name": .string(card.name), "digest": digest(review.cardDigest)],
            "redacted": ["digest": digest(review.redactedDigest)],
            "rules": ["digest": digest(review.rulesDigest)],
            "reviewer": .string(review.reviewer), "date": .string("\(review.date)"),
            "withheld": .array(
                withheld.map {
                    [
                        "path": .string($0.pointer.description), "rule": .string($0.rule.id),
                        "reason": .string($0.rule.reason), "action": .string($0.action.rawValue),
                    ]
                }),
        ]
        return Statement.write(
            subjects: [subject, Statement.Subject(name: "redacted card", sha256: review.redactedDigest)],
            predicateType: Self.predicateType
        ) { predicate.write(to: &$0) }
    }
}
