import ByteParsing
import ModelFormats
import Testing

@Suite struct ExecutableHeaderTests {
    @Test func recognisesPrograms() {
        let elf: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0]
        #expect(ExecutableHeader(ByteRegion(elf)) == .elf)
        #expect(ExecutableHeader(ByteRegion(Array("#!/bin/sh\nid\n".utf8))) == .script)
        #expect(ExecutableHeader(ByteRegion(Array("#!/bin/sh -c id".utf8))) == .script)
        #expect(ExecutableHeader(ByteRegion(Array(("#!/bin/sh" + String(repeating: "x", count: 300)).utf8))) == nil)
        #expect(ExecutableHeader(ByteRegion([0, 0, 0] + elf), at: 3) == .elf)
    }

    @Test func doesNotTakeFourBytesForAProgram() {
        #expect(ExecutableHeader(ByteRegion([0x7F, 0x45, 0x4C, 0x46, 9, 9, 9, 9])) == nil)
        #expect(ExecutableHeader(ByteRegion(Array("MZ and then some text".utf8))) == nil)
        #expect(ExecutableHeader(ByteRegion(Array("#! not a path\n".utf8))) == nil)
        #expect(ExecutableHeader(ByteRegion([])) == nil)
    }
}
