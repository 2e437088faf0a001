/// Where the YAML block and the Markdown of a card lie in its bytes.
///
/// Found exactly as the Hugging Face Hub and `huggingface_hub` find it, by the regular expression
/// `^(\s*---(?:\r\n|\r|\n))([\S\s]*?)((?:\r\n|\r|\n)---[ \t]*(\r\n|\n|$))` of `repocard.py`, backtracking included; only
/// what a card reads by both is told of it.
package struct FrontMatter: Sendable, Hashable {
    /// White space, the opening fence and its line end.
    package let opening: Range<Int>
    /// The YAML text.
    package let yaml: Range<Int>
    /// A line end, the closing fence and its line end.
    package let closing: Range<Int>

    /// - Parameter start: after a byte order mark, where there is one.
    package init?(_ bytes: [UInt8], from start: Int = 0) {
        var at = start
        while let width = Self.space(bytes, at) { at += width }
        guard Self.fence(bytes, at) else { return nil }
        at += 3
        for width in Self.lineEnds(bytes, at) {
            let content = at + width
            guard let (end, close) = Self.close(bytes, from: content) else { continue }
            (opening, yaml, closing) = (start..<content, content..<end, end..<close)
            return
        }
        return nil
    }

    private static func fence(_ bytes: [UInt8], _ at: Int) -> Bool {
        at + 3 <= bytes.count && bytes[at..<(at + 3)].allSatisfy { $0 == UInt8(ascii: "-") }
    }

    /// Widths of the line ends that the expression tries at a place, in its order.
    private static func lineEnds(_ bytes: [UInt8], _ at: Int) -> [Int] {
        guard at < bytes.count else { return [] }
        if bytes[at] == 0x0A { return [1] }
        guard bytes[at] == 0x0D else { return [] }
        return at + 1 < bytes.count && bytes[at + 1] == 0x0A ? [2, 1] : [1]
    }

    /// The first place where a line end and a fence close the block: where the line end begins and what follows it ends.
    private static func close(_ bytes: [UInt8], from start: Int) -> (end: Int, close: Int)? {
        var at = start
        while at < bytes.count {
            for width in lineEnds(bytes, at) where fence(bytes, at + width) {
                var after = at + width + 3
                while after < bytes.count, bytes[after] == 0x20 || bytes[after] == 0x09 { after += 1 }
                if after == bytes.count { return (at, after) }
                if bytes[after] == 0x0A { return (at, after + 1) }
                if bytes[after] == 0x0D, after + 1 < bytes.count, bytes[after + 1] == 0x0A { return (at, after + 2) }
            }
            at += 1
        }
        return nil
    }

    /// Bytes of the white space at a place, as Python's `\s` has it for text, or nil.
    private static func space(_ bytes: [UInt8], _ at: Int) -> Int? {
        guard at < bytes.count else { return nil }
        switch bytes[at] {
        case 0x09...0x0D, 0x1C...0x20: return 1
        case 0xC2:
            guard at + 1 < bytes.count, bytes[at + 1] == 0x85 || bytes[at + 1] == 0xA0 else { return nil }
            return 2
        case 0xE1, 0xE2, 0xE3:
            guard at + 2 < bytes.count else { return nil }
            let unit =
                UInt32(bytes[at] & 15) << 12 | UInt32(bytes[at + 1] & 63) << 6 | UInt32(bytes[at + 2] & 63)
            switch unit {
            case 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: return 3
            default: return nil
            }
        default: return nil
        }
    }
}
