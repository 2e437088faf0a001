/// One way to damage a file, drawn from a seeded generator: the same seed, name and number give the same bytes anywhere.
package struct Mutation: Sendable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
        /// The file ends at `offset`.
        case truncation
        /// Bits change at some places.
        case flips
        /// A run of bytes becomes one that counts and lengths are made of: zeros, ones, small and huge numbers.
        case number
        /// A run is taken out.
        case removal
        /// A run comes twice.
        case repetition
    }

    package let kind: Kind
    package let offset: Int
    private let length: Int
    private let seed: UInt64

    /// The mutation with this number of a file called `name` that is `count` bytes long.
    package init(seed: UInt64, name: String, number: Int, count: Int) {
        var generator = SplitMix64(
            state: seed &+ SplitMix64.hash(name) &+ UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9)
        kind =
            switch generator.next() % 20 {
            case 0..<8: .truncation
            case 8..<14: .flips
            case 14..<18: .number
            case 18: .removal
            default: .repetition
            }
        // Headers decide more than what they describe: half of the places are near the start or the end.
        let place = generator.next() % 4
        let near = min(count, 256)
        offset =
            switch place {
            case 0: generator.below(near)
            case 1: count - near + generator.below(near)
            default: generator.below(count)
            }
        length = 1 + generator.below(kind == .number ? 8 : 64)
        self.seed = generator.next()
    }

    /// The damaged bytes.
    package func applied(to bytes: [UInt8]) -> [UInt8] {
        guard bytes.indices.contains(offset) else { return bytes }
        var generator = SplitMix64(state: seed)
        let end = min(bytes.count, offset + length)
        var changed = bytes
        switch kind {
        case .truncation: changed.removeSubrange(offset...)
        case .flips:
            changed[offset] ^= 1 << UInt8(generator.next() % 8)
            for _ in 0..<(generator.next() % 3) {
                let place = generator.below(bytes.count)
                changed[place] = UInt8(truncatingIfNeeded: generator.next())
            }
        case .number:
            let fill = [0x00, 0xFF, 0x7F, 0x80, 0x01, 0x20] as [UInt8]
            let first = fill[generator.below(fill.count)]
            let rest = fill[generator.below(2)]
            for place in offset..<end { changed[place] = place == offset ? first : rest }
        case .removal: changed.removeSubrange(offset..<end)
        case .repetition: changed.insert(contentsOf: bytes[offset..<end], at: offset)
        }
        return changed
    }

    package var description: String { "\(kind) at \(offset)" }
}
