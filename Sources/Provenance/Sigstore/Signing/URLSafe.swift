internal import AssayCore
internal import Crypto

/// Base64 in the alphabet for URLs, without padding (RFC 4648, section 5).
enum URLSafe {
    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for symbol in Base64.encode(bytes).utf8 {
            switch symbol {
            case UInt8(ascii: "+"): text.append(UInt8(ascii: "-"))
            case UInt8(ascii: "/"): text.append(UInt8(ascii: "_"))
            case UInt8(ascii: "="): break
            default: text.append(symbol)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var plain = text.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "+") : $0 == 0x5F ? UInt8(ascii: "/") : $0 }
        while !plain.count.isMultiple(of: 4) { plain.append(UInt8(ascii: "=")) }
        return Base64.decode(plain)
    }

    /// 256 bits that nobody can guess.
    static func random() -> String {
        encode(unsafe SymmetricKey(size: .bits256).withUnsafeBytes { unsafe Array($0) })
    }

    /// SHA-256 of a text.
    static func digest(of text: String) -> String { encode(Array(SHA256.hash(data: Array(text.utf8)))) }
}
