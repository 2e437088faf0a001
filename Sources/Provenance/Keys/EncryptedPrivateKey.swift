internal import AssayCore
internal import Crypto
internal import SwiftASN1
internal import _CryptoExtras

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// PKCS 8 EncryptedPrivateKeyInfo (RFC 5958) with PBES2 (RFC 8018): PBKDF2 or scrypt, then AES in CBC mode.
enum EncryptedPrivateKey {
    private enum Derivation {
        case pbkdf2(salt: [UInt8], rounds: Int, hash: KDF.Insecure.PBKDF2.HashFunction)
        case scrypt(salt: [UInt8], cost: Int, block: Int, parallel: Int)
    }

    /// Rounds beyond which a key file is taken for an attempt to keep the program busy.
    static let roundLimit = 20_000_000
    /// Memory that scrypt may ask for, in bytes.
    static let memoryLimit = 1 << 30

    static let conversion = "convert it with openssl pkcs8 -topk8 -v2 aes-256-cbc"
    static let wrongPassword = EvidenceError("the password does not open the private key")

    /// Decrypts to the PKCS 8 key inside.
    static func decrypt(_ bytes: [UInt8], password: [UInt8]) throws(EvidenceError) -> [UInt8] {
        let derivation: Derivation
        let keyLength: Int
        let vector: [UInt8]
        let ciphertext: [UInt8]
        do {
            (derivation, keyLength, vector, ciphertext) = try DER.sequence(
                try DER.parse(bytes), identifier: .sequence
            ) { nodes in
                let (kind, length, vector) = try DER.sequence(next: &nodes) { algorithm in
                    guard try ASN1ObjectIdentifier(derEncoded: &algorithm) == [1, 2, 840, 113549, 1, 5, 13] else {
                        throw EvidenceError(
                            "the private key is encrypted in a way other than PBES2: " + conversion)
                    }
                    return try DER.sequence(next: &algorithm) { parameters in
                        let kind = try self.derivation(&parameters)
                        let (length, vector) = try cipher(&parameters)
                        return (kind, length, vector)
                    }
                }
                return (kind, length, vector, Array(try ASN1OctetString(derEncoded: &nodes).bytes))
            }
        } catch let error as EvidenceError {
            throw error
        } catch {
            throw EvidenceError("the encrypted private key is malformed")
        }
        do {
            let key =
                switch derivation {
                case .pbkdf2(let salt, let rounds, let hash):
                    try KDF.Insecure.PBKDF2.deriveKey(
                        from: password, salt: salt, using: hash, outputByteCount: keyLength,
                        unsafeUncheckedRounds: rounds)
                case .scrypt(let salt, let cost, let block, let parallel):
                    try KDF.Scrypt.deriveKey(
                        from: password, salt: salt, outputByteCount: keyLength, rounds: cost, blockSize: block,
                        parallelism: parallel)
                }
            return Array(try AES._CBC.decrypt(ciphertext, using: key, iv: AES._CBC.IV(ivBytes: vector)))
        } catch {
            throw wrongPassword
        }
    }

    private static func derivation(_ nodes: inout ASN1NodeCollection.Iterator) throws -> Derivation {
        try DER.sequence(next: &nodes) { nodes in
            switch try ASN1ObjectIdentifier(derEncoded: &nodes) {
            case [1, 2, 840, 113549, 1, 5, 12]:
                return try DER.sequence(next: &nodes) { nodes in
                    let salt = try ASN1OctetString(derEncoded: &nodes).bytes
                    let rounds = try Int(derEncoded: &nodes)
                    guard rounds > 0, rounds <= roundLimit else { throw EvidenceError("too many PBKDF2 rounds") }
                    var hash = KDF.Insecure.PBKDF2.HashFunction.insecureSHA1
                    while let node = nodes.next() {
                        if node.identifier == .integer { continue }
                        hash = try hashFunction(node)
                    }
                    return .pbkdf2(salt: Array(salt), rounds: rounds, hash: hash)
                }
            case [1, 3, 6, 1, 4, 1, 11591, 4, 11]:
                return try DER.sequence(next: &nodes) { nodes in
                    let salt = try ASN1OctetString(derEncoded: &nodes).bytes
                    let cost = try Int(derEncoded: &nodes)
                    let block = try Int(derEncoded: &nodes)
                    let parallel = try Int(derEncoded: &nodes)
                    while nodes.next() != nil {}
                    guard (2...(1 << 24)).contains(cost), (1...64).contains(block), (1...16).contains(parallel),
                        128 * cost * block <= memoryLimit
                    else { throw EvidenceError("the scrypt parameters are too large") }
                    return .scrypt(salt: Array(salt), cost: cost, block: block, parallel: parallel)
                }
            default: throw EvidenceError("the private key's key derivation is neither PBKDF2 nor scrypt: " + conversion)
            }
        }
    }

    private static func hashFunction(_ node: ASN1Node) throws -> KDF.Insecure.PBKDF2.HashFunction {
        try DER.sequence(node, identifier: .sequence) { nodes in
            let identifier = try ASN1ObjectIdentifier(derEncoded: &nodes)
            while nodes.next() != nil {}
            switch identifier {
            case [1, 2, 840, 113549, 2, 7]: return .insecureSHA1
            case [1, 2, 840, 113549, 2, 9]: return .sha256
            case [1, 2, 840, 113549, 2, 10]: return .sha384
            case [1, 2, 840, 113549, 2, 11]: return .sha512
            default: throw EvidenceError("the private key's PBKDF2 uses an unsupported hash: " + conversion)
            }
        }
    }

    private static func cipher(_ nodes: inout ASN1NodeCollection.Iterator) throws -> (Int, [UInt8]) {
        try DER.sequence(next: &nodes) { nodes in
            let length: Int
            switch try ASN1ObjectIdentifier(derEncoded: &nodes) {
            case [2, 16, 840, 1, 101, 3, 4, 1, 2]: length = 16
            case [2, 16, 840, 1, 101, 3, 4, 1, 22]: length = 24
            case [2, 16, 840, 1, 101, 3, 4, 1, 42]: length = 32
            default: throw EvidenceError("the private key is encrypted with a cipher other than AES-CBC: " + conversion)
            }
            return (length, Array(try ASN1OctetString(derEncoded: &nodes).bytes))
        }
    }
}
