import AssayCore
import ByteParsing
import Fixtures
import Foundation
import Testing

@testable import Provenance

/// Signatures over one file's bytes, as cosign makes them.
@Suite struct FileSignatureTests {
    private let fixture: Fixture
    private var folder: String { fixture.path }

    init() throws { fixture = try Fixture() }

    private func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        try fixture.write(name, bytes)
        return "\(folder)/\(name)"
    }

    private func bundle(
        _ signature: [UInt8], of bytes: [UInt8], algorithm: String? = "SHA2_256",
        material: String = #""publicKey":{"hint":"x"}"#,
        type: String = SigstoreBundle.mediaType
    ) -> [UInt8] {
        let digest = Base64.encode(HashAlgorithm.sha256.hash(bytes))
        let claim = algorithm.map { #""messageDigest":{"algorithm":"\#($0)","digest":"\#(digest)"},"# } ?? ""
        return Array(
            """
            {"mediaType":"\(type)","verificationMaterial":{\(material)},
            "messageSignature":{\(claim)"signature":"\(Base64.encode(signature))"}}
            """.utf8)
    }

    private func verify(_ path: String, _ bundle: [UInt8], _ key: SigningKey) -> VerificationReport {
        ModelVerifier(trust: .publicKey(Array(key.publicKey.pem.utf8))).verify(path, signature: bundle)
    }

    @Test(arguments: EllipticCurve.allCases)
    func verifiesWithTheKey(curve: EllipticCurve) throws {
        let contents = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let path = try write("model.gguf", contents)
        let key = SigningKey(generating: curve)
        let report = verify(path, bundle(try key.sign(contents), of: contents), key)
        #expect(report.outcome == .verified, "\(report.reasons)")
        #expect(report.signed?.fileDigest == Hexadecimal.encode(HashAlgorithm.sha256.hash(contents)))
        #expect(report.comparison?.unchanged == 1)
        #expect(report.caveats.contains { $0.contains("this one file") })
        #expect(verify(path, bundle(try key.sign(contents), of: contents, algorithm: nil), key).outcome == .verified)
    }

    @Test func refusesWhatWasNotSigned() throws {
        let path = try write("model.gguf", Array("weights".utf8))
        let key = SigningKey(generating: .p256)
        let other = Array("weightz".utf8)
        // The claim is the file's and the signature is not, and the other way round.
        #expect(verify(path, bundle(try key.sign(other), of: Array("weights".utf8)), key).outcome == .notVerified)
        let swapped = verify(path, bundle(try key.sign(Array("weights".utf8)), of: other), key)
        #expect(swapped.outcome == .notVerified)
        #expect(swapped.comparison?.changed.count == 1)
        let elses = verify(
            path, bundle(try SigningKey(generating: .p256).sign(Array("weights".utf8)), of: Array("weights".utf8)), key)
        #expect(elses.outcome == .notVerified)
        // It says nothing about a folder.
        let good = bundle(try key.sign(Array("weights".utf8)), of: Array("weights".utf8))
        #expect(verify(path, good, key).outcome == .verified)
        #expect(verify(folder, good, key).outcome == .notVerified)
        #expect(verify("\(folder)/none", good, key).outcome == .undecided)
        // A statement's signature is none over the file that holds the statement, nor the other way round.
        let envelope = Envelope(payload: Array("weights".utf8))
        #expect(
            verify(path, bundle(try key.sign(envelope.preAuthenticationEncoding), of: Array("weights".utf8)), key)
                .outcome
                == .notVerified)
    }

    @Test func doesNotDecideOverUnknownDigests() throws {
        let contents = Array("weights".utf8)
        let path = try write("model.gguf", contents)
        let key = SigningKey(generating: .p256)
        let report = verify(path, bundle([0x30, 0x06, 2, 1, 1, 2, 1, 1], of: contents, algorithm: "SHA3_256"), key)
        #expect(report.outcome == .undecided)
        #expect(report.reasons.first?.contains("SHA3_256") == true)
    }

    @Test func readsTheBundleStrictly() throws {
        let contents = Array("weights".utf8)
        let path = try write("model.gguf", contents)
        let key = SigningKey(generating: .p256)
        let signature = try key.sign(contents)
        #expect(
            verify(
                path, bundle(signature, of: contents, type: "application/vnd.dev.sigstore.bundle+json;version=0.2"), key
            )
            .outcome == .verified)
        for (wrong, right) in [
            (#""messageSignature":{"#, #""messageSignature":{"more":1,"#), (#""mediaType":""#, #""mediaType":"x"#),
            (#""verificationMaterial""#, #""dsseEnvelope":{},"verificationMaterial""#),
            (#""algorithm":"SHA2_256","#, ""), (#""hint":"x""#, #""hint":1"#),
        ] {
            let text = String(decoding: bundle(signature, of: contents), as: UTF8.self)
            #expect(text.contains(wrong))
            let changed = text.replacingOccurrences(of: wrong, with: right)
            #expect(verify(path, Array(changed.utf8), key).outcome == .notVerified, "\(right)")
        }
    }
}
