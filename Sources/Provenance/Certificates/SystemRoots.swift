internal import X509

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// The certificate authorities that the operating system trusts.
enum SystemRoots {
    /// Where distributions keep them in one PEM file: Debian and its relatives, Fedora, SUSE, Alpine.
    private static let places = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ]

    /// Those of the first place that has any; read once.
    static let certificates: [Certificate] = {
        for place in places {
            guard let text = FileManager.default.contents(atPath: place),
                let blocks = try? PEM.blocks(in: Array(text))
            else { continue }
            // One that is malformed to us is not trusted; the others still are.
            let found = blocks.filter { $0.label == "CERTIFICATE" }.compactMap { try? CertificateTrust.parse($0.bytes) }
            if !found.isEmpty { return found }
        }
        return []
    }()
}
