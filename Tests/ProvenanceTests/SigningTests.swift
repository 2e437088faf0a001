import AssayCore
import Fixtures
import Foundation
import Provenance
import Testing

@Suite struct SigningTests {
    private static let files = ["config.json": "{}", "weights/a.bin": "0123456789", "weights/b.bin": "abc"]

    private func sign(
        _ model: Fixture, _ key: SigningKey, _ change: (inout ModelSigner.Options) -> Void = { _ in }
    ) throws -> [UInt8] {
        var options = ModelSigner.Options()
        change(&options)
        return try ModelSigner(.key(pem: Array(key.pem.utf8), password: nil), options: options).sign(model.path).bundle
    }

    private func verify(
        _ model: Fixture, _ key: SigningKey, _ bundle: [UInt8],
        _ change: (inout ModelVerifier.Options) -> Void = { _ in }
    ) -> VerificationReport {
        var options = ModelVerifier.Options()
        change(&options)
        return ModelVerifier(trust: .publicKey(Array(key.publicKey.pem.utf8)), options: options)
            .verify(model.path, signature: bundle)
    }

    @Test(arguments: EllipticCurve.allCases, HashAlgorithm.allCases)
    func roundTrip(curve: EllipticCurve, algorithm: HashAlgorithm) throws {
        let model = try Fixture(Self.files)
        let key = SigningKey(generating: curve)
        let bundle = try sign(model, key) { $0.algorithm = algorithm }
        let report = verify(model, key, bundle)
        #expect(report.outcome == .verified, "\(report.reasons)")
        #expect(report.comparison?.unchanged == 3)
        let other = verify(model, SigningKey(generating: curve), bundle)
        #expect(other.outcome == .notVerified)
    }

    @Test func shards() throws {
        let model = try Fixture(Self.files)
        try model.write("a:b.bin", Array(repeating: 7, count: 25))
        try model.write("empty", [])
        let key = SigningKey(generating: .p256)
        let bundle = try sign(model, key) { $0.method = .shards(size: 10) }
        let report = verify(model, key, bundle)
        #expect(report.outcome == .verified, "\(report.reasons)")
        #expect(report.uncovered.map(\.text) == ["empty"])
        try model.write("a:b.bin", Array(repeating: 7, count: 26))
        #expect(verify(model, key, bundle).comparison?.changed.map(\.text) == ["a:b.bin"])
    }

    @Test func everyKindOfDifferenceIsListed() throws {
        let model = try Fixture(Self.files)
        let key = SigningKey(generating: .p256)
        let bundle = try sign(model, key)
        try model.write("weights/a.bin", Array("0123456780".utf8))
        try model.write("new.txt", [1])
        try model.write("moved.bin", Array("abc".utf8))
        try model.remove("weights/b.bin")
        try model.remove("config.json")
        let comparison = try #require(verify(model, key, bundle).comparison)
        #expect(comparison.changed.map(\.text) == ["weights/a.bin"])
        #expect(comparison.added.map(\.text) == ["new.txt"])
        #expect(comparison.removed.map(\.text) == ["config.json"])
        #expect(comparison.renamed.map { [$0.from.text, $0.to.text] } == [["weights/b.bin", "moved.bin"]])
    }

    @Test func whatIsNotCoveredIsListed() throws {
        let model = try Fixture(Self.files)
        let key = SigningKey(generating: .p256)
        let bundle = try sign(model, key)
        try model.write(".git/hooks/post-checkout", [1])
        try model.write("sub/.git/config", [1])
        let report = verify(model, key, bundle) { $0.ignoresUnsignedFiles = true }
        #expect(report.outcome == .verified)
        #expect(report.uncovered.map(\.text) == [".git/hooks/post-checkout", "sub/.git/config"])
        #expect(verify(model, key, bundle).comparison?.added.map(\.text) == ["sub/.git/config"])
    }

    @Test func linksAreRefusedUnlessAllowed() throws {
        let model = try Fixture(Self.files)
        let outside = try Fixture(["secret": "x"])
        let key = SigningKey(generating: .p256)
        try model.link("link.bin", to: "weights/a.bin")
        #expect(throws: EvidenceError.self) { try sign(model, key) }
        let bundle = try sign(model, key) { $0.scope.allowsLinks = true }
        #expect(verify(model, key, bundle).outcome == .verified)
        try model.remove("link.bin")
        try model.link("link.bin", to: outside.path + "/secret")
        #expect(throws: EvidenceError.self) { try sign(model, key) { $0.scope.allowsLinks = true } }
        try model.remove("link.bin")
        try model.link("link.bin", to: "weights")
        #expect(throws: EvidenceError.self) { try sign(model, key) { $0.scope.allowsLinks = true } }
        #expect(verify(model, key, bundle).outcome == .notVerified)
    }

    /// The signer's word counts: a file that became a link to the same bytes is another model, whatever the verifier says.
    @Test func linksTheSignerDidNotAllowAreNotFollowed() throws {
        let model = try Fixture(Self.files)
        let key = SigningKey(generating: .p256)
        let bundle = try sign(model, key)
        try model.write("copy", Array("abc".utf8))
        let withCopy = try sign(model, key)
        try model.remove("copy")
        try model.link("copy", to: "weights/b.bin")
        #expect(verify(model, key, withCopy) { $0.allowsLinks = true }.outcome == .notVerified)
        #expect(verify(model, key, bundle) { $0.allowsLinks = true }.outcome == .notVerified)
    }

    @Test func ignoredPathsAreNoPatterns() throws {
        let model = try Fixture(Self.files)
        #expect(throws: EvidenceError.self) {
            try sign(model, SigningKey(generating: .p256)) { $0.scope.ignored.append(ModelPath("cache/*")) }
        }
    }

    @Test func namesAreBytes() throws {
        let model = try Fixture(["\u{e9}": "composed"])
        try model.write("e\u{301}", Array("decomposed".utf8))
        let key = SigningKey(generating: .p256)
        let bundle = try sign(model, key)
        #expect(verify(model, key, bundle).comparison?.unchanged == 2)
        try model.write("e\u{301}", Array("composed".utf8))
        try model.write("\u{e9}", Array("decomposed".utf8))
        #expect(verify(model, key, bundle).comparison?.changed.count == 2)
    }

    @Test func aModelThatChangesMeanwhileIsNeverVerified() throws {
        let model = try Fixture(Self.files)
        let key = SigningKey(generating: .p256)
        let bundle = try sign(model, key)
        // Even the same bytes: somebody wrote to a file after it was hashed.
        let report = ModelVerifier(trust: .publicKey(Array(key.publicKey.pem.utf8)))
            .verify(model.path, signature: bundle) { _, _ in
                try? model.write("weights/a.bin", Array("0123456789".utf8))
            }
        #expect(report.outcome == .undecided)
        #expect(!report.reasons.isEmpty)
    }

    enum Swap: CaseIterable, Sendable {
        case replaceFile, awayAndBack, folderByLink, folderByCopy, newFile, emptyFile, touch, hardLink
    }

    /// Whoever changes the model between two looks at it, even back to what was signed, gets no "verified".
    @Test(arguments: Swap.allCases)
    func whatIsSwappedMeanwhileIsNeverVerified(swap: Swap) throws {
        let model = try Fixture(Self.files)
        let copy = try Fixture(["a.bin": "0123456789", "b.bin": "abc"])
        let key = SigningKey(generating: .p256)
        let bundle = try sign(model, key)
        #expect(verify(model, key, bundle).outcome == .verified)
        let report = ModelVerifier(trust: .publicKey(Array(key.publicKey.pem.utf8)))
            .verify(model.path, signature: bundle) { _, _ in
                let files = FileManager.default
                let file = model.path + "/weights/a.bin"
                let folder = model.path + "/weights"
                switch swap {
                case .replaceFile:
                    try? Data("0123456789".utf8).write(to: URL(fileURLWithPath: copy.path + "/new"))
                    _ = try? files.replaceItemAt(
                        URL(fileURLWithPath: file), withItemAt: URL(fileURLWithPath: copy.path + "/new"))
                case .awayAndBack:
                    try? files.moveItem(atPath: file, toPath: file + "~")
                    try? files.moveItem(atPath: file + "~", toPath: file)
                case .folderByLink:
                    try? files.removeItem(atPath: folder)
                    try? files.createSymbolicLink(atPath: folder, withDestinationPath: copy.path)
                case .folderByCopy:
                    try? files.removeItem(atPath: folder)
                    try? files.copyItem(atPath: copy.path, toPath: folder)
                case .newFile: try? model.write("late", [1])
                case .emptyFile: try? model.write("late", [])
                case .touch:
                    try? files.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: file)
                case .hardLink: try? files.linkItem(atPath: file, toPath: copy.path + "/linked")
                }
            }
        #expect(report.outcome != .verified, "\(swap)")
        #expect(!report.reasons.isEmpty)
    }

    @Test func hmac() throws {
        let model = try Fixture(Self.files)
        let secret = Array("0123456789abcdef".utf8)
        let bundle = try ModelSigner(.mac(secret)).sign(model.path).bundle
        #expect(ModelVerifier(trust: .mac(secret)).verify(model.path, signature: bundle).outcome == .verified)
        let other = Array("0123456789abcdeF".utf8)
        #expect(ModelVerifier(trust: .mac(other)).verify(model.path, signature: bundle).outcome == .notVerified)
        #expect(throws: EvidenceError.self) { try ModelSigner(.mac([1, 2, 3])).sign(model.path) }
    }

    @Test func emptyModelsAreRefused() throws {
        let model = try Fixture()
        #expect(throws: EvidenceError.self) { try sign(model, SigningKey(generating: .p256)) }
    }
}
