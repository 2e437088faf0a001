internal import SwiftASN1
internal import X509

/// A distinguished name in the form that names are compared in: certificates chain, and constraints hold, by it.
///
/// RFC 5280, section 7.1: attributes are equal in any string type, without regard to case and to repeated white space. What
/// is to be alike is compared as OpenSSL does it, which knows no other case and space than ASCII's; what must not be alike,
/// by Unicode's cases and canonical equivalents as well.
struct ComparableName: Hashable, Sendable {
    private struct Attribute: Hashable {
        let type: ASN1ObjectIdentifier
        /// Compared by canonical equivalence; nil for a narrow comparison, and for what is no text.
        let text: String?
        let bytes: [UInt8]
        let isText: Bool
    }
    private let parts: [Set<Attribute>]

    /// - Parameter isWide: whether names are alike by Unicode's rules.
    init(_ name: DistinguishedName, isWide: Bool = false) {
        parts = name.map { part in
            Set(
                part.map { attribute in
                    guard let text = Self.text(attribute.value) else {
                        return Attribute(
                            type: attribute.type, text: nil, bytes: Array(Self.encoded(attribute.value)), isText: false)
                    }
                    return isWide
                        ? Attribute(type: attribute.type, text: Self.folded(text), bytes: [], isText: true)
                        : Attribute(type: attribute.type, text: nil, bytes: Self.foldedASCII(text), isText: true)
                })
        }
    }

    var isEmpty: Bool { parts.isEmpty }

    /// Whether this name is `other` or lies below it in the tree of names.
    func isInside(_ other: ComparableName) -> Bool { parts.starts(with: other.parts) }

    private static func folded(_ text: String) -> String {
        text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static func foldedASCII(_ text: String) -> [UInt8] {
        Array(
            text.utf8.split { $0 == 0x20 || (0x09...0x0D).contains($0) }.joined(separator: [0x20])
        ).map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
    }

    private static func encoded(_ value: RelativeDistinguishedName.Attribute.Value) -> ArraySlice<UInt8> {
        var serializer = DER.Serializer()
        guard (try? serializer.serialize(ASN1Any(value))) != nil else { return [] }
        return serializer.serializedBytes[...]
    }

    /// The text of a value in any of the string types of ASN.1; nil for what is no text.
    static func text(_ value: RelativeDistinguishedName.Attribute.Value) -> String? {
        if let text = String(value) { return text }
        guard let node = try? DER.parse(Array(encoded(value))), case .primitive(let bytes) = node.content,
            node.identifier.tagClass == .universal
        else { return nil }
        switch node.identifier.tagNumber {
        // NumericString and VisibleString are ASCII. TeletexString is read as Latin-1, which is what is written into it.
        case 18, 20, 26: return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        case 28: return scalars(bytes, width: 4)
        // BMPString: two bytes a character, without surrogates.
        case 30: return scalars(bytes, width: 2)
        default: return nil
        }
    }

    private static func scalars(_ bytes: ArraySlice<UInt8>, width: Int) -> String? {
        guard bytes.count.isMultiple(of: width) else { return nil }
        var text = String.UnicodeScalarView()
        for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: width) {
            let value = bytes[start..<start + width].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            guard let scalar = Unicode.Scalar(value) else { return nil }
            text.append(scalar)
        }
        return String(text)
    }
}

extension DistinguishedName {
    /// The texts of all attributes of one type, in order.
    func texts(_ type: ASN1ObjectIdentifier) -> [String] {
        flatMap { $0 }.filter { $0.type == type }.compactMap { ComparableName.text($0.value) }
    }
}
