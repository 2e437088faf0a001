package import AssayCore
package import ByteParsing
internal import SecretDetection

/// Judges a value of free text in a model's metadata: secrets, suspicious addresses, code where none belongs, payloads
/// in disguise.
package enum MetadataJudge {
    /// Longest value that is read in one piece, in bytes; longer ones are read piece by piece.
    static let sizeLimit = 4 << 20
    /// How far neighbouring pieces overlap, and how many of them are searched for encoded content.
    private static let overlap = 8 << 10
    private static let mostOpened = 4

    /// Reports what is wrong with the value `text` of the key `name`.
    package static func judge(_ text: String, named name: String, at location: Location, in scan: Scan) {
        guard text.utf8.count >= 8 else { return }
        judge(ByteRegion(Array(text.utf8)), named: name, at: location, in: scan)
    }

    /// Reports what is wrong with the value of the key `name`, given as its bytes.
    package static func judge(_ value: ByteRegion, named name: String, at location: Location, in scan: Scan) {
        guard value.count >= 8 else { return }
        guard value.count <= sizeLimit else {
            judgePieces(of: value, named: name, at: location, in: scan)
            return
        }
        secrets(in: value, named: name, at: location, in: scan)
        addresses(in: value, named: name, at: location, in: scan)
        code(in: value, named: name, at: location, in: scan)
        program(in: value, named: name, at: location, in: scan)
        payload(in: value, named: name, at: location, in: scan)
        letters(in: value, named: name, at: location, in: scan)
    }

    private static func judgePieces(
        of value: ByteRegion, named name: String, at location: Location, in scan: Scan
    ) {
        var opened = 0
        var from = 0
        repeat {
            let piece = value.suffix(from: from).prefix(sizeLimit)
            secrets(in: piece, named: name, at: location, in: scan)
            addresses(in: piece, named: name, at: location, in: scan)
            code(in: piece, named: name, at: location, in: scan)
            if opened < mostOpened { payload(in: piece, named: name, at: location, in: scan) }
            letters(in: piece, named: name, at: location, in: scan)
            opened += 1
            from += sizeLimit - overlap
        } while from + overlap < value.count
        if opened > mostOpened {
            scan.report(
                incomplete: "a value of \(value.count) bytes was searched for encoded content at its beginning alone",
                at: location)
        }
    }

    /// Reports credentials in text of any kind.
    static func secrets(in value: ByteRegion, named name: String, at location: Location, in scan: Scan) {
        do throws(ParseError) {
            for match in try SecretScanner.matches(in: value, budget: scan.budget) {
                report(match, named: name, at: location, in: scan)
            }
        } catch {
            scan.report(incomplete: "limit reached while reading \(error.reading)", at: location)
        }
        // A value on its own is a secret when its name says so.
        guard value.count <= 200, !name.isEmpty else { return }
        let key = name.split { "./[]".contains($0) }.last.map { Array($0.utf8) } ?? []
        let bytes = value.array()
        if let meaning = SecretScanner.meaning(of: key),
            SecretScanner.isSecret(bytes, of: meaning)
        {
            let match = SecretScanner.Match(issuer: "secret", offset: 0, masked: SecretScanner.mask(bytes), name: nil)
            report(match, named: name, at: location, in: scan)
        }
    }

    private static func report(
        _ match: SecretScanner.Match, named name: String, at location: Location, in scan: Scan
    ) {
        let place = name.isEmpty ? "the text" : "`\(Printable.line(name, limit: 60))`"
        let owner = match.name.map { " of `\(Printable.line($0, limit: 40))`" } ?? ""
        scan.report(
            "SECRET-EXPOSED", "A credential stands in \(place): \(match.issuer)\(owner)",
            at: location.offset == nil ? location.at(match.offset, location.detail) : location,
            details: [.init("value", match.masked)])
    }

    private static func addresses(in value: ByteRegion, named name: String, at location: Location, in scan: Scan) {
        guard value.firstOffset(of: Array("://".utf8)) != nil else { return }
        for remark in AddressJudge.remarks(in: value) {
            scan.report(
                "URL-SUSPICIOUS",
                "`\(Printable.line(name, limit: 60))` holds \(remark.reason): \(Printable.line(remark.address, limit: 120))",
                at: location, severity: remark.isMedium ? .medium : .low)
        }
    }

    // MARK: Code

    /// Spellings of code that runs something, with whether one alone is a strong sign.
    private static let codeSigns: [(text: [UInt8], isStrong: Bool)] = [
        ("__import__(", true), ("/dev/tcp/", true), ("powershell -e", true), ("os.system(", true),
        ("subprocess.Popen(", true), ("subprocess.run(", true), ("subprocess.call(", true), ("os.popen(", true),
        ("pickle.loads(", true), ("marshal.loads(", true), ("b64decode(", false), ("eval(", false), ("exec(", false),
        ("<script", false), ("javascript:", false), ("/bin/sh -", true), ("/bin/bash -", true), ("bash -i", true),
        ("| sh", false), ("|sh", false), ("| bash", false), ("|bash", false), ("rm -rf /", false), ("nc -e ", true),
        ("document.cookie", false), ("onerror=", false), ("!!python/object", false),
    ].map { (Array($0.0.utf8), $0.1) }

    /// Whether people who write about programs write so: calls by their usual names.
    private static func isMentioned(_ sign: [UInt8]) -> Bool {
        sign.last == UInt8(ascii: "(") && sign.first != UInt8(ascii: "_")
    }

    private static func code(in value: ByteRegion, named name: String, at location: Location, in scan: Scan) {
        let bytes = value.bytes
        guard bytes.byteCount >= 8 else { return }
        // All signs hold one of these bytes.
        guard "(/<:|-=.!".utf8.contains(where: { bytes.firstOffset(of: $0) != nil }) else { return }
        // Prose about models (descriptions, cards) shows code; a long value is read as such.
        let isProse =
            bytes.byteCount > 2048 || bytes.firstOffset(of: Array("```".utf8)) != nil || isPipelineStep(name)
            || isTemplate(name)
        let isSentence = isProse || startsAsProse(value)
        if bytes.byteCount <= 65_536 {
            ShellJudge.judge(value, named: name, at: location, in: scan, limit: isProse ? .low : .medium)
        }
        for sign in codeSigns {
            guard let hit = bytes.firstOffset(of: sign.text, from: 0) else { continue }
            if let before = bytes.byte(at: hit - 1), sign.text.first != UInt8(ascii: "|"), SecretScanner.isWord(before)
            {
                continue
            }
            scan.report(
                "METADATA-CODE",
                "`\(Printable.line(name, limit: 60))` holds code: `\(String(decoding: sign.text, as: UTF8.self))`",
                at: location.at(location.offset ?? hit, location.detail),
                severity: sign.isStrong && !(isMentioned(sign.text) ? isSentence : isProse) ? .medium : .low,
                details: [.init("text", excerpt(bytes, around: hit))])
        }
    }

    /// Whether a name is that of a template: its text is given to a model, and what it runs its own judge says.
    private static func isTemplate(_ name: String) -> Bool {
        name.split { ".[]".contains($0) }.last?.hasSuffix("template") ?? false
    }

    /// Whether a name is that of a step in a pipeline of continuous integration: what stands there are commands, which are
    /// judged as such.
    private static func isPipelineStep(_ name: String) -> Bool {
        let keys = name.split { ".[]".contains($0) }
        return keys.contains { ["steps", "phases", "stages", "jobs"].contains($0) }
            && keys.last.map { ["run", "script", "commands", "command", "args", "inline"].contains($0) } ?? false
    }

    private static func excerpt(_ bytes: RawSpan, around hit: Int) -> String {
        let start = max(0, hit - 20)
        let part = bytes.extracting(start..<min(bytes.byteCount, hit + 100)).array()
        return Printable.line(String(decoding: part, as: UTF8.self), limit: 120)
    }

    /// Terminal control sequences and direction marks, which make text look like another.
    private static func letters(in value: ByteRegion, named name: String, at location: Location, in scan: Scan) {
        let bytes = value.bytes
        var reason: String?
        if let escape = bytes.firstOffset(of: 0x1B), let next = bytes.byte(at: escape + 1),
            next == UInt8(ascii: "[") || next == UInt8(ascii: "]")
        {
            reason = "terminal control sequences"
        } else if hasDirectionMarks(bytes) {
            reason = "marks that turn the direction of text or hide it"
        }
        guard let reason else { return }
        scan.report(
            "METADATA-HIDDEN-TEXT", "`\(Printable.line(name, limit: 60))` holds \(reason)", at: location)
    }

    private static func hasDirectionMarks(_ bytes: RawSpan) -> Bool {
        // U+202A…202E and U+2066…2069 are E2 80 AA…AE and E2 81 A6…A9; U+E0000…E007F are F3 A0 80/81 ….
        for (lead, range) in [
            ([0xE2, 0x80] as [UInt8], 0xAA...0xAE as ClosedRange<UInt8>), ([0xE2, 0x81], 0xA6...0xA9),
            ([0xF3, 0xA0], 0x80...0x81),
        ] {
            var from = 0
            while let hit = bytes.firstOffset(of: lead, from: from) {
                if let next = bytes.byte(at: hit + 2), range.contains(next) { return true }
                from = hit + 2
            }
        }
        return false
    }

    // MARK: Payloads

    /// Opens what is written in base64 or hexadecimal and decodes to something that a loader would read.
    ///
    /// Programs that keep objects in JSON write them as pickles in base64 (Stable-Baselines3): what such a pickle does is
    /// judged where it is opened, and that there is one is a note.
    private static func payload(in value: ByteRegion, named name: String, at location: Location, in scan: Scan) {
        for decoded in EncodedPayload.all(in: value) {
            let item = ScanItem(
                region: value, path: name, location: location, depth: location.members.count, containers: ["text"])
            scan.report(
                "METADATA-PAYLOAD",
                "`\(Printable.line(name, limit: 60))` holds \(decoded.content) written in \(decoded.encoding)",
                at: location, severity: decoded.isProgram ? .high : decoded.isPickle ? .low : .medium)
            scan.descend(into: decoded.region, named: "\(decoded.encoding) text", of: item, as: "text")
        }
    }
}
