package import ByteParsing

/// Formats that a file's first bytes name beyond doubt: what a polyglot shows at its front.
package enum FileMagic: String, Sendable, CaseIterable {
    case png = "PNG"
    case jpeg = "JPEG"
    case gif = "GIF"
    case riff = "RIFF"
    case pdf = "PDF"
    case gguf = "GGUF"
    case safetensors
    case hdf5 = "HDF5"
    case npy = "NumPy array"
    case pickle
    case zip
    case sevenZip = "7z"
    case gzip
    case sqlite = "SQLite"
    case tflite = "TFLite"
    case html = "HTML"

    package init?(_ region: ByteRegion) {
        func has(_ text: StaticString, at offset: Int = 0) -> Bool { region.starts(with: text, at: offset) }
        switch region[0] {
        case 0x89 where region.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]): self = .png
        case 0x89 where Self.isHDF5(region, at: 0): self = .hdf5
        case 0xFF where region.starts(with: [0xFF, 0xD8, 0xFF]): self = .jpeg
        case UInt8(ascii: "G") where has("GIF87a") || has("GIF89a"): self = .gif
        case UInt8(ascii: "G") where has("GGUF") && (region.little(UInt32.self, at: 4) ?? 99) < 10: self = .gguf
        case UInt8(ascii: "R") where has("RIFF") && region.count > 12: self = .riff
        case UInt8(ascii: "%") where has("%PDF-"): self = .pdf
        case 0x93 where has("NUMPY", at: 1): self = .npy
        case 0x80 where (2...5).contains(region[1] ?? 0) && region.count > 4: self = .pickle
        case UInt8(ascii: "P") where region.starts(with: ZipRecord.localSignature): self = .zip
        case UInt8(ascii: "7") where region.starts(with: SevenZipArchive.signature): self = .sevenZip
        case 0x1F where region.starts(with: [0x1F, 0x8B, 8]): self = .gzip
        case UInt8(ascii: "S") where has("SQLite format 3\0"): self = .sqlite
        case UInt8(ascii: "<") where has("<html") || has("<!DOCTYPE html") || has("<!doctype html"): self = .html
        default:
            if has("TFL3", at: 4) {
                self = .tflite
            } else if let length = region.little(UInt64.self, at: 0), length >= 2, length < 100 << 20,
                length <= UInt64(max(0, region.count - 8)), region[8] == UInt8(ascii: "{"),
                region[9] == UInt8(ascii: "\"") || region[9] == UInt8(ascii: "}")
            {
                self = .safetensors
            } else {
                return nil
            }
        }
    }

    /// HDF5's signature.
    package static func isHDF5(_ region: ByteRegion, at offset: Int) -> Bool {
        region.starts(with: [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A], at: offset)
    }
}
