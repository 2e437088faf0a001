internal import AssayCore
internal import ByteParsing

/// What YAML descriptions of pipelines, containers and machines run, member by member.
enum PipelineFile {
    /// Keys whose text is a command, wherever pipelines have it.
    private static let commandKeys: Set<String> = [
        "run", "script", "before_script", "after_script", "cmd", "cmds", "command", "entry", "entrypoint", "shell",
        "bash",
        "sh", "pwsh", "powershell", "postCreateCommand", "preStop", "postStart", "exec", "prestart", "poststart",
        "hook",
        "commands", "steps_command", "on_start", "setup", "bootstrap", "user_data", "setup_commands",
        "initialization_commands", "start_commands", "head_start_ray_commands", "runcmd", "bootcmd", "predict_command",
        "install", "build_command", "before_install", "after_success",
    ]

    static func judge(_ value: String, key: String, path: String, at place: Location, in scan: Scan) {
        if commandKeys.contains(key), value.utf8.count < 1 << 16 {
            AutomaticCommand.content(of: value, at: place, in: scan)
            leaks(value, at: place, in: scan)
        }
        switch key {
        case "volumes": ContainerMount.judge(value, at: place, in: scan)
        case "path" where path.hasSuffix("hostPath.path"): ContainerMount.judge(value, at: place, in: scan)
        case "source" where path.hasSuffix("volumes.source"): ContainerMount.judge(value, at: place, in: scan)
        case "privileged" where value == "true",
            "hostPID" where value == "true", "hostIPC" where value == "true":
            scan.report(
                "CONTAINER-BREAKOUT", "The container runs with the rights of the machine (`\(key)`)", at: place,
                severity: .low)
        default: break
        }
    }

    /// A pipeline's secrets that go to an address that vouches for nothing, and texts of strangers put into commands.
    private static func leaks(_ command: String, at place: Location, in scan: Scan) {
        let lowered = command.lowercased()
        guard lowered.contains("${{") else { return }
        let words = lowered.split { " \t\n\"'|;()".contains($0) }.map(String.init)
        if lowered.contains("secrets."), words.contains(where: AddressJudge.isUnprotected) {
            scan.report(
                "SCRIPT-SECRET-ACCESS", "Sends secrets of the pipeline to an address that vouches for nothing",
                at: place)
        } else if lowered.contains("tojson(secrets)") {
            scan.report("SCRIPT-SECRET-ACCESS", "Takes all secrets of the pipeline at once", at: place)
        }
        let strangers = [
            "github.event.issue.title", "github.event.issue.body", "github.event.pull_request.title",
            "github.event.pull_request.body", "github.event.comment.body", "github.event.review.body",
            "github.head_ref",
            "github.event.pull_request.head.ref", "github.event.head_commit.message", "github.event.discussion.body",
        ]
        if strangers.contains(where: lowered.contains) {
            scan.report(
                "COMMAND-AUTOMATIC", "A pipeline puts a text that anybody can write into a command", at: place,
                severity: .low)
        }
    }
}
