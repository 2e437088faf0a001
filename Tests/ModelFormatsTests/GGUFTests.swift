import ByteParsing
import ModelFormats
import Testing

/// Writes GGUF as any version and byte order has it.
struct GGUFBuilder {
    var version: UInt32 = 3
    var isBig = false
    var pairs: [[UInt8]] = []
    var tensors: [[UInt8]] = []
    var declaredPairs: UInt64?
    var declaredTensors: UInt64?
    var data: [UInt8] = []
    var alignment = 32

    func number(_ value: UInt64, _ size: Int) -> [UInt8] {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
        return isBig ? bytes.reversed() : bytes
    }
    func size(_ value: UInt64) -> [UInt8] { number(value, version == 1 ? 4 : 8) }
    func text(_ value: String) -> [UInt8] { size(UInt64(value.utf8.count)) + Array(value.utf8) }

    mutating func add(_ key: String, _ type: GGUFValueType, _ value: [UInt8]) {
        pairs.append(text(key) + number(UInt64(type.rawValue), 4) + value)
    }
    mutating func add(_ key: String, _ value: String) { add(key, .string, text(value)) }
    mutating func add(_ key: String, word value: UInt64) { add(key, .uint32, number(value, 4)) }
    mutating func add(_ key: String, _ values: [String]) {
        add(key, .string, count: values.count, values.flatMap(text))
    }
    mutating func add(_ key: String, _ element: GGUFValueType, count: Int, _ values: [UInt8]) {
        add(key, .array, number(UInt64(element.rawValue), 4) + size(UInt64(count)) + values)
    }
    mutating func addTensor(_ name: String, _ dimensions: [UInt64], type: UInt32 = 0, at offset: UInt64 = 0) {
        tensors.append(
            text(name) + number(UInt64(dimensions.count), 4) + dimensions.flatMap { size($0) }
                + number(UInt64(type), 4) + number(offset, 8))
    }

    var region: ByteRegion {
        var bytes = Array("GGUF".utf8) + number(UInt64(version), 4)
        bytes += size(declaredTensors ?? UInt64(tensors.count)) + size(declaredPairs ?? UInt64(pairs.count))
        bytes += pairs.flatMap { $0 } + tensors.flatMap { $0 }
        while bytes.count % alignment != 0 { bytes.append(0) }
        return ByteRegion(bytes + data)
    }
}

@Suite struct GGUFTests {
    private func builder(version: UInt32 = 3, isBig: Bool = false) -> GGUFBuilder {
        var builder = GGUFBuilder(version: version, isBig: isBig)
        builder.add("general.architecture", "llama")
        builder.add("llama.block_count", word: 2)
        builder.add("tokenizer.ggml.tokens", ["a", "b", "<0x0A>"])
        builder.addTensor("w", [4, 2])
        builder.data = [UInt8](repeating: 0, count: 32)
        return builder
    }

    @Test func smallThingsAreFlaws() throws {
        func flaws(_ change: (inout GGUFBuilder) -> Void) throws -> [GGUFCheck.Kind] {
            var builder = builder()
            change(&builder)
            return try GGUFCheck(GGUFFile(builder.region, budget: Budget()), budget: Budget()).flaws.map(\.kind)
        }
        #expect(try flaws { _ in } == [])
        #expect(try flaws { $0.add("a", .bool, [7]) } == [.layout])
        #expect(try flaws { $0.pairs[0] = $0.text("general.architecture") + [4, 0, 0, 0, 1, 0, 0, 0] } == [.type])
        #expect(try flaws { $0.add("tokenizer.ggml.bos_token_id", word: 3) } == [.layout])
        #expect(try flaws { $0.add("tokenizer.ggml.bos_token_id", word: 2) } == [])
        #expect(try flaws { $0.add("tokenizer.ggml.bos_token_id", word: 0xFFFF_FFFF) } == [])
        #expect(try flaws { $0.data += [UInt8](repeating: 65, count: 40) } == [.layout])
        // One pair more than the header counts.
        let hidden = try flaws {
            $0.tensors = []
            $0.declaredPairs = UInt64($0.pairs.count)
            $0.add("a", .bool, [1])
        }
        #expect(hidden.contains(.layout))
    }

    @Test(arguments: [(1, false), (2, false), (3, false), (3, true)])
    func readsEveryVersion(version: UInt32, isBig: Bool) throws {
        let file = try GGUFFile(builder(version: version, isBig: isBig).region, budget: Budget())
        #expect(file.failure == nil)
        #expect(file.version == version)
        #expect(file.isBigEndian == isBig)
        #expect(file.pairs.map(\.key) == ["general.architecture", "llama.block_count", "tokenizer.ggml.tokens"])
        #expect(file.text(file.pairs[0])?.text() == "llama")
        #expect(file.integer(file.pairs[1]) == 2)
        var tokens: [String] = []
        try file.forEachString(of: file.pairs[2], budget: Budget()) { (_, range) throws(ParseError) in
            tokens.append(file.region.slice(range.lowerBound, range.count)?.text() ?? "")
        }
        #expect(tokens == ["a", "b", "<0x0A>"])
        #expect(file.tensors.map(\.dimensions) == [[4, 2]])
        let check = try GGUFCheck(file, budget: Budget())
        #expect(check.flaws.isEmpty)
        #expect(check.unclaimed.isEmpty)
    }

    struct Stop: Sendable {
        let change: @Sendable (inout GGUFBuilder) -> Void
        let expected: ParseError
        init(_ expected: ParseError, _ change: @escaping @Sendable (inout GGUFBuilder) -> Void) {
            self.change = change
            self.expected = expected
        }
    }

    private static let stops: [Stop] = [
        Stop(.overflow()) { $0.declaredPairs = 1 << 63 },
        Stop(.overflow()) { $0.declaredTensors = 1 << 62 },
        Stop(.overflow()) { $0.add("s", .string, $0.size(1 << 63)) },
        Stop(.overflow()) { $0.add("s", .string, $0.size(1 << 30)) },
        Stop(.malformed()) { $0.add("t", .array, $0.number(99, 4) + $0.size(1)) },
        Stop(.overflow()) { $0.add("n", .uint64, count: 1 << 61, []) },
        Stop(.overflow()) { builder in
            let level = builder.number(9, 4) + builder.size(1)
            builder.add("deep", .array, (0..<2_000).flatMap { _ in level })
        },
        Stop(.overflow()) { $0.tensors.append($0.text("w") + $0.number(1 << 30, 4)) },
        Stop(.truncated()) { $0.declaredTensors = 3 },
    ]

    @Test(arguments: stops.indices)
    func stopsAtWhatCannotBe(index: Int) throws {
        var builder = GGUFBuilder()
        builder.add("first", "kept")
        Self.stops[index].change(&builder)
        let file = try GGUFFile(builder.region, budget: Budget())
        #expect(file.failure == Self.stops[index].expected)
    }

    struct Change: Sendable {
        let change: @Sendable (inout GGUFBuilder) -> Void
        let kind: GGUFCheck.Kind
        init(_ kind: GGUFCheck.Kind, _ change: @escaping @Sendable (inout GGUFBuilder) -> Void) {
            self.change = change
            self.kind = kind
        }
    }

    private static let changes: [Change] = [
        Change(.alignment) { $0.add("general.alignment", word: 0) },
        Change(.alignment) { $0.add("general.alignment", word: 33) },
        Change(.type) { $0.add("general.alignment", .uint64, $0.number(32, 8)) },
        Change(.name) { $0.add("", "x") },
        Change(.repeated) { $0.add("general.architecture", "again") },
        Change(.arithmetic) { $0.add("x.block_count", word: 100_000) },
        Change(.type) { $0.add("tokenizer.ggml.scores", .uint8, count: 3, [1, 1, 1]) },
        Change(.type) { $0.add("tokenizer.ggml.scores", .float32, count: 2, [UInt8](repeating: 0, count: 8)) },
        Change(.type) { $0.add("tokenizer.ggml.merges", word: 1) },
        Change(.arithmetic) { $0.addTensor("v", [1 << 40, 1 << 40]) },
        Change(.arithmetic) { $0.addTensor("v", [1 << 33, 1 << 31]) },
        Change(.arithmetic) { $0.addTensor("v", [0]) },
        Change(.arithmetic) { $0.addTensor("v", [1, 1, 1, 1, 1]) },
        Change(.arithmetic) { $0.addTensor("v", [1], at: 1 << 63) },
        Change(.outside) { $0.addTensor("v", [1], at: 1 << 20) },
        Change(.layout) { $0.addTensor("v", [4], type: 250) },
        Change(.layout) { $0.addTensor("v", [16], type: 2) },
        Change(.layout) { $0.addTensor("v", [4], at: 0) },
        Change(.repeated) { $0.addTensor("w", [0], at: 32) },
        Change(.layout) { $0.addTensor(String(repeating: "n", count: 64), [1], at: 32) },
        Change(.name) { $0.addTensor(String(repeating: "n", count: 1_024), [1], at: 32) },
    ]

    @Test(arguments: changes.indices)
    func namesFlaws(index: Int) throws {
        var builder = builder()
        Self.changes[index].change(&builder)
        let file = try GGUFFile(builder.region, budget: Budget())
        #expect(try GGUFCheck(file, budget: Budget()).flaws.contains { $0.kind == Self.changes[index].kind })
    }

    @Test(arguments: ["<0x-1>", "<0xZZ>", "<0x 1>"])
    func namesByteTokensWithoutANumber(token: String) throws {
        var builder = GGUFBuilder()
        builder.add("tokenizer.ggml.tokens", ["<0xff>", token])
        let flaws = try GGUFCheck(try GGUFFile(builder.region, budget: Budget()), budget: Budget()).flaws
        #expect(flaws.map(\.kind) == [.type])
    }

    @Test func findsBytesThatNoTensorHas() throws {
        var builder = builder()
        builder.data += Array("hidden".utf8)
        let check = try GGUFCheck(try GGUFFile(builder.region, budget: Budget()), budget: Budget())
        #expect(check.unclaimed.map(\.count) == [6])
    }

    @Test func readsTheLegacyLayout() throws {
        var bytes: [UInt8] = Array("tjgg".utf8)
        for word in [3, 1, 8, 1, 1, 1, 1, 0] as [UInt32] { bytes += (0..<4).map { UInt8(word >> (8 * $0)) } }
        bytes += [2, 0, 0, 0] + Array("ab".utf8) + [0, 0, 0, 0]
        bytes += [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0] + Array("w".utf8)
        while bytes.count % 32 != 0 { bytes.append(0) }
        bytes += [UInt8](repeating: 0, count: 8)
        let file = try GGMLFile(ByteRegion(bytes), budget: Budget())
        #expect(file.failure == nil)
        #expect(file.kind == .ggjt)
        #expect(file.vocabularyCount == 1)
        #expect(file.tensors.map(\.byteCount) == [8])
        for variant in damaged(ByteRegion(bytes)) { _ = try? GGMLFile(variant, budget: Budget()) }
    }

    private func words(_ values: [UInt32]) -> [UInt8] {
        values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    }

    private func tensor(_ name: String) -> [UInt8] {
        words([1, UInt32(name.utf8.count), 0, 2]) + Array(name.utf8) + [UInt8](repeating: 0, count: 8)
    }

    /// Parameters, perhaps filters, and the vocabulary, as converters of other programs write them.
    private var layouts: [[UInt8]] {
        let vocabulary = words([1]) + Array("a".utf8) + words([2]) + Array("bc".utf8)
        return [
            // GPT-2: six parameters, and the size of the vocabulary again.
            words([0x6767_6D6C, 2, 8, 8, 1, 1, 1]) + words([2]) + vocabulary,
            // Whisper: eleven, and a table of filters.
            words([0x6767_6D6C, 2, 8, 8, 1, 1, 8, 8, 1, 1, 2, 1]) + words([2, 3]) + [UInt8](repeating: 0, count: 24)
                + words([2]) + vocabulary,
            // GPT-NeoX: eight, the vocabulary's size among them.
            words([0x6767_6D6C, 2, 8, 8, 1, 1, 1, 1, 1]) + vocabulary,
        ]
    }

    @Test(arguments: 0..<3) func readsLayoutsOfOtherPrograms(_ index: Int) throws {
        let bytes = layouts[index] + tensor("w.0") + tensor("w.1")
        let file = try GGMLFile(ByteRegion(bytes), budget: Budget())
        #expect(file.failure == nil)
        #expect(file.vocabularyCount == 2)
        #expect(file.tensors.map(\.name) == ["w.0", "w.1"])
        for count in 4..<bytes.count where count != bytes.count - tensor("w.1").count {
            let short = try GGMLFile(ByteRegion(Array(bytes.prefix(count))), budget: Budget())
            #expect(short.failure != nil, "\(count)")
        }
    }

    @Test func tensorsOfEachLayerAreAsked() throws {
        let head = words([0x6767_6A74, 3, 1, 8, 1, 1, 2, 1, 0]) + words([1]) + Array("a".utf8) + words([0])
        func file(_ names: [String]) throws -> GGMLFile {
            var bytes = head
            for name in names {
                bytes += words([1, UInt32(name.utf8.count), 0, 2]) + Array(name.utf8)
                while bytes.count % 32 != 0 { bytes.append(0) }
                bytes += [UInt8](repeating: 0, count: 8)
            }
            return try GGMLFile(ByteRegion(bytes), budget: Budget())
        }
        let all = ["tok_embeddings.weight", "norm.weight", "output.weight"] + (0..<18).map { "layers.\($0)" }
        #expect(try file(all).failure == nil)
        #expect(try file(Array(all.dropLast())).failure == .truncated())
        #expect(try file([]).failure == .truncated())
    }

    @Test func everyTruncationAndFlipEnds() {
        for variant in damaged(builder().region) {
            guard let file = try? GGUFFile(variant, budget: Budget()) else { continue }
            _ = try? GGUFCheck(file, budget: Budget())
        }
    }
}
