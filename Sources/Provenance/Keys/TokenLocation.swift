internal import AssayCore

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A PKCS #11 URI (RFC 7512): which key of which token, through which module, with which PIN.
///
/// Read: `token`, `manufacturer`, `model`, `serial`, `object`, `id`, `slot-id`, `type`, and in the query `module-path`,
/// `pin-value` and `pin-source` (a file). Other attributes are refused, because leaving one out could pick another key, and
/// so are repeated ones (section 2.3).
struct TokenLocation: Sendable, Hashable {
    var module = ""
    var token = ""
    var manufacturer = ""
    var model = ""
    var serial = ""
    var object = ""
    var id: [UInt8] = []
    var slot = -1
    var pin = ""
    /// The file that holds the PIN, when the URI names one.
    var pinSource: String?

    /// - Throws: `EvidenceError` when the URI is malformed or names no module.
    init(_ uri: String) throws(EvidenceError) {
        guard uri.prefix(7).lowercased() == "pkcs11:" else { throw EvidenceError("a PKCS #11 URI starts with pkcs11:") }
        let halves = uri.dropFirst(7).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var seen = Set<String>()
        for part in (halves.first ?? "").split(separator: ";") {
            let (name, value) = try Self.pair(part, &seen)
            switch name {
            case "manufacturer": manufacturer = try Self.text(value)
            case "model": model = try Self.text(value)
            case "token": token = try Self.text(value)
            case "serial": serial = try Self.text(value)
            case "object": object = try Self.text(value)
            case "id": id = value
            case "slot-id":
                guard let number = Self.number(value) else {
                    throw EvidenceError("the PKCS #11 URI's slot-id is no number")
                }
                slot = number
            case "type":
                guard try Self.text(value) == "private" else {
                    throw EvidenceError("the PKCS #11 URI names no private key")
                }
            default: throw EvidenceError("the PKCS #11 URI has the unsupported attribute \(Printable.line(name))")
            }
        }
        for part in (halves.count > 1 ? halves[1] : "").split(separator: "&") {
            let (name, value) = try Self.pair(part, &seen)
            switch name {
            case "module-path": module = try Self.text(value)
            case "pin-value": pin = try Self.text(value)
            case "pin-source":
                let source = try Self.text(value)
                pinSource = source.hasPrefix("file:") ? String(source.dropFirst(5)) : source
            default: throw EvidenceError("the PKCS #11 URI has the unsupported attribute \(Printable.line(name))")
            }
        }
        guard !seen.isSuperset(of: ["pin-value", "pin-source"]) else {
            throw EvidenceError("the PKCS #11 URI has both pin-value and pin-source")
        }
        guard module.hasPrefix("/") else {
            throw EvidenceError("the PKCS #11 URI names no module: add ?module-path=/path/to/module.so")
        }
    }

    /// Takes the PIN from the file that the URI names, if it names one: its first line.
    /// - Throws: `EvidenceError` when there is none, or the source is no file.
    mutating func readPIN() throws(EvidenceError) {
        guard let pinSource else { return }
        // RFC 8089 has the path behind two slashes and an empty host, or none.
        let path = pinSource.hasPrefix("///") ? String(pinSource.dropFirst(2)) : pinSource
        guard path.hasPrefix("/"), !path.hasPrefix("//"), let bytes = FileManager.default.contents(atPath: path) else {
            throw EvidenceError(
                "the PKCS #11 URI's pin-source is no file that can be read: \(Printable.line(pinSource))")
        }
        let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
        guard !line.isEmpty, line.count <= 256, let text = String(validating: line, as: UTF8.self) else {
            throw EvidenceError("the file of the PKCS #11 URI's pin-source begins with no PIN")
        }
        pin = text
    }

    /// An attribute and its value, which names of the path and of the query share.
    private static func pair(
        _ part: Substring, _ seen: inout Set<String>
    ) throws(EvidenceError) -> (String, [UInt8]) {
        guard let equals = part.firstIndex(of: "=") else { throw EvidenceError("the PKCS #11 URI is malformed") }
        let name = String(part[..<equals])
        guard seen.insert(name).inserted else {
            throw EvidenceError("the PKCS #11 URI has the attribute \(Printable.line(name)) twice")
        }
        var bytes: [UInt8] = []
        var rest = part[part.index(after: equals)...].utf8.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            // Two digits: the library's reader of numbers takes a sign, too.
            guard let high = rest.next(), let low = rest.next(), let value = Hexadecimal.decode(lower([high, low]))
            else {
                throw EvidenceError("the PKCS #11 URI is malformed")
            }
            bytes += value
        }
        return (name, bytes)
    }

    private static func lower(_ digits: [UInt8]) -> [UInt8] { digits.map { $0 >= 0x41 && $0 <= 0x46 ? $0 | 0x20 : $0 } }

    /// A number in digits, without a sign.
    private static func number(_ bytes: [UInt8]) -> Int? {
        guard bytes.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(String(decoding: bytes, as: UTF8.self))
    }

    private static func text(_ bytes: [UInt8]) throws(EvidenceError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw EvidenceError("the PKCS #11 URI is malformed")
        }
        return text
    }
}
