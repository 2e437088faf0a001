internal import AssayCore
internal import ByteParsing
internal import SwiftASN1
internal import X509

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// The keys and certificates of a Sigstore instance: a `trusted_root.json`, or the client trust configuration that
/// holds one.
struct SigstoreTrustedRoot: Sendable {
    /// When a key or authority is to be believed.
    struct Validity: Sendable {
        let start: Date
        let end: Date?
        func contains(_ date: Date) -> Bool { start <= date && (end.map { date <= $0 } ?? true) }
    }

    /// A transparency log, of signatures or of certificates.
    struct Log: Sendable {
        /// What entries and timestamps name the log by.
        let id: [UInt8]
        let name: String
        let key: Certificate.PublicKey
        let algorithm: Certificate.SignatureAlgorithm
        let validity: Validity

        /// Whether the log signed `message`.
        func signed(_ message: [UInt8], _ signature: [UInt8]) -> Bool {
            key.isValidSignature(signature, for: message, signatureAlgorithm: algorithm)
        }
    }

    /// Fulcio or a timestamp authority: its certificates, the nearest to the leaf first.
    struct Authority: Sendable {
        let name: String
        let chain: [Certificate]
        let validity: Validity
        /// What the chain ends in: the root, or, where the instance keeps that to itself, the certificate nearest to it.
        var anchors: [Certificate] {
            let roots = chain.filter(\.isSelfSigned)
            return roots.isEmpty ? chain.suffix(1) : roots
        }
        var intermediates: [Certificate] { chain.filter { !anchors.contains($0) } }
    }

    let logs: [Log]
    let certificateLogs: [Log]
    let certificateAuthorities: [Authority]
    let timestampAuthorities: [Authority]
    /// Whether the instance has no logs at all, neither of signatures nor of certificates: what it certified is proved by
    /// its timestamps alone. GitHub runs such a one for repositories that are not public.
    let isUnlogged: Bool

    /// Reads one trusted root, or a file with one on each line, as `gh attestation trusted-root` prints them.
    static func all(in bytes: [UInt8]) throws(EvidenceError) -> [SigstoreTrustedRoot] {
        let lines = bytes.split(separator: 0x0A).filter { !$0.allSatisfy { $0 == 0x20 || $0 == 0x0D || $0 == 0x09 } }
        guard (2...64).contains(lines.count), lines.allSatisfy({ $0.first == UInt8(ascii: "{") && $0.count > 1 }) else {
            return [try SigstoreTrustedRoot(bytes)]
        }
        var roots: [SigstoreTrustedRoot] = []
        for line in lines { roots.append(try SigstoreTrustedRoot(Array(line))) }
        return roots
    }

    /// - Throws: `EvidenceError` when the text is no trusted root, or names nobody to trust.
    init(_ bytes: [UInt8]) throws(EvidenceError) {
        let root: JSONValue
        do {
            root = try JSONDocument(ByteRegion(bytes), dialect: .strict).root
        } catch {
            throw EvidenceError("the trust configuration is not strict JSON: \(error)")
        }
        let trusted = root["trustedRoot"] ?? root
        guard let type = trusted["mediaType"]?.string,
            type.hasPrefix("application/vnd.dev.sigstore.trustedroot")
        else { throw EvidenceError("the trust configuration holds no Sigstore trusted root") }
        logs = Self.logs(trusted["tlogs"])
        certificateLogs = Self.logs(trusted["ctlogs"])
        certificateAuthorities = try Self.authorities(trusted["certificateAuthorities"])
        timestampAuthorities = try Self.authorities(trusted["timestampAuthorities"])
        // A log with a key of an unknown kind is a log all the same.
        isUnlogged =
            ["tlogs", "ctlogs"].allSatisfy { trusted[$0].map { $0.isArray && $0.count == 0 } ?? true }
            && !timestampAuthorities.isEmpty
        guard !certificateAuthorities.isEmpty, !logs.isEmpty || isUnlogged else {
            throw EvidenceError("the trusted root names no certificate authority or no transparency log")
        }
    }

    /// Logs with keys of a kind that is not known here are left out: what only they vouch for is then not trusted.
    private static func logs(_ json: JSONValue?) -> [Log] {
        (json.map { Array($0.elements) } ?? []).compactMap { element in
            guard let raw = element["publicKey"]?["rawBytes"]?.stringBytes, let der = Base64.decode(raw),
                let id = element["logId"]?["keyId"]?.stringBytes, let id = Base64.decode(id), id.count >= 4,
                let key = try? Certificate.PublicKey(derEncoded: der)
            else { return nil }
            let algorithm: Certificate.SignatureAlgorithm
            switch element["publicKey"]?["keyDetails"]?.string {
            case "PKIX_ECDSA_P256_SHA_256": algorithm = .ecdsaWithSHA256
            case "PKIX_ECDSA_P384_SHA_384": algorithm = .ecdsaWithSHA384
            case "PKIX_ECDSA_P521_SHA_512": algorithm = .ecdsaWithSHA512
            case "PKIX_ED25519": algorithm = .ed25519
            case "PKIX_RSA_PKCS1V15_2048_SHA256", "PKIX_RSA_PKCS1V15_3072_SHA256", "PKIX_RSA_PKCS1V15_4096_SHA256":
                algorithm = .sha256WithRSAEncryption
            default: return nil
            }
            return Log(
                id: id, name: element["baseUrl"]?.string ?? "", key: key, algorithm: algorithm,
                validity: validity(element["publicKey"]?["validFor"]))
        }
    }

    private static func authorities(_ json: JSONValue?) throws(EvidenceError) -> [Authority] {
        var authorities: [Authority] = []
        for element in json.map({ Array($0.elements) }) ?? [] {
            var chain: [Certificate] = []
            for certificate in element["certChain"]?["certificates"].map({ Array($0.elements) }) ?? [] {
                guard let raw = certificate["rawBytes"]?.stringBytes, let der = Base64.decode(raw) else {
                    throw EvidenceError("a certificate of the trusted root is not Base64")
                }
                chain.append(try CertificateTrust.parse(der))
            }
            guard !chain.isEmpty else { throw EvidenceError("an authority of the trusted root has no certificates") }
            authorities.append(
                Authority(
                    name: element["uri"]?.string ?? "", chain: chain, validity: validity(element["validFor"])))
        }
        return authorities
    }

    private static func validity(_ json: JSONValue?) -> Validity {
        // A moment that cannot be read ends the validity instead of extending it, and so does a missing start.
        func date(_ value: JSONValue?) -> Date? { value?.string.flatMap { Timestamp.date($0) } }
        let end = json?["end"].flatMap { $0.isNull ? nil : date($0) ?? .distantPast }
        return Validity(start: date(json?["start"]) ?? .distantFuture, end: end)
    }
}
