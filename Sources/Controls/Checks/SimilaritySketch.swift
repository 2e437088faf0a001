/// MinHash sketches of texts (Broder 1997, *On the resemblance and containment of documents*): the share of equal
/// places of two sketches estimates the Jaccard similarity of the texts' word shingles.
struct SimilaritySketch: Sendable, Hashable {
    /// Places of a sketch; the estimate's standard error is at most 0.5 / sqrt(places), about 0.04.
    static let places = 128
    /// Bands that candidates are found by (Leskovec et al., *Mining of Massive Datasets*, section 3.4): 32 bands of 4
    /// places find a pair of similarity 0.8 with probability 1 - (1 - 0.8^4)^32 > 0.9999999.
    static let bands = 32
    /// Words of one shingle.
    static let words = 3
    /// Bytes of one text that are looked at.
    static let limit = 1 << 20

    let values: [UInt32]

    /// Nil for a text with fewer words than a shingle has: it has no shingles.
    init?(_ text: some Sequence<UInt8>) {
        var recent: [UInt64] = []
        var values = [UInt64](repeating: .max, count: Self.places)
        var word = Self.seed
        var isInWord = false
        var hasShingle = false
        func end() {
            guard isInWord else { return }
            isInWord = false
            recent.append(word)
            word = Self.seed
            guard recent.count >= Self.words else { return }
            if recent.count > Self.words { recent.removeFirst() }
            var shingle = Self.seed
            for value in recent { shingle = Self.mixed(shingle ^ value) }
            hasShingle = true
            for place in 0..<Self.places {
                let value = Self.mixed(shingle &+ UInt64(place) &* 0x9E37_79B9_7F4A_7C15)
                if value < values[place] { values[place] = value }
            }
        }
        var count = 0
        for byte in text {
            count += 1
            if count > Self.limit { break }
            let folded = (0x41...0x5A).contains(byte) ? byte + 32 : byte
            let isLetter = (0x61...0x7A).contains(folded) || (0x30...0x39).contains(folded) || folded >= 0x80
            if isLetter {
                word = Self.mixed(word ^ UInt64(folded))
                isInWord = true
            } else {
                end()
            }
        }
        end()
        guard hasShingle else { return nil }
        self.values = values.map { UInt32(truncatingIfNeeded: $0 >> 32) }
    }

    func similarity(to other: SimilaritySketch) -> Double {
        Double(zip(values, other.values).count { $0 == $1 }) / Double(Self.places)
    }

    /// One hash a band: texts that share one are compared.
    var bandHashes: [UInt64] {
        let rows = Self.places / Self.bands
        return (0..<Self.bands).map { band in
            values[(band * rows)..<((band + 1) * rows)].reduce(Self.mixed(UInt64(band))) { Self.mixed($0 ^ UInt64($1)) }
        }
    }

    private static let seed: UInt64 = 0xCBF2_9CE4_8422_2325

    /// The finaliser of SplitMix64 (Steele et al. 2014): every bit of the input changes half of the output's.
    static func mixed(_ value: UInt64) -> UInt64 {
        var value = value &+ 0x9E37_79B9_7F4A_7C15
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
