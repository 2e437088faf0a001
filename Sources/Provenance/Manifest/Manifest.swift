internal import Crypto

/// The files of a model with their digests: what an OMS signature is about (specification v1.0, sections 5 and 6).
package struct Manifest: Sendable, Hashable {
    /// How files map to resources.
    package enum Method: Sendable, Hashable {
        /// One digest for each file.
        case files
        /// One digest for each range of that many bytes; empty files have none.
        case shards(size: Int)

        /// Bytes of a shard unless said otherwise (specification, section 6.3).
        package static let defaultShardSize = 1_000_000_000
    }

    /// One digest: of a file, or of a range of it.
    package struct Resource: Sendable, Hashable {
        /// The name as it stands in the manifest; a shard's ends in `:start:end`.
        package let name: ModelPath
        /// Raw bytes, of the manifest's algorithm.
        package let digest: [UInt8]

        package init(name: ModelPath, digest: [UInt8]) {
            self.name = name
            self.digest = digest
        }
    }

    package var method: Method
    package var algorithm: HashAlgorithm
    /// Whether links to files stood for their files when it was made.
    package var allowsLinks: Bool
    /// Paths that were left out, with everything below them.
    package var ignored: [ModelPath]
    /// In the order in which they are listed, which is the order of the root digest.
    package var resources: ResourceList

    package init(
        method: Method = .files, algorithm: HashAlgorithm = .sha256, allowsLinks: Bool = false,
        ignored: [ModelPath] = [], resources: ResourceList
    ) {
        self.method = method
        self.algorithm = algorithm
        self.allowsLinks = allowsLinks
        self.ignored = ignored
        self.resources = resources
    }

    /// SHA-256 over the raw digests in listed order, whatever the digests' own algorithm is (section 6.5.1).
    package var rootDigest: [UInt8] {
        Array(SHA256.hash(data: resources.joined))
    }

    /// The file that a resource is about, and the range of it for a shard: the last two colons split (section 6.3.2).
    /// - Returns: nil when a shard's name has no two decimal numbers at its end, or a range that does not ascend.
    package func location(of resource: Resource) -> (path: ModelPath, range: Range<Int>?)? {
        guard case .shards = method else { return (resource.name, nil) }
        let parts = resource.name.bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count >= 3, let start = Self.decimal(parts[parts.count - 2]),
            let end = Self.decimal(parts[parts.count - 1]), start < end
        else { return nil }
        let suffix = parts[parts.count - 2].count + parts[parts.count - 1].count + 2
        return (ModelPath(Array(resource.name.bytes.dropLast(suffix))), start..<end)
    }

    /// How many files it is about.
    package var fileCount: Int {
        guard case .shards = method else { return resources.count }
        return Set(resources.lazy.compactMap { location(of: $0)?.path }).count
    }

    /// A decimal number in its one spelling: no sign, no leading zero.
    private static func decimal(_ digits: ArraySlice<UInt8>) -> Int? {
        guard let first = digits.first, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            first != 0x30 || digits.count == 1
        else { return nil }
        return Int(String(decoding: digits, as: UTF8.self))
    }

    static func shardName(_ path: ModelPath, _ range: Range<Int>) -> ModelPath {
        ModelPath(path.bytes + Array(":\(range.lowerBound):\(range.upperBound)".utf8))
    }
}

/// Lower-case hexadecimal digits, the one spelling of digests in manifests.
package enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    /// Hexadecimal digits in lower case.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Reads lower-case digits, an even number of them; anything else is nil.
    package static func decode(_ text: [UInt8]) -> [UInt8]? {
        guard text.count.isMultiple(of: 2) else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(text.count / 2)
        for index in stride(from: 0, to: text.count, by: 2) {
            guard let high = value(text[index]), let low = value(text[index + 1]) else { return nil }
            result.append(high << 4 | low)
        }
        return result
    }

    /// Whether a byte is a digit of either case.
    static func isDigit(_ byte: UInt8) -> Bool { value(byte | (byte >= 0x41 ? 0x20 : 0)) != nil }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }
}
