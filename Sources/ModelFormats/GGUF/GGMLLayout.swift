internal import ByteParsing

/// How a program laid out a file of the `ggml` magic: its parameters, perhaps a table of filters, and the vocabulary.
///
/// Known are the converters of ggml's examples and of whisper.cpp. A layout fits when the vocabulary is one and a tensor
/// begins behind it.
struct GGMLLayout {
    private enum Vocabulary {
        /// Its size stands before it.
        case counted
        /// Its size is one of the parameters.
        case parameter(Int)
        case none
    }

    /// 32-bit numbers behind the magic.
    private let parameters: Int
    /// Whether filters of a spectrogram follow: two numbers, and as many numbers as their product.
    private var hasFilters = false
    private let vocabulary: Vocabulary
    /// Which parameter is the number of layers, where the tensors of each are known.
    private var layers: Int?

    private static let all: [GGMLLayout] =
        [GGMLLayout(parameters: 7, vocabulary: .parameter(0), layers: 4)]
        + [GGMLLayout(parameters: 11, hasFilters: true, vocabulary: .counted)]
        + (4...16).map { GGMLLayout(parameters: $0, vocabulary: .counted) }
        + (4...16).map { GGMLLayout(parameters: $0, vocabulary: .parameter(0)) }
        + (5...16).map { GGMLLayout(parameters: $0, vocabulary: .parameter(4)) }
        + (3...24).map { GGMLLayout(parameters: $0, vocabulary: .none) }

    /// Longest token, and lengths of tensors' names, that a layout is believed to have.
    private static let longestToken = 1_024
    private static let names = 3...256

    /// Where the tensors begin, the size of the vocabulary and the number of layers by the first layout that fits.
    static func find(
        in region: ByteRegion, budget: Budget
    ) throws(ParseError) -> (tensors: Int, vocabulary: Int, layers: Int?)? {
        for layout in all {
            guard let found = try layout.fit(region, budget: budget) else { continue }
            return (found.tensors, found.vocabulary, layout.layers.flatMap { parameter($0, of: region) })
        }
        return nil
    }

    private static func parameter(_ index: Int, of region: ByteRegion) -> Int? {
        region.little(UInt32.self, at: 4 + 4 * index).map(Int.init)
    }

    private func fit(_ region: ByteRegion, budget: Budget) throws(ParseError) -> (tensors: Int, vocabulary: Int)? {
        var at = 4 + 4 * parameters
        if hasFilters {
            guard let rows = region.little(UInt32.self, at: at), let columns = region.little(UInt32.self, at: at + 4),
                rows <= 1_024, columns <= 4_096
            else { return nil }
            at += 8 + 4 * Int(rows) * Int(columns)
        }
        var count = 0
        switch vocabulary {
        case .none: break
        case .parameter(let index): count = Self.parameter(index, of: region) ?? 0
        case .counted:
            count = region.little(UInt32.self, at: at).map(Int.init) ?? 0
            at += 4
        }
        if case .none = vocabulary {} else if count == 0 { return nil }
        guard at <= region.count, count <= (region.count - at) / 4 else { return nil }
        for _ in 0..<count {
            try budget.spend(operations: 1, reading: "vocabulary")
            guard let length = region.little(UInt32.self, at: at), length <= Self.longestToken else { return nil }
            at += 4 + Int(length)
        }
        return Self.isTensor(region, at: at) ? (at, count) : nil
    }

    /// Whether a tensor's description begins at `offset`: number of dimensions, length of the name, type, name.
    private static func isTensor(_ region: ByteRegion, at offset: Int) -> Bool {
        guard let rank = region.little(UInt32.self, at: offset), (1...4).contains(rank),
            let length = region.little(UInt32.self, at: offset + 4), names.contains(Int(length)),
            let type = region.little(UInt32.self, at: offset + 8).flatMap({ GGMLType($0) }),
            let row = region.little(UInt32.self, at: offset + 12), row > 0, Int(row) % type.blockElements == 0,
            let name = region.slice(offset + 12 + 4 * Int(rank), Int(length))
        else { return false }
        return name.array().allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}
