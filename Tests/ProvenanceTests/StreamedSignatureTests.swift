import AssayCore
import ByteParsing
import Fixtures
import Foundation
import Testing

@testable import Provenance

/// Signature files that are read without being held say what they say when they are read at once.
@Suite struct StreamedSignatureTests {
    private let key = SigningKey(generating: .p384)

    private func sign(_ model: Fixture, _ method: Manifest.Method = .files) throws -> [UInt8] {
        var options = ModelSigner.Options()
        options.method = method
        return try ModelSigner(.key(pem: Array(key.pem.utf8), password: nil), options: options).sign(model.path).bundle
    }

    /// More than one piece is read and written, and names come in all sorts.
    private func model() throws -> Fixture {
        let model = try Fixture(["a b/c": "1", "a/b": "2", "a-b": "3", "caf\u{E9}": "4", "q\"\\{[": "6"])
        try model.write("cafe\u{301}", [5])
        for number in 0..<3000 { try model.write("part/\(number)", Array("\(number)".utf8)) }
        return model
    }

    @Test(arguments: [Manifest.Method.files, .shards(size: 2)])
    func sayTheSame(method: Manifest.Method) throws {
        let model = try model()
        let bytes = try sign(model, method)
        try model.write("../\(URL(fileURLWithPath: model.path).lastPathComponent).sig", bytes)
        let path = model.path + ".sig"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let whole = try SigstoreBundle(bytes)
        let wanted = try ModelStatement.read(whole.envelope.payload)
        for source in [SignatureSource(bytes), try #require(SignatureSource(file: path))] {
            let streamed = try #require(try StreamedSignature(source))
            #expect(try streamed.read().manifest == wanted.manifest)
            #expect(streamed.digest == HashAlgorithm.sha256.hash(bytes))
            #expect(
                streamed.content.sha384.map { Array($0) }
                    == SignedContent.bytes(whole.envelope.preAuthenticationEncoding).sha384.map { Array($0) })
            #expect(try ManifestText.read(source) == wanted.manifest)
        }
        let verifier = ModelVerifier(trust: .publicKey(Array(key.publicKey.pem.utf8)))
        let source = try #require(SignatureSource(file: path))
        let report = verifier.verify(model.path, signature: source)
        #expect(report.outcome == .verified, "\(report.reasons)")
        #expect(report.signatureDigest == Hexadecimal.encode(HashAlgorithm.sha256.hash(bytes)))
        #expect(wanted.manifest.fileCount == 3006)
    }

    /// A file that is not the one any more whose signature was judged says nothing.
    @Test func aFileThatChangesIsNotReadOn() throws {
        let model = try Fixture(["a": "1"])
        let bytes = try sign(model)
        let folder = try Fixture([:])
        try folder.write("s", bytes)
        let source = try #require(SignatureSource(file: folder.path + "/s"))
        let streamed = try #require(try StreamedSignature(source))
        #expect(try streamed.read().manifest.resources.count == 1)
        let handle = try #require(FileHandle(forUpdatingAtPath: folder.path + "/s"))
        try handle.seek(toOffset: UInt64(bytes.count))
        try handle.write(contentsOf: [0x20])
        try handle.close()
        #expect(throws: EvidenceError.self) { try streamed.read() }
        #expect(streamed.content.sha256 == nil)
    }

    /// What is written in another way, or twice, is read at once.
    @Test func whatIsNotReadInPieces() throws {
        let bytes = try sign(try Fixture(["a": "1"]))
        let text = String(decoding: bytes, as: UTF8.self)
        for (from, to) in [
            ("\"payload\":", "\"p\\u0061yload\":"), ("\"payload\":", "\"payload\":\"\",\"payload\":"),
            ("\"payload\":\"", "\"payload\":\"\\u0065"), ("\"payload\":\"", "\"payload\":\"\n"),
            ("\"dsse", "\"x\":1,\"dsse"),
        ] {
            let changed = text.replacing(from, with: to)
            #expect(changed != text)
            #expect(try StreamedSignature(SignatureSource(Array(changed.utf8))) == nil, "\(to)")
        }
    }

    /// The root digest covers the order, so lists in any order are read; twice the same name is refused.
    @Test func listsInAnyOrder() throws {
        let digest = HashAlgorithm.sha256.hash([1])
        var names = PathList()
        for name in ["b", "a/b", "a", "a b"] { names.append(ModelPath(name)) }
        #expect(!names.isAscending)
        #expect(names.arranged(names.order).map(\.text) == ["a", "a b", "a/b", "b"])
        #expect(names.arranged(names.order).place(of: ModelPath("a/b")) == 2)
        #expect(names.arranged(names.order).place(of: ModelPath("a.b")) == nil)
        #expect(names.repeated == nil)
        names.append(ModelPath("a"))
        #expect(names.repeated == ModelPath("a"))
        var list = ResourceList()
        let taken = [list.append(ModelPath("x"), digest), list.append(ModelPath("y"), [1, 2])]
        #expect(taken == [true, false])
        #expect(list.map(\.name.text) == ["x"])
    }

    @Test func shardsOfFilesOfAllLengths() throws {
        let model = try Fixture([:])
        for count in [0, 1, 9, 10, 11, 20, 21] { try model.write("f\(count)", Array(repeating: 1, count: count)) }
        let tree = try ModelTree(model.path, scope: SigningScope())
        let pieces = PieceList(tree.files, .shards(size: 10))
        #expect(
            (0..<pieces.count).map { pieces[$0].name.text } == [
                "f1:0:1", "f10:0:10", "f11:0:10", "f11:10:11", "f20:0:10", "f20:10:20", "f21:0:10", "f21:10:20",
                "f21:20:21", "f9:0:9",
            ])
    }
}

/// What happens between two looks at a tree leaves a trace, also when it is taken back.
@Suite struct UnchangedTreeTests {
    private func isUnchanged(after change: (Fixture) throws -> Void) throws -> Bool {
        let model = try Fixture(["a": "1", "sub/b": "2", "sub/c": "3", ".git/x": "4"])
        let tree = try ModelTree(model.path, scope: SigningScope())
        try change(model)
        return try tree.isUnchanged(at: model.path, scope: SigningScope())
    }

    @Test func nothing() throws { #expect(try isUnchanged { _ in }) }
    @Test func whatIsIgnored() throws { #expect(try isUnchanged { try $0.write(".git/x", [1, 2]) }) }

    @Test(arguments: ["a", "sub"])
    func movedAndMovedBack(name: String) throws {
        #expect(
            try !isUnchanged { model in
                let (here, there) = (model.path + "/" + name, model.path + "/held")
                try FileManager.default.moveItem(atPath: here, toPath: there)
                try FileManager.default.moveItem(atPath: there, toPath: here)
            })
    }

    @Test func writtenWithTheSameBytesAndTimes() throws {
        #expect(
            try !isUnchanged { model in
                let path = model.path + "/sub/b"
                let times = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
                let handle = try #require(FileHandle(forUpdatingAtPath: path))
                try handle.write(contentsOf: Array("2".utf8))
                try handle.close()
                try FileManager.default.setAttributes([.modificationDate: times as Any], ofItemAtPath: path)
            })
    }

    @Test func addedAndRemoved() throws {
        #expect(
            try !isUnchanged { model in
                try model.write("sub/new", [1])
                try model.remove("sub/new")
            })
    }

    @Test func specialFiles() throws {
        #expect(
            try !isUnchanged { model in
                _ = unsafe mkfifo(model.path + "/fifo", 0o600)
            })
    }
}
