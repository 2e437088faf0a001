import ArgumentParser
import Scanning

/// Lists tensors, operators and metadata as the scan reads them: what the tests compare with the formats' libraries.
struct TensorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tensors", abstract: "Lists tensors, operators and metadata, one JSON object a file.",
        shouldDisplay: false)

    @Argument(help: "Files to list.")
    var paths: [String]

    func run() throws {
        for path in paths {
            let region = try FileInput.map(path)
            print(TensorListing.json(region))
        }
    }
}
