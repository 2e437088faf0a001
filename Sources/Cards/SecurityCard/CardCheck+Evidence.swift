internal import AssayCore
internal import Documents

extension CardCheck {
    /// Evidence ids, subjects, and the evidence files at hand.
    mutating func evidence(_ card: SecurityCard) {
        let list = DocumentPointer(["evidence"])
        var known: Set<String> = []
        let whole = card.digest?.lowercased()
        for (position, entry) in card.evidence.enumerated() {
            let pointer = list.appending(position)
            if let id = entry["id"]?.string, !known.insert(id).inserted {
                tell(
                    .error, .repeated, pointer.appending("id"), entry["id"]?.line ?? entry.line, "\(id) stands for two")
            }
            if let about = entry["subjectDigest"]?["sha256"], let digest = about.string, digest.lowercased() != whole {
                tell(
                    .error, .evidenceSubject, pointer.appending("subjectDigest"), about.line,
                    "is \(digest.prefix(12))…, and the card is about \((whole ?? "nothing").prefix(12))…")
            }
            if let expires = entry["expires"]?.day, expires <= context.today {
                tell(
                    .error, .expired, pointer.appending("expires"), entry["expires"]?.line ?? entry.line,
                    "the evidence is out of date since \(expires)")
            }
            if let created = entry["created"]?.day, created > context.today {
                tell(
                    .error, .date, pointer.appending("created"), entry["created"]?.line ?? entry.line,
                    "\(created) is still to come")
            }
            file(entry, pointer, card)
        }
        references(card.document, DocumentPointer(), known)
    }

    /// What the evidence files at hand say about an entry.
    private mutating func file(_ entry: DocumentValue, _ pointer: DocumentPointer, _ card: SecurityCard) {
        guard let files = context.evidence, let digest = entry["digest"]?["sha256"] else { return }
        guard let record = digest.string.flatMap({ files[$0.lowercased()] }) else {
            return tell(
                .error, .evidenceFile, pointer.appending("digest"), digest.line,
                "no evidence at hand has the digest \((digest.string ?? "").prefix(12))…")
        }
        if let said = entry["standing"]?.string, said == "verified", record.standing.name != said {
            tell(
                .error, .evidenceFile, pointer.appending("standing"), entry["standing"]?.line ?? entry.line,
                "says verified, and \(record.name) is \(record.standing.name) with the keys at hand")
        }
        if let type = entry["type"]?.string, let kind = CardEvidence.type(of: record), kind != type {
            tell(
                .warning, .evidenceFile, pointer.appending("type"), entry["type"]?.line ?? entry.line,
                "is \(type), and \(record.name) is taken for \(kind)")
        }
        var digests = Set(context.subject.compactMap { $0.digests["sha256"] })
        if let whole = card.digest { digests.insert(whole.lowercased()) }
        if entry["subjectDigest"] != nil, !record.matches(digests) {
            tell(
                .error, .evidenceSubject, pointer.appending("subjectDigest"),
                entry["subjectDigest"]?.line ?? entry.line,
                "\(record.name) is not about the card's digest")
        }
    }

    /// Every reference to evidence, wherever it stands: the schema gives these members that name alone.
    private mutating func references(_ value: DocumentValue, _ pointer: DocumentPointer, _ known: Set<String>) {
        switch value.content {
        case .array(let elements):
            for (position, element) in elements.enumerated() where !element.isScalar {
                references(element, pointer.appending(position), known)
            }
        case .object(let members):
            for member in members {
                let place = pointer.appending(member.name)
                if member.name == "evidence", !pointer.tokens.isEmpty {
                    if member.value.isArray {
                        for (position, element) in member.value.elements.enumerated() {
                            reference(element, place.appending(position), known)
                        }
                    } else {
                        reference(member.value, place, known)
                    }
                } else if !member.value.isScalar, !(pointer.tokens.isEmpty && Self.isForeign(member.name)) {
                    references(member.value, place, known)
                }
            }
        default: break
        }
    }

    /// Sections whose schema is somebody else's.
    private static func isForeign(_ name: String) -> Bool {
        name == "evidence" || name == "extensions" || name.hasPrefix("x-")
    }

    private mutating func reference(_ value: DocumentValue, _ pointer: DocumentPointer, _ known: Set<String>) {
        guard let id = value.string, !known.contains(id) else { return }
        tell(
            .error, .deadEvidence, pointer, value.line,
            "\(DocumentValue.string(id).shown) is not in the card's evidence")
    }

    // MARK: Names within the card

    /// Ids that are to be unique, and the ones that attack paths name.
    mutating func names(_ card: SecurityCard) {
        for report in SecurityCard.reports {
            let pointer = SecurityCard.securityPointer.appending(report).appending("attacks")
            unique(card.report(report)?["attacks"], "id", pointer)
        }
        guard let model = card.security?["threatModel"] else { return }
        let pointer = SecurityCard.securityPointer.appending("threatModel")
        var known: [String: Set<String>] = [:]
        for list in ["assets", "actors", "attackPaths"] {
            unique(model[list], "id", pointer.appending(list))
            known[list] = Set((model[list]?.elements ?? []).compactMap { $0["id"]?.string })
        }
        for (position, path) in (model["attackPaths"]?.elements ?? []).enumerated() {
            let place = pointer.appending("attackPaths").appending(position)
            for (name, list) in [("actor", "actors"), ("asset", "assets")] {
                guard let value = path[name], let id = value.string, known[list]?.contains(id) != true else { continue }
                tell(
                    .error, .reference, place.appending(name), value.line,
                    "\(id) is not in the \(list) of the threat model")
            }
        }
    }

    private mutating func unique(_ list: DocumentValue?, _ name: String, _ pointer: DocumentPointer) {
        var seen: Set<String> = []
        for (position, element) in (list?.elements ?? []).enumerated() {
            guard let id = element[name]?.string, !seen.insert(id).inserted else { continue }
            tell(
                .error, .repeated, pointer.appending(position).appending(name), element[name]?.line ?? element.line,
                "\(id) stands here twice")
        }
    }
}
