import ByteParsing
import ModelFormats
import Testing

/// A safetensors file of `header` and so many bytes of data.
private func file(_ header: String, data: Int = 0, length: UInt64? = nil) -> ByteRegion {
    let text = Array(header.utf8)
    var bytes: [UInt8] = []
    withUnsafeBytesOf(length ?? UInt64(text.count)) { bytes += $0 }
    return ByteRegion(bytes + text + [UInt8](repeating: 0, count: data))
}

private func withUnsafeBytesOf(_ value: UInt64, _ body: ([UInt8]) -> Void) {
    body((0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
}

@Suite struct SafeTensorsTests {
    @Test func readsTensorsAndMetadata() throws {
        let region = file(
            #"{"__metadata__":{"format":"pt"},"b":{"dtype":"F16","shape":[2,2],"data_offsets":[4,12]},"#
                + #""a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}  "#, data: 12)
        let tensors = try SafeTensorsFile(region, budget: Budget())
        #expect(tensors.tensors.map(\.name) == ["b", "a"])
        #expect(tensors.tensors[0].shape == [2, 2])
        #expect(tensors.metadata.map(\.value) == ["pt"])
        #expect(tensors.flaws.isEmpty)
        let layout = SafeTensorsLayout(tensors, fileCount: region.count)
        #expect(layout.flaws.isEmpty)
        #expect(layout.unclaimed.isEmpty)
    }

    @Test(arguments: [
        (file("{}", length: 1 << 63), ParseError.overflow()),
        (file("{}", length: 1_000_000), .truncated()),
        (file("[1]"), .malformed()),
        (file("{\"a\":}"), .malformed()),
        (file("{} x"), .malformed()),
        (file("{\"a\":" + String(repeating: "[", count: 5_000)), .limit()),
        (ByteRegion([1, 2, 3]), .truncated()),
        (ByteRegion([8, 0, 0, 0, 0, 0, 0, 0] + Array("{\"".utf8) + [0xFF, 0xFE] + Array("\":1}".utf8)), .malformed()),
    ])
    func refusesHeaders(region: ByteRegion, expected: ParseError) {
        #expect(throws: expected) { try SafeTensorsFile(region, budget: Budget()) }
    }

    @Test(arguments: [
        (#"{"a":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}"#, SafeTensorsFile.Flaw.Kind.type),
        (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, .shape),
        (#"{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}"#, .shape),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#, .offsets),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}"#, .offsets),
        (#"{"a":{"dtype":"F32","shape":[1]}}"#, .offsets),
        (#"{"a":1}"#, .entryNotObject),
        (#"{"__metadata__":{"a":{"b":1}}}"#, .metadataNotText),
        (#"{"__metadata__":[]}"#, .metadataNotText),
        (#"{"__metadata__":{"a":"1","\u0061":"2"}}"#, .repeatedName),
        (#"{"a":{"dtype":"U8","dtype":"I8","shape":[0],"data_offsets":[0,0]}}"#, .repeatedName),
        (#"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"hook":"x"}}"#, .member),
    ])
    func namesEntryFlaws(header: String, kind: SafeTensorsFile.Flaw.Kind) throws {
        let read = try SafeTensorsFile(file(header, data: 4), budget: Budget())
        #expect(read.flaws.map(\.kind) == [kind])
    }

    @Test(arguments: [
        (#"{"a":{"dtype":"F32","shape":[4],"data_offsets":[4,20]}}"#, 20, [SafeTensorsLayout.Kind.hole]),
        (#"{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#, 20, [.trailing]),
        (#"{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#, 12, [.outside]),
        (#"{"a":{"dtype":"F32","shape":[5],"data_offsets":[0,16]}}"#, 16, [.size]),
        (#"{"a":{"dtype":"F32","shape":[4],"data_offsets":[16,0]}}"#, 0, [.reversed]),
        (#"{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}"#, 2, [.size]),
        (#"{"a":{"dtype":"F4","shape":[4],"data_offsets":[0,2]}}"#, 2, []),
        (#"{"a":{"dtype":"C64","shape":[2],"data_offsets":[0,16]}}"#, 16, []),
        (
            #"{"a":{"dtype":"U8","shape":[4294967296,4294967296,2],"data_offsets":[0,0]}}"#, 0, [.overflow]
        ),
        (
            #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"#
                + #""data_offsets":[2,6]}}"#, 6, [.overlap]
        ),
    ])
    func checksCoverage(header: String, data: Int, expected: [SafeTensorsLayout.Kind]) throws {
        let region = file(header, data: data)
        let layout = SafeTensorsLayout(try SafeTensorsFile(region, budget: Budget()), fileCount: region.count)
        #expect(layout.flaws.map(\.kind) == expected)
    }

    @Test func everyTruncationAndFlipEnds() {
        let region = file(
            #"{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}"#, data: 4)
        for variant in damaged(region) {
            guard let read = try? SafeTensorsFile(variant, budget: Budget()) else { continue }
            _ = SafeTensorsLayout(read, fileCount: variant.count)
        }
    }
}
