/// Compression methods of ZIP archives (APPNOTE 4.4.5) that occur in practice.
package enum ZipMethod: UInt16, Sendable, CaseIterable {
    case stored = 0
    case shrunk = 1
    case imploded = 6
    case deflate = 8
    case deflate64 = 9
    case bzip2 = 12
    case lzma = 14
    case zstdOld = 20
    case zstd = 93
    case mp3 = 94
    case xz = 95
    case jpeg = 96
    case wavPack = 97
    case ppmd = 98
    case aes = 99

    /// How the data is decompressed; nil for stored data and for methods that are not read.
    package var compression: Compression? {
        switch self {
        case .deflate: .deflate
        case .deflate64: .deflate64
        case .bzip2: .bzip2
        case .lzma: .zipLZMA
        case .zstd, .zstdOld: .zstd
        case .xz: .xz
        default: nil
        }
    }

    package var isReadable: Bool { self == .stored || compression != nil }

    package static func name(_ method: UInt16) -> String {
        ZipMethod(rawValue: method).map { "\($0)" } ?? "method \(method)"
    }
}
