internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// What build tools and systems run of their descriptions in XML: Maven, Ant, MSBuild, property lists of launchd, tasks
/// of Windows.
struct XMLCommands {
    let scan: Scan
    let item: ScanItem
    private var root = ""
    /// Text of the element that is open.
    private var text = ""
    private var path: [String] = []
    // Property lists.
    private var key = ""
    private var program: [String] = []
    private var isAutomatic = false
    private var programOffset = 0
    // Maven, Ant, Windows.
    private var plugin = ""
    private var executable = ""
    private var arguments: [String] = []
    private var start = 0

    private static let roots: Set<String> = ["project", "Project", "plist", "Task", "dict"]
    private static let most = 256

    init(scan: Scan, item: ScanItem) {
        self.scan = scan
        self.item = item
    }

    /// - Parameter root: the name of the text's first element.
    mutating func take(_ event: XMLEvent, root: String, at offset: Int) {
        guard Self.roots.contains(root) else { return }
        self.root = root
        switch event {
        case .start(let name, let attributes, let isEmpty):
            let name = XMLJudge.local(name)
            text = ""
            if !isEmpty, path.count < 1_000 { path.append(name) }
            begin(name, attributes, at: offset)
            if isEmpty { end(name, at: offset, isEmpty: true) }
        case .end(let name):
            end(XMLJudge.local(name), at: offset, isEmpty: false)
            _ = path.popLast()
            text = ""
        case .text(let part): if text.utf8.count < 1 << 16 { text += part }
        default: break
        }
    }

    private mutating func begin(_ name: String, _ attributes: [XMLAttribute], at offset: Int) {
        func value(_ name: String) -> String? {
            attributes.first { $0.name.lowercased() == name }?.value
        }
        switch (root, name) {
        case ("Project", "Exec"):
            if let command = value("command") {
                AutomaticCommand.judge(
                    command, by: "Building the project", severity: .medium, at: item.location.at(offset, name), in: scan
                )
            }
        case ("Project", "UsingTask"):
            if value("taskfactory")?.lowercased().contains("code") ?? false {
                report("Building the project compiles and runs code that stands in its description", .medium, offset)
            }
        case ("project", "exec"), ("project", "java"), ("project", "script"):
            start = offset
            executable = value("executable") ?? value("classname") ?? value("language") ?? ""
            arguments = []
        case ("project", "arg"):
            guard arguments.count < Self.most else { return }
            if let argument = value("value") { arguments.append(argument) }
            // Quotes are not followed: what is handed to a shell stays in one piece.
            if let line = value("line") { arguments += line.split(separator: " ", maxSplits: 1).map(String.init) }
        case ("project", "plugin"): (plugin, executable, arguments, start) = ("", "", [], offset)
        case ("Task", "Exec"): (executable, arguments, start) = ("", [], offset)
        default: break
        }
    }

    private mutating func end(_ name: String, at offset: Int, isEmpty: Bool) {
        switch root {
        case "plist", "dict": property(name, at: offset)
        case "project": build(name, at: offset)
        case "Task": task(name)
        default: break
        }
    }

    // MARK: Property lists

    private mutating func property(_ name: String, at offset: Int) {
        switch name {
        case "key": key = text
        case "string" where key == "ProgramArguments" || key == "Program":
            if program.isEmpty { programOffset = offset }
            if program.count < Self.most { program.append(text) }
        case "true" where key == "RunAtLoad" || key == "KeepAlive": isAutomatic = true
        case "integer" where key == "StartInterval": isAutomatic = true
        case "dict" where key == "StartCalendarInterval" || key == "KeepAlive": isAutomatic = true
        case "plist":
            guard let first = program.first else { return }
            let isOdd = AutomaticCommand.isInline(program) || AutomaticCommand.isOddPlace(first)
            AutomaticCommand.judge(
                AutomaticCommand.joined(program), by: isAutomatic ? "Logging in" : "The system",
                severity: isOdd ? .medium : .low, at: item.location.at(programOffset, "ProgramArguments"), in: scan)
        default: break
        }
    }

    // MARK: Builds

    private mutating func build(_ name: String, at offset: Int) {
        let place = item.location.at(start, name)
        switch name {
        case "artifactId" where path.dropLast().last == "plugin": plugin = text
        case "executable": executable = text
        case "argument", "commandlineArgs": if arguments.count < Self.most { arguments.append(text) }
        case "exec", "java":
            // Ant, or Ant within Maven.
            guard !executable.isEmpty else { return }
            let words = [executable] + arguments
            AutomaticCommand.judge(
                AutomaticCommand.joined(words), by: "Building the project",
                severity: AutomaticCommand.isInline(words) ? .medium : .low, at: place, in: scan)
            (executable, arguments) = ("", [])
        case "script" where !executable.isEmpty:
            report("Building the project runs a script in \(Printable.line(executable, limit: 40))", .low, start)
            AutomaticCommand.content(of: text, at: place, in: scan)
        case "plugin" where plugin == "exec-maven-plugin" && !executable.isEmpty:
            let words = [executable] + arguments
            AutomaticCommand.judge(
                AutomaticCommand.joined(words), by: "Building the project",
                severity: AutomaticCommand.isInline(words) ? .medium : .low, at: place, in: scan)
        case "plugin" where ["groovy-maven-plugin", "gmavenplus-plugin", "gmaven-plugin"].contains(plugin):
            report("Building the project runs Groovy that stands in its description", .low, start)
        case "url" where path.contains("repository") || path.contains("pluginRepository"):
            guard AddressJudge.isUnprotected(text) else { return }
            scan.report(
                "PACKAGE-SOURCE", "Packages come from an unprotected address: `\(Printable.line(text, limit: 120))`",
                at: item.location.at(offset, "repository"), severity: .low)
        default: break
        }
    }

    private mutating func task(_ name: String) {
        switch name {
        case "Command": executable = text
        case "Arguments": arguments = [text]
        case "Exec":
            guard !executable.isEmpty else { return }
            AutomaticCommand.judge(
                ([executable] + arguments).joined(separator: " "), by: "Windows", severity: .medium,
                at: item.location.at(start, "Exec"), in: scan)
        default: break
        }
    }

    private func report(_ message: String, _ severity: Severity, _ offset: Int) {
        scan.report("COMMAND-AUTOMATIC", message, at: item.location.at(offset, path.last), severity: severity)
    }
}
