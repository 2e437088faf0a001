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

    /// Why a folder is not opened; see `unreadMethod` for its name.
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
    package var unpackedSize: Int { last.map { coders[$0].unpackedSize } ?? coders.first?.unpackedSize ?? 0 }

    package var refusal: Refusal? {
        if coders.contains(where: { $0.id.starts(with: [0x06, 0xF1, 0x07]) }) { return .encrypted }
        guard let route else { return unreadMethod == nil ? .structure : .method }
        let chains = route.branches ?? [route.chain]
        return chains.contains { SevenZipMethod.plan($0.coders) == nil } ? .method : nil
    }

    /// The name of a method that is not read, where it has one.
    package var unreadMethod: String? {
        coders.lazy.compactMap { SevenZipMethod.unread($0.id) }.first
    }

    // MARK: The way of the bytes

    /// Coders from the output back to the packed stream at the end of the chain.
    private struct Chain {
        var coders: [Coder]
        var packed: (offset: Int, size: Int)
    }

    private struct Route {
        var chain: Chain
        /// The chains of BCJ2's four inputs, where that filter comes last.
        var branches: [Chain]?
    }

    /// The coder whose output is the folder's.
    private var last: Int? {
        var output = 0
        for index in coders.indices {
            if coders[index].outputs == 1, !bindPairs.contains(where: { $0.output == output }) { return index }
            output += coders[index].outputs
        }
        return nil
    }

    private var route: Route? {
        guard let last, coders.allSatisfy({ $0.outputs == 1 }) else { return nil }
        if coders[last].id == SevenZipMethod.bcj2, coders[last].inputs == 4 {
            let first = coders[..<last].reduce(0) { $0 + $1.inputs }
            var branches: [Chain] = []
            for input in first..<(first + 4) {
                guard let branch = chain(into: input) else { return nil }
                branches.append(branch)
            }
            return Route(chain: branches[0], branches: branches)
        }
        guard coders[last].inputs == 1, let rest = chain(into: coders[..<last].reduce(0) { $0 + $1.inputs }) else {
            return nil
        }
        let all = [coders[last]] + rest.coders
        return all.count == coders.count && packed.count == 1
            ? Route(chain: Chain(coders: all, packed: rest.packed)) : nil
    }

    /// The chain that an input is fed from; nil when it is no simple one.
    private func chain(into start: Int) -> Chain? {
        var chain: [Coder] = []
        var input = start
        // Each step uses up one coder, so a cycle ends too.
        while chain.count <= coders.count {
            guard let pair = bindPairs.first(where: { $0.input == input }) else {
                let place = packedInputs.isEmpty ? 0 : packedInputs.firstIndex(of: input)
                guard let place, packed.indices.contains(place) else { return nil }
                return Chain(coders: chain, packed: packed[place])
            }
            guard coders.indices.contains(pair.output), coders[pair.output].inputs == 1 else { return nil }
            chain.append(coders[pair.output])
            input = coders[..<pair.output].reduce(0) { $0 + $1.inputs }
        }
        return nil
    }

    /// Decompresses the folder.
    /// - Throws: `unsupported` for what `refusal` names, and the errors of decompression.
    package func open(_ region: ByteRegion, budget: Budget) throws(ParseError) -> Decompressed {
        guard let route else { throw .unsupported(at: packed.first?.offset ?? 0, reading: "7z coders") }
        guard let branches = route.branches else { return try open(route.chain, region, budget: budget) }
        var parts: [ByteRegion] = []
        for branch in branches { parts.append(try open(branch, region, budget: budget).region) }
        let decoder = try BCJ2Decoder(calls: parts[1], jumps: parts[2], bits: parts[3])
        return try Decompressed(parts[0], decoder: decoder, budget: budget)
    }

    private func open(_ chain: Chain, _ region: ByteRegion, budget: Budget) throws(ParseError) -> Decompressed {
        guard let data = region.slice(chain.packed.offset, chain.packed.size) else {
            throw .truncated(at: chain.packed.offset, reading: "7z packed stream")
        }
        switch SevenZipMethod.plan(chain.coders) {
        case nil: throw .unsupported(at: chain.packed.offset, reading: "7z coder")
        case .copy: return Decompressed(stored: data)
        case .compression(let compression): return try Decompressed(data, as: compression, budget: budget)
        case .filters(let filters):
            let decoder = try LZMADecoder(chain: filters, unpackedSize: chain.coders.first?.unpackedSize ?? 0)
            return try Decompressed(data, decoder: decoder, budget: budget)
        case .ppmd(let properties):
            let decoder = try PPMdDecoder(
                properties: properties, unpackedSize: chain.coders.first?.unpackedSize ?? 0)
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
        case ppmd(properties: ByteRegion)
    }

    static let bcj2: [UInt8] = [0x03, 0x03, 0x01, 0x1B]

    /// The names of methods that are known and not read.
    static func unread(_ id: [UInt8]) -> String? {
        switch id {
        case [0x04, 0x05]: "old LZMA"
        case [0x04, 0xF7, 0x11, 0x02]: "Brotli"
        case [0x04, 0xF7, 0x11, 0x05]: "LZ5"
        case [0x04, 0xF7, 0x11, 0x06]: "Lizard"
        case [0x02, 0x03, 0x02], [0x02, 0x03, 0x04]: "Swap"
        case [0x0B]: "RISC-V filter"
        default: nil
        }
    }

    static func plan(_ chain: [SevenZipFolder.Coder]) -> Plan? {
        guard let last = chain.last else { return .copy }
        if chain.count == 1 {
            switch last.id {
            case [0x00]: return .copy
            case [0x04, 0x02, 0x02]: return .compression(.bzip2)
            case [0x04, 0x01, 0x08]: return .compression(.deflate)
            case [0x04, 0x01, 0x09]: return .compression(.deflate64)
            case [0x04, 0xF7, 0x11, 0x01]: return .compression(.zstd)
            case [0x04, 0xF7, 0x11, 0x04]: return .compression(.lz4)
            case [0x03, 0x04, 0x01]: return .ppmd(properties: last.properties)
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
