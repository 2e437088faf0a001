package import AssayCore
package import Documents

/// Checks a data card against its schema, the calendar, the data and itself.
package struct DataCardCheck: Sendable {
    /// Share of one labeller from which the check warns: a tenth of the labels is enough to move a model.
    package static let largestShare = 0.5

    private let card: DocumentValue
    private let today: CalendarDate
    private let statistics: DocumentValue?
    private var issues: [CardIssue] = []

    private init(_ card: DocumentValue, today: CalendarDate, statistics: DocumentValue?) {
        self.card = card
        self.today = today
        self.statistics = statistics
    }

    /// - Parameters:
    ///   - today: what dates are compared with.
    ///   - statistics: counted anew in the data, to hold the card against.
    package static func issues(of bytes: [UInt8], today: CalendarDate, statistics: DocumentValue? = nil) -> [CardIssue]
    {
        do {
            return issues(of: try DocumentReader.read(bytes), today: today, statistics: statistics)
        } catch {
            return [
                CardIssue(.error, .syntax, DocumentPointer(), line: error.line, error.message)
            ]
        }
    }

    /// What is wrong with the card or left open in it, as of `today`; `statistics` are those that were counted, if any.
    package static func issues(of card: DocumentValue, today: CalendarDate, statistics: DocumentValue? = nil)
        -> [CardIssue]
    {
        var check = DataCardCheck(card, today: today, statistics: statistics)
        check.schema()
        check.dates()
        check.labellers()
        check.data()
        check.evidence()
        return check.issues.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }
            .map(\.element)
    }

    private mutating func tell(_ level: CardIssue.Level, _ rule: CardIssue.Rule, _ pointer: String, _ message: String) {
        let place = DocumentPointer(text: pointer) ?? DocumentPointer()
        issues.append(CardIssue(level, rule, place, line: card.at(place)?.line ?? card.line, message))
    }

    private mutating func schema() {
        guard let schema = DataCard.schema else {
            return tell(.error, .schema, "", "cannot be checked: the schema is broken")
        }
        for violation in schema.violations(of: card) {
            let isOpen = card.at(violation.pointer)?.string == "unknown"
            issues.append(
                CardIssue(
                    isOpen ? .open : .error, isOpen ? .open : .schema, violation.pointer, line: violation.line,
                    violation.message))
        }
        unknowns(card, DocumentPointer())
    }

    /// Lists every `unknown` that the card says; recursion is bounded by the depth that documents are read with.
    private mutating func unknowns(_ value: DocumentValue, _ pointer: DocumentPointer) {
        switch value.content {
        case .string("unknown"):
            guard !issues.contains(where: { $0.pointer == pointer && $0.level == .open }) else { return }
            issues.append(
                CardIssue(.open, .open, pointer, line: value.line, "is unknown"))
        case .array(let elements):
            for (position, element) in elements.enumerated() { unknowns(element, pointer.appending(position)) }
        case .object(let members):
            for member in members where member.name != "statistics" || !pointer.tokens.isEmpty {
                unknowns(member.value, pointer.appending(member.name))
            }
        default: break
        }
    }

    private mutating func dates() {
        func day(_ pointer: String) -> CalendarDate? {
            card.at(pointer: pointer)?.string.flatMap { CalendarDate(moment: $0) }
        }
        for (pointer, words) in [
            ("/issued/expires", "the card has expired"), ("/maintenance/reviewDate", "the review is overdue"),
            ("/retention/until", "retention has ended: the data is to be destroyed"),
        ] {
            guard let date = day(pointer), date < today else { continue }
            tell(.error, .expired, pointer, "is \(date): \(words)")
        }
        if let start = day("/collection/period/start"), let end = day("/collection/period/end"), end < start {
            tell(.error, .date, "/collection/period/end", "is before the start, \(start)")
        }
        if let issued = day("/issued/date"), today < issued {
            tell(.error, .date, "/issued/date", "is in the future")
        }
    }

    private mutating func labellers() {
        let said = card.at(pointer: "/labelling/largestShare/share")?.double
        let counted = (statistics ?? card["statistics"])?["labellers"]
        if let said, let share = counted?["largest"]?["share"]?.double, abs(said - share) > 0.005 {
            tell(
                .error, .claim, "/labelling/largestShare/share",
                "says \(rounded(said)), and \(rounded(share)) is counted in the data")
        }
        if let number = card.at(pointer: "/labelling/labellers")?.integer, let count = counted?["count"]?.integer,
            number != count
        {
            tell(.error, .claim, "/labelling/labellers", "says \(number), and \(count) are counted in the data")
        }
        if let share = said ?? counted?["largest"]?["share"]?.double, share > Self.largestShare {
            tell(
                .warning, .sample, said == nil ? "/labelling" : "/labelling/largestShare/share",
                "one labeller gave \(rounded(share)) of the labels, and could poison as much alone")
        }
    }

    private func rounded(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }

    private mutating func data() {
        let digest = card.at(pointer: "/subject/digest/sha256")?.string
        let counted = card.at(pointer: "/statistics/source/sha256")?.string
        if let statistics {
            if let digest, let measured = statistics["source"]?["sha256"]?.string, digest != measured {
                tell(
                    .error, .subject, "/subject/digest/sha256",
                    "is \(digest.prefix(12))…, and the data at hand is \(measured.prefix(12))…")
            }
            for name in ["rows", "duplicates", "malformed"] {
                guard let said = card["statistics"]?[name]?.integer, let found = statistics[name]?.integer,
                    said != found
                else { continue }
                tell(.error, .claim, "/statistics/\(name)", "says \(said), and \(found) are counted in the data")
            }
        }
        if let digest, let counted, digest != counted {
            tell(.warning, .subject, "/statistics/source/sha256", "is not the digest that the card is about")
        }
        if let instances = card.at(pointer: "/composition/instances")?.integer,
            let rows = card.at(pointer: "/statistics/rows")?.integer, instances != rows
        {
            tell(
                .warning, .claim, "/composition/instances",
                "says \(instances), and the statistics have \(rows) rows")
        }
        let splits = card.at(pointer: "/composition/splits")?.elements.compactMap { $0["instances"]?.integer } ?? []
        if splits.count > 1, let instances = card.at(pointer: "/composition/instances")?.integer {
            let sum = splits.reduce(0) { $0 &+ $1 }
            if sum != instances {
                tell(.warning, .claim, "/composition/splits", "come to \(sum), not to \(instances)")
            }
        }
    }

    private mutating func evidence() {
        let subject = card.at(pointer: "/subject/digest/sha256")?.string
        var ids: Set<[UInt8]> = []
        for (position, one) in (card["evidence"]?.elements ?? []).enumerated() {
            let place = "/evidence/\(position)"
            if let id = one["id"]?.string, !ids.insert(Array(id.utf8)).inserted {
                tell(.error, .repeated, place + "/id", "\(id) stands for two things")
            }
            if let about = one["subjectDigest"]?["sha256"]?.string, let subject, about != subject {
                tell(.error, .evidenceSubject, place, "is about another digest")
            }
            if one["digest"] == nil, one["attestedBy"] == nil {
                tell(.error, .evidenceFile, place, "has neither a digest nor a person who attests it")
            }
            if let expires = one["expires"]?.string.flatMap({ CalendarDate(moment: $0) }), expires < today {
                tell(.error, .expired, place + "/expires", "is \(expires): the evidence has expired")
            }
        }
    }
}
