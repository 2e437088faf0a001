internal import AssayCore

/// A PKCS #11 URI (RFC 7512): which key of which token, through which module, with which PIN.
///
/// Read: `token`, `serial`, `object`, `id`, `slot-id`, `type`, and in the query `module-path`, `pin-value` and
/// `pin-source` (a file). Other attributes are refused, because leaving one out could pick another key.
struct TokenLocation: Sendable, Hashable {
    var module = ""
    var token = ""
    var serial = ""
    var object = ""
    var id: [UInt8] = []
    var slot = -1
    var pin = ""
    /// The file that holds the PIN, when the URI names one.
    var pinSource: String?

    /// - Throws: `EvidenceError` when the URI is malformed or names no module.
    init(_ uri: String) throws(EvidenceError) {
        guard uri.hasPrefix("pkcs11:") else { throw EvidenceError("a PKCS #11 URI starts with pkcs11:") }
        let halves = uri.dropFirst(7).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        for part in (halves.first ?? "").split(separator: ";") {
            let (name, value) = try Self.pair(part)
            switch name {
            case "token": token = try Self.text(value)
            case "serial": serial = try Self.text(value)
            case "object": object = try Self.text(value)
            case "id": id = value
            case "slot-id":
                guard let number = Int(try Self.text(value)), number >= 0 else {
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
            let (name, value) = try Self.pair(part)
            switch name {
            case "module-path": module = try Self.text(value)
            case "pin-value": pin = try Self.text(value)
            case "pin-source":
                let source = try Self.text(value)
                pinSource = source.hasPrefix("file:") ? String(source.dropFirst(5)) : source
            default: throw EvidenceError("the PKCS #11 URI has the unsupported attribute \(Printable.line(name))")
            }
        }
        guard module.hasPrefix("/") else {
            throw EvidenceError("the PKCS #11 URI names no module: add ?module-path=/path/to/module.so")
        }
    }

    private static func pair(_ part: Substring) throws(EvidenceError) -> (String, [UInt8]) {
        guard let equals = part.firstIndex(of: "=") else { throw EvidenceError("the PKCS #11 URI is malformed") }
        var bytes: [UInt8] = []
        var rest = part[part.index(after: equals)...].utf8.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.next(), let low = rest.next(),
                let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
            else { throw EvidenceError("the PKCS #11 URI is malformed") }
            bytes.append(value)
        }
        return (String(part[..<equals]), bytes)
    }

    private static func text(_ bytes: [UInt8]) throws(EvidenceError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw EvidenceError("the PKCS #11 URI is malformed")
        }
        return text
    }
}
