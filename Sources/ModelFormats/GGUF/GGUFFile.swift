package import ByteParsing

/// The head of a GGUF file, versions 1 to 3 in either byte order: metadata pairs and tensor descriptions.
///
/// Reading stops at the first thing that cannot be passed over; what was read until then stays, and `failure` says
/// why. Not read: tensor data, which has no meaning beyond numbers.
///
/// Source: the GGUF specification in the ggml repository.
package struct GGUFFile: Sendable {
    package struct Pair: Sendable {
        package let key: String
        /// Offset of the pair in the file.
        package let offset: Int
        package let type: GGUFValueType
        /// Type of an array's elements.
        package let elementType: GGUFValueType?
        /// Elements of an array; 1 for anything else.
        package let count: Int
        /// Where the value's bytes are: a string's text, an array's first element.
        package let value: Range<Int>
    }

    package struct Tensor: Sendable {
        package let name: String
        package let dimensions: [UInt64]
        package let type: UInt32
        /// Offset in the data section.
        package let dataOffset: UInt64
        /// Offset of the description in the file.
        package let offset: Int
    }

    package let region: ByteRegion
    package let version: UInt32
    package let isBigEndian: Bool
    package private(set) var declaredTensors: UInt64 = 0
    package private(set) var declaredPairs: UInt64 = 0
    package private(set) var pairs: [Pair] = []
    package private(set) var tensors: [Tensor] = []
    /// Why the head was not read to its end, or nil.
    package private(set) var failure: ParseError?
    /// Where the head ends; the data section starts at the next multiple of the alignment.
    package private(set) var headEnd = 0

    /// Whether the bytes start with the magic number.
    package static func isPresent(in region: ByteRegion) -> Bool { region.starts(with: "GGUF") }

    /// - Throws: `malformed`, `truncated` or `unsupported` when not even the version can be read.
    package init(_ region: ByteRegion, budget: Budget) throws(ParseError) {
        guard Self.isPresent(in: region) else { throw .malformed(at: 0, reading: "magic number") }
        guard let word = region.little(UInt32.self, at: 4) else { throw .truncated(at: 4, reading: "version") }
        // A big-endian file's small version number looks huge when it is read the other way round.
        isBigEndian = word & 0xFFFF == 0
        version = isBigEndian ? word.byteSwapped : word
        guard (1...3).contains(version) else { throw .unsupported(at: 4, reading: "version") }
        self.region = region
        var cursor = GGUFCursor(region.bytes, isBigEndian: isBigEndian, isWide: version > 1)
        do throws(ParseError) {
            try cursor.cursor.seek(to: 8)
            try readHead(&cursor, budget: budget)
        } catch {
            failure = error
        }
        headEnd = cursor.offset
    }

    private mutating func readHead(_ cursor: inout GGUFCursor, budget: Budget) throws(ParseError) {
        let counts = cursor.offset
        let wide = version > 1
        declaredTensors =
            wide ? try cursor.long(reading: "tensor count") : UInt64(try cursor.word(reading: "tensor count"))
        declaredPairs = wide ? try cursor.long(reading: "pair count") : UInt64(try cursor.word(reading: "pair count"))
        // The shortest pair takes 9 bytes and the shortest tensor 24; a count beyond that is not a truncated file.
        guard declaredPairs <= UInt64(region.count), declaredTensors <= UInt64(region.count) else {
            throw .overflow(at: counts, reading: "counts of pairs and tensors (more than the file could hold)")
        }
        for _ in 0..<Int(declaredPairs) {
            try budget.spend(operations: 4, reading: "metadata pairs")
            guard pairs.count < budget.limits.entries else {
                throw .limit(at: cursor.offset, reading: "metadata pairs")
            }
            try readPair(&cursor, budget: budget)
        }
        for _ in 0..<Int(declaredTensors) {
            try budget.spend(operations: 4, reading: "tensors")
            guard tensors.count < budget.limits.entries else { throw .limit(at: cursor.offset, reading: "tensors") }
            try readTensor(&cursor)
        }
    }

    private mutating func readPair(_ cursor: inout GGUFCursor, budget: Budget) throws(ParseError) {
        let start = cursor.offset
        let key = try cursor.string(reading: "metadata key")
        let type = try readType(&cursor)
        var elementType: GGUFValueType?
        var count = 1
        var from = cursor.offset
        switch type {
        case .string:
            let text = try cursor.string(reading: "metadata string")
            from = text.lowerBound
        case .array:
            let element = try readType(&cursor)
            elementType = element
            count = try cursor.size(unit: Self.leastSize(element, wide: version > 1), reading: "array length")
            from = cursor.offset
            try skipElements(element, count, &cursor, budget: budget)
        default: try cursor.cursor.skip(type.size ?? 0, reading: "metadata value")
        }
        let name = region.slice(key.lowerBound, key.count)?.text(limit: 1 << 16) ?? ""
        pairs.append(
            Pair(
                key: name, offset: start, type: type, elementType: elementType, count: count,
                value: from..<cursor.offset))
    }

    private func readType(_ cursor: inout GGUFCursor) throws(ParseError) -> GGUFValueType {
        let start = cursor.offset
        guard let type = GGUFValueType(rawValue: try cursor.word(reading: "value type")) else {
            throw .malformed(at: start, reading: "value type")
        }
        return type
    }

    /// The fewest bytes that an element takes.
    private static func leastSize(_ type: GGUFValueType, wide: Bool) -> Int {
        type.size ?? (type == .string ? (wide ? 8 : 4) : (wide ? 12 : 8))
    }

    /// Arrays in arrays that are still followed; loaders take one level.
    private static let nestingLimit = 8

    private func skipElements(
        _ type: GGUFValueType, _ count: Int, _ cursor: inout GGUFCursor, budget: Budget
    ) throws(ParseError) {
        var open: [Int] = []
        var current = type
        var left = count
        while true {
            if let size = current.size {
                try cursor.cursor.skip(left &* size, reading: "array")
            } else if current == .string {
                try budget.spend(operations: left, reading: "array of strings")
                for _ in 0..<left { _ = try cursor.string(reading: "string in an array") }
            } else if left > 0 {
                try budget.spend(operations: 1, reading: "array of arrays")
                guard open.count < Self.nestingLimit else {
                    throw .overflow(at: cursor.offset, reading: "arrays nested in arrays")
                }
                open.append(left - 1)
                current = try readType(&cursor)
                left = try cursor.size(
                    unit: Self.leastSize(current, wide: version > 1), reading: "array length")
                continue
            }
            guard let rest = open.popLast() else { return }
            current = .array
            left = rest
        }
    }

    /// Dimensions that are still read; loaders take four.
    private static let dimensionLimit = 16

    private mutating func readTensor(_ cursor: inout GGUFCursor) throws(ParseError) {
        let start = cursor.offset
        let name = try cursor.string(reading: "tensor name")
        let rank = try cursor.word(reading: "number of dimensions")
        guard rank <= Self.dimensionLimit else { throw .overflow(at: cursor.offset, reading: "number of dimensions") }
        var dimensions: [UInt64] = []
        for _ in 0..<rank {
            dimensions.append(
                version > 1 ? try cursor.long(reading: "dimension") : UInt64(try cursor.word(reading: "dimension")))
        }
        let type = try cursor.word(reading: "tensor type")
        let dataOffset = try cursor.long(reading: "tensor offset")
        tensors.append(
            Tensor(
                name: region.slice(name.lowerBound, name.count)?.text(limit: 1 << 12) ?? "", dimensions: dimensions,
                type: type, dataOffset: dataOffset, offset: start))
    }
}

extension GGUFFile {
    /// The text of a string pair, without a copy.
    package func text(_ pair: Pair) -> ByteRegion? { region.slice(pair.value.lowerBound, pair.value.count) }

    /// An integer value of at most 64 bits, sign-extended or zero-extended by its type; nil for anything else.
    package func integer(_ pair: Pair) -> Int? {
        let at = pair.value.lowerBound
        func load<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) -> Int? {
            (isBigEndian ? region.big(type, at: at) : region.little(type, at: at)).flatMap { Int(exactly: $0) }
        }
        return switch pair.type {
        case .uint8, .bool: load(UInt8.self)
        case .int8: load(Int8.self)
        case .uint16: load(UInt16.self)
        case .int16: load(Int16.self)
        case .uint32: load(UInt32.self)
        case .int32: load(Int32.self)
        case .uint64: load(UInt64.self)
        case .int64: load(Int64.self)
        case .float32, .float64, .string, .array: nil
        }
    }

    /// Calls `body` with each string of an array: its index, and where its bytes are in the file. Nothing is copied.
    package func forEachString(
        of pair: Pair, budget: Budget, _ body: (Int, Range<Int>) throws(ParseError) -> Void
    ) throws(ParseError) {
        guard pair.elementType == .string else { return }
        try budget.spend(operations: pair.count, reading: "array of strings")
        var cursor = GGUFCursor(region.bytes, isBigEndian: isBigEndian, isWide: version > 1)
        try cursor.cursor.seek(to: pair.value.lowerBound)
        for index in 0..<pair.count { try body(index, try cursor.string(reading: "string in an array")) }
    }
}
