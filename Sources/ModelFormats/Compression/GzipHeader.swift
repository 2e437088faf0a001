package import ByteParsing

/// The optional fields of a gzip member's header (RFC 1952, 2.3).
package struct GzipHeader: Sendable {
    package private(set) var name: ByteRegion?
    package private(set) var comment: ByteRegion?
    package private(set) var extra: ByteRegion?

    package init?(_ region: ByteRegion) {
        guard region.starts(with: [0x1F, 0x8B]), let flags = region[3] else { return nil }
        var at = 10
        if flags & 4 != 0 {
            guard let length = region.little(UInt16.self, at: at), let field = region.slice(at + 2, Int(length)) else {
                return nil
            }
            extra = field
            at += 2 + field.count
        }
        if flags & 8 != 0 {
            let window = region.suffix(from: at).prefix(65_536)
            guard let length = window.bytes.firstOffset(of: 0) else { return nil }
            name = window.prefix(length)
            at += length + 1
        }
        if flags & 16 != 0 {
            let window = region.suffix(from: at).prefix(65_536)
            guard let length = window.bytes.firstOffset(of: 0) else { return nil }
            comment = window.prefix(length)
        }
    }
}
