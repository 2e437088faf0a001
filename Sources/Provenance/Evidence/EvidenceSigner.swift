/// Somebody whose signature on evidence holds.
package struct EvidenceSigner: Sendable, Hashable {
    /// The hint of a key; the subject of a certificate with its fingerprint; an identity and who vouches for it.
    package let name: String
    /// What tells signers apart: two that share a mark are one. A key with two certificates is one signer, and so is a
    /// holder of two certificates with the same name.
    private let marks: Set<[UInt8]>

    private init(name: String, marks: [String]) {
        self.name = name
        self.marks = Set(marks.map { Array($0.utf8) })
    }

    init(key hint: String) { self.init(name: hint, marks: ["key " + hint]) }

    init(key hint: String, subject: String, names: [String], fingerprint: String) {
        let subjects = (subject.isEmpty ? [] : ["subject " + subject]) + names.map { "name " + $0 }
        let title = subject.isEmpty ? names.first ?? "a certificate without a name" : subject
        self.init(name: "\(title) (certificate sha256:\(fingerprint))", marks: ["key " + hint] + subjects)
    }

    /// The key of a Sigstore signature lives for one signature: the identity alone tells.
    init(identity: EvidenceTrust.Identity) {
        self.init(name: "\(identity.name) (by \(identity.provider))", marks: ["name " + identity.name])
    }

    /// How many of them are different: what shares a mark, directly or through others, counts once.
    package static func count(_ signers: some Sequence<EvidenceSigner>) -> Int {
        var groups: [Set<[UInt8]>] = []
        for signer in signers {
            let joined = groups.filter { !$0.isDisjoint(with: signer.marks) }
            groups.removeAll { !$0.isDisjoint(with: signer.marks) }
            groups.append(joined.reduce(signer.marks) { $0.union($1) })
        }
        return groups.count
    }
}
