package import ByteParsing

/// The formats before GGUF, told apart by their magic number: `ggml`, `ggmf`, `ggjt`, `ggla`.
///
/// The formats have no self-description: each program wrote parameters of its own, a vocabulary in one of a few ways, and
/// tensors. Those of LLaMA files are known; for `ggml`, which many programs wrote, the layouts of `GGMLLayout` are tried.
/// Not read: tensor data.
package struct GGMLFile: Sendable {
    package enum Kind: String, Sendable { case ggml, ggmf, ggjt, ggla }

    package struct Tensor: Sendable {
        package let name: String
        package let dimensions: [UInt32]
        package let type: UInt32
        package let offset: Int
        package let byteCount: Int
    }

    package let kind: Kind
    package let version: UInt32
    package private(set) var vocabularyCount = 0
    package private(set) var tensors: [Tensor] = []
    /// Whether a layout was found that the bytes begin by.
    package private(set) var isKnown = true
    /// Why the layout was left, or nil when it fits to the last byte.
    package private(set) var failure: ParseError?

    package static func kind(of region: ByteRegion) -> Kind? {
        switch region.little(UInt32.self, at: 0) {
        case 0x6767_6D6C: .ggml
        case 0x6767_6D66: .ggmf
        case 0x6767_6A74: .ggjt
        case 0x6767_6C61: .ggla
        default: nil
        }
    }

    /// - Throws: `malformed` without the magic number, `truncated` without a version.
    package init(_ region: ByteRegion, budget: Budget) throws(ParseError) {
        guard let kind = Self.kind(of: region) else { throw .malformed(reading: "magic number") }
        self.kind = kind
        var cursor = Cursor(region.bytes)
        try cursor.skip(4)
        version = kind == .ggml ? 0 : try cursor.little(UInt32.self, reading: "version")
        do throws(ParseError) {
            var layers: Int?
            switch kind {
            case .ggla: try cursor.skip(8, reading: "adapter parameters")
            case .ggml:
                guard let found = try GGMLLayout.find(in: region, budget: budget) else {
                    isKnown = false
                    throw .malformed(at: 4, reading: "parameters and vocabulary")
                }
                vocabularyCount = found.vocabulary
                layers = found.layers
                try cursor.seek(to: found.tensors)
            case .ggmf, .ggjt:
                layers = region.little(UInt32.self, at: 24).map(Int.init)
                try readVocabulary(&cursor, budget: budget)
            }
            while !cursor.isAtEnd { try readTensor(&cursor, budget: budget) }
            if let layers, lacksTensors(ofLayers: layers) {
                throw .truncated(at: region.count, reading: "tensors of \(layers) layers")
            }
        } catch {
            failure = error
        }
    }

    private mutating func readVocabulary(_ cursor: inout Cursor, budget: Budget) throws(ParseError) {
        let count = Int(try cursor.little(UInt32.self, reading: "vocabulary size"))
        try cursor.skip(24, reading: "parameters")
        guard count <= cursor.remaining / 4 else { throw .overflow(at: 8, reading: "vocabulary size") }
        vocabularyCount = count
        try budget.spend(operations: count, reading: "vocabulary")
        for _ in 0..<count {
            let length = Int(try cursor.little(UInt32.self, reading: "token length"))
            try cursor.skip(length, reading: "token")
            if kind != .ggml { try cursor.skip(4, reading: "token score") }
        }
    }

    /// Whether LLaMA's tensors, nine for each layer and three more, are not all here.
    private func lacksTensors(ofLayers layers: Int) -> Bool {
        guard tensors.contains(where: { $0.name == "tok_embeddings.weight" }) else { return tensors.isEmpty }
        return layers <= 1_000 && tensors.count < 9 * layers + 3
    }

    private mutating func readTensor(_ cursor: inout Cursor, budget: Budget) throws(ParseError) {
        try budget.spend(operations: 4, reading: "tensors")
        guard tensors.count < budget.limits.entries else { throw .limit(at: cursor.offset, reading: "tensors") }
        let start = cursor.offset
        let rank = try cursor.little(UInt32.self, reading: "number of dimensions")
        let nameLength = Int(try cursor.little(UInt32.self, reading: "tensor name length"))
        let number = try cursor.little(UInt32.self, reading: "tensor type")
        guard (1...4).contains(rank), let type = GGMLType(number) else {
            throw .malformed(at: start, reading: "tensor description")
        }
        var dimensions: [UInt32] = []
        var elements = 1
        for _ in 0..<rank {
            let size = try cursor.little(UInt32.self, reading: "dimension")
            dimensions.append(size)
            guard let next = elements.multiplied(checked: Int(size)) else {
                throw .overflow(at: cursor.offset, reading: "tensor dimensions")
            }
            elements = next
        }
        guard nameLength <= 4096 else { throw .malformed(at: start, reading: "tensor name length") }
        let name = String(decoding: try cursor.array(nameLength, reading: "tensor name"), as: UTF8.self)
        if kind == .ggjt || kind == .ggla, let aligned = cursor.offset.aligned(to: 32) {
            try cursor.seek(to: aligned, reading: "tensor padding")
        }
        guard let bytes = (elements / type.blockElements).multiplied(checked: type.blockBytes) else {
            throw .overflow(at: start, reading: "tensor size")
        }
        let data = cursor.offset
        try cursor.skip(bytes, reading: "tensor data")
        tensors.append(Tensor(name: name, dimensions: dimensions, type: number, offset: data, byteCount: bytes))
    }
}
