package import AssayCore

/// Manifests as text: the form of `sha256sum`, with what the form cannot say in comment lines.
package enum ManifestText {
    /// One line a resource; names with a line end or a backslash are escaped as coreutils escapes them.
    package static func write(_ manifest: Manifest) -> String {
        var text = "# root sha256:\(Hexadecimal.encode(manifest.rootDigest))\n"
        if manifest.algorithm != .sha256 { text += "# algorithm \(manifest.algorithm.rawValue)\n" }
        if case .shards(let size) = manifest.method { text += "# shards \(size)\n" }
        for resource in manifest.resources {
            let name = resource.name.text
            let escaped = name.replacing("\\", with: "\\\\").replacing("\n", with: "\\n").replacing("\r", with: "\\r")
            text += (escaped == name ? "" : "\\") + Hexadecimal.encode(resource.digest) + "  " + escaped + "\n"
        }
        return text
    }

    /// Reads that text, an in-toto statement of a manifest, or a signature file (whose signature is not verified).
    /// - Throws: `EvidenceError`
    package static func read(_ bytes: [UInt8]) throws(EvidenceError) -> Manifest {
        if bytes.first(where: { $0 != 0x20 && $0 != 0x0A }) == UInt8(ascii: "{") {
            if let statement = try? Statement(bytes) { return try ModelStatement.read(statement.bytes).manifest }
            return try ModelStatement.read(SigstoreBundle(bytes).envelope.payload).manifest
        }
        var manifest = Manifest(resources: [])
        var seen = Set<ModelPath>()
        for line in bytes.split(separator: 0x0A) {
            // Names that end with a carriage return have it escaped: here it belongs to the line end.
            let line = line.last == 0x0D ? line.dropLast() : line
            if line.isEmpty { continue }
            if line.first == UInt8(ascii: "#") {
                let words = line.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
                if words.count == 3, words[1] == "algorithm" {
                    guard let algorithm = HashAlgorithm(rawValue: words[2]) else {
                        throw EvidenceError("unsupported algorithm \(Printable.line(words[2]))")
                    }
                    manifest.algorithm = algorithm
                } else if words.count == 3, words[1] == "shards" {
                    guard let size = Int(words[2]), size > 0 else { throw EvidenceError("the shard size is malformed") }
                    manifest.method = .shards(size: size)
                }
                continue
            }
            let resource = try resource(line, manifest.algorithm)
            guard seen.insert(resource.name).inserted else {
                throw EvidenceError("\(Printable.line(resource.name.text)) is listed twice")
            }
            manifest.resources.append(resource)
        }
        guard !manifest.resources.isEmpty else { throw EvidenceError("there are no digests in the file") }
        return manifest
    }

    private static func resource(
        _ line: ArraySlice<UInt8>, _ algorithm: HashAlgorithm
    ) throws(EvidenceError) -> Manifest.Resource {
        let isEscaped = line.first == UInt8(ascii: "\\")
        let rest = isEscaped ? line.dropFirst() : line
        let digits = rest.prefix(algorithm.length * 2)
        // Two blanks, or a blank and the star of binary mode.
        let separator = rest.dropFirst(digits.count).prefix(2)
        guard let digest = Hexadecimal.decode(Array(digits)), digest.count == algorithm.length,
            separator.elementsEqual([0x20, 0x20]) || separator.elementsEqual([0x20, 0x2A])
        else { throw EvidenceError("it is neither a list of digests and names, nor a statement or signature") }
        var name: [UInt8] = []
        var bytes = rest.dropFirst(digits.count + 2).makeIterator()
        while let byte = bytes.next() {
            guard isEscaped, byte == UInt8(ascii: "\\") else {
                name.append(byte)
                continue
            }
            switch bytes.next() {
            case UInt8(ascii: "n"): name.append(0x0A)
            case UInt8(ascii: "r"): name.append(0x0D)
            case UInt8(ascii: "\\"): name.append(0x5C)
            default: throw EvidenceError("a name is escaped in a way that is not known")
            }
        }
        let path = ModelPath(name.starts(with: [0x2E, 0x2F]) ? Array(name.dropFirst(2)) : name)
        guard path.isCanonical else { throw EvidenceError("\(Printable.line(path.text)) is no plain path") }
        return Manifest.Resource(name: path, digest: digest)
    }
}
