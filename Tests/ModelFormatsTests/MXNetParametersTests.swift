import ByteParsing
import ModelFormats
import Testing

@Suite struct MXNetParametersTests {
    /// Three arrays, as MXNet 1.9.1 saved them: 3 x 4 float32, 5 float16, 3 int64.
    private let dense = base64(
        "EgEAAAAAAAAAAAAAAAAAAAMAAAAAAAAAyfqT+QAAAAACAAAAAwAAAAAAAAAEAAAAAAAAAAEAAAAAAAAAAAAAAAAAgD8AAIA/AACAPwAA"
            + "gD8AAIA/AACAPwAAgD8AAIA/AACAPwAAgD8AAIA/AACAP8n6k/kAAAAAAQAAAAUAAAAAAAAAAQAAAAAAAAACAAAAAAAAAAAAAAAAAMn6"
            + "k/kAAAAAAQAAAAMAAAAAAAAAAQAAAAAAAAAGAAAAAQAAAAAAAAACAAAAAAAAAAMAAAAAAAAAAwAAAAAAAAAFAAAAAAAAAGFyZzp3BQAA"
            + "AAAAAABhcmc6YgUAAAAAAAAAYXV4Omk=")
    /// One of rows that are left out and one of compressed sparse rows.
    private let sparse = base64(
        "EgEAAAAAAAAAAAAAAAAAAAIAAAAAAAAAyfqT+QEAAAACAAAABAAAAAAAAAADAAAAAAAAAAIAAAAEAAAAAAAAAAMAAAAAAAAAAQAAAAAA"
            + "AAAAAAAABgAAAAEAAAAEAAAAAAAAAAAAgD8AAIA/AACAPwAAgD8AAIA/AACAPwAAgD8AAIA/AACAPwAAgD8AAIA/AACAPwAAAAAAAAAA"
            + "AQAAAAAAAAACAAAAAAAAAAMAAAAAAAAAyfqT+QIAAAABAAAADAAAAAAAAAACAAAABAAAAAAAAAADAAAAAAAAAAEAAAAAAAAAAAAAAAYA"
            + "AAABAAAABQAAAAAAAAAGAAAAAQAAAAwAAAAAAAAAAACAPwAAgD8AAIA/AACAPwAAgD8AAIA/AACAPwAAgD8AAIA/AACAPwAAgD8AAIA/"
            + "AAAAAAAAAAADAAAAAAAAAAYAAAAAAAAACQAAAAAAAAAMAAAAAAAAAAAAAAAAAAAAAQAAAAAAAAACAAAAAAAAAAAAAAAAAAAAAQAAAAAA"
            + "AAACAAAAAAAAAAAAAAAAAAAAAQAAAAAAAAACAAAAAAAAAAAAAAAAAAAAAQAAAAAAAAACAAAAAAAAAAIAAAAAAAAAAQAAAAAAAAByAQAA"
            + "AAAAAABj")

    @Test func readsArraysAndNames() throws {
        let file = try MXNetParameters(ByteRegion(dense), budget: Budget())
        #expect(file.names.map { $0.text() } == ["arg:w", "arg:b", "aux:i"])
        #expect(file.tensors.map(\.shape) == [[3, 4], [5], [3]])
        #expect(file.tensors.map(\.byteCount) == [48, 10, 24])
        #expect(file.tensors.map { MXNetParameters.name(ofType: $0.type) } == ["float32", "float16", "int64"])
        #expect(file.end == dense.count)
    }

    @Test func readsSparseArrays() throws {
        let file = try MXNetParameters(ByteRegion(sparse), budget: Budget())
        #expect(file.tensors.map(\.shape) == [[4, 3], [4, 3]])
        #expect(file.names.map { $0.text() } == ["r", "c"])
        #expect(file.end == sparse.count)
    }

    @Test func everyTruncationIsRefused() {
        for bytes in [dense, sparse] {
            for length in 16..<bytes.count {
                #expect(throws: ParseError.self, "\(length)") {
                    try MXNetParameters(ByteRegion(Array(bytes.prefix(length))), budget: Budget())
                }
            }
        }
    }

    @Test func readsTheFormBeforeShapesWereWide() throws {
        // Number of dimensions, 32-bit dimensions, device, type, elements; no names.
        let old: [UInt8] =
            word(0x112, 8) + word(0, 8) + word(1, 8) + word(1, 4) + word(2, 4) + word(1, 4) + word(0, 4) + word(0, 4)
            + word(0, 8) + word(0, 8)
        let file = try MXNetParameters(ByteRegion(old), budget: Budget())
        #expect(file.tensors.map(\.shape) == [[2]])
        #expect(file.tensors.map(\.byteCount) == [8])
        #expect(file.end == old.count)
    }

    @Test func numbersThatAreTooLargeAreRefused() {
        for count in [UInt64.max, 1 << 40] {
            let bytes: [UInt8] = word(0x112, 8) + word(0, 8) + word(count, 8) + word(0, 64)
            #expect(throws: ParseError.truncated()) { try MXNetParameters(ByteRegion(bytes), budget: Budget()) }
        }
        let wide: [UInt8] =
            word(0x112, 8) + word(0, 8) + word(1, 8) + word(0xF993_FAC9, 4) + word(0, 4) + word(2, 4)
            + word(1 << 40, 8) + word(1 << 40, 8) + word(1, 4) + word(0, 8) + word(0, 16)
        #expect(throws: ParseError.overflow()) { try MXNetParameters(ByteRegion(wide), budget: Budget()) }
    }

    private func word(_ value: UInt64, _ width: Int) -> [UInt8] {
        (0..<width).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) : 0 }
    }
}
