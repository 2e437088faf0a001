internal import AssayCore
internal import SwiftASN1
internal import X509

/// What an authority may certify by its name constraints (RFC 5280, section 4.2.1.10).
///
/// Directory names, e-mail addresses, DNS names, URIs and IP addresses are read. A certificate that has a name of another
/// form that is constrained, or one that is too malformed to compare, is refused: nobody can tell whether it may have it.
struct NameRestriction {
    /// Whether a name lies in a subtree.
    enum Answer: Equatable {
        case inside, outside
        /// The name or the subtree is malformed or of a form that is not read.
        case unknown(String)
    }

    let permitted: [GeneralName]
    let excluded: [GeneralName]

    /// - Returns: nil for an authority without constraints.
    /// - Throws: `EvidenceError` for constraints that cannot be read, as those with a minimum or maximum distance.
    init?(_ authority: Certificate) throws(EvidenceError) {
        let constraints: NameConstraints?
        do {
            constraints = try authority.extensions.nameConstraints
        } catch {
            throw EvidenceError("the name constraints of \(authority.label) are malformed")
        }
        guard let constraints else { return nil }
        permitted = constraints.permittedSubtrees
        excluded = constraints.excludedSubtrees
    }

    /// - Parameter isLeaf: whether nothing is certified with it: then a common name that looks like a DNS name is one, where
    ///   no alternative name is.
    /// - Throws: `EvidenceError` with the name that the authority may not certify.
    func check(_ certificate: Certificate, isLeaf: Bool) throws(EvidenceError) {
        for name in try Self.names(of: certificate, isLeaf: isLeaf) {
            let candidates = permitted.filter { Self.isOneForm($0, name) }
            var isPermitted = candidates.isEmpty
            for subtree in candidates where !isPermitted {
                switch Self.answer(name, in: subtree) {
                case .inside: isPermitted = true
                case .outside: break
                case .unknown(let reason): throw EvidenceError(reason)
                }
            }
            guard isPermitted else {
                throw EvidenceError("\(Self.text(name)) is not among the names that its authority may certify")
            }
            for subtree in excluded where Self.isOneForm(subtree, name) {
                switch Self.answer(name, in: subtree, isWide: true) {
                case .inside: throw EvidenceError("\(Self.text(name)) is a name that its authority may not certify")
                case .outside: break
                case .unknown(let reason): throw EvidenceError(reason)
                }
            }
        }
    }

    /// All names of a certificate: its subject, the alternative ones, and what in the subject stands for one.
    private static func names(of certificate: Certificate, isLeaf: Bool) throws(EvidenceError) -> [GeneralName] {
        let alternative: [GeneralName]
        do {
            alternative = try certificate.extensions.subjectAlternativeNames.map { Array($0) } ?? []
        } catch {
            throw EvidenceError("the alternative names of \(certificate.label) are malformed")
        }
        let subject = certificate.subject
        var names = subject.isEmpty ? [] : [GeneralName.directoryName(subject)]
        names += subject.texts(.RDNAttributeType.emailAddress).map { .rfc822Name($0) }
        let hasHost = alternative.contains { if case .dnsName = $0 { true } else { false } }
        if isLeaf, !hasHost {
            names += subject.texts(.RDNAttributeType.commonName).filter(DomainName.isLike).map { .dnsName($0) }
        }
        return names + alternative
    }

    private static func isOneForm(_ one: GeneralName, _ other: GeneralName) -> Bool {
        switch (one, other) {
        case (.directoryName, .directoryName), (.rfc822Name, .rfc822Name), (.dnsName, .dnsName),
            (.ipAddress, .ipAddress),
            (.uniformResourceIdentifier, .uniformResourceIdentifier), (.otherName, .otherName),
            (.x400Address, .x400Address), (.ediPartyName, .ediPartyName), (.registeredID, .registeredID):
            true
        // RFC 9598: constraints of addresses hold for internationalised ones as well.
        case (.rfc822Name, .otherName(let name)): name.typeID == [1, 3, 6, 1, 5, 5, 7, 8, 9]
        default: false
        }
    }

    /// Whether a name lies in a subtree of its form.
    /// - Parameter isWide: whether directory names are alike by Unicode's rules, as where a name is forbidden.
    static func answer(_ name: GeneralName, in subtree: GeneralName, isWide: Bool = false) -> Answer {
        let unread = Answer.unknown("\(text(name)) cannot be compared with what its authority may certify")
        switch (name, subtree) {
        case (.directoryName(let name), .directoryName(let base)):
            return ComparableName(name, isWide: isWide).isInside(ComparableName(base, isWide: isWide))
                ? .inside : .outside
        case (.rfc822Name(let address), .rfc822Name(let base)):
            return MailAddress.isInside(address, base).map { $0 ? .inside : .outside } ?? unread
        case (.dnsName(let host), .dnsName(let base)):
            return DomainName.isInside(host, base).map { $0 ? .inside : .outside } ?? unread
        case (.uniformResourceIdentifier(let address), .uniformResourceIdentifier(let base)):
            guard let host = DomainName.host(ofURI: address), let isInside = host.isIn(hostOrDomain: base) else {
                return unread
            }
            return isInside ? .inside : .outside
        case (.ipAddress(let address), .ipAddress(let range)):
            return isInside(address.bytes, range.bytes).map { $0 ? .inside : .outside } ?? unread
        default: return unread
        }
    }

    /// Whether an address is in a network: four or sixteen bytes, and as many of a mask. Addresses of the other length are not.
    /// - Returns: nil for other lengths, and for masks that are no prefix.
    private static func isInside(_ address: ArraySlice<UInt8>, _ range: ArraySlice<UInt8>) -> Bool? {
        guard [4, 16].contains(address.count), [8, 32].contains(range.count) else { return nil }
        let network = Array(range.prefix(range.count / 2))
        let mask = Array(range.suffix(range.count / 2))
        // Ones, then zeros: a byte that has both has its ones first, and nothing but zeros follows it.
        guard let last = mask.firstIndex(where: { $0 != 0xFF }) ?? mask.indices.last,
            mask[last].leadingZeroBitCount == 0 || mask[last] == 0, (~mask[last] & (~mask[last] &+ 1)) == 0,
            mask[(last + 1)...].allSatisfy({ $0 == 0 })
        else { return nil }
        guard address.count == network.count else { return false }
        return zip(address, zip(network, mask)).allSatisfy { byte, rule in byte & rule.1 == rule.0 & rule.1 }
    }

    private static func text(_ name: GeneralName) -> String {
        switch name {
        case .directoryName(let name): "the name \(Printable.line(name.description))"
        case .rfc822Name(let address): "the e-mail address \(Printable.line(address))"
        case .dnsName(let host): "the host \(Printable.line(host))"
        case .uniformResourceIdentifier(let address): "the address \(Printable.line(address))"
        case .ipAddress(let address): "the IP address \(Hexadecimal.encode(address.bytes)) (hexadecimal)"
        default: "a name of a form that is not read"
        }
    }
}
