import AssayCore
import ByteParsing
import Controls
import Documents
import Provenance

/// The models that a command names, by file, digest or card.
enum AssessmentSubjects {
    /// Reads cards, adds them to the evidence, and joins a card with the model that it is about.
    static func read(
        subject paths: [String], card cards: [String], index: inout EvidenceIndex
    ) throws -> [AssessmentSubject] {
        var subjects: [AssessmentSubject] = []
        for text in paths {
            if let digest = Digest(hexadecimal: text) {
                let digest = digest.description
                subjects.append(AssessmentSubject(name: "sha256:\(digest.prefix(12))", digests: [digest]))
                continue
            }
            let found = try EvidenceSubject.subjects(of: text)
            let digests = Set(found.compactMap { $0.digests["sha256"] })
            subjects.append(AssessmentSubject(name: found.first?.name ?? text, digests: digests))
        }
        let named = subjects.count
        for path in cards {
            for file in try EvidenceFolder.files(path) where file == path || isCardName(file) {
                guard let card = try CardFile(file, isNamed: file == path) else { continue }
                if let record = card.record { index.add(record) }
                join(card, with: &subjects, named: named, isOnly: cards.count == 1 && file == path)
            }
        }
        guard !subjects.isEmpty else { throw CommandFailure("there is no card in \(cards.joined(separator: ", "))") }
        return subjects
    }

    private static func isCardName(_ file: String) -> Bool {
        [".yaml", ".yml", ".json"].contains { file.hasSuffix($0) }
    }

    private static func join(
        _ card: CardFile, with subjects: inout [AssessmentSubject], named: Int, isOnly: Bool
    ) {
        let digest = card.facts.digest
        let match = subjects.indices.first { place in
            // A card without a digest is about the one model that was named beside it.
            digest.map { subjects[place].digests.contains($0) } ?? (isOnly && named == 1 && place == 0)
        }
        let place: Int
        if let match {
            place = match
        } else {
            subjects.append(AssessmentSubject(name: card.facts.name, digests: digest.map { [$0] } ?? []))
            place = subjects.count - 1
        }
        if !card.facts.name.isEmpty { subjects[place].name = card.facts.name }
        subjects[place].data.formUnion(card.facts.data)
        subjects[place].facts = card.facts
    }
}

/// A Security Model Card as it lies on disk: what controls need of it, and itself as evidence that nobody signed.
struct CardFile {
    let facts: CardFacts
    let document: DocumentValue
    /// Nil when the card names no digest: then it is evidence about nothing.
    let record: EvidenceRecord?

    /// - Parameter isNamed: a file that the user named has to be a card; in a folder, other files are passed over.
    /// - Returns: nil for a file that is no card.
    init?(_ path: String, isNamed: Bool) throws(CommandFailure) {
        let bytes = try FileInput.read(path, limit: 16 << 20)
        let document: DocumentValue
        do throws(CommandFailure) {
            document = try CardDocument.read(bytes, path)
        } catch {
            if isNamed { throw error }
            return nil
        }
        guard document["schema"]?.string?.hasPrefix("security-model-card/") == true else {
            if isNamed {
                throw CommandFailure("\(path) is no Security Model Card: its schema is not security-model-card/v1")
            }
            return nil
        }
        self.document = document
        facts = CardFacts(document)
        guard let digest = facts.digest else {
            record = nil
            return
        }
        let text = String(decoding: DocumentWriter.json(document, indentation: 0), as: UTF8.self)
        let statement = Statement.write(
            subjects: [.init(name: facts.name, sha256: digest)], predicateType: PredicateType.own + "security-card/v1"
        ) { $0.raw(text) }
        record = (try? Statement(statement)).map {
            EvidenceRecord(
                name: path, sha256: Digest(sha256: ByteRegion(bytes)).description, statement: $0, standing: .unsigned)
        }
    }
}

/// A card of any kind as a tree of values.
enum CardDocument {
    /// - Throws: `CommandFailure` with the line that is wrong.
    static func read(_ path: String) throws(CommandFailure) -> DocumentValue {
        try read(try FileInput.read(path, limit: 16 << 20), path)
    }

    static func read(_ bytes: [UInt8], _ path: String) throws(CommandFailure) -> DocumentValue {
        do throws(DocumentError) {
            return try DocumentReader.read(bytes)
        } catch {
            throw CommandFailure("\(path):\(error.line): \(Printable.line(error.message))")
        }
    }
}
