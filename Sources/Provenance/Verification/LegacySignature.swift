internal import AssayCore

/// A signature as version 0.2 made it: the type was spelled `DSSEV1` and the payload was Python's `repr` of the bytes.
///
/// Only for that version's own predicate: for any other, the ambiguous encoding proves nothing.
struct LegacySignature: Sendable {
    let encoding: [UInt8]

    init?(_ envelope: Envelope) {
        guard let statement = try? Statement(envelope.payload),
            statement.predicateType == ModelStatement.legacyPredicateType
        else { return nil }
        let type = Array(envelope.payloadType.utf8)
        encoding =
            Array("DSSEV1 \(type.count) ".utf8) + type + Array(" \(envelope.payload.count) ".utf8)
            + Self.pythonLiteral(envelope.payload)
    }

    /// `repr(bytes)`: single quotes unless the bytes hold one and no double quote.
    private static func pythonLiteral(_ bytes: [UInt8]) -> [UInt8] {
        let quote: UInt8 = bytes.contains(0x27) && !bytes.contains(0x22) ? 0x22 : 0x27
        var text: [UInt8] = [UInt8(ascii: "b"), quote]
        for byte in bytes {
            switch byte {
            case quote, 0x5C: text += [0x5C, byte]
            case 0x09: text += Array("\\t".utf8)
            case 0x0A: text += Array("\\n".utf8)
            case 0x0D: text += Array("\\r".utf8)
            case 0x20..<0x7F: text.append(byte)
            default: text += Array("\\x".utf8) + Array(Hexadecimal.encode([byte]).utf8)
            }
        }
        return text + [quote]
    }
}
