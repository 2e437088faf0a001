import ByteParsing
import Testing

@testable import Provenance

@Suite struct RequirementTests {
    private func read(_ name: String, _ text: String) -> [String] {
        RequirementReader.read(ModelPath(name), ByteRegion(Array(text.utf8))).map(told)
    }

    private func told(_ one: Requirement) -> String {
        one.packageURL + (one.specifier.isEmpty ? "" : " " + one.specifier)
    }

    private func lists(_ files: [String: String], named: [String] = ["requirements.txt"]) -> RequirementLists {
        RequirementLists(named.map { ModelPath($0) }) { path in files[path.text].map { Array($0.utf8) } }
    }

    @Test func pip() {
        let text = #"""
            # a comment
            torch==2.1.0
            numpy>=1.26, <2  # why
            -r other.txt
            Foo_Bar.baz[extra]==1.0+cu121 ; python_version > '3'
            name @ https://example.com/x.whl
            hashed==1.0 \
                --hash=sha256:00
            any==2.*
            ???
            """#
        let list = RequirementLines(Array(text.utf8), path: ModelPath("requirements-dev.txt"))
        #expect(
            list.requirements.map(told) == [
                "pkg:pypi/torch@2.1.0", "pkg:pypi/numpy >=1.26,<2", "pkg:pypi/foo-bar-baz@1.0%2Bcu121",
                "pkg:pypi/name @https://example.com/x.whl", "pkg:pypi/hashed@1.0", "pkg:pypi/any ==2.*",
            ])
        #expect(list.includes == [.init(path: ModelPath("other.txt"), isConstraint: false)])
        #expect(list.unread == ["???"])
    }

    @Test func hashesNameTheFilesThatMayBeInstalled() {
        let (one, other) = (String(repeating: "0a", count: 32), String(repeating: "1b", count: 64))
        let text = """
            a==1 --hash=sha256:\(one) --hash sha512:\(other) --hash=sha256:\(one)
            b==2 ; python_version > '3' \\
              --hash=sha256:\(one)
            c==3 --hash=md5:00 --hash=sha256:0a --config-settings=x
            """
        let found = RequirementLines(Array(text.utf8), path: ModelPath("requirements.txt")).requirements
        #expect(found.map(told) == ["pkg:pypi/a@1", "pkg:pypi/b@2", "pkg:pypi/c@3"])
        #expect(found.map { $0.hashes.map(\.algorithm) } == [["SHA-256", "SHA-512"], ["SHA-256"], []])
        #expect(found[0].hashes.map(\.digest) == [one, other])
    }

    /// Whatever ends a line; and lines that no person wrote, which are told and not read.
    @Test func linesOfAllLengthsAndEnds() {
        let text = "a==1\rb==2\r\nc==3\u{2028}d==4\u{85}e==5\u{C}f==6 \\\r\n --hash=sha256:00\n\r\ng==7"
        let list = RequirementLines(Array(text.utf8), path: ModelPath("requirements.txt"))
        #expect(
            list.requirements.map(told)
                == ["a", "b", "c", "d", "e", "f", "g"].enumerated().map { "pkg:pypi/\($1)@\($0 + 1)" })
        let long = "a==1\n" + String(repeating: "b ", count: RequirementLines.lengthLimit) + "\nc==3"
        let found = RequirementLines(Array(long.utf8), path: ModelPath("requirements.txt"))
        #expect(found.requirements.map(told) == ["pkg:pypi/a@1", "pkg:pypi/c@3"])
        #expect(found.unread.count == 1)
    }

    /// The spellings that pip reads, and the encodings that shells write.
    @Test(arguments: ["-r x.txt", "-rx.txt", "--requirement x.txt", "--requirement=x.txt", "  -r\t'./x.txt'  # why"])
    func includes(line: String) {
        let list = RequirementLines(Array((line + "\n").utf8), path: ModelPath("requirements/base.txt"))
        #expect(list.includes == [.init(path: ModelPath("requirements/x.txt"), isConstraint: false)])
        let units = Array(("\u{FEFF}" + line + "\r\nnumpy==1\r\n").utf16)
        for bytes in [
            units.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }, units.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] },
        ] {
            let wide = RequirementLines(bytes, path: ModelPath("requirements/base.txt"))
            #expect(wide.includes == list.includes)
            #expect(wide.requirements.map(told) == ["pkg:pypi/numpy@1"])
        }
    }

    @Test func listsAreFollowed() {
        let found = lists([
            "requirements.txt":
                "-r deps/base.txt\ntorch\n-c ../outside.txt\n-r https://example.com/r.txt\n-r gone.txt\n-e .\n",
            "deps/base.txt": "numpy\n-c limits.txt\n-r ../requirements.txt\n",
            "deps/limits.txt": "numpy==1.26.4\nunused==1\n-r more.txt\n", "deps/more.txt": "torch==2.1\n",
        ])
        #expect(found.requirements.map(told) == ["pkg:pypi/torch", "pkg:pypi/numpy"])
        #expect(found.constraints.map(told) == ["pkg:pypi/numpy@1.26.4", "pkg:pypi/unused@1", "pkg:pypi/torch@2.1"])
        #expect(
            found.unread == [
                "requirements.txt: -c ../outside.txt", "requirements.txt: -r https://example.com/r.txt",
                "requirements.txt: -e .", "gone.txt is not in the model, or too large",
            ])
    }

    @Test func whatOnlyConstrainsAsksForNothing() {
        let files = ["requirements.txt": "a\n-c requirements-pins.txt\n", "requirements-pins.txt": "a==1\nb==2\n"]
        let found = lists(files, named: ["requirements-pins.txt", "requirements.txt"])
        #expect(found.requirements.map(told) == ["pkg:pypi/a"])
        #expect(found.constraints.count == 2)
        // Lists that constrain each other all ask for nothing; that is said rather than followed for ever.
        #expect(lists(["requirements.txt": "-r requirements.txt\na\n"]).requirements.count == 1)
    }

    /// A list that names more lists than a model has ends.
    @Test func listsWithoutEnd() {
        let found = RequirementLists([ModelPath("requirements.txt")]) { path in Array("-r \(path.text)a\n".utf8) }
        #expect(found.unread.contains { $0.hasSuffix("there are too many lists") })
    }

    @Test func lockFiles() {
        let poetry = #"""
            [[package]]
            name = "anyio"
            version = "4.4.0"
            description = "with \"quotes\" and [[package]]"
            files = [
                {file = "x.whl", hash = "sha256:00"}, # ]
            ]

            [package.dependencies]
            name = "no package"

            [[package]]
            name = 'literal'
            version = '''1.0'''

            [metadata]
            lock-version = "2.0"
            """#
        #expect(read("poetry.lock", poetry) == ["pkg:pypi/anyio@4.4.0", "pkg:pypi/literal@1.0"])
        let uv = """
            version = 1
            [[package]]
            name = "me"
            version = "0.1"
            source = { editable = "." }
            [[package]]
            name = "certifi"
            version = "2024.7.4"
            source = { registry = "https://example.com", nested = { a = ["}"] } }
            """
        #expect(read("uv.lock", uv) == ["pkg:pypi/certifi@2024.7.4"])
        let pipfile = """
            {"default": {"flask": {"version": "==3.0.3"}, "loose": {}}, "develop": {"pytest": {"version": "==8"}}}
            """
        #expect(read("Pipfile.lock", pipfile) == ["pkg:pypi/flask@3.0.3", "pkg:pypi/loose"])
    }

    @Test func projects() {
        let text = """
            [project]
            dependencies = [
              "httpx==0.27.0", # ]
              "rich>=13",
            ]
            [tool.poetry.dependencies]
            python = "^3.11"
            pydantic = "2.7.1"
            sqlalchemy = {version = "^2.0", extras = ["asyncio"]}
            """
        #expect(
            read("pyproject.toml", text) == [
                "pkg:pypi/httpx@0.27.0", "pkg:pypi/rich >=13", "pkg:pypi/pydantic@2.7.1", "pkg:pypi/sqlalchemy ^2.0",
            ])
    }

    @Test func conda() {
        let text = """
            name: e
            dependencies:
              - python=3.11
              - conda-forge::scipy=1.13.1=py311
              - pandas>=2
              - _libgcc_mutex=0.1=main
              - Jupyter_Core=5.7.2
              - pip:
                - lightgbm==4.3.0
            """
        #expect(
            read("environment.yml", text) == [
                "pkg:conda/scipy@1.13.1", "pkg:conda/pandas >=2", "pkg:conda/_libgcc_mutex@0.1",
                "pkg:conda/jupyter_core@5.7.2", "pkg:pypi/lightgbm@4.3.0",
            ])
    }

    @Test(arguments: ["requirements.json", "sub/poetry.lock", "a/requirements.txt", "README.md", "constraints.txt"])
    func otherFilesAreLeftAlone(name: String) { #expect(!RequirementReader.isKnown(ModelPath(name))) }

    /// Text that ends anywhere, and nesting without end, end the reading: what was read until then stays.
    @Test func brokenTextEnds() {
        let whole = Array("[[package]]\nname = \"a\"\nversion = \"1\"\nx = [[{y = \"\"\"z\"\"\"}]]\n".utf8)
        for length in 0...whole.count { _ = TOMLTables(Array(whole.prefix(length))) }
        #expect(TOMLTables(whole).tables.last?.string("version") == "1")
        for symbol in ["[", "{", "\"", "a = [", "a = {b = {", "\"\"\"", "a = \"\\"] {
            let tables = TOMLTables(Array(String(repeating: symbol, count: 100_000).utf8)).tables
            #expect(tables.allSatisfy { $0.string("name") == nil })
        }
    }
}

@Suite struct CardSectionsTests {
    @Test func headingsOfTheTemplatesAreKnown() {
        let sections = CardSections(
            """
            ---
            license: mit
            ---
            # Model
            ## Uses
            <!-- Address questions around how the model is intended to be used -->
            ### Direct Use
            Counting   words.

            And letters.
            ### Out-of-Scope Use
            Medicine.
            ## Bias, Risks, and Limitations
            English only.
            ```
            # not a heading
            ```
            ## Training Details
            [More Information Needed]
            """)
        #expect(sections.uses == ["Counting words. And letters."])
        #expect(sections.misuses == ["Medicine."])
        #expect(sections.limitations == ["English only."])
        #expect(sections.training.isEmpty)
    }
}
