/// The name of a host in labels, lower-case, the nearest to the host first.
struct DomainName: Equatable {
    let labels: [[UInt8]]
    /// Whether the first label stands for any one.
    let isWildcard: Bool

    /// Reads what RFC 5280 takes from RFC 1034: letters, digits and hyphens; underscores, which are used; and a first label `*`.
    /// - Returns: nil for anything else.
    init?(_ text: String, allowsWildcard: Bool = false) {
        let bytes = Array(text.utf8).map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
        guard (1...253).contains(bytes.count) else { return nil }
        var labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map { Array($0) }
        isWildcard = allowsWildcard && labels.count > 1 && labels[0] == [UInt8(ascii: "*")]
        if isWildcard { labels.removeFirst() }
        for label in labels {
            guard (1...63).contains(label.count), label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-"),
                label.allSatisfy({
                    ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == UInt8(ascii: "-")
                        || $0 == UInt8(ascii: "_")
                })
            else { return nil }
        }
        self.labels = labels
    }

    /// Whether a common name may be meant as the name of a host: it has two labels or more.
    static func isLike(_ text: String) -> Bool { (DomainName(text)?.labels.count ?? 0) > 1 }

    /// Whether labels added at the left of `other` make this name, or none.
    func isInside(_ other: DomainName) -> Bool {
        labels.count >= other.labels.count && Array(labels.suffix(other.labels.count)) == other.labels
    }

    /// Whether a host is in a subtree of DNS names: an empty one holds all, one that begins with a dot only what is below it.
    /// - Returns: nil when one of them is malformed.
    static func isInside(_ host: String, _ base: String) -> Bool? {
        guard let name = DomainName(host, allowsWildcard: true) else { return nil }
        if base.isEmpty { return true }
        guard let domain = DomainName(base.first == "." ? String(base.dropFirst()) : base) else { return nil }
        // Of a wildcard some hosts may be in a narrower subtree and others not.
        if name.isWildcard, domain.isInside(name), domain != DomainName(name) { return nil }
        return name.isInside(domain)
            && (base.first != "." || name.isWildcard || name.labels.count > domain.labels.count)
    }

    private init(_ name: DomainName) {
        labels = name.labels
        isWildcard = false
    }

    /// Whether the name is a host, or below a domain that begins with a dot: the rule of URIs.
    /// - Returns: nil when the other one is malformed.
    func isIn(hostOrDomain base: String) -> Bool? {
        guard base.first == "." else { return DomainName(base).map { $0 == self } }
        return DomainName(String(base.dropFirst())).map { isInside($0) && labels.count > $0.labels.count }
    }

    /// The host of a URI's authority (RFC 3986, section 3.2); nil when it has none, or an IP address, or a user's name before
    /// it: OpenSSL takes that for a part of the host.
    static func host(ofURI text: String) -> DomainName? {
        let bytes = Array(text.utf8)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            bytes[colon...].starts(with: "://".utf8)
        else { return nil }
        let rest = bytes[(colon + 3)...]
        var authority = rest.prefix { !"/?#".utf8.contains($0) }
        if authority.contains(UInt8(ascii: "@")) { return nil }
        if let port = authority.firstIndex(of: UInt8(ascii: ":")) { authority = authority[..<port] }
        guard let name = DomainName(String(decoding: authority, as: UTF8.self)),
            let last = name.labels.last, !last.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
        else { return nil }
        return name
    }
}

/// E-mail addresses as RFC 5280 compares them (section 7.5): the part before the sign by its bytes, the host without regard
/// to case.
enum MailAddress {
    /// Whether an address is in a subtree: a mailbox, all of a host, or all hosts below a domain that begins with a dot.
    /// - Returns: nil when one of them is malformed.
    static func isInside(_ address: String, _ base: String) -> Bool? {
        guard let (local, host) = parts(address) else { return nil }
        if base.utf8.contains(UInt8(ascii: "@")) {
            guard let (wanted, domain) = parts(base) else { return nil }
            return local == wanted && host == domain
        }
        return host.isIn(hostOrDomain: base)
    }

    /// An address without quotes and comments.
    private static func parts(_ address: String) -> (local: [UInt8], host: DomainName)? {
        let parts = address.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, parts[0].allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x22 }),
            let host = DomainName(String(decoding: parts[1], as: UTF8.self))
        else { return nil }
        return (Array(parts[0]), host)
    }
}
