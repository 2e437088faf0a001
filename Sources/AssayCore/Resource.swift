internal import AssayData
public import ByteParsing

/// A data file that is compiled into the program.
public struct Resource: Sendable {
    public let name: String
    /// Its bytes, where the program's image has them: nothing is copied.
    public let region: ByteRegion

    /// Every shipped data file.
    public static let all: [Resource] = (0..<assay_resource_total()).map { index in
        // The table, its names and its bytes are constants of the program's image: they are never freed or written.
        let entry = unsafe assay_resource_at(index).pointee
        return unsafe Resource(
            name: String(cString: entry.name),
            region: ByteRegion(immortal: UnsafeRawBufferPointer(start: entry.bytes, count: entry.count)))
    }

    /// The file of that name, or nil when there is none.
    public static func named(_ name: String) -> ByteRegion? { all.first { $0.name == name }?.region }
}
