package import AssayCore
internal import ByteParsing
internal import Documents

/// A person's word about a control: that it is met, or that it does not apply.
package struct Attestation: Sendable, Hashable {
    /// What a person can say of a control.
    package enum Statement: String, Sendable { case met, notApplicable = "not-applicable" }

    /// Ids of controls; `*` and `?` as in profiles.
    package var controls: [String]
    /// Only controls of this catalogue; of any when nil.
    package var catalogue: String?
    /// Names or digests of the models that it is about; all when empty.
    package var subjects: [String] = []
    package var statement: Statement
    /// Who said so, as they are named in the file.
    package var by: String
    /// Their function in the organisation.
    package var role: String?
    /// When they said so; an attestation with a day still to come does not count.
    package var date: CalendarDate?
    /// The last day on which it counts; nil for no end.
    package var expires: CalendarDate?
    package var reason: String
    /// Where more can be read: a document, a ticket, an address. It is not followed.
    package var reference: String?
    /// Where it stands: a file and line, or the name of approval evidence.
    package var place: String
    /// The evidence that it was read from; nil for a line in an attestations file.
    package var evidence: String?
    /// Whether a trusted key signed that evidence; a file of attestations is the reader's own.
    package var isSigned = true

    func names(_ control: Control, of catalogue: Catalogue) -> Bool {
        guard self.catalogue == nil || self.catalogue == catalogue.id else { return false }
        let id = Array(control.id.utf8)
        return controls.contains { TextPattern.matches(Array($0.utf8), id) }
    }

    func isAbout(_ subject: AssessmentSubject) -> Bool {
        subjects.isEmpty
            || subjects.contains { pattern in
                subject.digests.contains(pattern) || TextPattern.matches(Array(pattern.utf8), Array(subject.name.utf8))
            }
    }

    /// Why it does not count on that day, or nil when it does.
    func deficiency(today: CalendarDate) -> String? {
        if let expires, expires < today { return "the attestation by \(by) expired on \(expires)" }
        if let date, today < date { return "the attestation by \(by) is dated \(date), which is still to come" }
        return nil
    }
}

/// An approval that names controls is a person's word about them, on evidence of the model itself.
extension Attestation {
    init?(_ record: EvidenceRecord) {
        guard record.kind == "approval" else { return nil }
        let predicate = record.statement.predicate
        let controls = predicate["controls"]?.elements.prefix(500).compactMap(\.string) ?? []
        guard !controls.isEmpty, predicate["decision"]?.string == "approved",
            let approver = predicate["approver"]?.string
        else { return nil }
        self.controls = Array(controls)
        statement = .met
        by = approver
        role = predicate["role"]?.string
        date = record.issued
        expires = predicate["expires"]?.string.flatMap { CalendarDate(moment: $0) }
        reason = predicate["reason"]?.string ?? ""
        place = record.name
        evidence = record.sha256
        isSigned = record.standing.isVerified
    }
}

/// People's words about controls, from a file (`control-attestations/v1`).
package struct Attestations: Sendable {
    /// In the order of files and lines.
    package private(set) var all: [Attestation] = []

    package init() {}

    /// - Throws: `ControlDataError` with the line that is wrong.
    package mutating func add(
        _ bytes: [UInt8], file: String, library: ControlLibrary
    ) throws(ControlDataError) {
        let root = try DataFields.document(bytes, file: file, schema: "control-attestations/v1")
        try root.expect(only: ["schema", "attestations", "not-applicable"], in: "an attestations file")
        for fields in try root.objects("attestations", of: "an attestation") {
            all.append(try Self.read(fields, .met, library))
        }
        for fields in try root.objects("not-applicable", of: "an entry") {
            all.append(try Self.read(fields, .notApplicable, library))
        }
    }

    private static func read(
        _ fields: DataFields, _ statement: Attestation.Statement, _ library: ControlLibrary
    ) throws(ControlDataError) -> Attestation {
        try fields.expect(
            only: [
                "control", "controls", "catalogue", "subjects", "by", "role", "date", "expires", "reason", "reference",
            ], in: "an attestation")
        var controls = try fields.texts("controls")
        if let control = try fields.optionalText("control") { controls.append(control) }
        guard !controls.isEmpty else { throw fields.error("control is missing") }
        let catalogue = try fields.optionalText("catalogue")
        if let catalogue, library[catalogue: catalogue] == nil {
            throw fields.error("there is no catalogue \(catalogue)", at: fields["catalogue"])
        }
        for pattern in controls {
            let bytes = Array(pattern.utf8)
            let isKnown = library.catalogues.contains { other in
                (catalogue == nil || catalogue == other.id)
                    && other.controls.contains { TextPattern.matches(bytes, Array($0.id.utf8)) }
            }
            guard isKnown else { throw fields.error("there is no control \(pattern)") }
        }
        let date = try day("date", fields)
        guard date != nil || statement == .notApplicable else { throw fields.error("date is missing") }
        let expires = try day("expires", fields)
        guard expires != nil || statement == .notApplicable else { throw fields.error("expires is missing") }
        return Attestation(
            controls: controls, catalogue: catalogue, subjects: try fields.texts("subjects"), statement: statement,
            by: try fields.text("by"), role: try fields.optionalText("role"), date: date, expires: expires,
            reason: statement == .notApplicable
                ? try fields.text("reason") : try fields.optionalText("reason") ?? "",
            reference: try fields.optionalText("reference"), place: "\(fields.file):\(fields.value.line)")
    }

    private static func day(_ name: String, _ fields: DataFields) throws(ControlDataError) -> CalendarDate? {
        guard let text = try fields.optionalText(name) else { return nil }
        guard let day = CalendarDate(text) else {
            throw fields.error("\(name) is \(text), and no day like 2026-11-26", at: fields[name])
        }
        return day
    }
}
