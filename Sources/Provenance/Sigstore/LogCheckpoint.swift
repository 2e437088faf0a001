internal import AssayCore

/// A log's signed statement of its size and root: a signed note (C2SP signed-note and tlog-checkpoint).
struct LogCheckpoint: Sendable {
    let size: UInt64
    let root: [UInt8]

    /// Reads a checkpoint and verifies one of its signatures with the log's key.
    /// - Throws: `EvidenceError`
    init(_ text: [UInt8], _ log: SigstoreTrustedRoot.Log) throws(EvidenceError) {
        // The note ends with a line end; an empty line stands between it and the signatures.
        guard let (note, signatures) = Self.split(text) else { throw EvidenceError("the checkpoint has no signature") }
        let lines = note.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard lines.count >= 4, !lines[0].isEmpty, let size = UInt64(String(decoding: lines[1], as: UTF8.self)),
            let root = Base64.decode(lines[2]), root.count == 32
        else { throw EvidenceError("the checkpoint is malformed") }
        // The origin is the key's name, after which Rekor v1 puts the number of its tree.
        let isSigned = signatures.contains { signature in
            signature.bytes.starts(with: log.id.prefix(4))
                && (lines[0] == signature.name || lines[0].starts(with: signature.name + [0x20]))
                && log.signed(note, Array(signature.bytes.dropFirst(4)))
        }
        guard isSigned else { throw EvidenceError("the checkpoint is not signed by the log") }
        self.size = size
        self.root = root
    }

    private struct Signature {
        let name: ArraySlice<UInt8>
        let bytes: [UInt8]
    }

    private static func split(_ text: [UInt8]) -> (note: [UInt8], signatures: [Signature])? {
        for index in text.indices.dropLast() where text[index] == 0x0A && text[index + 1] == 0x0A {
            // Lines like "— origin base64".
            let signatures = text[(index + 2)...].split(separator: 0x0A).compactMap { line -> Signature? in
                let parts = line.split(separator: 0x20)
                guard parts.count == 3, parts[0].elementsEqual(Array("\u{2014}".utf8)) else { return nil }
                guard let bytes = Base64.decode(parts[2]), bytes.count > 4 else { return nil }
                return Signature(name: parts[1], bytes: bytes)
            }
            return signatures.isEmpty || signatures.count > 32 ? nil : (Array(text[...index]), signatures)
        }
        return nil
    }
}
