import ArgumentParser
import ByteParsing
import Scanning

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the oracle asks: the objects of HDF5 files as JSON, one line a file. Not for people.
struct HDF5ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hdf5-list", abstract: "Lists the objects of HDF5 files for the oracle.", shouldDisplay: false)

    @Argument(help: "Files to list.")
    var paths: [String]

    func run() throws {
        for path in paths {
            let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
            defer { close(descriptor) }
            guard descriptor >= 0 else { throw ValidationError("\(path) cannot be opened") }
            let size = Int(lseek(descriptor, 0, SEEK_END))
            let region = try ByteRegion.map(descriptor: descriptor, count: size)
            do throws(ParseError) {
                print(try HDF5Listing.json(region))
            } catch {
                print("{\"error\": \"\(error)\"}")
            }
        }
    }
}
