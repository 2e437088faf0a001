import ByteParsing

/// Builds small HDF5 files by hand: a version 2 superblock, version 2 object headers, compact links and attributes.
struct HDF5Fixture {
    static func little(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// An object header with `messages`.
    static func header(_ messages: [(type: Int, data: [UInt8])]) -> [UInt8] {
        var body: [UInt8] = []
        for message in messages {
            body.append(UInt8(message.type))
            body += little(message.data.count, 2)
            body.append(0)
            body += message.data
        }
        var header = Array("OHDR".utf8)
        header += [2, 2]
        header += little(body.count, 4)
        return header + body + [0, 0, 0, 0]
    }

    static func fixedString(_ size: Int) -> [UInt8] { [0x13, 0, 0, 0] + little(size, 4) }
    static func bytesType() -> [UInt8] { [0x10, 0, 0, 0] + little(1, 4) + [0, 0, 8, 0] }
    static func floatType() -> [UInt8] {
        [0x11, 0x20, 0x1F, 0] + little(4, 4) + [0, 0, 32, 0, 23, 8, 0, 23] + little(127, 4)
    }
    static func space(_ shape: [Int]) -> [UInt8] {
        [2, UInt8(shape.count), 0, shape.isEmpty ? 0 : 1] + shape.flatMap { little($0, 8) }
    }

    static func attribute(_ name: String, text: [UInt8]) -> (type: Int, data: [UInt8]) {
        let name = Array(name.utf8) + [0]
        let type = fixedString(text.count)
        let space = space([])
        var data: [UInt8] = [3, 0]
        for size in [name.count, type.count, space.count] { data += little(size, 2) }
        data += [0] + name
        return (0x0C, data + type + space + text)
    }

    static func hardLink(_ name: String, _ address: Int) -> (type: Int, data: [UInt8]) {
        (0x06, [1, 0, UInt8(name.utf8.count)] + Array(name.utf8) + little(address, 8))
    }

    static func externalLink(_ name: String, file: String, path: String) -> (type: Int, data: [UInt8]) {
        let value: [UInt8] = [0] + Array(file.utf8) + [0] + Array(path.utf8) + [0]
        let head: [UInt8] = [1, 8, 64, UInt8(name.utf8.count)] + Array(name.utf8)
        return (0x06, head + little(value.count, 2) + value)
    }

    static func softLink(_ name: String, to path: String) -> (type: Int, data: [UInt8]) {
        let head: [UInt8] = [1, 8, 1, UInt8(name.utf8.count)] + Array(name.utf8)
        return (0x06, head + little(path.utf8.count, 2) + Array(path.utf8))
    }

    /// A file with `objects`, of which the first is the root; `objects` receives each object's address.
    static func file(userBlock: Int = 0, _ objects: ((Int) -> Int) -> [[UInt8]]) -> ByteRegion {
        // Addresses first with placeholders of the same size.
        let sizes = objects { _ in 0 }.map(\.count)
        var starts: [Int] = []
        var at = 48
        for size in sizes {
            starts.append(at)
            at += size
        }
        let built = objects { $0 < starts.count ? starts[$0] : 0 }
        var file = [UInt8](repeating: 0x20, count: userBlock)
        file += [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 2, 8, 8, 0]
        file += little(0, 8) + [UInt8](repeating: 255, count: 8)
        file += little(at, 8) + little(48, 8) + [0, 0, 0, 0]
        for object in built { file += object }
        return ByteRegion(file)
    }
}
