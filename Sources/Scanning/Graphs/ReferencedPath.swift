/// Where a file name that a model mentions leads when it is joined to the model's folder.
///
/// Names are judged as every system that could load the model would read them: a Windows path is dangerous in a file
/// that was found on Linux.
struct ReferencedPath {
    enum Problem: String {
        case nul = "has a NUL byte, which ends the name for the system and not for a check"
        case absolute = "is absolute"
        case parent = "leaves the model's folder by “..”"
        case drive = "names a Windows drive"
        case share = "names a network share"
        case url = "is an address"
        case home = "begins in a home folder"
        case encoded = "hides path syntax in percent encoding"
        case variable = "has an environment variable in it"
        case lookalike = "hides path syntax in letters that look like it"
        case shell = "has a shell command in it"
        case control = "has control characters"
        case empty = "is empty"
    }

    let problem: Problem
    /// Whether following the name reads or writes outside of the folder without any further step.
    let escapes: Bool

    /// The worst problem of `bytes` as a relative path, or nil for an ordinary name below the folder.
    init?(_ bytes: [UInt8]) {
        func found(_ problem: Problem, escapes: Bool = true) -> ReferencedPath {
            ReferencedPath(problem: problem, escapes: escapes)
        }
        guard !bytes.isEmpty else { return nil }
        if let problem = Self.escape(bytes) {
            self = found(problem)
        } else if let colon = bytes.firstIndex(of: UInt8(ascii: ":")), Self.hasAuthority(bytes, after: colon) {
            self = found(.url, escapes: false)
        } else if Self.isScheme(bytes) {
            self = found(.url, escapes: false)
        } else if bytes.first == UInt8(ascii: "~") {
            self = found(.home, escapes: false)
        } else if bytes.contains(UInt8(ascii: "%")), Self.escape(Self.percentDecoded(bytes)) != nil {
            self = found(.encoded, escapes: false)
        } else if Self.hasVariable(bytes) {
            self = found(.variable, escapes: false)
        } else if bytes.contains(where: { $0 >= 0x80 }), Self.escape(Self.folded(bytes)) != nil {
            self = found(.lookalike, escapes: false)
        } else if bytes.contains(UInt8(ascii: "`")) || bytes.first == UInt8(ascii: "|")
            || bytes.last == UInt8(ascii: "|")
        {
            self = found(.shell, escapes: false)
        } else if bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            self = found(.control, escapes: false)
        } else {
            return nil
        }
    }

    private init(problem: Problem, escapes: Bool) {
        self.problem = problem
        self.escapes = escapes
    }

    private static func escape(_ bytes: [UInt8]) -> Problem? {
        if bytes.contains(0) { return .nul }
        let slashes = bytes.map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 }
        if slashes.starts(with: Array("//".utf8)) { return .share }
        if slashes.first == UInt8(ascii: "/") { return .absolute }
        if slashes.count >= 2, slashes[1] == UInt8(ascii: ":"), isLetter(slashes[0]) { return .drive }
        // A trailing space or dot is dropped by Windows: `.. ` is `..` there.
        for part in slashes.split(separator: UInt8(ascii: "/")) {
            let trimmed = part.reversed().drop { $0 == 0x20 }.reversed()
            if trimmed.elementsEqual(Array("..".utf8)) { return .parent }
        }
        let text = String(decoding: bytes.prefix(5), as: UTF8.self).lowercased()
        return text == "file:" ? .url : nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }

    /// `scheme://`.
    private static func hasAuthority(_ bytes: [UInt8], after colon: Int) -> Bool {
        colon >= 1 && bytes[(colon + 1)...].starts(with: Array("//".utf8))
    }

    /// A scheme that needs no authority.
    private static func isScheme(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes.prefix(12), as: UTF8.self).lowercased()
        return ["http:", "https:", "ftp:", "data:", "javascript:", "jar:"].contains { text.hasPrefix($0) }
    }

    private static func hasVariable(_ bytes: [UInt8]) -> Bool {
        if let dollar = bytes.firstIndex(of: UInt8(ascii: "$")), dollar + 1 < bytes.count {
            return bytes[dollar + 1] == UInt8(ascii: "{") || bytes[dollar + 1] == UInt8(ascii: "(")
                || isLetter(bytes[dollar + 1])
        }
        let parts = bytes.split(separator: UInt8(ascii: "%"), omittingEmptySubsequences: false)
        return parts.count >= 3 && !parts[1].isEmpty
            && parts[1].allSatisfy { isLetter($0) || $0 == UInt8(ascii: "_") } && parts[1].count > 2
    }

    /// Replaces letters that compatibility forms (Unicode NFKC) or a reader's eye take for a slash, a backslash or dots.
    private static func folded(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar.value {
            case 0xFF0F, 0x2215, 0x2044, 0x29F8: text.append(UInt8(ascii: "/"))
            case 0xFF3C, 0xFE68, 0x2216: text.append(UInt8(ascii: "\\"))
            case 0xFF0E, 0x2024, 0xFE52: text.append(UInt8(ascii: "."))
            case 0x2025: text += Array("..".utf8)
            case 0xFF1A: text.append(UInt8(ascii: ":"))
            default: text += Array(String(scalar).utf8)
            }
        }
        return text
    }

    /// Decodes percent escapes until nothing changes, at most three times.
    private static func percentDecoded(_ bytes: [UInt8]) -> [UInt8] {
        var current = bytes
        for _ in 0..<3 {
            var next: [UInt8] = []
            var at = 0
            while at < current.count {
                if current[at] == UInt8(ascii: "%"), at + 2 < current.count,
                    let value = UInt8(String(decoding: current[(at + 1)...(at + 2)], as: UTF8.self), radix: 16)
                {
                    next.append(value)
                    at += 3
                } else {
                    next.append(current[at])
                    at += 1
                }
            }
            if next == current { break }
            current = next
        }
        return current
    }
}
