internal import ByteParsing

/// JSON as editors keep it: with comments, and with commas behind the last element.
enum JSONComments {
    private static let sizeLimit = 1 << 20

    /// The text with spaces in the place of comments and of needless commas, so that offsets stay; nil when it has none.
    static func blanked(_ region: ByteRegion) -> ByteRegion? {
        guard region.count <= sizeLimit else { return nil }
        var bytes = region.array()
        var isChanged = false
        var comma: Int?
        var at = 0
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                comma = nil
                at += 1
                while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
                    at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1
                }
            case UInt8(ascii: "/") where at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "/"):
                while at < bytes.count, bytes[at] != 0x0A {
                    bytes[at] = 0x20
                    at += 1
                }
                isChanged = true
            case UInt8(ascii: "/") where at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "*"):
                let end =
                    bytes[(at + 2)...].firstRange(of: [UInt8(ascii: "*"), UInt8(ascii: "/")])?.upperBound ?? bytes.count
                for index in at..<end where bytes[index] != 0x0A { bytes[index] = 0x20 }
                isChanged = true
                at = end - 1
            case UInt8(ascii: ","): comma = at
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if let place = comma {
                    bytes[place] = 0x20
                    isChanged = true
                }
                comma = nil
            case 0x20, 0x09, 0x0A, 0x0D: break
            default: comma = nil
            }
            at += 1
        }
        return isChanged ? ByteRegion(bytes) : nil
    }
}
