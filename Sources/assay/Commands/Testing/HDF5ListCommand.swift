import ArgumentParser
import ByteParsing
import Scanning

/// What the oracle asks: the objects of HDF5 files as JSON, one line a file. Not for people.
struct HDF5ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hdf5-list", abstract: "Lists the objects of HDF5 files for the oracle.", shouldDisplay: false)

    @Argument(help: "Files to list.")
    var paths: [String]

    func run() throws {
        for path in paths {
            let region = try FileInput.map(path)
            do throws(ParseError) {
                print(try HDF5Listing.json(region))
            } catch {
                print("{\"error\": \"\(error)\"}")
            }
        }
    }
}
