/// A number of bytes as people write it: `4096`, `64kB` (a thousand), `16MiB` or `16M` (1024 to the power).
public struct ByteCount: Sendable, Hashable {
    public let bytes: Int

    public init(_ bytes: Int) { self.bytes = bytes }

    /// Reads digits and an optional unit; nil for anything else, for less than nothing and for what does not fit.
    public init?(text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits) else { return nil }
        let scale: Int
        switch text.dropFirst(digits.count).lowercased() {
        case "", "b": scale = 1
        case "kb": scale = 1_000
        case "mb": scale = 1_000_000
        case "gb": scale = 1_000_000_000
        case "k", "kib": scale = 1 << 10
        case "m", "mib": scale = 1 << 20
        case "g", "gib": scale = 1 << 30
        case "t", "tib": scale = 1 << 40
        default: return nil
        }
        guard let bytes = number.multiplied(checked: scale) else { return nil }
        self.bytes = bytes
    }
}
