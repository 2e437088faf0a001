internal import AssayCore
internal import ByteParsing

/// Reading, strictly: each member has one spelling, and none is passed over.
extension SigstoreBundle {
    /// What bundles of envelopes and of messages have in common.
    struct Opened {
        let root: JSONValue
        let version: Version
        let material: Material
        let logEntries: [JSONValue]
        let timestamps: [[UInt8]]

        init(_ bytes: [UInt8], isModelSignature: Bool) throws(EvidenceError) {
            do {
                root = try JSONDocument(ByteRegion(bytes), dialect: .strict).root
            } catch {
                throw EvidenceError("the signature file is not strict JSON: \(error)")
            }
            guard root.isObject else { throw EvidenceError("the signature file is not a JSON object") }
            guard root["base64Signature"] == nil, root["payloadType"] == nil else {
                let what = root["payloadType"] == nil ? "in cosign's own older format" : "a bare DSSE envelope"
                throw EvidenceError("the signature file is \(what), not a Sigstore bundle")
            }
            let type = root["mediaType"]?.string
            guard let type, let version = Version(mediaType: type, isModelSignature: isModelSignature) else {
                throw EvidenceError(
                    "the media type is \(type.map { Printable.line($0) } ?? "missing"), not \(SigstoreBundle.mediaType)"
                )
            }
            self.version = version
            guard let material = root["verificationMaterial"], material.isObject else {
                throw EvidenceError("the bundle has no verificationMaterial")
            }
            self.material = try SigstoreBundle.material(
                material, version, isMAC: type == SigstoreBundle.macMediaType)
            if let entries = material["tlogEntries"] {
                guard entries.isArray, entries.elements.allSatisfy({ $0.isObject }) else {
                    throw EvidenceError("tlogEntries is not an array of entries")
                }
                logEntries = Array(entries.elements)
            } else {
                logEntries = []
            }
            timestamps = try SigstoreBundle.timestamps(material["timestampVerificationData"])
        }
    }

    private static func material(
        _ json: JSONValue, _ version: Version, isMAC: Bool
    ) throws(EvidenceError) -> Material {
        let kinds = ["publicKey", "x509CertificateChain", "certificate"].filter { json[$0].map { !$0.isNull } ?? false }
        try json.requireOnly(
            ["publicKey", "x509CertificateChain", "certificate", "tlogEntries", "timestampVerificationData"],
            of: "verificationMaterial")
        guard kinds.count == 1, let kind = kinds.first, let value = json[kind], value.isObject else {
            throw EvidenceError("verificationMaterial names \(kinds.count) kinds of key instead of one")
        }
        switch kind {
        case "publicKey":
            try value.requireOnly(["hint", "rawBytes", "keyDetails"], of: "the public key")
            guard value["hint"].map({ $0.isNull || $0.kind == .string }) ?? true else {
                throw EvidenceError("the key hint is not a string")
            }
            let hint = value["hint"]?.string.flatMap { $0.isEmpty ? nil : $0 }
            if isMAC { return .mac(hint: hint) }
            if let raw = value["rawBytes"], !raw.isNull {
                guard raw.kind == .string, let bytes = Base64.decode(raw.stringBytes) else {
                    throw EvidenceError("the key in the bundle is not Base64")
                }
                return .rawPublicKey(bytes, hint: hint)
            }
            return .publicKey(hint: hint)
        case "certificate": return .certificate(try der(value))
        default:
            try value.requireOnly(["certificates"], of: "the certificate chain")
            var chain: [[UInt8]] = []
            for element in value["certificates"]?.elements ?? value.elements { chain.append(try der(element)) }
            guard !chain.isEmpty else { throw EvidenceError("the certificate chain is empty") }
            guard chain.count <= 16 else { throw EvidenceError("the certificate chain is too long") }
            // Before version 0.3, Sigstore's certificates came as chains. The trusted root says what lies above the leaf.
            return version == .v03 ? .certificateChain(chain) : .certificate(chain[0])
        }
    }

    private static func der(_ json: JSONValue) throws(EvidenceError) -> [UInt8] {
        try json.requireOnly(["rawBytes"], of: "a certificate")
        guard let raw = json["rawBytes"], raw.kind == .string, let bytes = Base64.decode(raw.stringBytes),
            !bytes.isEmpty
        else { throw EvidenceError("a certificate is missing or not Base64") }
        return bytes
    }

    private static func timestamps(_ json: JSONValue?) throws(EvidenceError) -> [[UInt8]] {
        guard let json, !json.isNull else { return [] }
        guard json.isObject else { throw EvidenceError("timestampVerificationData is not an object") }
        try json.requireOnly(["rfc3161Timestamps"], of: "timestampVerificationData")
        guard let list = json["rfc3161Timestamps"] else { return [] }
        guard list.isArray else { throw EvidenceError("rfc3161Timestamps is not an array") }
        var result: [[UInt8]] = []
        for element in list.elements {
            try element.requireOnly(["signedTimestamp"], of: "a signed timestamp")
            guard let text = element["signedTimestamp"], text.kind == .string,
                let bytes = Base64.decode(text.stringBytes)
            else { throw EvidenceError("a signed timestamp is not Base64") }
            result.append(bytes)
        }
        guard result.count <= 16 else { throw EvidenceError("there are too many signed timestamps") }
        return result
    }
}

extension JSONValue {
    /// - Throws: `EvidenceError` for a member with another name.
    func requireOnly(_ names: [String], of what: String) throws(EvidenceError) {
        for (key, _) in members where !names.contains(where: { key.matches(Array($0.utf8)) }) {
            throw EvidenceError(
                "\(what) has a member that does not belong there: \(Printable.line(key.string ?? ""))")
        }
    }
}
