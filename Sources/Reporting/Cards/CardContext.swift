package import AssayCore

/// What is known about a card beside its own text; everything may be unknown, and is then shown as that.
package struct CardContext: Sendable {
    /// What came out when a signature, a bill of materials or a piece of evidence was looked at.
    package enum Standing: Sendable, Hashable {
        /// The signature verifies; by whom.
        case verified(signers: [String])
        /// Somebody wrote that it verifies, and nothing proves who: what was written, and where.
        case claimed(String)
        /// There, and signed by nobody.
        case unsigned
        /// There, but its signature or digest does not hold, with the reason.
        case failed(reason: String)
        /// Named by the card, but not found.
        case missing

        package init(_ standing: EvidenceRecord.Standing) {
            self =
                switch standing {
                case .verified(let signers): .verified(signers: signers)
                case .unsigned: .unsigned
                case .notVerified(let reason): .failed(reason: reason)
                }
        }
    }

    /// The day on which the page is made: dates that have passed by then are marked. Nil marks none.
    package var today: CalendarDate?
    /// Of the program, for the foot.
    package var version: String
    /// The card's file name and digest, for the foot.
    package var source: (name: String, sha256: String)?
    /// Of the card's own envelope.
    package var card: Standing?
    /// Of the subject's signature and bill of materials.
    package var signature: Standing?
    /// How the bill of materials stands, where the card names one.
    package var bom: Standing?
    /// By the id that the card gives the evidence.
    package var evidence: [String: Standing] = [:]
    /// Names of attack classes and techniques by id.
    package var attacks: [String: String] = [:]

    package init(version: String, today: CalendarDate? = nil) {
        self.version = version
        self.today = today
    }
}

extension CardContext {
    /// What the page is of, and what made it.
    func footer(id: String?, revision: Int?) -> HTML {
        var parts: [HTML] = []
        if let id { parts.append("card <code>\(id)</code>") }
        if let revision { parts.append("revision \(revision)") }
        if let source { parts.append("made from <code>\(source.name)</code>, sha256 <code>\(source.sha256)</code>") }
        parts.append("assay \(version)")
        if let today { parts.append(HTML(text: "\(today)")) }
        return parts.joined(separator: " · ")
    }

    /// How a day stands that something is valid until.
    func badge(until text: String, past: String = "expired") -> HTML {
        let day = String(text.prefix(10))
        guard let date = CalendarDate(day) else { return HTML(text: text) }
        guard let today else { return "\(day)" }
        if date < today { return "\(HTML.badge(day, .poor)) <small>\(past)</small>" }
        if date < today.adding(days: 31) { return "\(HTML.badge(day, .mixed)) <small>within 31 days</small>" }
        return .badge(day, .good)
    }
}

extension CardContext.Standing {
    var html: HTML {
        switch self {
        case .verified(let signers):
            let by =
                signers.isEmpty ? "" : "<small>by \(signers.map(Self.brief).joined(separator: ", "))</small>" as HTML
            return "\(HTML.badge("verified", .good))\(by)"
        case .claimed(let words): return "\(HTML.badge("claimed, not proved", .mixed))<small>\(words)</small>"
        case .unsigned: return .badge("not signed", .mixed)
        case .failed(let reason): return "\(HTML.badge("does not hold", .poor))<small>\(reason)</small>"
        case .missing: return .badge("missing", .poor)
        }
    }

    /// Who signed, with fingerprints cut to what people compare; the whole stands behind it.
    private static func brief(_ signer: String) -> HTML {
        signer.split(separator: " ", omittingEmptySubsequences: false).map { word -> HTML in
            let isFingerprint = word.utf8.count == 64 && word.allSatisfy(\.isHexDigit)
            return isFingerprint
                ? "<abbr title=\"\(String(word))\">\(String(word.prefix(12)))…</abbr>" : HTML(text: String(word))
        }.joined(separator: " ")
    }

    var word: String {
        switch self {
        case .verified(let signers):
            signers.isEmpty ? "verified" : "verified, by " + signers.joined(separator: ", ")
        case .claimed(let words): "claimed, not proved: " + words
        case .unsigned: "not signed"
        case .failed(let reason): "does not hold: " + reason
        case .missing: "missing"
        }
    }
}
