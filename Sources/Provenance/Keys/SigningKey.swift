package import AssayCore
internal import Crypto
internal import SwiftASN1

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// An elliptic-curve private key that signs models.
package struct SigningKey: Sendable {
    private enum Key: Sendable {
        case p256(P256.Signing.PrivateKey)
        case p384(P384.Signing.PrivateKey)
        case p521(P521.Signing.PrivateKey)
    }
    private let key: Key

    /// A new key in memory.
    package init(generating curve: EllipticCurve) {
        switch curve {
        case .p256: key = .p256(P256.Signing.PrivateKey())
        case .p384: key = .p384(P384.Signing.PrivateKey())
        case .p521: key = .p521(P521.Signing.PrivateKey())
        }
    }

    /// Reads a PEM file: PKCS 8, encrypted PKCS 8 (PBES2), SEC 1, or the latter in the old encrypted form.
    /// - Throws: `EvidenceError`, also when a password is missing or wrong.
    package init(pem text: [UInt8], password: [UInt8]?) throws(EvidenceError) {
        let blocks = try PEM.blocks(in: text)
        for block in blocks {
            switch block.label {
            case "EC PRIVATE KEY" where !block.headers.isEmpty:
                try self.init(decrypted: EncryptedPEM.decrypt(block, password: Self.given(password)))
                return
            case "PRIVATE KEY", "EC PRIVATE KEY":
                try self.init(der: block.bytes)
                return
            case "ENCRYPTED PRIVATE KEY":
                try self.init(decrypted: EncryptedPrivateKey.decrypt(block.bytes, password: Self.given(password)))
                return
            case "RSA PRIVATE KEY", "DSA PRIVATE KEY", "OPENSSH PRIVATE KEY":
                throw EvidenceError(
                    "unsupported key: only elliptic-curve keys on P-256, P-384 and P-521 sign models")
            default: continue
            }
        }
        let labels = blocks.map { Printable.line($0.label) }.joined(separator: ", ")
        throw EvidenceError("the key file holds \(labels.isEmpty ? "no PEM text" : labels), and no private key")
    }

    private static func given(_ password: [UInt8]?) throws(EvidenceError) -> [UInt8] {
        guard let password else {
            throw EvidenceError("the private key is encrypted: give its password in a file, with --password-file")
        }
        return password
    }

    /// One wrong password in 256 leaves something behind that ends as a key would.
    private init(decrypted bytes: [UInt8]) throws(EvidenceError) {
        guard (try? DER.parse(bytes)) != nil else { throw EncryptedPrivateKey.wrongPassword }
        try self.init(der: bytes)
    }

    /// Reads DER: PKCS 8 or SEC 1.
    package init(der bytes: [UInt8]) throws(EvidenceError) {
        // Read here, because the library takes another curve's number for one of its own, and no attributes.
        let found = try PrivateKeyStructure(bytes)
        do {
            switch found.curve {
            case .p256: key = .p256(try P256.Signing.PrivateKey(rawRepresentation: found.number))
            case .p384: key = .p384(try P384.Signing.PrivateKey(rawRepresentation: found.number))
            case .p521: key = .p521(try P521.Signing.PrivateKey(rawRepresentation: found.number))
            }
        } catch {
            throw EvidenceError("the private key's number is none of its curve")
        }
        guard found.point.map({ publicKey.isPoint($0) }) ?? true else {
            throw EvidenceError("the private key holds another key's public key")
        }
    }

    package var publicKey: VerificationKey {
        switch key {
        case .p256(let key): VerificationKey(key.publicKey)
        case .p384(let key): VerificationKey(key.publicKey)
        case .p521(let key): VerificationKey(key.publicKey)
        }
    }

    /// PKCS 8 as PEM text.
    package var pem: String {
        switch key {
        case .p256(let key): PEM.write("PRIVATE KEY", Array(key.derRepresentation))
        case .p384(let key): PEM.write("PRIVATE KEY", Array(key.derRepresentation))
        case .p521(let key): PEM.write("PRIVATE KEY", Array(key.derRepresentation))
        }
    }

    /// A DER signature over the curve's hash of `message`.
    package func sign(_ message: [UInt8]) throws(EvidenceError) -> [UInt8] { try sign(.bytes(message)) }

    /// The same over contents of which a digest may be all that is at hand.
    func sign(_ content: SignedContent) throws(EvidenceError) -> [UInt8] {
        do {
            switch key {
            case .p256(let key):
                if let digest = content.sha256 { return Array(try key.signature(for: digest).derRepresentation) }
            case .p384(let key):
                if let digest = content.sha384 { return Array(try key.signature(for: digest).derRepresentation) }
            case .p521(let key):
                if let digest = content.sha512 { return Array(try key.signature(for: digest).derRepresentation) }
            }
        } catch {
            throw EvidenceError("signing failed: \(error)")
        }
        throw EvidenceError("signing failed: what is signed cannot be read")
    }
}
