import ByteParsing
import Testing

@testable import ModelFormats

@Suite struct GitConfigurationTests {
    private func settings(_ text: String) throws -> [String] {
        try GitConfiguration(ByteRegion(Array(text.utf8)), budget: Budget()).settings.map {
            "\($0.section).\($0.subsection).\($0.key)=\($0.value ?? "-")@\($0.line)"
        }
    }

    @Test func sectionsKeysAndValuesAreReadAsGitReadsThem() throws {
        let text = """
            # a comment
            [CORE] fsmonitor = ./a.sh ; why
            \tPager = "less -R # no comment"
            [remote "Or\\"i]gin"]
            url = a \\
              b
            flag
            [include.path]
            x="a;b"  c
            """
        let read = try settings(text)
        #expect(
            read == [
                "core..fsmonitor=./a.sh@2", "core..pager=less -R # no comment@3", "remote.Or\"i]gin.url=a   b@5",
                "remote.Or\"i]gin.flag=-@7", "include.path.x=a;b  c@9",
            ])
    }

    @Test func whatIsNoSettingIsPassedOver() throws {
        #expect(try settings("x = 1\n[a\n[b]\n= 3\n1 = 2\nk\u{0}ey\n") == [])
        #expect(try settings("") == [])
        #expect(try settings("[a]\nb=\"open\nc=2") == ["a..b=open@2", "a..c=2@3"])
    }
}
