internal import ByteParsing
internal import SecretDetection

/// Judges addresses (URLs) in metadata by their structure and by what their hosts are for.
enum AddressJudge {
    struct Remark: Hashable {
        var isMedium: Bool
        var reason: String
        var address: String
    }

    static let limit = 50

    static func remarks(in region: ByteRegion) -> [Remark] {
        let bytes = region.bytes
        var remarks: [Remark] = []
        var from = 0
        while remarks.count < limit, let hit = bytes.firstOffset(of: separator, from: from) {
            from = hit + 3
            var start = hit
            while hit - start < 16, let byte = bytes.byte(at: start - 1),
                SecretScanner.isWord(byte) || byte == UInt8(ascii: "+")
            {
                start -= 1
            }
            var stop = hit + 3
            while stop - hit < 2048, let byte = bytes.byte(at: stop), byte > 0x20, byte != UInt8(ascii: "\""),
                byte != UInt8(ascii: "'"),
                byte != UInt8(ascii: "<"), byte != UInt8(ascii: ">"), byte != UInt8(ascii: "`"),
                byte != UInt8(ascii: "\\")
            {
                stop += 1
            }
            let scheme = bytes.extracting(start..<hit).array().map { $0 | 0x20 }
            let rest = bytes.extracting((hit + 3)..<stop).array()
            if let remark = judge(String(decoding: scheme, as: UTF8.self), rest), !remarks.contains(remark) {
                remarks.append(remark)
            }
        }
        return remarks
    }

    /// Whether an address leads to a bare number, or to a place where anybody can leave something.
    static func isAnonymous(_ word: String) -> Bool {
        guard word.contains("://") else { return false }
        return remarks(in: ByteRegion(Array(word.utf8))).contains {
            $0.reason != "the address of a program"
        }
    }

    /// Whether an address is anonymous, or has no protection on the way.
    static func isUnprotected(_ word: String) -> Bool {
        guard word.contains("://") else { return false }
        if isAnonymous(word) { return true }
        let address = word.lowercased()
        guard address.hasPrefix("http://") || address.hasPrefix("ftp://") else { return false }
        let host = address.drop { $0 != ":" }.dropFirst(3).prefix { $0 != "/" && $0 != ":" }
        return !["localhost", "host.docker.internal"].contains(String(host)) && !host.hasPrefix("127.")
            && !host.hasPrefix("192.168.") && !host.hasPrefix("10.") && !host.hasPrefix("$")
    }

    private static let separator = Array("://".utf8)

    private static func judge(_ scheme: String, _ rest: [UInt8]) -> Remark? {
        let cut =
            rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
            ?? rest.count
        let authority = rest[..<cut]
        let path = String(decoding: rest[cut...], as: UTF8.self).lowercased()
        var host = authority
        var userinfo: ArraySlice<UInt8> = []
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
            userinfo = authority[..<at]
            host = authority[authority.index(after: at)...]
        }
        var name = String(decoding: host, as: UTF8.self).lowercased()
        if !name.hasPrefix("["), let colon = name.lastIndex(of: ":") { name = String(name[..<colon]) }
        let shown =
            scheme + "://" + (userinfo.isEmpty ? "" : "…@") + String(decoding: host, as: UTF8.self)
            + String(decoding: rest[cut...].prefix(80), as: UTF8.self)
        func remark(_ reason: String, medium: Bool = false) -> Remark {
            Remark(isMedium: medium, reason: reason, address: shown)
        }
        switch scheme {
        case "file": return path.count > 1 || !name.isEmpty ? remark("the address of a local file") : nil
        case "http", "https", "ftp", "ftps", "ws", "wss", "tcp", "smb", "ssh", "git", "gopher", "ldap", "rmi", "telnet":
            break
        default: return nil
        }
        if ["gopher", "ldap", "rmi", "smb", "telnet"].contains(scheme) {
            return remark("an address of the scheme \(scheme)")
        }
        guard !name.isEmpty else { return nil }
        // What stands before the `@` is a user's name, even when it looks like a host's.
        if scheme.hasPrefix("http"), poses(userinfo.prefix { $0 != UInt8(ascii: ":") }) {
            return remark("an address that poses as another's", medium: true)
        }
        if famous.contains(where: { name.hasPrefix($0 + ".") && name.utf8.count > $0.utf8.count + 1 }) {
            return remark("an address that poses as another's", medium: true)
        }
        if name.contains("%") { return remark("an address with a disguised host", medium: true) }
        let file = path.prefix { $0 != "?" && $0 != "#" }
        let isProgram = programs.contains { file.hasSuffix($0) }
        if let kind = numericHost(name) {
            switch kind {
            case .local: return nil
            case .cloud: return remark("the address of a cloud's metadata service", medium: true)
            case .disguised: return remark("an address with a disguised IP number", medium: true)
            case .dotted: return remark("an address with a bare IP number", medium: isProgram)
            }
        }
        if name.hasSuffix(".onion") || name.hasSuffix(".onion.to") || name.hasSuffix(".i2p") {
            return remark("an address in a hidden network", medium: true)
        }
        if name.split(separator: ".").contains(where: { $0.hasPrefix("xn--") }) || !name.utf8.allSatisfy({ $0 < 0x80 })
        {
            return remark("an address with an internationalised host name")
        }
        if let purpose = AddressHosts.purpose(of: name, path: path) {
            return remark(purpose.reason, medium: purpose.isMedium || isProgram && purpose.isNameOfNumber)
        }
        return isProgram ? remark("the address of a program") : nil
    }

    /// Whether a user's name looks like the name of a host.
    private static func poses(_ user: ArraySlice<UInt8>) -> Bool {
        let labels = user.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.count >= 2, let last = labels.last,
            domains.contains(String(decoding: last, as: UTF8.self).lowercased())
        else { return false }
        return labels.allSatisfy { label in
            !label.isEmpty && label.allSatisfy { SecretScanner.isWord($0) || $0 == UInt8(ascii: "-") }
        }
    }

    private static let domains: Set<String> = [
        "com", "org", "net", "co", "io", "ai", "dev", "edu", "gov", "app", "cloud", "cn", "de", "uk", "fr", "jp",
    ]

    /// Hosts that models come from: what goes on behind such a name is somebody else's.
    private static let famous = [
        "huggingface.co", "github.com", "gitlab.com", "pypi.org", "files.pythonhosted.org", "raw.githubusercontent.com",
        "kaggle.com", "modelscope.cn", "pytorch.org", "tensorflow.org",
    ]

    private enum NumericHost { case local, dotted, disguised, cloud }

    /// Whether a host name is an IP number, in any of the notations that resolvers take.
    private static func numericHost(_ name: String) -> NumericHost? {
        if name.hasPrefix("[") {
            if name.hasPrefix("[fd00:ec2::254]") { return .cloud }
            if name.hasPrefix("[::ffff:") { return .disguised }
            return name.hasPrefix("[::1]") || name.hasPrefix("[fe80") || name.hasPrefix("[fd") ? .local : .dotted
        }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 4, !parts.isEmpty else { return nil }
        var values: [Int] = []
        var isPlain = parts.count == 4
        for part in parts {
            if part.hasPrefix("0x"), let value = Int(part.dropFirst(2), radix: 16) {
                isPlain = false
                values.append(value)
            } else if part.count > 1, part.hasPrefix("0"), let value = Int(part, radix: 8) {
                isPlain = false
                values.append(value)
            } else if !part.isEmpty, part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(part) {
                values.append(value)
            } else {
                return nil
            }
        }
        guard isPlain else { return parts.count == 1 && values[0] < 1 << 16 ? nil : .disguised }
        guard values.allSatisfy({ $0 < 256 }) else { return nil }
        if values == [169, 254, 169, 254] || values == [100, 100, 100, 200] { return .cloud }
        let isLocal =
            values[0] == 127 || values[0] == 0 || values[0] == 10 || values[0] == 192 && values[1] == 168
            || values[0] == 172 && (16...31).contains(values[1])
        return isLocal ? .local : .dotted
    }

    private static let programs = [
        ".exe", ".scr", ".bat", ".cmd", ".ps1", ".dll", ".msi", ".hta", ".vbs", ".jar", ".apk", ".elf", ".sh", ".so",
        ".dylib", ".pkl", ".pickle", ".lnk", ".pif", ".cpl", ".wsf", ".psm1", ".msix", ".pyz", ".appimage", ".dmg",
        ".deb", ".rpm", ".run",
    ]
}
