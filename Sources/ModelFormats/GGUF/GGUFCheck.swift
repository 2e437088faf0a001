package import ByteParsing

/// What a GGUF file's numbers and names do that loaders rely on them not doing.
package struct GGUFCheck: Sendable {
    package enum Kind: Sendable, Hashable {
        /// Products or sums that leave 64 bits, or counts that a loader copies into fixed memory.
        case arithmetic
        /// A value of another type or length than the code that reads it takes for granted.
        case type
        /// Tensor data that starts after the end of the file.
        case outside
        /// Tensor data that ends after the end of the file.
        case truncated
        /// Tensors that share bytes, leave bytes out, or are not aligned.
        case layout
        /// The same key or tensor name twice.
        case repeated
        /// An empty or over-long name.
        case name
        case alignment
    }

    package struct Flaw: Sendable, Hashable {
        package let kind: Kind
        package let name: String
        /// What is wrong, completing “NAME …”.
        package let text: String
        package let offset: Int
    }

    package private(set) var flaws: [Flaw] = []
    /// Alignment of tensor data in bytes.
    package private(set) var alignment = 32
    /// Where tensor data starts in the file.
    package private(set) var dataStart = 0
    /// Ranges of the data section that no tensor has.
    package private(set) var unclaimed: [(offset: Int, count: Int)] = []

    package init(_ file: GGUFFile, budget: Budget) throws(ParseError) {
        checkPairs(file)
        try checkVocabulary(file, budget: budget)
        dataStart = file.headEnd.aligned(to: alignment) ?? file.headEnd
        if file.failure == nil {
            checkPadding(file)
            try checkTensors(file, budget: budget)
        }
    }

    private mutating func flaw(_ kind: Kind, _ name: String, _ text: String, at offset: Int) {
        guard flaws.count < 1_000 else { return }
        flaws.append(Flaw(kind: kind, name: name, text: text, offset: offset))
    }

    private mutating func checkPairs(_ file: GGUFFile) {
        var seen = Set<[UInt8]>()
        for pair in file.pairs {
            let key = Array(pair.key.utf8)
            if key.isEmpty { flaw(.name, "a metadata key", "is empty", at: pair.offset) }
            if key.count >= 1 << 16 { flaw(.name, pair.key, "is longer than 65,535 bytes", at: pair.offset) }
            if !seen.insert(key).inserted { flaw(.repeated, pair.key, "is given more than once", at: pair.offset) }
            if pair.type == .array, pair.elementType == .array {
                flaw(.type, pair.key, "is an array of arrays, which loaders do not expect", at: pair.offset)
            }
            if pair.type == .bool, let value = file.integer(pair), value > 1 {
                flaw(.layout, pair.key, "is the truth value \(value)", at: pair.offset)
            }
            if pair.type == .string, let text = file.text(pair), text.count <= 1 << 20,
                !PickleText.isUTF8(text.bytes, 0, text.count, surrogates: false)
            {
                flaw(.layout, pair.key, "is a text that is no UTF-8", at: pair.offset)
            }
            if pair.key.unicodeScalars.contains("\u{FFFD}") {
                flaw(.layout, pair.key, "is a key that is no UTF-8 text", at: pair.offset)
            }
            if pair.key == "general.architecture", pair.type != .string {
                flaw(.type, pair.key, "is not a text", at: pair.offset)
            }
            if pair.key == "general.alignment" { checkAlignment(pair, file) }
            if pair.key.hasSuffix(".block_count") || pair.key.hasSuffix(".expert_count") {
                // llama.cpp keeps per-layer and per-expert values in arrays of 512.
                if let count = file.integer(pair), !(0...512).contains(count) {
                    flaw(.arithmetic, pair.key, "is \(count); loaders hold 512 at most", at: pair.offset)
                }
            }
        }
    }

    private mutating func checkAlignment(_ pair: GGUFFile.Pair, _ file: GGUFFile) {
        guard let value = file.integer(pair), value > 0, value & (value - 1) == 0, value <= 1 << 20 else {
            return flaw(.alignment, pair.key, "is no power of two", at: pair.offset)
        }
        if pair.type != .uint32 { flaw(.type, pair.key, "is not a 32-bit number", at: pair.offset) }
        alignment = value
    }

    /// Between the header and the tensors stands padding: anything else is a header of which less was counted than is there.
    private mutating func checkPadding(_ file: GGUFFile) {
        let end = min(dataStart, file.region.count)
        guard file.headEnd < end else { return }
        for offset in file.headEnd..<end where file.region[offset] != 0 {
            return flaw(.layout, "the header", "is followed by bytes that are no padding", at: offset)
        }
    }

    private mutating func checkTensors(_ file: GGUFFile, budget: Budget) throws(ParseError) {
        var seen = Set<[UInt8]>()
        var ranges: [(begin: Int, end: Int, tensor: Int)] = []
        for (index, tensor) in file.tensors.enumerated() {
            try budget.spend(operations: 4, reading: "tensors")
            let name = Array(tensor.name.utf8)
            if name.isEmpty { flaw(.name, "a tensor name", "is empty", at: tensor.offset) }
            // ggml keeps names in 64 bytes with a closing NUL and refuses longer ones; some builds have more room.
            if name.count >= 64 {
                let kind = name.count >= 1_024 ? Kind.name : .layout
                flaw(kind, tensor.name, "is a tensor name of 64 bytes or more", at: tensor.offset)
            }
            if !seen.insert(name).inserted {
                flaw(.repeated, tensor.name, "is described more than once", at: tensor.offset)
            }
            if let range = checkRange(of: tensor, file) { ranges.append((range.lowerBound, range.upperBound, index)) }
        }
        var reached = dataStart
        for range in ranges.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
            let tensor = file.tensors[range.tensor]
            let expected = reached.aligned(to: alignment) ?? reached
            if range.begin < reached, range.end > range.begin {
                flaw(.layout, tensor.name, "shares bytes with another tensor", at: tensor.offset)
            } else if range.begin > expected {
                flaw(
                    .layout, tensor.name, "leaves \(range.begin - reached) bytes before it to no tensor",
                    at: tensor.offset)
                unclaimed.append((reached, range.begin - reached))
            } else if range.begin > reached {
                unclaimed.append((reached, range.begin - reached))
            }
            reached = max(reached, range.end)
        }
        if reached < file.region.count {
            unclaimed.append((reached, file.region.count - reached))
            if (reached.aligned(to: alignment) ?? reached) < file.region.count {
                flaw(
                    .layout, "the file", "has \(file.region.count - reached) bytes after its last tensor", at: reached)
            }
        }
    }

    /// Where the tensor's data is in the file, cut at the end of the file; nil when it cannot be said.
    private mutating func checkRange(of tensor: GGUFFile.Tensor, _ file: GGUFFile) -> Range<Int>? {
        let place = tensor.offset
        if tensor.dimensions.count > 4 {
            flaw(
                .arithmetic, tensor.name, "has \(tensor.dimensions.count) dimensions; loaders hold 4 at most", at: place
            )
        }
        if tensor.dimensions.contains(0) { flaw(.arithmetic, tensor.name, "has a dimension of zero", at: place) }
        guard let type = GGMLType(tensor.type) else {
            // Forks of ggml have types of their own, which every other loader refuses.
            flaw(.layout, tensor.name, "has the unknown tensor type \(tensor.type)", at: place)
            return nil
        }
        let sizes = tensor.dimensions.map { Int(exactly: $0) }
        var elements: Int? = 1
        for size in sizes { elements = size.flatMap { size in elements.flatMap { $0.multiplied(checked: size) } } }
        guard let elements, let bytes = (elements / type.blockElements).multiplied(checked: type.blockBytes),
            bytes.aligned(to: alignment) != nil
        else {
            flaw(.arithmetic, tensor.name, "has dimensions that multiply to more than can be counted", at: place)
            return nil
        }
        if let row = sizes.first, let row, row % type.blockElements != 0 {
            flaw(.layout, tensor.name, "has rows that do not fill whole \(type.name) blocks", at: place)
        }
        guard let offset = Int(exactly: tensor.dataOffset), let begin = dataStart.adding(checked: offset),
            let end = begin.adding(checked: bytes)
        else {
            flaw(.arithmetic, tensor.name, "has an offset beyond every file", at: place)
            return nil
        }
        if offset % alignment != 0 { flaw(.layout, tensor.name, "is not aligned to \(alignment) bytes", at: place) }
        guard begin <= file.region.count, begin < file.region.count || bytes == 0 else {
            flaw(.outside, tensor.name, "has its data after the end of the file", at: place)
            return nil
        }
        if end > file.region.count {
            flaw(.truncated, tensor.name, "has data that ends after the file does", at: place)
        }
        return begin..<min(end, file.region.count)
    }
}

// MARK: - Vocabulary

extension GGUFCheck {
    /// Loaders take the arrays of a tokenizer for what they should be, and index one by the length of another.
    private mutating func checkVocabulary(_ file: GGUFFile, budget: Budget) throws(ParseError) {
        let expected: [String: [GGUFValueType]] = [
            "tokenizer.ggml.tokens": [.string], "tokenizer.ggml.merges": [.string],
            "tokenizer.ggml.scores": [.float32], "tokenizer.ggml.token_type": [.int32, .uint32],
            "tokenizer.ggml.precompiled_charsmap": [.uint8, .int8],
        ]
        let tokens = file.pairs.last { $0.key == "tokenizer.ggml.tokens" }
        for pair in file.pairs {
            if pair.key.hasPrefix("tokenizer.ggml."), pair.key.hasSuffix("_token_id"), let tokens,
                let id = file.integer(pair), id >= tokens.count, ![0xFFFF_FFFF, .max].contains(id)
            {
                flaw(.layout, pair.key, "is \(id) of \(tokens.count) tokens", at: pair.offset)
            }
            guard let types = expected[pair.key] else { continue }
            guard let element = pair.elementType, types.contains(element) else {
                flaw(.type, pair.key, "is not an array of the type that loaders read", at: pair.offset)
                continue
            }
            if let tokens, types != [.string], !pair.key.hasSuffix("charsmap"), pair.count < tokens.count {
                flaw(
                    .type, pair.key, "has \(pair.count) entries for \(tokens.count) tokens", at: pair.offset)
            }
            guard pair.key == "tokenizer.ggml.tokens" else { continue }
            var malformed: Range<Int>?
            try file.forEachString(of: pair, budget: budget) { (_, range) throws(ParseError) in
                if range.count == 6, malformed == nil, isMalformedByteToken(file.region, at: range.lowerBound) {
                    malformed = range
                }
            }
            if let malformed, let text = file.region.slice(malformed.lowerBound, malformed.count)?.text() {
                flaw(.type, pair.key, "has the byte token \(text), whose number is none", at: malformed.lowerBound)
            }
        }
    }

    /// `<0x..>` whose two characters are not hexadecimal digits.
    private func isMalformedByteToken(_ region: ByteRegion, at offset: Int) -> Bool {
        guard region.little(UInt16.self, at: offset) == 0x303C, region[offset + 2] == UInt8(ascii: "x"),
            region[offset + 5] == UInt8(ascii: ">")
        else { return false }
        func isDigit(_ byte: UInt8?) -> Bool {
            guard let byte else { return false }
            return (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte & 0xDF)
        }
        return !isDigit(region[offset + 3]) || !isDigit(region[offset + 4])
    }
}
