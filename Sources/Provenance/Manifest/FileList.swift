/// The files of a tree in few pieces of memory.
struct FileList: RandomAccessCollection, Equatable, Sendable {
    /// What of a file's identity differs between files: all of them are regular ones, and nearly all on one device.
    private struct Record: Equatable, Sendable {
        let inode: UInt64
        let size: Int
        let modified: Int
        let changed: Int
    }

    private(set) var paths = PathList()
    private var records: [Record] = []
    private var device: UInt64 = 0
    /// Of files on another device than the first one's.
    private var devices: [Int: UInt64] = [:]
    /// Where followed links lead.
    private var links: [Int: [UInt8]] = [:]

    init(_ files: some Sequence<ModelTree.File> = []) {
        for file in files { append(file) }
    }

    var startIndex: Int { 0 }
    var endIndex: Int { records.count }
    subscript(index: Int) -> ModelTree.File {
        let record = records[index]
        let identity = FileIdentity(
            device: devices[index] ?? device, inode: record.inode, size: record.size, modified: record.modified,
            changed: record.changed)
        return ModelTree.File(path: paths[index], identity: identity, link: links[index])
    }

    /// When something about a file changed last, in nanoseconds since 1970; nil of no file.
    var newestChange: Int? { records.lazy.map(\.changed).max() }

    /// Bytes of a file.
    func size(_ index: Int) -> Int { records[index].size }

    mutating func append(_ file: ModelTree.File) {
        let index = records.count
        let identity = file.identity
        if index == 0 { device = identity.device }
        if identity.device != device { devices[index] = identity.device }
        links[index] = file.link
        paths.append(file.path)
        records.append(
            Record(
                inode: identity.inode, size: identity.size, modified: identity.modified, changed: identity.changed))
    }

    /// Keeps the paths once, where another list has the same ones: of a model that is as it was signed, the signature's.
    mutating func share(_ other: PathList) {
        if paths == other { paths = other }
    }

    /// Puts the files into the order of their paths.
    mutating func sort() {
        guard !paths.isAscending else { return }
        let order = paths.order
        paths = paths.arranged(order)
        records = order.map { records[$0] }
        guard !devices.isEmpty || !links.isEmpty else { return }
        let (before, targets) = (devices, links)
        (devices, links) = ([:], [:])
        for (place, index) in order.enumerated() {
            devices[place] = before[index]
            links[place] = targets[index]
        }
    }

    /// Whether the list, which is in order, has this very file.
    func contains(_ file: ModelTree.File) -> Bool {
        guard let place = paths.place(of: file.path) else { return false }
        return self[place] == file
    }
}
