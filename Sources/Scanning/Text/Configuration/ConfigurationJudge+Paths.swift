/// Paths that configuration names, and where they lead.
extension ConfigurationJudge {
    static func isFileKey(_ key: String) -> Bool {
        let name = key.lowercased()
        return name.hasSuffix("_file") || name.hasSuffix("filename") || name.hasSuffix("file_name") || name == "file"
            || name.hasSuffix("_path") || name == "path" || name.hasSuffix("_dir") || name == "location"
            || name == "weights" || name == "checkpoint" || name == "uri" || name == "python_model" || name == "adapter"
            || ["ckpt_name", "lora_name", "vae_name", "unet_name", "control_net_name"].contains(name)
    }

    /// Whether a relative path leaves the folder it starts in.
    static func climbs(_ path: String) -> Bool {
        var depth = 0
        for part in path.split(whereSeparator: { $0 == "/" || $0 == "\\" }) {
            if part == ".." { depth -= 1 } else if part != "." { depth += 1 }
            if depth < 0 { return !path.hasPrefix("/") }
        }
        return false
    }

    /// Whether a relative path leads up three folders at most, and from there to no place of the system's or a user's.
    static func staysNear(_ path: String) -> Bool {
        guard !isSystemFile(path) else { return false }
        let parts = path.split(whereSeparator: { $0 == "/" || $0 == "\\" })
        return parts.count(where: { $0 == ".." }) <= 3
            && !parts.contains { places.contains($0.lowercased()) || $0.hasPrefix(".ssh") || $0.hasPrefix(".aws") }
    }

    private static let places: Set<String> = [
        "etc", "proc", "sys", "dev", "root", "home", "users", "windows", "system32", "authorized_keys", ".bashrc",
        ".profile", ".netrc", ".git-credentials", "cron.d", "site-packages", "dist-packages",
    ]
    /// Devices that everybody may name.
    private static let devices = ["/dev/null", "/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/tty"]

    static func isSystemFile(_ path: String) -> Bool {
        if devices.contains(path) { return false }
        return [
            "/etc/", "/proc/", "/sys/", "/dev/", "/root/.ssh", "~/.ssh", "~/.aws", "/var/run/", "C:\\Windows", "\\\\",
        ]
        .contains { path.hasPrefix($0) }
    }
}
