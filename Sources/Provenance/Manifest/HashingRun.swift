internal import Dispatch
internal import Synchronization

/// One run of a `TreeHasher`: the pieces in the order in which threads take them, and what came of each.
final class HashingRun: Sendable {
    private struct State: Sendable {
        /// Places in the order of work that are still to be taken.
        var left = 0..<0
        /// Room for the digest of each piece, one after the other, and which have been taken.
        var digests: [UInt8] = []
        var isTaken: [Bool] = []
        var problems: [TreeError] = []
        var progress = TreeHasher.Progress()
    }

    private let hasher: TreeHasher
    private let tree: ModelTree
    private let pieces: PieceList
    /// The largest first, so that the last thread to finish is never left alone with a big one.
    private let order: [Int]
    private let isPairable: Bool
    /// Pieces that a thread hashes at a time.
    private let lanes: Int
    private let state = Mutex(State())
    private let tell: @Sendable (TreeHasher.Progress) -> Void

    init(_ hasher: TreeHasher, _ tree: ModelTree, tell: @escaping @Sendable (TreeHasher.Progress) -> Void) {
        self.hasher = hasher
        self.tree = tree
        self.tell = tell
        let pieces = PieceList(tree.files, hasher.method)
        self.pieces = pieces
        order = (0..<pieces.count).sorted { pieces.size($0) > pieces.size($1) }
        isPairable = hasher.allowsPairs && hasher.algorithm == .sha256
        lanes = isPairable && pieces.count > 1 ? 2 : 1
        let length = hasher.algorithm.length
        state.withLock { state in
            state.digests = [UInt8](repeating: 0, count: pieces.count * length)
            state.isTaken = [Bool](repeating: false, count: pieces.count)
            state.progress.totalBytes = (0..<pieces.count).reduce(0) { $0 + pieces.size($1) }
        }
    }

    /// - Returns: one resource for each file or shard, sorted by name, and what went wrong.
    func hash() -> (resources: ResourceList, problems: [TreeError]) {
        // Those that all threads hash together come first; the others are taken one by one.
        let first = hashLongPieces()
        let workers = max(1, min(hasher.threads, (pieces.count - first + lanes - 1) / lanes))
        // Each thread begins with neighbours in the order, which are alike in length.
        state.withLock { $0.left = min(first + workers * lanes, order.count)..<order.count }
        if first == 0, isWorthReadingAhead {
            noting { () throws(TreeError) in
                let piece = try OpenPiece(pieces[0], of: tree.root, hasher.algorithm)
                take(try ReadAhead.digest(of: piece), of: 0)
            }
        } else if workers == 1 {
            work(0, from: first)
        } else {
            DispatchQueue.concurrentPerform(iterations: workers) { work($0, from: first) }
        }
        return state.withLock { state in (resources(state), state.problems) }
    }

    private func resources(_ state: State) -> ResourceList {
        let length = hasher.algorithm.length
        if let names = pieces.paths, !state.isTaken.contains(false) {
            return ResourceList(names: names, digests: state.digests, length: length)
        }
        var list = ResourceList()
        for piece in state.isTaken.indices where state.isTaken[piece] {
            list.append(pieces[piece].name, Array(state.digests[piece * length..<(piece + 1) * length]))
        }
        return list.sorted
    }

    /// Hashes one long piece of BLAKE3 after the other, each on all threads; they stand first in the order.
    /// - Returns: how many there were.
    private func hashLongPieces() -> Int {
        guard hasher.algorithm == .blake3 else { return 0 }
        let long = order.prefix { pieces.size($0) >= ParallelBLAKE3.least }
        for index in long {
            noting { () throws(TreeError) in
                take(try ParallelBLAKE3.digest(of: pieces[index], tree.root, threads: hasher.threads), of: index)
            }
        }
        return long.count
    }

    /// Whether there is one piece alone that one thread reads while another hashes.
    private var isWorthReadingAhead: Bool {
        !isPairable && pieces.count == 1 && hasher.threads > 1 && pieces.size(0) >= ReadAhead.least
    }

    private func take(_ digest: [UInt8], of index: Int) {
        let now = state.withLock { state in
            for (place, byte) in zip((index * digest.count)..., digest) { state.digests[place] = byte }
            state.isTaken[index] = true
            state.progress.bytes += pieces.size(index)
            state.progress.path = pieces[index].file.path.text
            return state.progress
        }
        tell(now)
    }

    private func noting(_ body: () throws(TreeError) -> Void) {
        do throws(TreeError) {
            try body()
        } catch {
            state.withLock { $0.problems.append(error) }
        }
    }

    // MARK: One thread

    /// Hashes the pieces at its places in the order, and then those that nobody has taken.
    private func work(_ worker: Int, from first: Int) {
        let step = hasher.step
        unsafe withUnsafeTemporaryAllocation(byteCount: lanes * step, alignment: 64) { buffer in
            let halves = unsafe (0..<lanes).map { lane in
                unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[lane * step..<(lane + 1) * step])
            }
            var open = unsafe halves.indices.map { lane -> OpenPiece? in
                let place = first + worker * lanes + lane
                return place < order.count ? unsafe self.open(place, halves[lane]) : nil
            }
            while true {
                for lane in open.indices { open[lane] = unsafe advance(open[lane], halves[lane]) }
                let busy = open.compactMap { $0 }
                guard let first = busy.first else { return }
                if busy.count > 1 { OpenPiece.hash(first, busy[1]) } else { first.hash() }
            }
        }
    }

    /// Opens the piece at a place in the order, or the first one after it that can be opened.
    private func open(_ place: Int?, _ buffer: UnsafeMutableRawBufferPointer) -> OpenPiece? {
        var place = place
        while let index = (place ?? state.withLock { $0.left.popFirst() }).map({ order[$0] }) {
            do throws(TreeError) {
                return try unsafe OpenPiece(
                    pieces[index], index: index, of: tree.root, hasher.algorithm, isPairable: isPairable,
                    hasher.mapping, buffer)
            } catch {
                state.withLock { $0.problems.append(error) }
            }
            place = nil
        }
        return nil
    }

    /// Brings a piece to where there is something to hash; at its end its digest is taken, and the next one is opened.
    private func advance(_ piece: OpenPiece?, _ buffer: UnsafeMutableRawBufferPointer) -> OpenPiece? {
        var current = piece
        while let piece = current, !piece.hasWork {
            do throws(TreeError) {
                guard piece.isRead else {
                    try piece.read()
                    continue
                }
                take(try piece.digest(), of: piece.index)
            } catch {
                state.withLock { $0.problems.append(error) }
            }
            current = unsafe open(nil, buffer)
        }
        return current
    }
}
