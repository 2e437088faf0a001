import AssayCore
import ByteParsing
import Foundation
import Testing

@testable import Provenance

/// The public verification cases of sigstore/sigstore-conformance, where a checkout of it lies: its
/// `test/assets/bundle-verify` in `SIGSTORE_CONFORMANCE`, and the public instance's trusted root in
/// `SIGSTORE_TRUSTED_ROOT`.
///
/// Bundles there also sign messages that are no envelopes, come in versions before 0.3, or were made with keys. The
/// reader of model signatures takes none of those, so the parts are read here and handed to the verifier.
@Suite struct SigstoreConformanceTests {
    private static let folder = ProcessInfo.processInfo.environment["SIGSTORE_CONFORMANCE"] ?? ""
    private static let cases =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter {
            FileManager.default.fileExists(atPath: "\(folder)/\($0)/bundle.sigstore.json")
        }.sorted()
    private static let identity = """
        https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/\
        extremely-dangerous-oidc-beacon.yml@refs/heads/main
        """

    /// Cases that an offline verifier of model signatures refuses for reasons of its own.
    private static let refused: [String: String] = [
        "happy-path-v0.1": "before version 0.3, an entry needs no inclusion proof",
        "happy-path-v0.2": "before version 0.3, certificates come as chains",
        "managed-key-and-trusted-root": "keys with log entries", "managed-key-happy-path": "keys with log entries",
    ]

    private func read(_ name: String, _ file: String) -> [UInt8]? {
        (try? Data(contentsOf: URL(fileURLWithPath: "\(Self.folder)/\(name)/\(file)"))).map { Array($0) }
    }

    /// The Base64 of a member, decoded.
    private func bytes(_ json: JSONValue?, _ what: String) throws(EvidenceError) -> [UInt8] {
        guard let json, let bytes = Base64.decode(json.stringBytes), !bytes.isEmpty else {
            throw EvidenceError("no \(what)")
        }
        return bytes
    }

    private func judge(_ name: String) throws {
        let environment = ProcessInfo.processInfo.environment["SIGSTORE_TRUSTED_ROOT"] ?? ""
        let root = try read(name, "trusted_root.json") ?? Array(Data(contentsOf: URL(fileURLWithPath: environment)))
        let bundle = try JSONDocument(ByteRegion(read(name, "bundle.sigstore.json") ?? []), dialect: .strict).root
        let material = bundle["verificationMaterial"]
        let chain = material?["certificate"] ?? material?["x509CertificateChain"]?["certificates"]?[0]
        let leaf = try bytes(chain?["rawBytes"], "certificate")
        let message: SignedMessage
        if let envelope = bundle["dsseEnvelope"] {
            message = try SignedMessage(Envelope(envelope))
        } else {
            let artifact = read(name, "artifact") ?? read("", "a.txt") ?? []
            if let digest = bundle["messageSignature"]?["messageDigest"]?["digest"] {
                guard try bytes(digest, "digest") == HashAlgorithm.sha256.hash(artifact) else {
                    throw EvidenceError("the bundle names another digest")
                }
            }
            let signature = try bytes(bundle["messageSignature"]?["signature"], "signature")
            message = SignedMessage(encoding: artifact, payload: nil, signature: signature)
        }
        let stamps = material?["timestampVerificationData"]?["rfc3161Timestamps"].map { Array($0.elements) } ?? []
        _ = try SigstoreVerifier(trustedRoot: SigstoreTrustedRoot(root)).authenticate(
            message, leaf: leaf, entries: material?["tlogEntries"].map { Array($0.elements) } ?? [],
            timestamps: stamps.map { try bytes($0["signedTimestamp"], "timestamp") },
            identity: read(name, "identity").map { String(decoding: $0, as: UTF8.self) } ?? Self.identity,
            issuer: read(name, "issuer").map { String(decoding: $0, as: UTF8.self) }
                ?? "https://token.actions.githubusercontent.com")
    }

    @Test(arguments: cases)
    func answersAsTheSuiteSays(name: String) throws {
        var reason: String?
        do {
            try judge(name)
        } catch {
            reason = "\(error)"
        }
        if Self.refused[name] != nil { return }
        #expect((reason == nil) == !name.hasSuffix("_fail"), "\(reason ?? "accepted")")
    }
}
