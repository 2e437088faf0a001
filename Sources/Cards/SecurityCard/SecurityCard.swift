package import AssayCore
internal import ByteParsing
package import Documents

/// A Security Model Card, as people and `assay card build` write it.
///
/// The schema is `Schemas/security-model-card-v1.schema.json`: the nine sections of Mitchell et al. (Model Cards for
/// Model Reporting, 2019) and Security Considerations after NIST AI 100-2.
package struct SecurityCard: Sendable {
    /// What the member `schema` of every card says.
    package static let schemaName = "security-model-card/v1"
    /// The type of a card as evidence.
    package static let predicateType = PredicateType.own + "security-card/v1"

    /// The reports of the section Security Considerations, in its order.
    package static let reports = [
        "availabilityBreakdownReport", "integrityViolationsReport", "privacyCompromiseReport", "misuseReport",
        "supplyChainReport",
    ]

    /// The shipped schema, compiled.
    ///
    /// That it compiles is tested; a build whose own data is broken refuses every card.
    package static let schema: JSONSchema? = {
        guard let region = Resource.named("cards/security-model-card-v1.schema.json"),
            let document = try? DocumentReader.json(region.array())
        else { return nil }
        return try? JSONSchema(document)
    }()

    /// The whole card, members that this program does not know included.
    package var document: DocumentValue

    package init(_ document: DocumentValue) { self.document = document }

    /// - Throws: `DocumentError` with the line of the first thing that is wrong.
    package init(_ bytes: [UInt8]) throws(DocumentError) { document = try DocumentReader.read(bytes) }

    package var name: String { document["subject"]?["name"]?.string ?? "" }
    /// SHA-256 of what the card is about, in lower-case hexadecimal.
    package var digest: String? { document["subject"]?["digest"]?["sha256"]?.string }

    /// Whether the text is a card of this kind, whatever else is wrong with it.
    package var isSecurityCard: Bool { document["schema"]?.string == Self.schemaName }

    /// What in-toto calls the subject, or nil when the card has no digest.
    package var subject: Statement.Subject? {
        var digests: [String: String] = [:]
        for member in document["subject"]?["digest"]?.members ?? [] { digests[member.name] = member.value.string }
        return digests.isEmpty ? nil : Statement.Subject(name: name, digests: digests)
    }

    /// The card as a statement about its subject.
    /// - Throws: `EvidenceError` when the card names no digest.
    package func statement() throws(EvidenceError) -> [UInt8] {
        guard let subject else { throw EvidenceError("the card names no digest that it is about") }
        return Statement.write(subjects: [subject], predicateType: Self.predicateType) { document.write(to: &$0) }
    }
}

/// One attack that a report of a card considers, with where it stands.
struct CardAttack {
    let report: String
    let value: DocumentValue
    let pointer: DocumentPointer

    var id: String { value["id"]?.string ?? "" }
}

extension SecurityCard {
    var security: DocumentValue? { document["securityConsiderations"] }

    static let securityPointer = DocumentPointer(["securityConsiderations"])

    func report(_ name: String) -> DocumentValue? { security?[name] }

    /// The attacks of all reports.
    var attacks: [CardAttack] {
        Self.reports.flatMap { name in
            (report(name)?["attacks"]?.elements ?? []).enumerated().map { position, value in
                CardAttack(
                    report: name, value: value,
                    pointer: Self.securityPointer.appending(name).appending("attacks").appending(position))
            }
        }
    }

    /// The entries of the evidence list.
    var evidence: [DocumentValue] { document["evidence"]?.elements ?? [] }
}
