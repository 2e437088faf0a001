import ByteParsing
import Testing

@testable import ModelFormats

@Suite struct ThriftCompactReaderTests {
    private func reader(_ bytes: [UInt8]) -> ThriftCompactReader {
        ThriftCompactReader(ByteRegion(bytes), budget: Budget())
    }

    @Test(
        arguments: [
            // A field whose number stands in its header, one whose number follows, truth values, numbers.
            [0x15, 0x80, 0x01, 0x00], [0x05, 0x50, 0x02, 0x00], [0x11, 0x12, 0x00], [0x13, 0xFF, 0x00],
            [0x17, 1, 2, 3, 4, 5, 6, 7, 8, 0], [0x18, 2, 0x61, 0x62, 0], [0x1D] + Array(repeating: 7, count: 16) + [0],
            // Lists, a long one, lists of lists, maps, an empty map, structures.
            [0x19, 0x35, 1, 2, 3, 0], [0x19, 0xF3, 16] + Array(repeating: 9, count: 16) + [0],
            [0x19, 0x19, 0x21, 1, 2, 0],
            [0x1B, 1, 0x85, 1, 0x61, 2, 0], [0x1B, 0, 0], [0x1C, 0x15, 2, 0, 0], [0x19, 0x2C, 0x15, 2, 0, 0, 0],
        ] as [[UInt8]])
    func whatIsNotAskedForIsPassedOver(_ bytes: [UInt8]) throws {
        var read = reader(bytes)
        var last = 0
        while let field = try read.field(after: last) {
            last = field.number
            try read.skip(field.kind)
        }
        #expect(read.position == bytes.count)
    }

    @Test func fieldsAreCountedFromTheLastOne() throws {
        var read = reader([0x25, 0x02, 0x36, 0x04, 0x05, 0x50, 0x02])
        #expect(try read.field(after: 0)?.number == 2)
        try read.skip(.int)
        #expect(try read.field(after: 2)?.number == 5)
        try read.skip(.long)
        #expect(try read.field(after: 5)?.number == 40)
    }

    /// Lists longer than the bytes, numbers without an end, structures in each other without one.
    @Test(
        arguments: [
            [0x19, 0xF5, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0x15] + Array(repeating: 0xFF, count: 40), [0x1E],
            [0x18, 0x7F, 0x61],
            Array(repeating: 0x1C, count: 5000), Array(repeating: 0x19, count: 5000), [0x1B, 0x7F, 0x88], [0x19, 0x1F],
        ] as [[UInt8]])
    func whatNeverEndsIsAnError(_ bytes: [UInt8]) {
        #expect(throws: ParseError.self) {
            var read = reader(bytes)
            var last = 0
            while let field = try read.field(after: last) {
                last = field.number
                try read.skip(field.kind)
            }
        }
    }
}
