package import AssayCore
internal import ByteParsing

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// The services of a Sigstore instance that a signer talks to: a signing configuration, or addresses one by one.
package struct SigstoreServices: Sendable, Hashable {
    /// Fulcio, which certifies identities.
    package var certificateAuthority: ServiceAddress
    /// Rekor, the transparency log.
    package var log: ServiceAddress
    /// Rekor's interface: 1, or 2, whose entries need a timestamp.
    package var logVersion: Int
    /// RFC 3161 timestamp authorities, each of which stamps the signature.
    package var timestampAuthorities: [ServiceAddress]
    /// The OpenID provider that people log in to.
    package var identityProvider: ServiceAddress?

    package init(
        certificateAuthority: ServiceAddress, log: ServiceAddress, logVersion: Int = 1,
        timestampAuthorities: [ServiceAddress] = []
    ) {
        self.certificateAuthority = certificateAuthority
        self.log = log
        self.logVersion = logVersion
        self.timestampAuthorities = timestampAuthorities
    }

    /// Reads the `signingConfig` of a client trust configuration, or a signing configuration (0.1 and 0.2).
    ///
    /// Of several services, the first that is valid now and whose interface is known is taken; of the logs, one with the
    /// highest version; of the timestamp authorities, all if the configuration says so, else the first.
    /// - Returns: nil when the text holds no signing configuration.
    /// - Throws: `EvidenceError` when it names no service that can be used.
    package init?(_ bytes: [UInt8], at seconds: Double) throws(EvidenceError) {
        let root: JSONValue
        do {
            root = try JSONDocument(ByteRegion(bytes), dialect: .strict).root
        } catch {
            throw EvidenceError("the trust configuration is not strict JSON: \(error)")
        }
        let isAlone = root["mediaType"]?.string?.hasPrefix("application/vnd.dev.sigstore.signingconfig") == true
        guard let config = isAlone ? root : root["signingConfig"], config.isObject else { return nil }
        let now = Date(timeIntervalSince1970: seconds)
        func addresses(_ single: String, _ list: String) throws(EvidenceError) -> [(ServiceAddress, Int)] {
            if let url = config[single]?.string { return [(try ServiceAddress(url), 1)] }
            var found: [(ServiceAddress, Int)] = []
            for element in config[list].map({ Array($0.elements) }) ?? [] {
                if let url = element.string {
                    found.append((try ServiceAddress(url), 1))
                } else if let url = element["url"]?.string, Self.isValid(element["validFor"], now) {
                    found.append((try ServiceAddress(url), element["majorApiVersion"]?.integer ?? 1))
                }
            }
            return found
        }
        let authorities = try addresses("caUrl", "caUrls").filter { $0.1 == 1 }
        let logs = try addresses("tlogUrl", config["rekorTlogUrls"] == nil ? "tlogUrls" : "rekorTlogUrls")
            .filter { $0.1 == 1 || $0.1 == 2 }
        let providers = try addresses("oidcUrl", "oidcUrls").filter { $0.1 == 1 }
        let stamps = try addresses("tsaUrl", "tsaUrls").filter { $0.1 == 1 }.map(\.0)
        guard let authority = authorities.first, let version = logs.map(\.1).max(),
            let log = logs.first(where: { $0.1 == version })
        else { throw EvidenceError("the signing configuration names no certificate authority or no log to use") }
        self.init(
            certificateAuthority: authority.0, log: log.0, logVersion: log.1,
            timestampAuthorities: config["tsaConfig"]?["selector"]?.string == "ALL"
                ? stamps : Array(stamps.prefix(1)))
        identityProvider = providers.first?.0
    }

    private static func isValid(_ json: JSONValue?, _ now: Date) -> Bool {
        func date(_ name: String) -> Date? { json?[name]?.string.flatMap { Timestamp.date($0) } }
        return (date("start").map { $0 <= now } ?? true) && (date("end").map { now <= $0 } ?? true)
    }
}
