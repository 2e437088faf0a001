internal import AssayCore
internal import SwiftASN1
internal import X509

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Finds a chain of certificates from a leaf to a trusted root that is valid at one time (RFC 5280, section 6).
///
/// All certificates between may be an attacker's: the search is bounded in the length of chains and in the number of
/// signatures that it checks, and no chain has two certificates of the same subject and key.
struct CertificatePath {
    let anchors: [Certificate]
    /// Certificates that may stand between.
    let intermediates: [Certificate]
    let time: Date
    /// What authorities that state a purpose have to be for.
    var purpose = ExtendedKeyUsage.Usage.codeSigning

    static let lengthLimit = 16
    static let signatureLimit = 512

    /// A chain that may go on: its last certificate is the issuer of those before.
    private struct Beginning {
        var chain: [Certificate]
        var keys: Set<Key>
    }

    private struct Key: Hashable {
        let subject: ComparableName
        let key: Certificate.PublicKey
        init(_ certificate: Certificate) {
            subject = ComparableName(certificate.subject)
            key = certificate.publicKey
        }
    }

    /// - Returns: the chain, the leaf first and the root last; of a leaf that is itself a trusted root, that alone.
    /// - Throws: `EvidenceError` with the reason why there is none.
    func find(from leaf: Certificate) throws(EvidenceError) -> [Certificate] {
        let rules = CertificateRules(time: time, purpose: purpose)
        if anchors.contains(leaf) {
            try rules.check([leaf])
            return [leaf]
        }
        let roots = Dictionary(grouping: anchors) { ComparableName($0.subject) }
        let between = Dictionary(grouping: intermediates) { ComparableName($0.subject) }
        var search = Search(pending: [Beginning(chain: [leaf], keys: [Key(leaf)])])
        while let beginning = search.pending.popLast(), let tip = beginning.chain.last {
            let name = ComparableName(tip.issuer)
            let (trusted, strangers) = try search.issuers(of: tip, in: roots[name] ?? [], beginning)
            for root in trusted {
                let chain = beginning.chain + [root]
                do throws(EvidenceError) {
                    try rules.check(chain)
                    return chain
                } catch {
                    search.note(error.reason, depth: .max)
                }
            }
            let (next, impostors) = try search.issuers(of: tip, in: between[name] ?? [], beginning)
            search.go(on: beginning, with: next)
            if strangers + impostors > 0 {
                let reason = "\(tip.label) was not signed with the key of its issuer that was given"
                search.note(reason, depth: beginning.chain.count)
            } else if next.isEmpty {
                let reason = tip.isSelfIssued ? Self.untrusted(tip) : Self.unknownIssuer(of: tip)
                search.note(reason, depth: beginning.chain.count)
            }
        }
        throw EvidenceError(search.reasons.max { $0.depth < $1.depth }?.reason ?? "no path to a trusted root")
    }

    /// What is still to be followed, and what has come in the way.
    private struct Search {
        var pending: [Beginning]
        private(set) var reasons: [(depth: Int, reason: String)] = []
        private var signatures = 0

        init(pending: [Beginning]) { self.pending = pending }

        mutating func note(_ reason: String, depth: Int) { reasons.append((depth, reason)) }

        /// Those that signed a certificate, and how many only have its issuer's name.
        /// - Throws: `EvidenceError` when too many signatures would have to be checked.
        mutating func issuers(
            of tip: Certificate, in named: [Certificate], _ beginning: Beginning
        ) throws(EvidenceError) -> (found: [Certificate], impostors: Int) {
            var found: [Certificate] = []
            var impostors = 0
            for issuer in named where !beginning.keys.contains(Key(issuer)) {
                signatures += 1
                guard signatures <= CertificatePath.signatureLimit else {
                    throw EvidenceError("the certificates can be put together in too many ways")
                }
                if tip.names(issuer), issuer.publicKey.isValidSignature(tip.signature, for: tip) {
                    found.append(issuer)
                } else {
                    impostors += 1
                }
            }
            return (found, impostors)
        }

        /// Follows the issuers next, the nearest first: the stack is taken from its end.
        mutating func go(on beginning: Beginning, with issuers: [Certificate]) {
            let depth = beginning.chain.count
            guard depth < CertificatePath.lengthLimit || issuers.isEmpty else {
                return note("the chain is longer than \(CertificatePath.lengthLimit) certificates", depth: depth)
            }
            for issuer in issuers.reversed() {
                pending.append(
                    Beginning(chain: beginning.chain + [issuer], keys: beginning.keys.union([Key(issuer)])))
            }
        }
    }

    private static func untrusted(_ certificate: Certificate) -> String {
        "\(certificate.label) is signed by itself and not among the trusted ones"
    }

    private static func unknownIssuer(of certificate: Certificate) -> String {
        "no certificate of \(Printable.line(certificate.issuer.description)), which issued \(certificate.label), "
            + "is trusted or in the bundle"
    }
}

extension Certificate {
    /// The certificate as people tell it from others: its subject, its serial number and who issued it.
    var label: String {
        let name = subject.isEmpty ? "without a name" : subject.description
        let by = isSelfIssued ? "" : ", issued by \(issuer.description)"
        return Printable.line("\(name) (serial \(serialNumber.description)\(by))")
    }

    /// Whether what this certificate says about its issuer's key (RFC 5280, 4.2.1.1) is so of another, as far as both say it.
    func names(_ authority: Certificate) -> Bool {
        guard let said = try? extensions.authorityKeyIdentifier else { return true }
        if let wanted = said.keyIdentifier,
            let found = try? authority.extensions.subjectKeyIdentifier?.keyIdentifier, !wanted.elementsEqual(found)
        {
            return false
        }
        if let serial = said.authorityCertSerialNumber, serial != authority.serialNumber { return false }
        for case .directoryName(let name) in said.authorityCertIssuer ?? [] {
            return ComparableName(name) == ComparableName(authority.issuer)
        }
        return true
    }

    /// Whether subject and issuer are one.
    var isSelfIssued: Bool { ComparableName(issuer) == ComparableName(subject) }
}
