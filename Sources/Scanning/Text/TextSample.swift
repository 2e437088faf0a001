internal import ByteParsing

/// What a few bytes tell of whether an item is text.
enum TextSample {
    /// Whether the start, middle and end of `region` look like text: no control characters beside white space, and
    /// almost all of what is beyond ASCII well-formed UTF-8.
    static func isText(_ region: ByteRegion) -> Bool {
        guard !region.isEmpty else { return false }
        let window = 2048
        for start in [0, max(0, region.count / 2 - window / 2), max(0, region.count - window)] {
            guard let part = region.slice(start, min(window, region.count - start)), looksLikeText(part.bytes) else {
                return false
            }
        }
        return true
    }

    /// Whether an interpreter would start to read `region` as text: what a few control characters, zeros or a tail of other
    /// bytes don't keep it from.
    static func opensAsText(_ region: ByteRegion) -> Bool {
        guard !region.isEmpty else { return false }
        let head = region.prefix(2048)
        let faults = Self.faults(of: head.bytes, most: head.count / 32)
        if (faults.controls + faults.zeros) * 32 <= head.count, faults.broken * 8 <= head.count { return true }
        // A line or two of text before other bytes is what some interpreters run before they meet those.
        let lines = head.prefix(faults.clean)
        return lines.count >= 32 && lines.bytes.firstOffset(of: 0x0A) != nil
    }

    private static func looksLikeText(_ bytes: RawSpan) -> Bool {
        let faults = faults(of: bytes, most: 0)
        return faults.zeros == 0 && faults.controls == 0 && faults.broken * 50 <= bytes.byteCount
    }

    /// How many zeros, other control characters beside white space, and sequences of no UTF-8 there are, and how many bytes
    /// before the first of them. Counting ends with more than `most` zeros and control characters.
    private static func faults(of bytes: RawSpan, most: Int) -> (zeros: Int, controls: Int, broken: Int, clean: Int) {
        var clean: Int?
        var zeros = 0
        var controls = 0
        var broken = 0
        var index = 0
        while zeros + controls <= most, let byte = bytes.byte(at: index) {
            index += 1
            switch byte {
            case 0:
                zeros += 1
                clean = clean ?? index - 1
            case 0x09...0x0D, 0x1B: break
            case 0x01..<0x20, 0x7F:
                controls += 1
                clean = clean ?? index - 1
            case 0x80...:
                let length = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC2 ? 1 : 0
                var have = 0
                while have < length, let next = bytes.byte(at: index + have), next & 0xC0 == 0x80 { have += 1 }
                if length == 0 || have < length, index > 3, index + 3 < bytes.byteCount {
                    broken += 1
                    clean = clean ?? index - 1
                }
                index += have
            default: break
            }
        }
        return (zeros, controls, broken, clean ?? bytes.byteCount)
    }

    /// Offset of the first byte that is neither white space nor a byte order mark.
    static func firstInk(_ region: ByteRegion) -> Int? {
        let bytes = region.prefix(4096).bytes
        var index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while let byte = bytes.byte(at: index) {
            guard byte == 0x20 || (0x09...0x0D).contains(byte) else { return index }
            index += 1
        }
        return nil
    }
}
