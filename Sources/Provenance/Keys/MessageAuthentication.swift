internal import AssayCore
internal import ByteParsing
internal import Crypto

/// HMAC-SHA256 (RFC 2104) over a DSSE envelope, for pipelines that have a shared secret but no keys.
struct MessageAuthentication: Sendable {
    private let key: SymmetricKey

    /// - Throws: `EvidenceError` when the secret has fewer than 16 bytes.
    init(_ secret: [UInt8]) throws(EvidenceError) {
        guard secret.count >= 16 else { throw EvidenceError("the shared secret has fewer than 16 bytes") }
        key = SymmetricKey(data: secret)
    }

    /// Names the secret without giving it away.
    var hint: String {
        Hexadecimal.encode(HMAC<SHA256>.authenticationCode(for: Array("assay key hint".utf8), using: key).prefix(16))
    }

    func code(over message: [UInt8]) -> [UInt8] { Array(HMAC<SHA256>.authenticationCode(for: message, using: key)) }

    /// The code over bytes that are not held; nil when they cannot be read.
    func code(over message: RepeatableBytes) -> [UInt8]? {
        var code = HMAC<SHA256>(key: key)
        let isWhole = message.forEachPiece { code.update(data: $0.array()) }
        return isWhole ? Array(code.finalize()) : nil
    }

    func isValid(_ code: [UInt8], over message: RepeatableBytes) -> Bool {
        var found = HMAC<SHA256>(key: key)
        let isWhole = message.forEachPiece { found.update(data: $0.array()) }
        return isWhole && found.finalize() == code
    }

    func isValid(_ code: [UInt8], over message: [UInt8]) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: message, using: key)
    }
}
