import ByteParsing
import Testing

@testable import Provenance

@Suite struct RequirementTests {
    private func read(_ name: String, _ text: String) -> [String] {
        RequirementReader.read(ModelPath(name), ByteRegion(Array(text.utf8))).map {
            $0.packageURL + ($0.specifier.isEmpty ? "" : " " + $0.specifier)
        }
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
        #expect(
            read("requirements-dev.txt", text) == [
                "pkg:pypi/torch@2.1.0", "pkg:pypi/numpy >=1.26,<2", "pkg:pypi/foo-bar-baz@1.0%2Bcu121",
                "pkg:pypi/name @https://example.com/x.whl", "pkg:pypi/hashed@1.0", "pkg:pypi/any ==2.*",
            ])
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

    @Test(arguments: ["requirements.json", "sub/poetry.lock", "a/requirements.txt", "README.md"])
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
