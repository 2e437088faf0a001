internal import ByteParsing
internal import ModelFormats

/// The metadata of a GGUF file by its keys; of a key that is there twice, the first.
struct GGUFPairs {
    let file: GGUFFile
    private let pairs: [String: GGUFFile.Pair]

    init(_ file: GGUFFile) {
        self.file = file
        pairs = Dictionary(file.pairs.map { ($0.key, $0) }) { first, _ in first }
    }

    subscript(key: String) -> GGUFFile.Pair? { pairs[key] }

    func text(_ key: String) -> String? { pairs[key].flatMap { texts($0).first } }
    func texts(_ key: String) -> [String] { pairs[key].map { texts($0) } ?? [] }

    /// The name of a repository, behind its owner where there is one.
    func repository(_ key: String) -> String? {
        guard let name = text(key + "name"), !name.isEmpty else { return nil }
        return text(key + "organization").map { $0 + "/" + name } ?? name
    }

    /// A 32-bit number; zero for anything else, and at most so many.
    func number(_ pair: GGUFFile.Pair?, limit: Int = .max) -> Int {
        guard let pair, pair.type == .uint32, let word = file.region.little(UInt32.self, at: pair.value.lowerBound)
        else { return 0 }
        return min(Int(file.isBigEndian ? word.byteSwapped : word), limit)
    }

    /// A string, or those of an array: at most 64 of less than 4096 bytes each.
    func texts(_ pair: GGUFFile.Pair) -> [String] {
        func text(_ start: Int, _ count: Int) -> String? {
            count < 4096 ? file.region.slice(start, count)?.text() : nil
        }
        if pair.type == .string { return [text(pair.value.lowerBound, pair.value.count)].compactMap { $0 } }
        guard pair.type == .array, pair.elementType == .string, file.version > 1 else { return [] }
        var found: [String] = []
        var position = pair.value.lowerBound
        for _ in 0..<min(pair.count, 64) {
            guard let word = file.region.little(UInt64.self, at: position),
                let length = Int(exactly: file.isBigEndian ? word.byteSwapped : word), length < 4096,
                let value = text(position + 8, length)
            else { break }
            found.append(value)
            position += 8 + length
        }
        return found
    }
}
