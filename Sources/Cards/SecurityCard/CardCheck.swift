package import AssayCore
package import Documents

/// Checks a card against its schema, its evidence, the calendar and itself.
package struct CardCheck: Sendable {
    /// What the card is held against.
    package struct Context: Sendable {
        /// The day that dates of the card are held against.
        package var today: CalendarDate
        /// SHA-256 of the model at hand, root and files, when it was measured; the first one is the whole.
        package var subject: [Statement.Subject] = []
        /// Evidence at hand by the SHA-256 of its file; nil when none was given.
        package var evidence: [String: EvidenceRecord]?
        /// For the members of `extensions` and those that begin with `x-`.
        package var extensionSchema: JSONSchema?

        package init(today: CalendarDate) { self.today = today }
    }

    let context: Context
    var issues: [CardIssue] = []

    private init(_ context: Context) { self.context = context }

    /// Everything that is wrong with a card's text or left open in it, by line.
    package static func issues(of bytes: [UInt8], in context: Context) -> [CardIssue] {
        do {
            return issues(of: try SecurityCard(bytes), in: context)
        } catch {
            return [CardIssue(.error, .syntax, DocumentPointer(), line: error.line, error.message)]
        }
    }

    /// Everything that is wrong with a card or left open in it, by line.
    package static func issues(of card: SecurityCard, in context: Context) -> [CardIssue] {
        guard let schema = SecurityCard.schema else {
            return [CardIssue(.error, .schema, DocumentPointer(), line: 0, "cannot be checked: the schema is broken")]
        }
        guard card.isSecurityCard else {
            let said = card.document["schema"]?.shown ?? "nothing"
            return [
                CardIssue(
                    .error, .syntax, DocumentPointer(["schema"]), line: max(1, card.document.line),
                    "says \(said), not \(SecurityCard.schemaName): this is no Security Model Card")
            ]
        }
        var check = CardCheck(context)
        check.schema(card, schema)
        check.subject(card)
        check.evidence(card)
        check.dates(card)
        check.claims(card)
        check.tests(card)
        check.names(card)
        // By line, and in the order of finding within one: sorting is stable by the position.
        return check.issues.enumerated().sorted { one, other in
            (one.element.line, one.offset) < (other.element.line, other.offset)
        }.map(\.element)
    }

    mutating func tell(
        _ level: CardIssue.Level, _ rule: CardIssue.Rule, _ pointer: DocumentPointer, _ line: Int, _ message: String
    ) {
        issues.append(CardIssue(level, rule, pointer, line: line, message))
    }

    // MARK: Schema and open questions

    private mutating func schema(_ card: SecurityCard, _ schema: JSONSchema) {
        var found = schema.violations(of: card.document)
        if let own = context.extensionSchema {
            if let sections = card.document["extensions"] {
                found += own.violations(of: sections).map { $0.below("extensions") }
            } else {
                tell(
                    .open, .open, DocumentPointer(), card.document.line,
                    "has no extensions, for which a schema is given")
            }
        }
        var told: Set<DocumentPointer> = []
        for violation in found {
            let isOpen = card.document.at(violation.pointer)?.saysUnknown == true
            told.insert(violation.pointer)
            tell(
                isOpen ? .open : .error, isOpen ? .open : .schema, violation.pointer, violation.line,
                isOpen ? "is unknown, and the schema demands it: it \(violation.message)" : violation.message)
        }
        unknowns(card.document, DocumentPointer(), told)
    }

    /// Lists every `unknown` that the card says.
    private mutating func unknowns(_ value: DocumentValue, _ pointer: DocumentPointer, _ told: Set<DocumentPointer>) {
        switch value.content {
        case .string where value.saysUnknown && !told.contains(pointer):
            tell(.open, .open, pointer, value.line, "is unknown")
        case .array(let elements):
            for (position, element) in elements.enumerated() where !element.isScalar || element.saysUnknown {
                unknowns(element, pointer.appending(position), told)
            }
        case .object(let members):
            for member in members where !member.value.isScalar || member.value.saysUnknown {
                unknowns(member.value, pointer.appending(member.name), told)
            }
        default: break
        }
    }

    // MARK: Subject

    private mutating func subject(_ card: SecurityCard) {
        guard let whole = context.subject.first, let digests = card.document["subject"]?["digest"] else { return }
        let pointer = DocumentPointer(["subject", "digest"])
        for member in digests.members {
            guard let measured = whole.digests[member.name], let said = member.value.string else { continue }
            if said.lowercased() != measured {
                tell(
                    .error, .subject, pointer.appending(member.name), member.value.line,
                    "is \(said.prefix(12))…, and the model at hand is \(measured.prefix(12))…")
            }
        }
    }
}

extension DocumentValue {
    /// Whether this is the word that stands for what nobody knows.
    var saysUnknown: Bool { string == "unknown" }

    var isScalar: Bool { !isArray && !isObject }

    /// A day, or the day of a moment.
    var day: CalendarDate? { string.flatMap { CalendarDate(moment: $0) } }
}

extension Violation {
    /// The same violation, of a document that the checked one is a member of.
    func below(_ name: String) -> Violation {
        Violation(
            pointer: DocumentPointer([name] + pointer.tokens), line: line, message: message, keyword: keyword)
    }
}
