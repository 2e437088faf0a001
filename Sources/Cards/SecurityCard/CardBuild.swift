package import AssayCore
package import Documents

/// Joins what people wrote with the evidence for the same digest.
///
/// People's words are never written over: what evidence adds goes where nothing stood, and where it says something
/// else than the card, the card stays and a note tells.
package struct CardBuild: Sendable {
    /// What decides beside card and evidence.
    package struct Options: Sendable {
        /// The day that dates of evidence are held against.
        package var today: CalendarDate
        /// The model's whole and files, when they were measured: evidence about a file of the model counts.
        package var subject: [Statement.Subject] = []

        package init(today: CalendarDate) { self.today = today }
    }

    /// What was done, or could not be.
    package struct Note: Sendable, Hashable {
        /// What became of a piece of evidence.
        package enum Kind: String, Sendable { case added, kept, skipped, unplaced }
        package let kind: Kind
        package let text: String
    }

    /// The card with what evidence adds.
    package private(set) var card: SecurityCard
    /// What became of each piece of evidence, in its order.
    package private(set) var notes: [Note] = []
    /// Where each thing that was filled in comes from.
    package private(set) var sources: [DocumentPointer: String] = [:]

    private let options: Options

    package init(_ card: SecurityCard, _ records: [EvidenceRecord], _ options: Options) {
        self.card = card
        self.options = options
        guard let whole = card.digest?.lowercased() else {
            note(.skipped, "the card names no SHA-256 digest: no evidence can be about it")
            return
        }
        let files = Set(options.subject.compactMap { $0.digests["sha256"]?.lowercased() })
        for record in records {
            guard record.matches(files.union([whole])) else {
                note(.skipped, "\(record.name) is about something else")
                continue
            }
            guard
                let entry = CardEvidence.entry(
                    for: record, whole: whole, files: files, types: CardEvidence.types, today: options.today)
            else {
                note(.skipped, "\(record.name) is of a kind that a card has no word for: \(record.kind)")
                continue
            }
            let id = list(entry, record)
            attach(record, id)
        }
    }

    private mutating func note(_ kind: Note.Kind, _ text: String) { notes.append(Note(kind: kind, text: text)) }

    // MARK: The list of evidence

    /// Puts an entry into the list, or completes the one that people wrote for the same file; returns its id.
    private mutating func list(_ entry: DocumentValue, _ record: EvidenceRecord) -> String {
        var entries = card.evidence
        let place = entries.firstIndex { $0["digest"]?["sha256"]?.string?.lowercased() == record.sha256 }
        if let place {
            let old = entries[place]
            for member in entry.members where old[member.name] == nil {
                // An entry that says when the evidence was made needs no day of recording, and is about one thing.
                if member.name == "recorded" || member.name == "about" && old["subjectDigest"] != nil { continue }
                entries[place][member.name] = member.value
            }
            // How far signatures could be relied on is a fact of this build.
            entries[place]["standing"] = entry["standing"]
            entries[place]["signers"] = entry["signers"]
            card.document["evidence"] = .array(entries)
            if entries[place] != old { note(.added, "\(record.name) completes \(old["id"]?.string ?? "an entry")") }
            return old["id"]?.string ?? ""
        }
        // The same digits of two digests, or an id that a person took: make it longer.
        var entry = entry
        let taken = Set(entries.compactMap { $0["id"]?.string })
        if let id = entry["id"]?.string, taken.contains(id) {
            entry["id"] = .string(id + "-" + record.sha256.dropFirst(8).prefix(16))
        }
        entries.append(entry)
        card.document["evidence"] = .array(entries)
        sources[DocumentPointer(["evidence", String(entries.count - 1)])] = record.name
        note(.added, "\(entry["id"]?.string ?? "") is \(record.name) (\(record.standing.name))")
        return entry["id"]?.string ?? ""
    }

    // MARK: What evidence measured

    private mutating func attach(_ record: EvidenceRecord, _ id: String) {
        switch CardEvidence.type(of: record) {
        case "signature": refer("signature", id, record)
        case "ml-bom": refer("bom", id, record)
        default: break
        }
        let predicate = DocumentValue(record.statement.predicate)
        for result in predicate["results"]?.elements ?? [] {
            guard let attack = result["attack"]?.string else { continue }
            place(MeasuredTest(result, of: predicate, evidence: id, record: record), attack, record)
        }
        guard record.kind == "evaluation" else { return }
        for metric in predicate["metrics"]?.elements ?? [] { take(metric, id, record) }
    }

    private mutating func refer(_ member: String, _ id: String, _ record: EvidenceRecord) {
        guard var subject = card.document["subject"], subject[member] == nil else { return }
        subject[member] = .string(id)
        card.document["subject"] = subject
        sources[DocumentPointer(["subject", member])] = record.name
        note(.added, "subject.\(member) is \(id)")
    }

    /// Adds a test to every report that lists the attack; to the report of its objective when none does.
    private mutating func place(_ test: MeasuredTest, _ attack: String, _ record: EvidenceRecord) {
        let listed = card.attacks.filter { $0.id == attack }
        guard listed.isEmpty else {
            for one in listed { add(test, to: one.pointer, "\(one.report), \(attack)", record) }
            return
        }
        guard let report = Self.report(for: attack), card.report(report) != nil else {
            return note(.unplaced, "\(record.name) measured \(attack), and no report of the card is about it")
        }
        let pointer = SecurityCard.securityPointer.appending(report).appending("attacks")
        if card.document.at(pointer) == nil { card.document.set(.emptyArray, at: pointer) }
        let entry: DocumentValue = [
            "id": .string(attack), "applicable": "unknown",
            "rationale": "Measured; whether it applies to this model is not judged yet.", "tests": [test.value],
        ]
        let position = card.document.at(pointer)?.elements.count ?? 0
        card.document.set(entry, at: pointer.appending("-"))
        sources[pointer.appending(position)] = record.name
        note(.added, "\(report) lists \(attack), measured by \(record.name): a person is to judge whether it applies")
        if card.report(report)?["status"]?.string == "not-assessed" {
            note(.kept, "\(report) says not-assessed, and there is a measurement now")
        }
    }

    private mutating func add(
        _ test: MeasuredTest, to attack: DocumentPointer, _ words: String, _ record: EvidenceRecord
    ) {
        let pointer = attack.appending("tests")
        let tests = card.document.at(pointer)?.elements ?? []
        if let position = tests.firstIndex(where: test.isSame) {
            let old = tests[position]
            let differs = test.value.members.contains { member in
                old[member.name].map { !$0.isEquivalent(to: member.value) } ?? false
            }
            guard differs else {
                for member in test.value.members where old[member.name] == nil {
                    card.document.set(member.value, at: pointer.appending(position).appending(member.name))
                }
                return
            }
            return note(.kept, "\(words): the test \(test.name) says something else than \(record.name)")
        }
        if card.document.at(pointer) == nil { card.document.set(.emptyArray, at: pointer) }
        card.document.set(test.value, at: pointer.appending("-"))
        sources[pointer.appending(tests.count)] = record.name
        note(.added, "\(words): \(test.name) \(test.value["outcome"]?.string ?? "")")
    }

    /// Adds a measured metric to the quantitative analyses, or the evidence to the one that people wrote.
    private mutating func take(_ metric: DocumentValue, _ id: String, _ record: EvidenceRecord) {
        guard let name = metric["name"]?.string, let value = metric["value"], value.double != nil else { return }
        let pointer = DocumentPointer(["quantitativeAnalyses", "unitary"])
        let results = card.document.at(pointer)?.elements ?? []
        let slice = metric["slice"]?.string
        let same = results.firstIndex { result in
            result["metric"]?.string == name
                && (result["slice"]?["name"]?.string ?? result["slice"]?.members.first?.value.string) == slice
        }
        if let same {
            let old = results[same]
            guard old["value"].map({ $0.isEquivalent(to: value) }) == true else {
                return note(
                    .kept,
                    "\(name) is \(old["value"]?.shown ?? "without a value"), and \(record.name) has \(value.shown)")
            }
            guard old["evidence"] == nil else { return }
            card.document.set(.string(id), at: pointer.appending(same).appending("evidence"))
            return note(.added, "\(name) rests on \(id)")
        }
        var entry: DocumentValue = ["metric": .string(name), "value": value]
        if let slice, !slice.isEmpty { entry["slice"] = ["name": .string(slice)] }
        if let interval = metric["interval"], interval.elements.count == 2 { entry["interval"] = interval }
        if let n = metric["n"], n.integer ?? 0 > 0 { entry["n"] = n }
        entry["evidence"] = .string(id)
        card.document.set(entry, at: pointer.appending("-"))
        sources[pointer.appending(results.count)] = record.name
        note(.added, "\(name)\(slice.map { " (\($0))" } ?? "") \(value.shown) from \(record.name)")
    }

    /// The report that a NIST AI 100-2 E2025 attack belongs to first, by its objective.
    static func report(for attack: String) -> String? {
        guard attack.hasPrefix("NISTAML.") else { return nil }
        switch attack.dropFirst(8).prefix(2) {
        case "01": return attack.dropFirst(8) == "018" ? "misuseReport" : "availabilityBreakdownReport"
        case "02": return "integrityViolationsReport"
        case "03": return "privacyCompromiseReport"
        case "04": return "misuseReport"
        case "05": return "supplyChainReport"
        default: return nil
        }
    }
}
