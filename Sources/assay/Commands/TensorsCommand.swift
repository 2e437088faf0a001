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

/// Lists tensors, operators and metadata as the scan reads them: what the tests compare with the formats' libraries.
struct TensorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tensors", abstract: "Lists tensors, operators and metadata, one JSON object a file.",
        shouldDisplay: false)

    @Argument(help: "Files to list.")
    var paths: [String]

    func run() throws {
        for path in paths {
            let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw ValidationError("cannot open \(path)") }
            defer { close(descriptor) }
            let region = try ByteRegion.map(descriptor: descriptor, count: Int(lseek(descriptor, 0, SEEK_END)))
            print(TensorListing.json(region))
        }
    }
}
