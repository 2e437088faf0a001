internal import AssayCore
internal import ByteParsing
internal import Crypto
internal import _CryptoExtras

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A private key in the old encrypted form of PEM, as `openssl ec -aes256` writes it: RFC 1421 headers name the cipher, and
/// the key is the MD5 digests of the password and eight bytes of salt (OpenSSL's EVP_BytesToKey, one round).
enum EncryptedPEM {
    /// - Returns: DER of the key inside.
    /// - Throws: `EvidenceError` for another cipher than AES in CBC mode, and when the password is wrong.
    static func decrypt(_ block: PEM.Block, password: [UInt8]) throws(EvidenceError) -> [UInt8] {
        let parts = (block.headers["DEK-Info"] ?? "").split(separator: ",", omittingEmptySubsequences: false)
        let length: Int
        switch parts.first {
        case "AES-128-CBC": length = 16
        case "AES-192-CBC": length = 24
        case "AES-256-CBC": length = 32
        default:
            throw EvidenceError(
                "the private key is encrypted with a cipher other than AES-CBC: " + EncryptedPrivateKey.conversion)
        }
        guard block.headers["Proc-Type"] == "4,ENCRYPTED", parts.count == 2,
            let vector = Hexadecimal.decode(Array(parts[1].lowercased().utf8)), vector.count == 16
        else { throw EvidenceError("the encrypted private key is malformed") }
        var key: [UInt8] = []
        var digest: [UInt8] = []
        while key.count < length {
            digest = Array(Insecure.MD5.hash(data: digest + password + vector.prefix(8)))
            key += digest
        }
        do {
            return Array(
                try AES._CBC.decrypt(
                    block.bytes, using: SymmetricKey(data: key.prefix(length)), iv: AES._CBC.IV(ivBytes: vector)))
        } catch {
            throw EncryptedPrivateKey.wrongPassword
        }
    }
}
