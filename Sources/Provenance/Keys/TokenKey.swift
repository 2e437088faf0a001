internal import AssayCore
internal import CPKCS11
internal import Crypto
internal import SwiftASN1

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A private key that never leaves its PKCS #11 token: the digest is computed here, and the token signs it.
struct TokenKey: Sendable {
    private let location: TokenLocation
    let publicKey: VerificationKey

    /// Finds the key.
    /// - Throws: `EvidenceError` with the module's error.
    init(_ location: TokenLocation) throws(EvidenceError) {
        self.location = location
        var parameters = [UInt8](repeating: 0, count: 256)
        var point = [UInt8](repeating: 0, count: 512)
        var parametersCount = parameters.count
        var pointCount = point.count
        try unsafe Self.calling(location) { key, reason, reasonCount in
            unsafe assay_pkcs11_public(key, &parameters, &parametersCount, &point, &pointCount, reason, reasonCount)
        }
        guard parametersCount <= parameters.count, pointCount <= point.count,
            let curve = try? ASN1ObjectIdentifier(derEncoded: Array(parameters[..<parametersCount])),
            let wrapped = try? ASN1OctetString(derEncoded: Array(point[..<pointCount]))
        else { throw EvidenceError("the token's public key is malformed") }
        var serializer = DER.Serializer()
        do {
            try serializer.appendConstructedNode(identifier: .sequence) { outer in
                try outer.appendConstructedNode(identifier: .sequence) { inner in
                    try inner.serialize(ASN1ObjectIdentifier.ecPublicKey)
                    try inner.serialize(curve)
                }
                try outer.serialize(ASN1BitString(bytes: wrapped.bytes))
            }
        } catch {
            throw EvidenceError("the token's public key is malformed")
        }
        publicKey = try VerificationKey(spki: serializer.serializedBytes)
    }

    /// A DER signature over the curve's hash of `message`, verified before it is handed out.
    func sign(_ message: SignedContent) throws(EvidenceError) -> [UInt8] {
        let found: [UInt8]? =
            switch publicKey.curve {
            case .p256: message.sha256.map { Array($0) }
            case .p384: message.sha384.map { Array($0) }
            case .p521: message.sha512.map { Array($0) }
            }
        guard let digest = found else { throw EvidenceError("signing failed: what is signed cannot be read") }
        var raw = [UInt8](repeating: 0, count: 256)
        var count = raw.count
        try unsafe Self.calling(location) { key, reason, reasonCount in
            unsafe assay_pkcs11_sign(key, digest, digest.count, &raw, &count, reason, reasonCount)
        }
        guard count == 2 * publicKey.curve.coordinateLength else {
            throw EvidenceError("the token's signature is malformed")
        }
        let plain = Array(raw[..<count])
        let signature: [UInt8]
        do {
            switch publicKey.curve {
            case .p256: signature = Array(try P256.Signing.ECDSASignature(rawRepresentation: plain).derRepresentation)
            case .p384: signature = Array(try P384.Signing.ECDSASignature(rawRepresentation: plain).derRepresentation)
            case .p521: signature = Array(try P521.Signing.ECDSASignature(rawRepresentation: plain).derRepresentation)
            }
        } catch {
            throw EvidenceError("the token's signature is malformed")
        }
        guard publicKey.isValid(signature, over: message) else {
            throw EvidenceError("the token's private and public key do not belong together")
        }
        return signature
    }

    private static func calling(
        _ location: TokenLocation,
        _ body: (UnsafePointer<assay_pkcs11_key>, UnsafeMutablePointer<CChar>, Int) -> CInt
    ) throws(EvidenceError) {
        var reason = [CChar](repeating: 0, count: 512)
        // The strings live as long as the closures in which they are used.
        let status = unsafe location.module.withCString { module in
            unsafe location.token.withCString { token in
                unsafe location.manufacturer.withCString { manufacturer in
                    unsafe location.model.withCString { model in
                        unsafe location.serial.withCString { serial in
                            unsafe location.object.withCString { object in
                                unsafe location.pin.withCString { pin in
                                    unsafe location.id.withUnsafeBufferPointer { id in
                                        unsafe reason.withUnsafeMutableBufferPointer { text -> CInt in
                                            guard let base = text.baseAddress else { return -1 }
                                            var key = unsafe assay_pkcs11_key(
                                                module: module, token: token, manufacturer: manufacturer, model: model,
                                                serial: serial, object: object, id: id.baseAddress,
                                                id_count: id.count, slot: location.slot, pin: pin)
                                            return unsafe body(&key, base, text.count)
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        guard status == 0 else {
            let text = String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw EvidenceError("the PKCS #11 token: \(Printable.line(text))")
        }
    }
}
