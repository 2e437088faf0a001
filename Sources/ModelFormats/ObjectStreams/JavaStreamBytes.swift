internal import ByteParsing

/// The primitives of a stream of Java's objects, one behind the other.
struct JavaStreamBytes {
    /// Why reading goes no further: the stream ends, or it holds something that is not followed.
    enum Stop: Error { case cut, unknown }

    private let region: ByteRegion
    /// Behind the stream's magic number and version.
    private(set) var at = 4

    init(_ region: ByteRegion) { self.region = region }

    var left: Int { region.count - at }
    var next: UInt8? { region[at] }

    mutating func byte() throws(Stop) -> UInt8 {
        guard let byte = region[at] else { throw .cut }
        at += 1
        return byte
    }

    mutating func number<T: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(_ type: T.Type) throws(Stop)
        -> T
    {
        guard let value = region.big(type, at: at) else { throw .cut }
        at += MemoryLayout<T>.size
        return value
    }

    mutating func skip(_ count: Int) throws(Stop) {
        guard count >= 0 else { throw .unknown }
        guard count <= region.count - at else { throw .cut }
        at += count
    }

    mutating func text() throws(Stop) -> String {
        let length = Int(try number(UInt16.self))
        guard let bytes = region.slice(at, length) else { throw .cut }
        at += length
        return bytes.prefix(256).text()
    }
}
