import ByteParsing
import ModelFormats
import Testing

@Suite struct NPYHeaderTests {
    private func file(_ header: String, version: UInt8 = 1) -> ByteRegion {
        var bytes = NPYHeader.magic + [version, 0]
        let length = header.utf8.count
        bytes += [UInt8(length & 255), UInt8(length >> 8)] + (version > 1 ? [0, 0] : [])
        return ByteRegion(bytes + Array(header.utf8))
    }

    @Test(arguments: [
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }", 8, false, 96),
        ("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", 8, true, 16),
        ("{'descr': [('a', '<i4'), ('b', '|O')], 'fortran_order': True, 'shape': (), }", 12, true, 12),
        ("{'descr': [('a', '<U5', (2, 3))], 'fortran_order': False, 'shape': (1,), }", 120, false, 120),
        ("{\"shape\": (5L,), 'descr': '>M8[ns]', 'fortran_order': False}\n", 8, false, 40),
        ("{'descr': '<m8[25s]', 'fortran_order': False, 'shape': (2,)}", 8, false, 16),
    ])
    func readsTheHeader(_ text: String, _ size: Int, _ hasObjects: Bool, _ dataSize: Int) throws {
        for version: UInt8 in [1, 2] {
            let header = try NPYHeader(file(text, version: version))
            #expect(header.itemSize == size)
            #expect(header.hasObjects == hasObjects)
            #expect(header.dataSize == dataSize)
        }
    }

    @Test(arguments: [
        "", "{", "[]", "{'descr': '<f8'}", "{'descr': 'q8', 'fortran_order': False, 'shape': ()}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} + evil()",
        "{'descr': '<M8[xs]', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<M8[ns', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f8[ns]', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': [('a\0', '<f8')], 'fortran_order': False, 'shape': (1,)}",
        String(repeating: "(", count: 5000),
    ])
    func refuses(_ text: String) {
        #expect(throws: ParseError.self) { try NPYHeader(file(text)) }
    }

    @Test func overflowIsNoSize() throws {
        let text = "{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 16)}"
        #expect(try NPYHeader(file(text)).dataSize == nil)
    }
}
