import ByteParsing
import ModelFormats
import Testing

@Suite struct CheckpointIndexTests {
    /// Written by TensorFlow 2: four tensors in one shard.
    static let written = base64(
        "AAAGCAEaAggBAAoRZGVuc2UvYmlhcwgBEgQSAggEIDAoEDW5b1fYBgYTa2VybmVsCAESCBICCAMSAggEKDA18Dv1FwAEDXN0ZXAICRIAIEAoCDW7"
            + "158RAAURd29yZHMIBxIEEgIIAiBIKAk16eQ2hQAAAAABAAAAAK1vEi8AAAAAAQAAAADA8qGwAAECeAB4AAAAAAEAAAAAoNplyX0IigEOAAAAAAAA"
            + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABX+4CLJHVH2w==")

    @Test func readsWhatTensorFlowWrites() throws {
        let index = try CheckpointIndex(ByteRegion(Self.written), budget: Budget())
        #expect(index.shards == 1)
        #expect(index.flaws.isEmpty)
        #expect(index.tensors.map(\.name) == ["dense/bias", "dense/kernel", "step", "words"])
        #expect(index.tensors.map(\.shape) == [[4], [3, 4], [], [2]])
        #expect(index.tensors.map(\.size).prefix(3) == [16, 48, 8])
        #expect(index.tensors.map { CheckpointIndex.name(of: $0.type) } == ["float32", "float32", "int64", "string"])
    }

    /// A table of one data block with the given entries, stored or compressed.
    static func table(_ entries: [(key: String, value: [UInt8])], snappy: Bool = false) -> ByteRegion {
        func block(_ entries: [(key: String, value: [UInt8])]) -> [UInt8] {
            var bytes: [UInt8] = []
            for entry in entries {
                bytes +=
                    [0, UInt8(entry.key.utf8.count), UInt8(entry.value.count)] + Array(entry.key.utf8) + entry.value
            }
            return bytes + [0, 0, 0, 0, 1, 0, 0, 0]
        }
        var data = block(entries)
        if snappy {
            // Literals of at most 60 bytes.
            var packed: [UInt8] = [UInt8(data.count & 0x7F | 0x80), UInt8(data.count >> 7)]
            for start in stride(from: 0, to: data.count, by: 60) {
                let part = data[start..<min(start + 60, data.count)]
                packed += [UInt8((part.count - 1) << 2)] + part
            }
            data = packed
        }
        func handle(_ offset: Int, _ size: Int) -> [UInt8] {
            [offset, size].flatMap { [UInt8($0 & 0x7F | 0x80), UInt8($0 >> 7)] }
        }
        var file = data + [snappy ? 1 : 0, 0, 0, 0, 0]
        let index = block([(key: "z", value: handle(0, data.count))])
        let place = handle(file.count, index.count)
        file += index + [0, 0, 0, 0, 0]
        let footer = handle(0, 0) + place
        return ByteRegion(
            file + footer + [UInt8](repeating: 0, count: 40 - footer.count) + [
                0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB,
            ])
    }

    private let header: (key: String, value: [UInt8]) = ("", [0x08, 1])

    /// dtype, shape of one dimension, shard, offset, size.
    private func tensor(_ type: UInt8, _ count: [UInt8], shard: UInt8 = 0, offset: UInt8 = 0, size: UInt8) -> [UInt8] {
        [0x08, type, 0x12, UInt8(count.count + 3), 0x12, UInt8(count.count + 1), 0x08] + count + [
            0x18, shard, 0x20, offset, 0x28, size,
        ]
    }

    @Test(arguments: [false, true]) func findsFlaws(snappy: Bool) throws {
        let huge: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]
        let region = Self.table(
            [
                header, ("a", tensor(1, [2], size: 8)), ("b", tensor(1, [2], offset: 4, size: 8)),
                ("c", tensor(1, [3], offset: 20, size: 8)), ("d", tensor(1, huge, offset: 60, size: 8)),
                ("e", tensor(1, [2], shard: 3, size: 8)),
            ], snappy: snappy)
        let index = try CheckpointIndex(region, budget: Budget())
        #expect(index.tensors.map(\.name) == ["a", "b", "c", "d", "e"])
        #expect(index.flaws.map { "\($0.tensor) \($0.kind)" } == ["c size", "d overflow", "e shard", "b overlap"])
    }

    @Test func damageEnds() {
        for (number, variant) in damaged(ByteRegion(Self.written)).enumerated() where number % 5 == 0 {
            _ = try? CheckpointIndex(variant, budget: Budget())
        }
        let small = Self.table([header, ("a", tensor(1, [2], size: 8))], snappy: true)
        for variant in damaged(small) { _ = try? CheckpointIndex(variant, budget: Budget()) }
        for count in 0..<Self.written.count {
            #expect(throws: ParseError.self) {
                try CheckpointIndex(ByteRegion(Array(Self.written.prefix(count))), budget: Budget())
            }
        }
    }
}
