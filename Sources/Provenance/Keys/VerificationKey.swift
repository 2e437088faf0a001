package import AssayCore
internal import Crypto
internal import SwiftASN1

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// An elliptic-curve public key that verifies model signatures.
package struct VerificationKey: Sendable {
    private enum Key: Sendable {
        case p256(P256.Signing.PublicKey)
        case p384(P384.Signing.PublicKey)
        case p521(P521.Signing.PublicKey)
    }

    /// The hash that a signature is over: the curve's own, or SHA-256 for the certificates of version 0.2.
    package enum Hash: Sendable { case ofCurve, sha256 }

    private let key: Key

    /// Reads a PEM file with one `PUBLIC KEY` block.
    /// - Throws: `EvidenceError` for another kind of key, another curve or malformed text.
    package init(pem text: [UInt8]) throws(EvidenceError) {
        let blocks = try PEM.blocks(in: text)
        guard let block = blocks.first(where: { $0.label == "PUBLIC KEY" }) else {
            let labels = blocks.map(\.label).joined(separator: ", ")
            let advice =
                labels.hasSuffix("PRIVATE KEY")
                ? ": make the public key of it with openssl pkey -in KEY -pubout"
                : labels.hasSuffix("CERTIFICATE") ? ": give certificates with --certificate-chain" : ""
            throw EvidenceError(
                "the public key file holds \(labels.isEmpty ? "no PEM text" : Printable.line(labels)), and no public key"
                    + advice)
        }
        try self.init(spki: block.bytes)
    }

    /// Reads a DER SubjectPublicKeyInfo; a compressed point is expanded.
    /// - Throws: `EvidenceError`
    package init(spki bytes: [UInt8]) throws(EvidenceError) {
        let curve: EllipticCurve?
        let point: ArraySlice<UInt8>
        do {
            (curve, point) = try DER.sequence(try DER.parse(bytes), identifier: .sequence) {
                (nodes: inout ASN1NodeCollection.Iterator) throws -> (EllipticCurve?, ArraySlice<UInt8>) in
                let curve = try DER.sequence(next: &nodes) {
                    (inner: inout ASN1NodeCollection.Iterator) throws -> EllipticCurve? in
                    let algorithm = try ASN1ObjectIdentifier(derEncoded: &inner)
                    guard algorithm == .ecPublicKey else {
                        while inner.next() != nil {}
                        return nil
                    }
                    guard let node = inner.next() else { throw ASN1Error.invalidASN1Object(reason: "no curve") }
                    if node.identifier == .sequence { throw EllipticCurve.unnamed }
                    return EllipticCurve(try ASN1ObjectIdentifier(derEncoded: node))
                }
                let bits = try ASN1BitString(derEncoded: &nodes)
                // A point is whole bytes.
                guard bits.paddingBits == 0 else { throw ASN1Error.invalidASN1Object(reason: "unused bits") }
                return (curve, bits.bytes)
            }
        } catch let error as EvidenceError {
            throw error
        } catch {
            throw EvidenceError("the public key is malformed")
        }
        guard let curve else {
            throw EvidenceError("unsupported key: only elliptic-curve keys on P-256, P-384 and P-521 sign models")
        }
        do {
            let isCompressed = point.first == 2 || point.first == 3
            switch curve {
            case .p256:
                key = .p256(
                    isCompressed
                        ? try P256.Signing.PublicKey(compressedRepresentation: point)
                        : try P256.Signing.PublicKey(x963Representation: point))
            case .p384:
                key = .p384(
                    isCompressed
                        ? try P384.Signing.PublicKey(compressedRepresentation: point)
                        : try P384.Signing.PublicKey(x963Representation: point))
            case .p521:
                key = .p521(
                    isCompressed
                        ? try P521.Signing.PublicKey(compressedRepresentation: point)
                        : try P521.Signing.PublicKey(x963Representation: point))
            }
        } catch {
            throw EvidenceError("the public key is not a point of its curve")
        }
    }

    init(_ key: P256.Signing.PublicKey) { self.key = .p256(key) }
    init(_ key: P384.Signing.PublicKey) { self.key = .p384(key) }
    init(_ key: P521.Signing.PublicKey) { self.key = .p521(key) }

    package var curve: EllipticCurve {
        switch key {
        case .p256: .p256
        case .p384: .p384
        case .p521: .p521
        }
    }

    /// DER SubjectPublicKeyInfo with an uncompressed point.
    package var spki: [UInt8] {
        switch key {
        case .p256(let key): Array(key.derRepresentation)
        case .p384(let key): Array(key.derRepresentation)
        case .p521(let key): Array(key.derRepresentation)
        }
    }

    /// Whether the bytes are the key's point, uncompressed or compressed (SEC 1, section 2.3.3).
    func isPoint(_ bytes: [UInt8]) -> Bool {
        switch key {
        case .p256(let key):
            [key.x963Representation, key.compressedRepresentation].contains { $0.elementsEqual(bytes) }
        case .p384(let key):
            [key.x963Representation, key.compressedRepresentation].contains { $0.elementsEqual(bytes) }
        case .p521(let key):
            [key.x963Representation, key.compressedRepresentation].contains { $0.elementsEqual(bytes) }
        }
    }

    package var pem: String { PEM.write("PUBLIC KEY", spki) }

    /// What bundles name the key by: SHA-256 of its PEM text, lower-case hexadecimal.
    package var hint: String { Hexadecimal.encode(SHA256.hash(data: Array(pem.utf8))) }

    /// Whether a DER signature (strict: minimal lengths, no trailing bytes) over `message` is this key's.
    package func isValid(_ signature: [UInt8], over message: [UInt8], hash: Hash = .ofCurve) -> Bool {
        isValid(signature, over: .bytes(message), hash: hash)
    }

    /// The same over contents of which a digest may be all that is at hand.
    func isValid(_ signature: [UInt8], over content: SignedContent, hash: Hash = .ofCurve) -> Bool {
        guard Self.isStrictDER(signature, curve) else { return false }
        switch key {
        case .p256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature) else { return false }
            return content.sha256.map { key.isValidSignature(signature, for: $0) } ?? false
        case .p384(let key):
            guard let signature = try? P384.Signing.ECDSASignature(derRepresentation: signature) else { return false }
            return hash == .sha256
                ? content.sha256.map { key.isValidSignature(signature, for: $0) } ?? false
                : content.sha384.map { key.isValidSignature(signature, for: $0) } ?? false
        case .p521(let key):
            guard let signature = try? P521.Signing.ECDSASignature(derRepresentation: signature) else { return false }
            return hash == .sha256
                ? content.sha256.map { key.isValidSignature(signature, for: $0) } ?? false
                : content.sha512.map { key.isValidSignature(signature, for: $0) } ?? false
        }
    }

    /// Whether the bytes are SEQUENCE { INTEGER, INTEGER } in DER, both positive and no longer than a coordinate.
    private static func isStrictDER(_ bytes: [UInt8], _ curve: EllipticCurve) -> Bool {
        guard let root = try? DER.parse(bytes), root.identifier == .sequence,
            case .constructed(let nodes) = root.content
        else { return false }
        var parts: [ArraySlice<UInt8>] = []
        for node in nodes {
            guard node.identifier == .integer, case .primitive(let content) = node.content else { return false }
            parts.append(content)
        }
        guard parts.count == 2 else { return false }
        return parts.allSatisfy { integer in
            guard let first = integer.first, first < 0x80 else { return false }
            // A leading zero only where the next bit would otherwise be a sign.
            if first == 0, integer.count > 1, integer[integer.startIndex + 1] < 0x80 { return false }
            let magnitude = integer.drop { $0 == 0 }
            return !magnitude.isEmpty && magnitude.count <= curve.coordinateLength
        }
    }
}
