import AssayCore
import ByteParsing
import Foundation
import Testing

@testable import Provenance

/// The public verification cases of sigstore/sigstore-conformance, where a checkout of it lies: its
/// `test/assets/bundle-verify` in `SIGSTORE_CONFORMANCE`, and the public instance's trusted root in
/// `SIGSTORE_TRUSTED_ROOT`.
///
/// Bundles there also sign messages that are no envelopes, which no reader of evidence takes: the parts are read here and
/// handed to the verifier.
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
        guard
            let version = SigstoreBundle.Version(
                mediaType: bundle["mediaType"]?.string ?? "", isModelSignature: false)
        else { throw EvidenceError("no version") }
        let material = bundle["verificationMaterial"]
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
            message = SignedMessage(content: .bytes(artifact), payload: nil, signature: signature)
        }
        let stamps = material?["timestampVerificationData"]?["rfc3161Timestamps"].map { Array($0.elements) } ?? []
        let beside = SigstoreVerifier.Material(
            entries: material?["tlogEntries"].map { Array($0.elements) } ?? [],
            timestamps: try stamps.map { try bytes($0["signedTimestamp"], "timestamp") }, version: version)
        let verifier = SigstoreVerifier(trustedRoot: try SigstoreTrustedRoot(root))
        if material?["publicKey"] != nil {
            let key = try VerificationKey(pem: read(name, "key.pub") ?? [])
            guard message.isSigned(by: key) else {
                throw EvidenceError("another key")
            }
            return try verifier.confirm(message, key: key, beside)
        }
        let chain =
            version == .v03
            ? material?["certificate"] : material?["x509CertificateChain"]?["certificates"]?[0]
        _ = try verifier.authenticate(
            message, leaf: bytes(chain?["rawBytes"], "certificate"), beside,
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
        #expect((reason == nil) == !name.hasSuffix("_fail"), "\(reason ?? "accepted")")
    }
}
