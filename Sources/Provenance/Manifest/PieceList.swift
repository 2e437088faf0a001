internal import ByteParsing

/// What a tree is hashed in: its files, or the shards of them.
struct PieceList: Sendable {
    private let files: FileList
    /// Bytes of a shard; nil for whole files.
    private let shard: Int?
    /// The place of each file's first shard, and how many there are in all; empty for whole files.
    private var starts: [Int] = []

    init(_ files: FileList, _ method: Manifest.Method) {
        self.files = files
        guard case .shards(let size) = method, size > 0 else {
            shard = nil
            return
        }
        shard = size
        var total = 0
        starts.reserveCapacity(files.count + 1)
        for index in files.indices {
            starts.append(total)
            total += files.size(index) / size + (files.size(index).isMultiple(of: size) ? 0 : 1)
        }
        starts.append(total)
    }

    var count: Int { starts.last ?? files.count }

    /// The names, where they are those of the files and in order.
    var paths: PathList? { shard == nil ? files.paths : nil }

    /// The place of the file that a piece is of.
    private func file(of piece: Int) -> Int {
        guard shard != nil else { return piece }
        // The last file that starts at the piece or before it: empty files have none, and start where the next one does.
        var (low, high) = (0, files.count)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if starts[middle] <= piece { low = middle } else { high = middle }
        }
        return low
    }

    private func range(of piece: Int, in file: Int) -> Range<Int> {
        let size = files.size(file)
        guard let shard else { return 0..<size }
        let start = (piece - starts[file]) * shard
        return start..<min(size, start.adding(checked: shard) ?? size)
    }

    /// Bytes of a piece.
    func size(_ piece: Int) -> Int { range(of: piece, in: file(of: piece)).count }

    subscript(piece: Int) -> TreeHasher.Piece {
        let place = file(of: piece)
        let (file, range) = (files[place], range(of: piece, in: place))
        return TreeHasher.Piece(
            file: file, name: shard == nil ? file.path : Manifest.shardName(file.path, range), range: range)
    }
}
