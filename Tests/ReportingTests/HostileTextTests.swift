import ByteParsing
import Reporting
import Testing

/// Text from files must not get out of the place that a format gives it.
@Suite struct HostileTextTests {
    private let report = SampleReport.report

    @Test func terminalShowsNoControlCharacters() {
        let text = TerminalReport().render(report)
        #expect(!text.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
        #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .format })
        var options = TerminalReport.Options()
        options.isColoured = true
        let coloured = TerminalReport(options: options).render(report)
        // Every escape is one of our own: a colour that is switched off again.
        let escapes = coloured.split(separator: "\u{1B}", omittingEmptySubsequences: false).dropFirst()
        #expect(escapes.allSatisfy { $0.hasPrefix("[") && $0.prefix { $0 != "m" }.count < 16 })
        #expect(escapes.count.isMultiple(of: 2))
    }

    @Test func noLineIsWiderThanTheTerminal() {
        for columns in [40, 60, 100] {
            var options = TerminalReport.Options()
            options.columns = columns
            let lines = TerminalReport(options: options).render(report).split(separator: "\n").dropLast()
            #expect(lines.allSatisfy { $0.unicodeScalars.count <= columns }, "\(columns) columns")
        }
    }

    @Test func markupIsEscaped() {
        for page in [HTMLReport().render(report), JUnitReport().render(report)] {
            #expect(!page.contains("<img") && !page.contains("</script>"))
            #expect(!page.contains("\u{1B}") && !page.contains("\u{202E}"))
            #expect(page.contains("&lt;img src=x onerror=alert(1)&gt; &amp; &quot;quotes&quot;"))
        }
        #expect(HTMLReport().render(report).contains("default-src 'none'"))
        let markdown = MarkdownReport().render(report)
        let cells = markdown.split(separator: "\n").first { $0.contains("a name that wants out") }
        #expect(cells?.contains("\\|") == true)
        // Inside of a code span nothing is markup; outside nothing may be.
        let outside = try? #require(cells?.split(separator: "`` archive").first)
        #expect(outside?.contains("<") == false && outside?.contains("`tick`") == true)
        #expect(HTMLReport().render(report).contains("<code>tick</code>"))
    }

    @Test func jsonReadsBackAsItWasWritten() throws {
        let document = try JSONDocument(ByteRegion(Array(JSONReport().render(report).utf8)), dialect: .strict)
        let root = document.root
        #expect(root["schema"]?.string == ScanReport.schema)
        #expect(root["files"]?.count == report.files.count)
        let message = root["files"]?[1]?["findings"]?[1]?["message"]?.string
        #expect(message == "a name that wants out: " + SampleReport.hostile)
        #expect(root["summary"]?["suppressed"]?.integer == 1)
        #expect(root["summary"]?["exitCode"]?.integer == 1)
    }
}
