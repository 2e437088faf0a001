package import AssayCore
internal import ByteParsing

/// Manifests as text: the form of `sha256sum`, with what the form cannot say in comment lines.
package enum ManifestText {
    /// One line a resource; names with a line end or a backslash are escaped as coreutils escapes them.
    package static func write(_ manifest: Manifest) -> String {
        var text = ""
        write(manifest) { text += $0 }
        return text
    }

    /// The same in pieces.
    package static func write(_ manifest: Manifest, to sink: (String) -> Void) {
        var text = "# root sha256:\(Hexadecimal.encode(manifest.rootDigest))\n"
        if manifest.algorithm != .sha256 { text += "# algorithm \(manifest.algorithm.rawValue)\n" }
        if case .shards(let size) = manifest.method { text += "# shards \(size)\n" }
        for resource in manifest.resources {
            let name = resource.name.text
            let escaped = name.replacing("\\", with: "\\\\").replacing("\n", with: "\\n").replacing("\r", with: "\\r")
            text += (escaped == name ? "" : "\\") + Hexadecimal.encode(resource.digest) + "  " + escaped + "\n"
            if text.utf8.count > 1 << 16 {
                sink(text)
                text = ""
            }
        }
        sink(text)
    }

    /// Reads that text, an in-toto statement of a manifest, or a signature file (whose signature is not verified).
    /// - Throws: `EvidenceError`
    package static func read(_ bytes: [UInt8]) throws(EvidenceError) -> Manifest { try read(SignatureSource(bytes)) }

    /// The same of a file that is not held where it need not be.
    package static func read(_ source: SignatureSource) throws(EvidenceError) -> Manifest {
        var first: UInt8?
        _ = try source.forEachPiece { piece in
            for place in 0..<piece.byteCount where first == nil {
                if let byte = piece.byte(at: place), byte != 0x20, byte != 0x0A { first = byte }
            }
            return first == nil
        }
        guard first == UInt8(ascii: "{") else { return try readLines(source) }
        if let signature = try StreamedSignature(source), let reading = try? signature.read() {
            return reading.manifest
        }
        let statement = RepeatableBytes { body in
            let digest = try? source.forEachPiece { piece in
                body(piece)
                return true
            }
            return digest != nil
        }
        if let reading = try? ModelStatement.read(statement) { return reading.manifest }
        let bytes = try source.array()
        if let statement = try? Statement(bytes) { return try ModelStatement.read(statement.bytes).manifest }
        return try ModelStatement.read(SigstoreBundle(bytes).envelope.payload).manifest
    }

    private static func readLines(_ source: SignatureSource) throws(EvidenceError) -> Manifest {
        var manifest = Manifest(resources: [])
        var line: [UInt8] = []
        var failure: EvidenceError?
        func end() {
            do throws(EvidenceError) {
                try take(line[...], &manifest)
            } catch {
                failure = error
            }
            line.removeAll(keepingCapacity: true)
        }
        _ = try source.forEachPiece { piece in
            unsafe piece.withUnsafeBytes { piece in
                for place in piece.indices where failure == nil {
                    let byte = unsafe piece[place]
                    if byte == 0x0A { end() } else { line.append(byte) }
                }
            }
            return failure == nil
        }
        if failure == nil { end() }
        if let failure { throw failure }
        if let name = manifest.resources.names.repeated {
            throw EvidenceError("\(Printable.line(name.text)) is listed twice")
        }
        guard !manifest.resources.isEmpty else { throw EvidenceError("there are no digests in the file") }
        return manifest
    }

    private static func take(_ line: ArraySlice<UInt8>, _ manifest: inout Manifest) throws(EvidenceError) {
        // Names that end with a carriage return have it escaped: here it belongs to the line end.
        let line = line.last == 0x0D ? line.dropLast() : line
        if line.isEmpty { return }
        guard line.first == UInt8(ascii: "#") else {
            let resource = try resource(line, manifest.algorithm)
            manifest.resources.append(resource.name, resource.digest)
            return
        }
        let words = line.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
        if words.count == 3, words[1] == "algorithm" {
            guard let algorithm = HashAlgorithm(rawValue: words[2]) else {
                throw EvidenceError("unsupported algorithm \(Printable.line(words[2]))")
            }
            guard manifest.resources.isEmpty else { throw EvidenceError("the algorithm is named behind digests") }
            manifest.algorithm = algorithm
        } else if words.count == 3, words[1] == "shards" {
            guard let size = Int(words[2]), size > 0 else { throw EvidenceError("the shard size is malformed") }
            manifest.method = .shards(size: size)
        }
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
