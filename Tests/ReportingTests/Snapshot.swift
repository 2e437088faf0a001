import ByteParsing
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Texts that are checked in: a change of them is a diff to be read. `ASSAY_RECORD=1` writes them anew.
enum Snapshot {
    static let folder =
        "\(#filePath)".split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        + "/Snapshots"

    static var isRecording: Bool { unsafe getenv("ASSAY_RECORD") != nil }

    static func read(_ path: String) -> String? {
        let descriptor = unsafe open(path, O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        return (try? ByteRegion.read(descriptor: descriptor, count: size))?.text(limit: size)
    }

    static func write(_ text: String, to path: String) {
        guard let file = unsafe fopen(path, "w") else { return }
        _ = unsafe fputs(text, file)
        unsafe fclose(file)
    }

    static func expect(_ text: String, is name: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let path = folder + "/" + name
        if isRecording { return write(text, to: path) }
        #expect(read(path) == text, "\(name) differs; ASSAY_RECORD=1 records it", sourceLocation: sourceLocation)
    }
}
