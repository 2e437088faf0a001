package import AssayCore
package import ByteParsing

/// Judges the name of an archive's member by what extracting it would do.
package struct MemberName: Sendable {
    /// Path components with `.` left out; `..` only where it leaves the folder.
    package let components: [String]
    /// Why extracting leaves the folder, or nil.
    package let escape: String?

    /// Reads `name` as extractors on any system would: both slashes separate.
    package init(_ name: String) {
        var components: [String] = []
        var escape: String?
        let scalars = Array(name.utf8)
        if scalars.first == UInt8(ascii: "/") || scalars.first == UInt8(ascii: "\\") {
            escape = "absolute path"
        } else if scalars.count >= 2, scalars[1] == UInt8(ascii: ":"), isLetter(scalars[0]) {
            // A single-letter prefix such as `a:b` is a path on another drive for Windows only when a slash follows
            // or nothing but a name: both escape.
            escape = "drive letter"
        }
        for part in scalars.split(whereSeparator: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }) {
            switch String(decoding: part, as: UTF8.self) {
            case ".": continue
            case "..":
                if components.isEmpty || components.last == ".." {
                    escape = escape ?? "path traversal"
                    components.append("..")
                } else {
                    components.removeLast()
                }
            case let component: components.append(component)
            }
        }
        self.components = components
        self.escape = escape
    }

    /// Whether a link at this name that points to `target` leads out of the folder.
    package func linkEscape(to target: String) -> String? {
        let direct = MemberName(target)
        if let escape = direct.escape, escape != "path traversal" { return escape }
        let resolved = MemberName((components.dropLast() + [target]).joined(separator: "/"))
        return resolved.escape
    }

    /// What is odd about a name that stays inside: bytes that make people or readers see another name.
    package static func oddities(_ bytes: ByteRegion) -> [(severity: Severity, text: String)] {
        var found: [(severity: Severity, text: String)] = []
        let text = bytes.text(limit: 4096)
        if bytes.firstOffset(of: [0]) != nil {
            found.append((.medium, "a NUL byte, at which some readers end the name"))
        }
        var hasControl = false
        var hasBidirectional = false
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0: continue
            case 1..<0x20, 0x7F: hasControl = true
            case 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F: hasBidirectional = true
            default: continue
            }
        }
        if hasControl { found.append((.medium, "control characters")) }
        if hasBidirectional { found.append((.medium, "characters that reverse the direction of text")) }
        if text.utf8.contains(UInt8(ascii: "\\")) {
            found.append((.low, "backslashes, which are separators on Windows alone"))
        }
        for part in text.split(whereSeparator: { $0 == "/" || $0 == "\\" }) where isDevice(part) {
            found.append((.low, "the name of a Windows device: \(part)"))
            break
        }
        if bytes.count > 4096 { found.append((.low, "\(bytes.count) bytes")) }
        return found
    }

    private static let devices: Set<String> = Set(
        ["con", "prn", "aux", "nul", "conin$", "conout$"] + (0...9).flatMap { ["com\($0)", "lpt\($0)"] })

    private static func isDevice(_ component: Substring) -> Bool {
        guard component.utf8.count <= 64 else { return false }
        let stem = component.prefix { $0 != "." }.lowercased()
        return stem.utf8.count <= 7 && devices.contains(stem)
    }
}

private func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }

/// Judges the names and links of one archive's members together.
package struct MemberNames {
    /// Hashes of the names, since there may be very many of them; the seed is another in each run of the program, so that
    /// nobody can make names that meet.
    private var seen: Set<Int> = []
    /// The same without case and Unicode form.
    private var folded: Set<Int> = []
    private var links: [String: Bool] = [:]

    package init() {}

    /// Reports what is wrong with a member's name, by itself and beside the members before it.
    package mutating func judge(_ name: ByteRegion, isFolder: Bool, of item: ScanItem, in scan: Scan) {
        let text = name.text(limit: 65_535)
        let location = item.location.member(text)
        let member = MemberName(text)
        if let escape = member.escape {
            scan.report(
                "ARCHIVE-PATH-ESCAPE", "member '\(Printable.line(text, limit: 200))' leaves the folder: \(escape)",
                at: location)
        }
        for odd in MemberName.oddities(name) {
            scan.report(
                "ARCHIVE-DECEPTIVE-NAME", "member name with \(odd.text)", at: location, severity: odd.severity)
        }
        if !links.isEmpty {
            var path = ""
            for component in member.components.dropLast() {
                path += path.isEmpty ? component : "/" + component
                if links[path] != nil {
                    scan.report(
                        "ARCHIVE-LINK-ESCAPE", "member is written through the link '\(Printable.line(path))'",
                        at: location)
                    break
                }
            }
        }
        guard !isFolder else { return }
        guard seen.insert(name.array().hashValue).inserted else {
            scan.report("ARCHIVE-DUPLICATE-NAME", "a member of this name occurs more than once", at: location)
            return
        }
        guard text.utf8.count <= 4096 else { return }
        // Canonically equivalent strings are equal in Swift, as they are to file systems that normalise.
        if !folded.insert(text.lowercased().hashValue).inserted {
            scan.report(
                "ARCHIVE-DUPLICATE-NAME", "differs from another member only in case or Unicode form", at: location,
                severity: .low)
        }
    }

    /// Reports what is wrong with a link; `target` is relative to the member's folder, or to the root for hard links.
    package mutating func judge(
        link name: String, to target: String, isHard: Bool, of item: ScanItem, in scan: Scan
    ) {
        let location = item.location.member(name)
        let member = MemberName(name)
        let escape = isHard ? MemberName(target).escape : member.linkEscape(to: target)
        let shown = Printable.line(target, limit: 200)
        if let escape {
            scan.report(
                "ARCHIVE-LINK-ESCAPE", "link to '\(shown)' leaves the folder: \(escape)", at: location,
                details: [.init("target", shown)])
        }
        links[member.components.joined(separator: "/")] = escape != nil
    }
}
