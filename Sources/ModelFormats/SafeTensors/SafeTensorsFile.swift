package import ByteParsing

/// The header of a safetensors file: eight bytes of length, a JSON object, and the data that its offsets point into.
///
/// Not read: the weights. Nothing in the format gives them a meaning beyond numbers; their bytes are only looked at
/// where the header accounts for none of them (`SafeTensorsLayout.unclaimed`).
///
/// Source: the format description in the safetensors repository, and the checks of its reference reader.
package struct SafeTensorsFile: Sendable {
    /// The longest header that the reference reader takes, in bytes.
    package static let headerLimit = 100_000_000

    package struct Tensor: Sendable {
        package let name: String
        /// Element type as written.
        package let type: String
        package let shape: [Int]
        /// Byte range in the data section; `end` may lie anywhere, `SafeTensorsLayout` judges it.
        package let begin: Int
        package let end: Int
        /// Offset of the entry in the file.
        package let offset: Int

        /// Bytes that type and shape ask for.
        /// - Throws: `unsupported` for an unknown type, `overflow` when the product is not representable, `malformed`
        ///   when packed elements do not fill whole bytes.
        package func byteCount() throws(ParseError) -> Int {
            guard let bits = SafeTensorsType.bits(type) else {
                throw .unsupported(at: offset, reading: "tensor type")
            }
            guard let total = shape.checkedProduct()?.multiplied(checked: bits) else {
                throw .overflow(at: offset, reading: "tensor shape")
            }
            guard total % 8 == 0 else { throw .malformed(at: offset, reading: "tensor of packed elements") }
            return total / 8
        }
    }

    package struct Metadata: Sendable {
        package let key: String
        /// The value, decoded; one of more than `longestDecoded` bytes as it is written.
        package let text: ByteRegion
        package let offset: Int
        /// The beginning of the value, for people.
        package var value: String { text.text() }

        static let longestDecoded = 1 << 20
    }

    /// A rule of the format that one entry of the header breaks.
    package struct Flaw: Sendable, Hashable {
        package enum Kind: Sendable {
            case repeatedName, metadataNotText, entryNotObject, type, shape, offsets, member
        }
        package let kind: Kind
        package let name: String
        package let offset: Int
    }

    /// Bytes of JSON.
    package let headerCount: Int
    /// Where the data section starts in the file.
    package var dataStart: Int { headerCount + 8 }
    package private(set) var tensors: [Tensor] = []
    package private(set) var metadata: [Metadata] = []
    package private(set) var flaws: [Flaw] = []

    /// The declared length, when the file starts like safetensors: it fits, and a JSON object follows.
    package static func headerLength(_ region: ByteRegion) -> Int? {
        guard let declared = region.little(UInt64.self, at: 0), let length = Int(exactly: declared), length >= 2,
            length <= region.count - 8, region[8] == UInt8(ascii: "{")
        else { return nil }
        return length
    }

    /// Reads the header.
    /// - Throws: `malformed`, `truncated` or `limit` when it is no header that any reader takes; what single entries
    ///   do wrong is in `flaws`.
    package init(_ region: ByteRegion, budget: Budget) throws(ParseError) {
        guard let declared = region.little(UInt64.self, at: 0) else {
            throw .truncated(at: 0, reading: "header length")
        }
        guard let length = Int(exactly: declared), length <= Self.headerLimit else {
            throw .overflow(at: 0, reading: "header length (over 100 MB)")
        }
        guard let text = region.slice(8, length) else {
            throw .truncated(at: 0, reading: "header (longer than the file)")
        }
        guard text[0] == UInt8(ascii: "{") else { throw .malformed(at: 8, reading: "header (not a JSON object)") }
        headerCount = length
        var dialect = JSONDocument.Dialect()
        dialect.depth = 32
        dialect.allowsLoneSurrogates = false
        dialect.nodes = 2_000_000
        try budget.spend(operations: length / 8, reading: "header")
        let document = try JSONDocument(text, dialect: dialect)
        try readMembers(of: document.root, budget: budget)
    }

    private mutating func readMembers(of root: JSONValue, budget: Budget) throws(ParseError) {
        var seen = Set<[UInt8]>()
        for (key, value) in root.members {
            try budget.spend(operations: 8, reading: "header entry")
            let name = key.string ?? ""
            if !seen.insert(key.stringBytes).inserted { flaw(.repeatedName, name, key) }
            if name == "__metadata__" {
                readMetadata(value)
            } else {
                readTensor(name, key, value)
            }
        }
    }

    private mutating func readMetadata(_ value: JSONValue) {
        guard value.isObject else { return flaw(.metadataNotText, "__metadata__", value) }
        var seen = Set<[UInt8]>()
        for (key, entry) in value.members {
            let name = key.string ?? ""
            if !seen.insert(key.stringBytes).inserted { flaw(.repeatedName, name, key) }
            if let text = entry.text(decodedTo: Metadata.longestDecoded) {
                metadata.append(Metadata(key: name, text: text, offset: 8 + entry.offset))
            } else {
                flaw(.metadataNotText, name, entry)
            }
        }
    }

    private mutating func readTensor(_ name: String, _ key: JSONValue, _ value: JSONValue) {
        guard value.isObject else { return flaw(.entryNotObject, name, key) }
        var type: JSONValue?
        var shape: JSONValue?
        var range: JSONValue?
        for (member, content) in value.members {
            switch member.string {
            case "dtype" where type == nil: type = content
            case "shape" where shape == nil: shape = content
            case "data_offsets" where range == nil: range = content
            case "dtype", "shape", "data_offsets": flaw(.repeatedName, name, member)
            default: flaw(.member, name, member)
            }
        }
        guard let typeName = type?.string, SafeTensorsType.bits(typeName) != nil else { return flaw(.type, name, key) }
        guard let shape, shape.isArray, let sizes = Self.integers(shape) else { return flaw(.shape, name, key) }
        guard let range, range.isArray, range.count == 2, let bounds = Self.integers(range), bounds.count == 2 else {
            return flaw(.offsets, name, key)
        }
        tensors.append(
            Tensor(
                name: name, type: typeName, shape: sizes, begin: bounds[0], end: bounds[1], offset: 8 + key.offset))
    }

    private mutating func flaw(_ kind: Flaw.Kind, _ name: String, _ place: JSONValue) {
        guard flaws.count < 1_000 else { return }
        flaws.append(Flaw(kind: kind, name: name, offset: 8 + place.offset))
    }

    /// Elements of an array when all of them are non-negative integers.
    private static func integers(_ array: JSONValue) -> [Int]? {
        var result: [Int] = []
        for element in array.elements {
            guard let number = element.unsigned.flatMap({ Int(exactly: $0) }) else { return nil }
            result.append(number)
        }
        return result
    }
}
