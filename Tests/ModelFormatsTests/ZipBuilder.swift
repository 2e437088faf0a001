/// Writes ZIP archives byte by byte, so that each view can say something else.
struct ZipBuilder {
    struct Member {
        var name: String
        var data: [UInt8]
        var method: UInt16 = 0
        var flags: UInt16 = 0
        var versionNeeded: UInt16 = 20
        var attributes: UInt32 = 0
        /// What the directory says instead, where it differs.
        var centralName: String?
        var centralMethod: UInt16?
        var centralFlags: UInt16?
        var centralSize: UInt32?
        var uncompressedSize: UInt32?
        var isListed = true
        var hasDescriptor = false
    }

    var members: [Member] = []
    var comment: [UInt8] = []
    var prefix: [UInt8] = []
    var statedCount: UInt16?
    /// Whether offsets count from the first byte of the file, or from the first byte of the archive.
    var offsetsIncludePrefix = true

    func build() -> [UInt8] {
        var bytes = prefix
        var directory: [UInt8] = []
        var listed: UInt16 = 0
        for member in members {
            let offset = UInt32(bytes.count - (offsetsIncludePrefix ? 0 : prefix.count))
            let size = UInt32(member.data.count)
            let whole = member.uncompressedSize ?? size
            let flags = member.flags | (member.hasDescriptor ? 8 : 0)
            let stated: [UInt32] = member.hasDescriptor ? [0, 0, 0] : [0, size, whole]
            bytes += [0x50, 0x4B, 3, 4] + little(member.versionNeeded) + little(flags) + little(member.method)
            bytes += [0, 0, 0, 0] + stated.flatMap { little($0) }
            bytes += little(UInt16(member.name.utf8.count)) + [0, 0] + Array(member.name.utf8) + member.data
            if member.hasDescriptor {
                bytes += [0x50, 0x4B, 7, 8] + little(UInt32(0)) + little(size) + little(whole)
            }
            guard member.isListed else { continue }
            listed += 1
            let name = Array((member.centralName ?? member.name).utf8)
            directory += [0x50, 0x4B, 1, 2, 20, 3] + little(member.versionNeeded)
            directory += little((member.centralFlags ?? member.flags) | (member.hasDescriptor ? 8 : 0))
            directory += little(member.centralMethod ?? member.method) + [0, 0, 0, 0] + little(UInt32(0))
            directory += little(member.centralSize ?? size) + little(whole) + little(UInt16(name.count))
            directory += [0, 0, 0, 0, 0, 0, 0, 0] + little(member.attributes) + little(offset) + name
        }
        let start = UInt32(bytes.count - (offsetsIncludePrefix ? 0 : prefix.count))
        bytes +=
            directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + little(statedCount ?? listed) + little(statedCount ?? listed)
        bytes += little(UInt32(directory.count)) + little(start) + little(UInt16(comment.count)) + comment
        return bytes
    }
}

func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    (0..<(T.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> (8 * T($0))) }
}
