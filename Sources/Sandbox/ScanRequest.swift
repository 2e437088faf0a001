internal import ByteParsing

/// One file of a request to a worker; a request is some of them one after the other, and as many descriptors.
///
/// Written as the number (32 bits, little-endian), the length of the path (16 bits) and the path.
struct ScanRequest: Hashable {
    /// What the answer is to be called.
    let number: UInt32
    /// The path's bytes, of which the last component is a hint for the readers.
    let path: [UInt8]

    /// Longest request.
    static let mostBytes = 64 << 10
    /// Files that one request may hold.
    static let mostFiles = 32
    /// Bytes of a path that are passed on, its last ones: as many as let the most files fit.
    private static let longestPath = mostBytes / mostFiles - 6

    func write(to message: inout [UInt8]) {
        let shown = path.suffix(Self.longestPath)
        for shift in stride(from: 0, to: 32, by: 8) { message.append(UInt8(truncatingIfNeeded: number >> shift)) }
        for shift in stride(from: 0, to: 16, by: 8) { message.append(UInt8(truncatingIfNeeded: shown.count >> shift)) }
        message += shown
    }

    /// The files of a request; nil when it is not what `write` writes.
    static func read(_ message: ByteRegion) -> [ScanRequest]? {
        var requests: [ScanRequest] = []
        var at = 0
        while at < message.count {
            guard let number = message.little(UInt32.self, at: at),
                let length = message.little(UInt16.self, at: at + 4),
                let path = message.slice(at + 6, Int(length))
            else { return nil }
            requests.append(ScanRequest(number: number, path: path.array()))
            at += 6 + path.count
        }
        return requests
    }
}
