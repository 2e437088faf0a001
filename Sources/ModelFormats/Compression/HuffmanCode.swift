/// A canonical Huffman code (RFC 1951, 3.2.2).
struct HuffmanCode {
    static let longest = 15
    /// Codes up to this length are looked up in one step.
    private static let direct = 9

    /// Symbol and length for each value of the next bits; length 0 where the code is longer or unused.
    private var table: [(symbol: UInt16, length: UInt8)] = []
    private var counts = [Int](repeating: 0, count: longest + 1)
    private var symbols: [UInt16] = []
    /// Whether no two codes are the same.
    private(set) var isUsable = true

    init() {}

    init(_ lengths: ArraySlice<UInt8>) {
        for length in lengths { counts[Int(min(length, 15))] += 1 }
        counts[0] = 0
        var left = 1
        var offsets = [Int](repeating: 0, count: Self.longest + 2)
        for length in 1...Self.longest {
            left = left * 2 - counts[length]
            offsets[length + 1] = offsets[length] + counts[length]
            if left < 0 {
                isUsable = false
                return
            }
        }
        symbols = Array(repeating: 0, count: offsets[Self.longest + 1])
        table = Array(repeating: (0, 0), count: 1 << Self.direct)
        var next = offsets
        for (symbol, length) in lengths.enumerated() where length > 0 {
            symbols[next[Int(length)]] = UInt16(symbol)
            next[Int(length)] += 1
        }
        var code = 0
        var index = 0
        for length in 1...Self.direct {
            for _ in 0..<counts[length] {
                var reversed = 0
                for bit in 0..<length where code & 1 << bit != 0 { reversed |= 1 << (length - 1 - bit) }
                for place in stride(from: reversed, to: 1 << Self.direct, by: 1 << length) {
                    table[place] = (symbols[index], UInt8(length))
                }
                code += 1
                index += 1
            }
            code <<= 1
        }
    }

    /// The symbol whose code the bits begin with, the first bit lowest, and the code's length.
    func symbol(for bits: UInt64) -> (Int, length: Int)? {
        guard !table.isEmpty else { return nil }
        let entry = table[Int(bits & (1 << UInt64(Self.direct) - 1))]
        if entry.length > 0 { return (Int(entry.symbol), Int(entry.length)) }
        var code = 0
        var first = 0
        var index = 0
        for length in 1...Self.longest {
            code |= Int(bits >> UInt64(length - 1) & 1)
            let count = counts[length]
            if code - first < count { return (Int(symbols[index + code - first]), length) }
            index += count
            first = (first + count) << 1
            code <<= 1
        }
        return nil
    }
}
