internal import Crypto

/// UUIDs of version 5 (RFC 9562, section 5.5): made from names, so that the same thing has the same id in every run.
public enum NameBasedIdentifier {
    /// The name space of Assay's ids: version 5 of `https://assay.dev/` in the RFC's name space of URLs.
    static let own: [UInt8] = bytes(
        of: Array("https://assay.dev/".utf8),
        in: [
            0x6B, 0xA7, 0xB8, 0x11, 0x9D, 0xAD, 0x11, 0xD1, 0x80, 0xB4, 0x00, 0xC0, 0x4F, 0xD4, 0x30, 0xC8,
        ])

    /// The UUID of parts that together name one thing; parts are told apart, whatever they contain.
    public static func uuid(_ parts: String...) -> String {
        var name: [UInt8] = []
        for part in parts { name += Array("\(part.utf8.count):".utf8) + Array(part.utf8) }
        return text(bytes(of: name, in: own))
    }

    package static func bytes(of name: [UInt8], in space: [UInt8]) -> [UInt8] {
        // SHA-1 is what version 5 is made of; nothing rests on it here but a name.
        var hash = Insecure.SHA1()
        hash.update(data: space)
        hash.update(data: name)
        var bytes = Array(hash.finalize().prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x50
        bytes[8] = bytes[8] & 0x3F | 0x80
        return bytes
    }

    package static func text(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for (place, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(place) { text.append(UInt8(ascii: "-")) }
            text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: text, as: UTF8.self)
    }
}
