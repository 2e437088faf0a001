import ArgumentParser
import ByteParsing
import Scanning

/// Writes the syntax trees of templates, one JSON string a line of standard input: what the tests compare with jinja2.
struct TemplateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "template", abstract: "Writes the syntax trees of templates.", shouldDisplay: false)

    func run() throws {
        while let line = readLine() {
            let document = try JSONDocument(ByteRegion(Array(line.utf8)))
            print(TemplateNotation.line(document.root.string ?? ""))
        }
    }
}
