import AssayCore
import Fixtures
import Foundation
import Mutations
import Testing

@testable import Provenance

/// One long file's BLAKE3 digest on several threads is the digest of its bytes.
@Suite struct ParallelBLAKE3Tests {
    private static let part = ParallelBLAKE3.part

    private func resources(_ path: String, threads: Int, _ method: Manifest.Method = .files) throws -> [Manifest
        .Resource]
    {
        let found = TreeHasher(algorithm: .blake3, method: method, threads: threads)
            .hash(try ModelTree(path, scope: SigningScope()))
        #expect(found.problems.isEmpty)
        return Array(found.resources)
    }

    @Test(arguments: [2 * part, 2 * part + 1, 2 * part + 1024, 3 * part - 1, 3 * part, 5 * part + 777_777])
    func partsMakeTheWhole(count: Int) throws {
        let fixture = try Fixture()
        var random = SplitMix64(state: UInt64(count))
        // A megabyte over and over, but for one byte of each: parts must not change places.
        let block = random.bytes(1 << 20)
        var bytes: [UInt8] = []
        while bytes.count < count { bytes += block + [UInt8(truncatingIfNeeded: bytes.count >> 20)] }
        bytes = Array(bytes.prefix(count))
        try fixture.write("large.bin", bytes)
        try fixture.write("small.bin", Array("small".utf8))
        try fixture.write("empty.bin", [])
        let wanted = [
            HashAlgorithm.blake3.hash([]), HashAlgorithm.blake3.hash(bytes),
            HashAlgorithm.blake3.hash(Array("small".utf8)),
        ]
        for threads in [1, 2, 3] {
            #expect(try resources(fixture.path, threads: threads).map(\.digest) == wanted)
            #expect(try resources(fixture.path + "/large.bin", threads: threads).map(\.digest) == [wanted[1]])
        }
        let shards = try resources(fixture.path + "/large.bin", threads: 2, .shards(size: 2 * Self.part + 5))
        let middle = min(count, 2 * Self.part + 5)
        let second = min(count, 2 * middle)
        func shard(_ range: Range<Int>) -> [UInt8]? {
            shards.first { $0.name == Manifest.shardName(ModelPath("large.bin"), range) }?.digest
        }
        #expect(shard(0..<middle) == HashAlgorithm.blake3.hash(Array(bytes[..<middle])))
        if second > middle {
            #expect(shard(middle..<second) == HashAlgorithm.blake3.hash(Array(bytes[middle..<second])))
        }
    }

    /// A file that becomes shorter after it was listed is one that changed, not one that ends the program.
    @Test func aShorterFileHasNoDigest() throws {
        let fixture = try Fixture()
        try fixture.write("large.bin", [UInt8](repeating: 7, count: 3 * Self.part))
        let tree = try ModelTree(fixture.path, scope: SigningScope())
        let file = try #require(FileHandle(forWritingAtPath: fixture.path + "/large.bin"))
        try file.truncate(atOffset: UInt64(Self.part))
        let found = TreeHasher(algorithm: .blake3, method: .files, threads: 2).hash(tree)
        #expect(found.resources.isEmpty)
        #expect(found.problems.map(\.kind) == [.changed])
    }
}
