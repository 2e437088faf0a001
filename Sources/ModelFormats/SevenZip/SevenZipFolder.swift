package import ByteParsing

/// A compressed block of a 7z archive: a chain of coders over bytes of the archive.
package struct SevenZipFolder: Sendable {
    struct Coder: Sendable {
        var id: [UInt8] = []
        var properties = ByteRegion([])
        var inputs = 1
        var outputs = 1
        var unpackedSize = 0
    }

    /// Why a folder is not opened.
    package enum Refusal: String, Sendable {
        case encrypted
        case method = "method that is not read"
        case structure = "chain of coders that is not read"
    }

    var coders: [Coder] = []
    var bindPairs: [(input: Int, output: Int)] = []
    var packedInputs: [Int] = []
    /// Where the packed streams of this folder are in the archive.
    var packed: [(offset: Int, size: Int)] = []
    /// Files in the folder, one after the other.
    var sizes: [Int] = []

    var totalInputs: Int { coders.reduce(0) { $0 + $1.inputs } }
    var totalOutputs: Int { coders.reduce(0) { $0 + $1.outputs } }

    /// Size of the folder's output.
    package var unpackedSize: Int { chain?.first?.unpackedSize ?? coders.first?.unpackedSize ?? 0 }

    package var refusal: Refusal? {
        if coders.contains(where: { $0.id.starts(with: [0x06, 0xF1, 0x07]) }) { return .encrypted }
        guard let chain, packed.count == 1 else { return .structure }
        return SevenZipMethod.plan(chain) == nil ? .method : nil
    }

    /// The coders from the output back to the packed stream; nil when they are no simple chain.
    private var chain: [Coder]? {
        guard coders.allSatisfy({ $0.inputs == 1 && $0.outputs == 1 }), !coders.isEmpty else { return nil }
        guard var current = coders.indices.first(where: { index in !bindPairs.contains { $0.output == index } }) else {
            return nil
        }
        var chain: [Coder] = []
        // Each step uses up one coder, so a cycle ends too.
        while chain.count < coders.count {
            chain.append(coders[current])
            guard let pair = bindPairs.first(where: { $0.input == current }) else { break }
            guard coders.indices.contains(pair.output) else { return nil }
            current = pair.output
        }
        return chain.count == coders.count ? chain : nil
    }

    /// Decompresses the folder.
    /// - Throws: `unsupported` for what `refusal` names, and the errors of decompression.
    package func open(_ region: ByteRegion, budget: Budget) throws(ParseError) -> Decompressed {
        guard let chain, let plan = SevenZipMethod.plan(chain), let place = packed.first else {
            throw .unsupported(at: packed.first?.offset ?? 0, reading: "7z coder")
        }
        guard let data = region.slice(place.offset, place.size) else {
            throw .truncated(at: place.offset, reading: "7z packed stream")
        }
        switch plan {
        case .copy: return Decompressed(stored: data)
        case .compression(let compression): return try Decompressed(data, as: compression, budget: budget)
        case .filters(let filters):
            let decoder = try LZMADecoder(chain: filters, unpackedSize: unpackedSize)
            return try Decompressed(data, decoder: decoder, budget: budget)
        }
    }
}

/// How 7z's method ids are decoded.
enum SevenZipMethod {
    enum Plan {
        case copy
        case compression(Compression)
        /// A chain for liblzma, in its order: the filters first, LZMA last.
        case filters([(id: UInt64, properties: ByteRegion)])
    }

    static func plan(_ chain: [SevenZipFolder.Coder]) -> Plan? {
        guard let last = chain.last else { return nil }
        if chain.count == 1 {
            switch last.id {
            case [0x00]: return .copy
            case [0x04, 0x02, 0x02]: return .compression(.bzip2)
            case [0x04, 0x01, 0x08]: return .compression(.deflate)
            case [0x04, 0xF7, 0x11, 0x01]: return .compression(.zstd)
            case [0x04, 0xF7, 0x11, 0x04]: return .compression(.lz4)
            default: break
            }
        }
        guard chain.count <= 4 else { return nil }
        var filters: [(id: UInt64, properties: ByteRegion)] = []
        for (index, coder) in chain.enumerated() {
            guard let id = filter(coder.id), (id == 0x21 || id == lzma) == (index == chain.count - 1) else {
                return nil
            }
            filters.append((id, coder.properties))
        }
        return .filters(filters)
    }

    /// liblzma's LZMA1 with a known size in place of an end mark.
    static let lzma: UInt64 = 0x4000_0000_0000_0002

    private static func filter(_ id: [UInt8]) -> UInt64? {
        switch id {
        case [0x03, 0x01, 0x01]: lzma
        case [0x21]: 0x21
        case [0x03]: 0x03
        case [0x04], [0x03, 0x03, 0x01, 0x03]: 0x04
        case [0x05], [0x03, 0x03, 0x02, 0x05]: 0x05
        case [0x06], [0x03, 0x03, 0x04, 0x01]: 0x06
        case [0x07], [0x03, 0x03, 0x05, 0x01]: 0x07
        case [0x08], [0x03, 0x03, 0x07, 0x01]: 0x08
        case [0x09], [0x03, 0x03, 0x08, 0x05]: 0x09
        case [0x0A]: 0x0A
        default: nil
        }
    }
}
