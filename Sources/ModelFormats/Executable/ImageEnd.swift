package import ByteParsing

/// Where an image ends by its own structure, so that what is hung behind it can be looked at.
///
/// Only the frames of chunks and segments are walked; pixels and metadata are not decoded.
package enum ImageEnd {
    /// Offset after the image, which lies behind the bytes where the image says that it is longer; nil when its structure
    /// does not lead to an end.
    package static func offset(_ region: ByteRegion, budget: Budget) throws(ParseError) -> Int? {
        switch FileMagic(region) {
        case .png: try png(region, budget)
        case .jpeg: try jpeg(region, budget)
        case .gif: try gif(region, budget)
        case .riff: region.little(UInt32.self, at: 4).map { 8 + Int($0) + Int($0 & 1) }
        default: nil
        }
    }

    private static func png(_ region: ByteRegion, _ budget: Budget) throws(ParseError) -> Int? {
        var at = 8
        while let length = region.big(UInt32.self, at: at), at + 12 + Int(length) <= region.count {
            try budget.spend(operations: 4, reading: "PNG chunks")
            let isEnd = region.starts(with: Array("IEND".utf8), at: at + 4)
            at += 12 + Int(length)
            if isEnd { return at }
        }
        return nil
    }

    private static func jpeg(_ region: ByteRegion, _ budget: Budget) throws(ParseError) -> Int? {
        var at = 2
        while region[at] == 0xFF, let marker = region[at + 1] {
            try budget.spend(operations: 4, reading: "JPEG segments")
            switch marker {
            case 0xD9: return at + 2
            case 0xFF: at += 1
            case 0x01, 0xD0...0xD7: at += 2
            default:
                guard let length = region.big(UInt16.self, at: at + 2) else { return nil }
                at += 2 + Int(length)
                guard marker == 0xDA else { continue }
                // Entropy-coded data: up to a marker that is neither a stuffed byte nor a restart.
                while true {
                    try budget.spend(operations: 4, reading: "JPEG scan")
                    guard let hit = region.firstOffset(of: [0xFF], from: at), let next = region[hit + 1] else {
                        return nil
                    }
                    at = hit
                    if next != 0, !(0xD0...0xD7).contains(next) { break }
                    at += 2
                }
            }
        }
        return nil
    }

    private static func gif(_ region: ByteRegion, _ budget: Budget) throws(ParseError) -> Int? {
        guard let flags = region[10] else { return nil }
        var at = 13 + (flags & 0x80 != 0 ? 3 << (Int(flags & 7) + 1) : 0)
        while let kind = region[at] {
            try budget.spend(operations: 4, reading: "GIF blocks")
            switch kind {
            case 0x3B: return at + 1
            case 0x21: at += 2
            case 0x2C:
                guard let local = region[at + 9] else { return nil }
                at += 11 + (local & 0x80 != 0 ? 3 << (Int(local & 7) + 1) : 0)
            default: return nil
            }
            while let length = region[at] {
                try budget.spend(operations: 1, reading: "GIF blocks")
                at += 1 + Int(length)
                if length == 0 { break }
            }
        }
        return nil
    }
}
