import ByteParsing
import Foundation
import Testing

/// Regions over mapped files.
@Suite struct MappedFileTests {
    /// A file of `count` bytes whose 8 bytes at `place` are `mark`.
    private func file(_ count: Int, _ mark: [UInt8], at place: Int) throws -> CInt {
        let url = FileManager.default.temporaryDirectory.appending(path: "mapped-\(UUID().uuidString)")
        var bytes = [UInt8](repeating: 0x55, count: count)
        bytes.replaceSubrange(place..<(place + mark.count), with: mark)
        try Data(bytes).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        return unsafe open(url.path, O_RDONLY | O_CLOEXEC)
    }

    @Test(arguments: [true, false]) func peeksReadWhatIsThere(_ isOwned: Bool) throws {
        let descriptor = try file(300_000, [1, 2, 3, 4, 5, 6, 7, 8], at: 262_144)
        #expect(descriptor >= 0)
        let region = try ByteRegion.map(descriptor: descriptor, count: 300_000, isOwned: isOwned)
        if !isOwned { close(descriptor) }
        #expect(region.peek(at: 262_144) == 0x0807_0605_0403_0201)
        let part = try #require(region.slice(262_140, 12))
        #expect(part.peek(at: 4) == 0x0807_0605_0403_0201)
        // The last eight bytes, and nothing past them, even where the file goes on.
        #expect(part.peek(at: 5) == nil && part.peek(at: -1) == nil && part.peek(at: Int.max) == nil)
        #expect(region.peek(at: 299_992) == 0x5555_5555_5555_5555)
        #expect(region.peek(at: 299_993) == nil)
    }

    @Test func theOwnedDescriptorIsClosedWithTheLastPart() throws {
        let descriptor = try file(4096, [1, 2, 3, 4, 5, 6, 7, 8], at: 0)
        do {
            var part = try ByteRegion.map(descriptor: descriptor, count: 4096, isOwned: true).slice(0, 8)
            #expect(fcntl(descriptor, F_GETFD) >= 0)
            #expect(part?.peek(at: 0) == 0x0807_0605_0403_0201)
            part = nil
        }
        // Another test may have been given the number meanwhile; then it is another file.
        var status = stat()
        let found = unsafe fstat(descriptor, &status)
        #expect(found != 0 || status.st_nlink > 0 || status.st_size != 4096)
    }

    @Test func heapRegionsPeekTheirMemory() {
        #expect(ByteRegion([1, 0, 0, 0, 0, 0, 0, 0, 9]).peek(at: 0) == 1)
        #expect(ByteRegion([1, 0, 0, 0, 0, 0, 0, 0, 9]).peek(at: 2) == nil)
    }
}
