import AssayCore
import Fixtures
import Foundation
import Testing

@testable import Provenance

/// A model that was signed in one of the ways there are.
struct SignedModel {
    enum Kind: String, CaseIterable, Sendable {
        case key, certificate, mac, sigstore, token, shards, blake3, singleFile
    }

    static let files = ["config.json": "{\"a\": 1}\n", "weights/a.bin": "0123456789", "empty": ""]

    let fixture: Fixture
    let path: String
    let bundle: [UInt8]
    let trust: ModelVerifier.Trust
    /// The files that are signed, without the one that shards do not cover.
    let covered: [String: [UInt8]]

    /// - Returns: nil for a token where there is none to sign with.
    init?(_ kind: Kind) throws {
        var options = ModelSigner.Options()
        var files = Self.files.mapValues { Array($0.utf8) }
        let key = SigningKey(generating: .p256)
        let method: ModelSigner.Method
        switch kind {
        case .key, .shards, .blake3, .singleFile:
            method = .key(pem: Array(key.pem.utf8), password: nil)
            trust = .publicKey(Array(key.publicKey.pem.utf8))
        case .certificate:
            let root = try TestCertificate(root: "Root")
            let leaf = try TestCertificate("Leaf", issuedBy: root)
            method = .certificate(
                pem: Array(leaf.key.pem.utf8), password: nil, certificate: leaf.pem, chain: [root.pem])
            trust = .certificates([root.pem])
        case .mac:
            let secret = Array("0123456789abcdef".utf8)
            (method, trust) = (.mac(secret), .mac(secret))
        case .token:
            guard let token = try SoftToken() else { return nil }
            (method, trust) = (token.method, .publicKey(token.publicKey))
        case .sigstore:
            // Recorded: `SigstoreBundleTests` says where.
            let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Fixtures/sigstore/"
            func read(_ name: String) throws -> [UInt8] {
                Array(try Data(contentsOf: URL(fileURLWithPath: folder + name)))
            }
            fixture = try Fixture()
            files = ["config.json": try read("model/config.json"), "weights.bin": try read("model/weights.bin")]
            for (name, bytes) in files { try fixture.write(name, bytes) }
            (path, covered, bundle) = (fixture.path, files, try read("rekor1-tsa.sig.json"))
            trust = .sigstore(
                root: try read("trusted-root.json"), identity: "signer@example.com", issuer: "https://issuer.example")
            return
        }
        fixture = try Fixture()
        if kind == .singleFile { files = ["weights.bin": Array("0123456789".utf8)] }
        for (name, bytes) in files { try fixture.write(name, bytes) }
        path = fixture.path + (kind == .singleFile ? "/weights.bin" : "")
        if kind == .shards {
            options.method = .shards(size: 4)
            files["empty"] = nil
        }
        if kind == .blake3 { options.algorithm = .blake3 }
        covered = files
        bundle = try ModelSigner(method, options: options).sign(path).bundle
    }

    func verify(
        _ changed: [UInt8]? = nil, during body: @escaping @Sendable () -> Void = {}
    ) -> VerificationReport {
        ModelVerifier(trust: trust).verify(path, signature: changed ?? bundle) { _, _ in body() }
    }
}

/// A key in SoftHSM2's token, where that is installed and `SOFTHSM2_CONF` names a file that isn't there yet (`make test`).
private struct SoftToken {
    let method: ModelSigner.Method
    let publicKey: [UInt8]

    private static let module = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so"].first {
        FileManager.default.fileExists(atPath: $0)
    }
    private static let folder: Fixture? = try? Fixture()

    /// One token for all tests: the module reads where it is once.
    private static let key: SigningKey? = {
        guard module != nil, let place = unsafe getenv("SOFTHSM2_CONF") else { return nil }
        let configuration = unsafe String(cString: place)
        // A configuration that is there already is somebody's own.
        guard !FileManager.default.fileExists(atPath: configuration), let folder else { return nil }
        let key = SigningKey(generating: .p256)
        try? folder.write("tokens/.keep", [])
        try? folder.write("key.pem", Array(key.pem.utf8))
        let settings = "directories.tokendir = \(folder.path)/tokens\nobjectstore.backend = file\n"
        guard FileManager.default.createFile(atPath: configuration, contents: Data(settings.utf8)) else { return nil }
        // Statics live as long as the process, and nobody takes their folders away; the next run makes them anew.
        atexit { SoftToken.clear() }
        let tool = "/usr/bin/softhsm2-util"
        let made = ChildProcess.firstLine(of: [
            tool, "--init-token", "--free", "--label", "assay", "--so-pin", "5678", "--pin", "1234",
        ])
        let taken = ChildProcess.firstLine(of: [
            tool, "--import", folder.path + "/key.pem", "--token", "assay", "--pin", "1234", "--label", "key", "--id",
            "01",
        ])
        return made != nil && taken != nil ? key : nil
    }()

    private static func clear() {
        if let folder { try? FileManager.default.removeItem(atPath: folder.path) }
        if let place = unsafe getenv("SOFTHSM2_CONF") {
            try? FileManager.default.removeItem(atPath: unsafe String(cString: place))
        }
    }

    init?() throws {
        guard let module = Self.module, let key = Self.key else { return nil }
        method = .token(
            uri: "pkcs11:token=assay;object=key?module-path=\(module)", pin: Array("1234".utf8), certificate: nil,
            chain: [])
        publicKey = Array(key.publicKey.pem.utf8)
    }
}

/// However a model is signed: no change of it, and none of its signature, goes unnoticed.
@Suite struct SignedModelPropertyTests {
    @Test(arguments: SignedModel.Kind.allCases)
    func everyChangedByteOfTheModelIsSeen(kind: SignedModel.Kind) throws {
        guard let model = try SignedModel(kind) else { try Test.cancel("there is no software token") }
        #expect(model.verify().outcome == .verified, "\(model.verify().reasons)")
        for (name, bytes) in model.covered {
            for index in bytes.indices {
                for mask: UInt8 in [0x01, 0x80] {
                    var changed = bytes
                    changed[index] ^= mask
                    try model.fixture.write(name, changed)
                    #expect(model.verify().outcome == .notVerified, "\(name) \(index)")
                }
            }
            for changed in [bytes + [0], Array(bytes.dropLast()), [0] + bytes] where changed != bytes {
                try model.fixture.write(name, changed)
                #expect(model.verify().outcome == .notVerified, "\(name), \(changed.count) bytes")
            }
            try model.fixture.remove(name)
            #expect(model.verify().outcome != .verified, "\(name) gone")
            try model.fixture.write(name, bytes)
        }
        #expect(model.verify().outcome == .verified)
    }

    /// Either the change is refused, or what was signed and who signed are the same.
    @Test(arguments: SignedModel.Kind.allCases)
    func changedBytesOfTheSignatureAreRefusedOrMeanTheSame(kind: SignedModel.Kind) throws {
        guard let model = try SignedModel(kind) else { try Test.cancel("there is no software token") }
        let before = model.verify()
        let payload = try SigstoreBundle(model.bundle).envelope.payload
        var accepted = 0
        // A step that shares no factor with the length of Base64's groups meets all their places.
        for index in stride(from: 0, to: model.bundle.count, by: 11) {
            var changed = model.bundle
            changed[index] ^= 1 << UInt8(index % 8)
            let after = model.verify(changed)
            guard after.outcome == .verified else { continue }
            // A certificate that the path does without may change, which is said.
            if after.caveats == before.caveats { accepted += 1 }
            #expect(try SigstoreBundle(changed).envelope.payload == payload)
            #expect(after.signer == before.signer && after.signed == before.signed, "byte \(index)")
        }
        // What may pass is the empty key id's place, and JSON's white space and spellings.
        #expect(accepted < 4)
        for length in stride(from: 0, to: model.bundle.count - 1, by: 61) {
            #expect(model.verify(Array(model.bundle.prefix(length))).outcome == .notVerified)
        }
    }

    enum Swap: CaseIterable, Sendable { case replaced, awayAndBack, linked, touched, cut, grown, sameBytes }

    /// Whoever changes a file between two looks at it, even back to what was signed, gets no "verified".
    @Test(arguments: SignedModel.Kind.allCases, Swap.allCases)
    func whatIsSwappedMeanwhileIsNeverVerified(kind: SignedModel.Kind, swap: Swap) throws {
        guard let model = try SignedModel(kind) else { try Test.cancel("there is no software token") }
        let other = try Fixture()
        let name = kind == .sigstore || kind == .singleFile ? "weights.bin" : "weights/a.bin"
        let bytes = try #require(model.covered[name])
        try other.write("copy", bytes)
        let (fixture, copy) = (model.fixture, other.path + "/copy")
        let file = fixture.path + "/" + name
        let report = model.verify {
            let files = FileManager.default
            switch swap {
            case .replaced: _ = unsafe rename(copy, file)
            case .awayAndBack:
                _ = unsafe rename(file, file + "~")
                _ = unsafe rename(file + "~", file)
            case .linked:
                try? files.removeItem(atPath: file)
                try? files.createSymbolicLink(atPath: file, withDestinationPath: copy)
            case .touched:
                try? files.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: file)
            case .cut: _ = unsafe truncate(file, 1)
            case .grown: try? fixture.write(name, bytes + [0])
            case .sameBytes: try? fixture.write(name, bytes)
            }
        }
        #expect(report.outcome != .verified)
        #expect(!report.reasons.isEmpty)
    }
}
