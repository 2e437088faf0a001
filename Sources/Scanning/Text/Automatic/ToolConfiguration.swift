internal import AssayCore
internal import ByteParsing

/// What editors, package managers, agents and container tools run of their JSON settings.
///
/// Told by the shape of the settings, not by the file's name: tasks that run when a folder is opened, scripts of a
/// package's life, commands of a development container, servers that an assistant starts.
struct ToolConfiguration {
    let scan: Scan
    let location: Location

    func judge(_ root: JSONValue) {
        guard root.isObject else { return }
        packageScripts(root)
        tasks(root)
        container(root)
        servers(root)
        hooks(root)
    }

    /// Commands of a member: a text, a list of words, or an object of such.
    private func commands(_ value: JSONValue) -> [[String]] {
        if let text = value.string { return [[text]] }
        if value.isArray {
            let words = value.elements.prefix(256).compactMap(\.string)
            return words.isEmpty ? [] : [words]
        }
        guard value.isObject else { return [] }
        return value.members.prefix(64).flatMap { member in
            member.value.isObject ? [] : commands(member.value)
        }
    }

    private func judge(_ words: [String], by trigger: String, _ severity: Severity?, at place: Location) {
        let isText = words.count == 1
        AutomaticCommand.judge(
            isText ? words[0] : AutomaticCommand.joined(words), by: trigger, severity: severity, at: place, in: scan)
    }

    // MARK: Packages

    /// Scripts that npm and Composer run by themselves.
    private static let lifecycle: Set<String> = [
        "preinstall", "install", "postinstall", "prepare", "preprepare", "postprepare", "prepublish",
        "pre-install-cmd", "post-install-cmd", "pre-update-cmd", "post-update-cmd", "post-autoload-dump",
        "post-root-package-install", "post-create-project-cmd", "pre-autoload-dump",
    ]
    /// What packages prepare themselves with.
    private static let builders: Set<String> = [
        "husky", "patch-package", "tsc", "webpack", "rollup", "vite", "npm", "yarn", "pnpm", "node-gyp",
        "prebuild-install",
        "lerna", "is-ci", "ngcc", "opencollective", "opencollective-postinstall", "electron-builder", "prisma", "nuxt",
        "next", "gulp", "grunt", "esbuild", "tsup", "babel", "cmake-js", "node-pre-gyp", "lefthook", "simple-git-hooks",
        "only-allow", "npx", "turbo", "bun", "svelte-kit", "nuxi", "expo", "jest", "eslint", "prettier", "wireit",
        "echo",
        "@php", "ng", "wasm-pack", "panda", "rimraf", "del-cli", "shx", "cpx", "copyfiles", "mkdirp", "cross-env",
    ]

    private func packageScripts(_ root: JSONValue) {
        guard let scripts = root["scripts"], scripts.isObject else { return }
        for (key, value) in scripts.members {
            guard let name = key.string else { continue }
            let place = location.at(value.offset, "scripts.\(name)")
            for words in commands(value) {
                var severity: Severity?
                if Self.lifecycle.contains(name), let first = words.first?.split(separator: " ").first {
                    let isBuilder = Self.builders.contains(ScriptProgram.base(String(first)))
                    let pieces = words[0].split(separator: " ").map(String.init)
                    severity = isBuilder ? nil : AutomaticCommand.isInline(pieces) ? .medium : .low
                }
                judge(words, by: "Installing the package", severity, at: place)
            }
        }
    }

    // MARK: Editors

    private func tasks(_ root: JSONValue) {
        guard let tasks = root["tasks"], tasks.isArray else { return }
        for task in tasks.elements.prefix(1_000) where task.isObject {
            guard let command = task["command"] ?? task["linux"]?["command"] ?? task["script"] else { continue }
            var words = commands(command).first ?? []
            words += task["args"]?.elements.prefix(256).compactMap { $0.string ?? $0["value"]?.string } ?? []
            let isAutomatic = task["runOptions"]?["runOn"]?.string == "folderOpen"
            judge(
                words, by: "Opening the folder in an editor", isAutomatic ? .medium : nil,
                at: location.at(task.offset, "tasks"))
        }
    }

    /// Commands of a development container, by where and when they run.
    private func container(_ root: JSONValue) {
        if let command = root["initializeCommand"] {
            for words in commands(command) {
                judge(
                    words, by: "Opening the folder, before its container is there,", .medium,
                    at: location.at(command.offset, "initializeCommand"))
            }
        }
        for key in [
            "onCreateCommand", "updateContentCommand", "postCreateCommand", "postStartCommand", "postAttachCommand",
        ] {
            guard let command = root[key] else { continue }
            for words in commands(command) {
                judge(words, by: "The container", nil, at: location.at(command.offset, key))
            }
        }
        guard root["runArgs"] != nil || root["mounts"] != nil || root["privileged"] != nil else { return }
        let words = root["runArgs"].map { $0.elements.compactMap(\.string) } ?? []
        for (index, word) in words.enumerated() {
            let mount =
                ["-v", "--volume", "--mount"].contains(word) && index + 1 < words.count ? words[index + 1] : word
            ContainerMount.judge(mount, at: location.at(root["runArgs"]?.offset, "runArgs"), in: scan)
        }
        for mount in root["mounts"].map({ Array($0.elements.prefix(256)) }) ?? [] {
            let text = mount.string ?? mount["source"]?.string.map { "source=\($0)," } ?? ""
            ContainerMount.judge(text, at: location.at(mount.offset, "mounts"), in: scan)
        }
        if words.contains("--privileged") {
            scan.report(
                "CONTAINER-BREAKOUT", "The container runs with the rights of the machine (`--privileged`)",
                at: location.at(root["runArgs"]?.offset, "runArgs"))
        }
    }

    // MARK: Assistants

    /// Servers of the Model Context Protocol, which an assistant starts when the folder is opened.
    private func servers(_ root: JSONValue) {
        guard let servers = root["mcpServers"] ?? root["mcp"]?["servers"] ?? root["servers"], servers.isObject else {
            return
        }
        for (key, server) in servers.members.prefix(256) where server.isObject {
            guard let command = server["command"]?.string else { continue }
            let words = [command] + (server["args"]?.elements.prefix(256).compactMap(\.string) ?? [])
            let isOdd = AutomaticCommand.isInline(words) || AutomaticCommand.isOddPlace(command)
            judge(
                words, by: "An assistant that opens the folder", isOdd ? .medium : command.contains("./") ? .low : nil,
                at: location.at(server.offset, key.string))
        }
    }

    /// Commands that an assistant runs at its own events.
    private func hooks(_ root: JSONValue) {
        guard let hooks = root["hooks"], hooks.isObject else { return }
        for (event, groups) in hooks.members.prefix(64) where groups.isArray {
            for hook in groups.descendants.prefix(1_000) where hook.isObject {
                guard let command = hook["command"]?.string else { continue }
                judge(
                    [command], by: "An assistant (at `\(Printable.line(event.string ?? "?", limit: 40))`)", .medium,
                    at: location.at(hook.offset, "hooks"))
            }
        }
    }
}

enum ContainerMount {
    /// Reports a mount that hands a container the machine's files or its engine.
    static func judge(_ mount: String, at place: Location, in scan: Scan) {
        let text = mount.trimmingPrefix { $0 == " " }
        let source =
            text.contains("source=") || text.contains("src=")
            ? text.split(separator: ",").first { $0.hasPrefix("source=") || $0.hasPrefix("src=") }?
                .split(separator: "=").last.map(String.init) ?? ""
            : String(text.prefix { $0 != ":" })
        switch source {
        case "/":
            scan.report(
                "CONTAINER-BREAKOUT",
                "The root of the machine's file system is mounted: `\(Printable.line(mount, limit: 80))`",
                at: place)
        case "/etc", "/root", "/proc", "/sys", "/boot", "/var/run/docker.sock", "/run/docker.sock",
            "/run/containerd/containerd.sock", "/var/run/crio/crio.sock":
            scan.report(
                "CONTAINER-BREAKOUT", "What belongs to the machine is mounted: `\(Printable.line(mount, limit: 80))`",
                at: place, severity: .low)
        default: break
        }
    }
}
