import Crypto
import Fixtures
import Foundation
import Mutations
import Testing

@testable import Provenance

/// Two messages at a time have to give what each of them gives alone. Skipped where the processor has no instructions for it.
@Suite(.enabled(if: PairableSHA256.isSupported)) struct PairableSHA256Tests {
    /// Hashes two messages, in pairs of blocks as long as both have some, and each one's rest alone.
    private func digests(_ first: [UInt8], _ second: [UInt8]) throws -> [[UInt8]] {
        var hash = try #require(PairableSHA256())
        var other = try #require(PairableSHA256())
        return unsafe first.withUnsafeBytes { first in
            unsafe second.withUnsafeBytes { second in
                guard case .taken(let done) = unsafe PairableSHA256.update(&hash, first, &other, second) else {
                    Issue.record("memory was lost")
                    return []
                }
                return unsafe [
                    hash.finalize(UnsafeRawBufferPointer(rebasing: first[done...])),
                    other.finalize(UnsafeRawBufferPointer(rebasing: second[done...])),
                ]
            }
        }
    }

    /// FIPS 180-4's examples and NIST's long one.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
        (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func knownAnswers(text: String, digest: String) throws {
        let message = Array(text.utf8)
        for found in try digests(message, message) + digests(message, []).prefix(1) + digests([], message).suffix(1) {
            #expect(Hexadecimal.encode(found) == digest)
        }
    }

    @Test func everyShortLength() throws {
        var random = SplitMix64(state: 7)
        for length in 0...300 {
            let (first, second) = (random.bytes(length), random.bytes(300 - length))
            let wanted = [Array(SHA256.hash(data: first)), Array(SHA256.hash(data: second))]
            #expect(try digests(first, second) == wanted, "\(length)")
            #expect(try digests(second, first) == wanted.reversed(), "\(length)")
        }
    }

    @Test func randomLengths() throws {
        var random = SplitMix64(state: 8)
        for _ in 0..<40 {
            let first = random.bytes(random.below(40_000))
            let second = random.bytes(random.below(40_000))
            #expect(
                try digests(first, second) == [Array(SHA256.hash(data: first)), Array(SHA256.hash(data: second))],
                "\(first.count) and \(second.count) bytes")
        }
    }
}

/// Trees hashed two pieces at a time give what one at a time gives.
@Suite struct PairedTreeTests {
    private func hashers(_ method: Manifest.Method = .files) -> [TreeHasher] {
        [1, 2, 3].flatMap { threads in
            // Steps so short that pieces end, and new ones begin, within a block, at its edge and after it.
            [64, 100, 4096].flatMap { step in
                // Everything is mapped, in windows that end within blocks; or all but what is short; or nothing.
                [(1, 64), (4096, 64), (5000, 100), (4097, 1001), (4 << 20, 1 << 20)].map { window, least in
                    var hasher = TreeHasher(algorithm: .sha256, method: method, threads: threads)
                    hasher.step = step
                    hasher.mapping = .init(window: max(window, 64), least: least)
                    return hasher
                }
            }
        }
    }

    @Test(arguments: [Manifest.Method.files, .shards(size: 1000), .shards(size: 64), .shards(size: 63)])
    func pairsChangeNothing(method: Manifest.Method) throws {
        let folder = try Fixture()
        var random = SplitMix64(state: 11)
        let lengths = [0, 1, 63, 64, 65, 119, 128, 999, 1000, 1001, 4096, 10_000, 0, 30_001, 5]
        for (number, length) in lengths.enumerated() {
            try folder.write("file\(number)", random.bytes(length))
        }
        let tree = try ModelTree(folder.path, scope: SigningScope())
        var alone = TreeHasher(algorithm: .sha256, method: method, threads: 1)
        alone.allowsPairs = false
        let wanted = alone.hash(tree)
        #expect(wanted.problems.isEmpty)
        #expect(wanted.resources.count >= lengths.count { $0 > 0 })
        for hasher in hashers(method) {
            let found = hasher.hash(tree)
            #expect(found.problems.isEmpty)
            #expect(found.resources == wanted.resources)
        }
    }

    /// A file that fails leaves its neighbour's digest as it is.
    @Test func oneFails() throws {
        let folder = try Fixture()
        var wanted: [String: [UInt8]] = [:]
        for number in 0..<9 {
            let bytes = [UInt8](repeating: UInt8(number), count: 5000 + number)
            try folder.write("file\(number)", bytes)
            wanted["file\(number)"] = Array(SHA256.hash(data: bytes))
        }
        let tree = try ModelTree(folder.path, scope: SigningScope())
        try folder.write("file4", [1, 2, 3])
        try folder.write("file8", [UInt8](repeating: 0xFF, count: 5000))
        for name in ["file4", "file8"] { wanted[name] = nil }
        for hasher in hashers() {
            let found = hasher.hash(tree)
            #expect(
                Set(found.problems) == [
                    TreeError(.changed, ModelPath("file4")), TreeError(.changed, ModelPath("file8")),
                ])
            #expect(
                Dictionary(uniqueKeysWithValues: found.resources.map { ($0.name.text, $0.digest) }) == wanted)
        }
    }
}

/// Files that another process makes shorter while they are mapped.
@Suite(.enabled(if: PairableSHA256.isSupported)) struct LostMemoryTests {
    private let page = 4096

    /// A window of a file that was cut to one page since.
    private func window(_ fixture: Fixture, _ name: String, pages: Int, left: Int) throws -> FileWindow {
        try fixture.write(name, [UInt8](repeating: 7, count: pages * page))
        let path = fixture.path + "/" + name
        let file = unsafe open(path, O_RDONLY)
        defer { close(file) }
        let window = try #require(FileWindow(file, 0..<pages * page))
        #expect(unsafe truncate(path, off_t(left * page)) == 0)
        return window
    }

    @Test func whatIsGoneIsNoticed() throws {
        let fixture = try Fixture()
        let window = try window(fixture, "a", pages: 8, left: 1)
        var hash = try #require(PairableSHA256())
        #expect(unsafe hash.update(window.bytes) == .lostFirst)
        // What is left can be taken in still, and nothing was before.
        #expect(unsafe hash.update(UnsafeRawBufferPointer(rebasing: window.bytes[..<page])) == .taken(page))
        let digest = unsafe hash.finalize(UnsafeRawBufferPointer(start: nil, count: 0))
        #expect(digest == Array(SHA256.hash(data: [UInt8](repeating: 7, count: page))))
    }

    @Test func theOtherMessageGoesOn() throws {
        let fixture = try Fixture()
        let (whole, cut) = (
            try window(fixture, "a", pages: 8, left: 8), try window(fixture, "b", pages: 8, left: 3)
        )
        var (hash, other) = (try #require(PairableSHA256()), try #require(PairableSHA256()))
        #expect(unsafe PairableSHA256.update(&hash, whole.bytes, &other, cut.bytes) == .lostSecond)
        #expect(unsafe PairableSHA256.update(&other, cut.bytes, &hash, whole.bytes) == .lostFirst)
        #expect(unsafe hash.update(whole.bytes) == .taken(8 * page))
        let digest = unsafe hash.finalize(UnsafeRawBufferPointer(start: nil, count: 0))
        #expect(digest == Array(SHA256.hash(data: [UInt8](repeating: 7, count: 8 * page))))
    }

    /// The second window ends beyond what is left of the file.
    @Test func aPieceThatIsCutWhileItIsHashedHasNoDigest() throws {
        let fixture = try Fixture()
        try fixture.write("a", [UInt8](repeating: 1, count: 10 * page))
        let tree = try ModelTree(fixture.path, scope: SigningScope())
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: page, alignment: 64)
        defer { unsafe buffer.deallocate() }
        let piece = try unsafe OpenPiece(
            .init(file: tree.files[0], name: ModelPath("a"), range: 0..<10 * page), index: 0, of: tree.root, .sha256,
            isPairable: true, .init(window: 2 * page, least: 64), buffer)
        try piece.read()
        piece.hash()
        #expect(unsafe truncate(fixture.path + "/a", off_t(3 * page)) == 0)
        try piece.read()
        #expect(piece.hasWork)
        piece.hash()
        #expect(!piece.hasWork)
        #expect(throws: TreeError(.changed, ModelPath("a"))) { try piece.read() }
        #expect(throws: TreeError(.changed, ModelPath("a"))) { try piece.digest() }
    }
}

/// A file that is long enough is read by a second thread, where it is not mapped.
@Suite struct ReadAheadTests {
    @Test(arguments: [0, 1, ReadAhead.step - 1, ReadAhead.step * ReadAhead.places + 77])
    func theDigestIsTheFiles(extra: Int) throws {
        let fixture = try Fixture()
        var bytes = [UInt8](repeating: 0, count: ReadAhead.least + extra)
        for index in stride(from: 0, to: bytes.count, by: 4096) {
            bytes[index] = UInt8(truncatingIfNeeded: index >> 12)
        }
        try fixture.write("file", bytes)
        let tree = try ModelTree(fixture.path, scope: SigningScope())
        for algorithm in HashAlgorithm.allCases {
            let digest = algorithm.hash(bytes)
            for allowsPairs in [false, true] {
                var hasher = TreeHasher(algorithm: algorithm, method: .files, threads: 2)
                hasher.allowsPairs = hasher.allowsPairs && allowsPairs
                let found = hasher.hash(tree)
                #expect(found.problems.isEmpty)
                #expect(found.resources.map(\.digest) == [digest])
            }
        }
    }

    @Test func aFileThatBecameShorterHasNoDigest() throws {
        let fixture = try Fixture()
        try fixture.write("file", [UInt8](repeating: 1, count: ReadAhead.least + 9))
        let piece = TreeHasher.Piece(
            file: try ModelTree(fixture.path, scope: SigningScope()).files[0], name: ModelPath("file"),
            range: 0..<ReadAhead.least + 10)
        let root = try ModelRoot(fixture.path)
        #expect(throws: TreeError(.changed, ModelPath("file"))) {
            try ReadAhead.digest(of: try OpenPiece(piece, of: root, .sha256))
        }
    }
}
