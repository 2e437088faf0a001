internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// What all containers have in common: nesting, expansion, content behind their end.
enum ContainerJudge {
    /// Containers inside of each other from which on the nesting itself is suspicious.
    static let suspiciousNesting = 8

    static func nesting(_ item: ScanItem, in scan: Scan) {
        guard item.containers.count == suspiciousNesting else { return }
        scan.report(
            "ARCHIVE-NESTING", "containers nested \(item.containers.count + 1) deep", at: item.location)
    }

    /// Reports how decompression ended, unless it came to the stream's own end.
    static func report(
        _ content: Decompressed, kind: String, at location: Location, isGuess: Bool = false, in scan: Scan
    ) {
        switch content.stop {
        case .end: return
        case .ratio:
            scan.report(
                "ARCHIVE-BOMB", "\(content.consumed) bytes of \(kind) data give more than \(content.region.count)",
                at: location)
            scan.report(incomplete: "\(kind): stopped at the expansion ratio", at: location)
        case .budget:
            scan.report(
                incomplete: "\(kind): more than \(scan.limits.inflatedBytes) bytes of decompressed content in the file",
                at: location, severity: .medium)
        case .memory:
            scan.report(
                incomplete: "\(kind): only the first \(content.region.count) decompressed bytes were read",
                at: location, severity: .medium)
        case .inputEnded, .damaged:
            guard !isGuess else { return }
            let what = content.stop == .damaged ? "is damaged" : "breaks off"
            scan.report("SCAN-MALFORMED", "\(kind): the stream \(what)", at: location.at(content.consumed))
        }
    }

    /// Reports and hands on what stands behind the end of a container.
    static func trailing(_ rest: ByteRegion, of item: ScanItem, as format: FormatID, in scan: Scan) {
        guard !rest.isEmpty, !rest.isAllZero else { return }
        let name = "(bytes after the end)"
        scan.report(
            "ARCHIVE-UNCLAIMED-BYTES", "\(rest.count) bytes after the end of the \(format.rawValue) data",
            at: item.location.member(name).at(item.region.count - rest.count))
        scan.descend(into: rest, named: name, of: item, as: format)
    }

    /// Whether the bytes are plain text: no control characters but white space.
    static func isText(_ region: ByteRegion) -> Bool {
        let head = region.prefix(4096)
        let span = head.bytes
        for index in 0..<span.byteCount {
            guard let byte = span.byte(at: index) else { break }
            if byte < 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D { return false }
            if byte == 0x7F { return false }
        }
        return true
    }
}
