internal import ByteParsing
internal import Dispatch
internal import Synchronization

/// Hashes the files of a tree on several threads, in constant memory.
///
/// A digest is of bytes that were read through one open descriptor, and counts only if the file had the same identity
/// (inode, size, times) when the tree was listed, before the first byte and after the last.
///
/// Where the processor has instructions for SHA-256, each thread hashes two pieces at a time: see `PairableSHA256`. When
/// one of them ends, the next one takes its place. Long pieces are mapped into memory there, and read elsewhere.
/// A long piece of BLAKE3 is spread over all threads: see `ParallelBLAKE3`.
struct TreeHasher: Sendable {
    /// A file, or a range of one, and the name that its digest gets.
    struct Piece: Sendable {
        let file: ModelTree.File
        let name: ModelPath
        let range: Range<Int>
    }

    struct Progress: Sendable {
        var bytes = 0
        var totalBytes = 0
        var path = ""
    }

    private struct State: Sendable {
        /// Places in the order of work that are still to be taken.
        var left: Range<Int>
        var digests: [Int: [UInt8]] = [:]
        var problems: [TreeError] = []
        var progress = Progress()
    }

    let algorithm: HashAlgorithm
    let method: Manifest.Method
    var threads = 2
    /// Whether two pieces may be hashed at a time.
    var allowsPairs = PairableSHA256.isSupported
    var mapping = OpenPiece.Mapping()
    /// Bytes read at a time: those of two pieces stay in the second-level cache between the copy and the hash, or nearly.
    var step = 512 << 10

    /// - Returns: one resource for each file or shard, sorted by name, and what went wrong.
    func hash(
        _ tree: ModelTree, progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) -> (resources: [Manifest.Resource], problems: [TreeError]) {
        let pieces = pieces(of: tree.files)
        // The largest first, so that the last thread to finish is never left alone with a big one.
        let order = pieces.indices.sorted { pieces[$0].range.count > pieces[$1].range.count }
        let isPairable = allowsPairs && algorithm == .sha256
        let lanes = isPairable && pieces.count > 1 ? 2 : 1
        // Where in the order the pieces begin that threads take one by one.
        var short = 0
        let state = Mutex(State(left: 0..<0))
        state.withLock { $0.progress.totalBytes = pieces.reduce(0) { $0 + $1.range.count } }

        /// Opens the piece at a place in the order, or the first one after it that can be opened.
        @Sendable func open(_ place: Int?, _ buffer: UnsafeMutableRawBufferPointer) -> OpenPiece? {
            var place = place
            while let index = (place ?? state.withLock { $0.left.popFirst() }).map({ order[$0] }) {
                do throws(TreeError) {
                    return try unsafe OpenPiece(
                        pieces[index], index: index, of: tree.root, algorithm, isPairable: isPairable, mapping, buffer)
                } catch {
                    state.withLock { $0.problems.append(error) }
                }
                place = nil
            }
            return nil
        }

        /// Brings a piece to where there is something to hash; at its end its digest is taken, and the next one is opened.
        @Sendable func advance(_ piece: OpenPiece?, _ buffer: UnsafeMutableRawBufferPointer) -> OpenPiece? {
            var current = piece
            while let piece = current, !piece.hasWork {
                do throws(TreeError) {
                    guard piece.isRead else {
                        try piece.read()
                        continue
                    }
                    let digest = try piece.digest()
                    let now = state.withLock { state in
                        state.digests[piece.index] = digest
                        state.progress.bytes += pieces[piece.index].range.count
                        state.progress.path = pieces[piece.index].file.path.text
                        return state.progress
                    }
                    progress(now)
                } catch {
                    state.withLock { $0.problems.append(error) }
                }
                current = unsafe open(nil, buffer)
            }
            return current
        }

        @Sendable func work(_ worker: Int, from first: Int) {
            unsafe withUnsafeTemporaryAllocation(byteCount: lanes * step, alignment: 64) { buffer in
                let halves = unsafe (0..<lanes).map { lane in
                    unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[lane * step..<(lane + 1) * step])
                }
                var open = unsafe halves.indices.map { lane -> OpenPiece? in
                    let place = first + worker * lanes + lane
                    return place < order.count ? unsafe open(place, halves[lane]) : nil
                }
                while true {
                    for lane in open.indices { open[lane] = unsafe advance(open[lane], halves[lane]) }
                    let busy = open.compactMap { $0 }
                    guard let first = busy.first else { return }
                    if busy.count > 1 { OpenPiece.hash(first, busy[1]) } else { first.hash() }
                }
            }
        }
        if algorithm == .blake3 {
            // One long piece after the other, each on all threads; they stand first in the order.
            let long = order.prefix { pieces[$0].range.count >= ParallelBLAKE3.least }
            for index in long {
                do throws(TreeError) {
                    let digest = try ParallelBLAKE3.digest(of: pieces[index], tree.root, threads: threads)
                    let now = state.withLock { state in
                        state.digests[index] = digest
                        state.progress.bytes += pieces[index].range.count
                        state.progress.path = pieces[index].file.path.text
                        return state.progress
                    }
                    progress(now)
                } catch {
                    state.withLock { $0.problems.append(error) }
                }
            }
            short = long.count
        }
        let workers = max(1, min(threads, (pieces.count - short + lanes - 1) / lanes))
        // Each thread begins with neighbours in the order, which are alike in length.
        state.withLock { $0.left = min(short + workers * lanes, order.count)..<order.count }
        if !isPairable, pieces.count == 1, algorithm != .blake3 || short == 0, threads > 1,
            pieces[0].range.count >= ReadAhead.least
        {
            do throws(TreeError) {
                let piece = try OpenPiece(pieces[0], of: tree.root, algorithm)
                let digest = try ReadAhead.digest(of: piece)
                state.withLock { $0.digests[0] = digest }
                progress(Progress(bytes: piece.count, totalBytes: piece.count, path: pieces[0].file.path.text))
            } catch {
                state.withLock { $0.problems.append(error) }
            }
        } else if workers == 1 {
            work(0, from: short)
        } else {
            let first = short
            DispatchQueue.concurrentPerform(iterations: workers) { work($0, from: first) }
        }
        return state.withLock { state in
            let resources = pieces.indices.compactMap { index in
                state.digests[index].map { Manifest.Resource(name: pieces[index].name, digest: $0) }
            }
            return (resources.sorted { $0.name < $1.name }, state.problems)
        }
    }

    private func pieces(of files: [ModelTree.File]) -> [Piece] {
        guard case .shards(let size) = method, size > 0 else {
            return files.map { Piece(file: $0, name: $0.path, range: 0..<$0.identity.size) }
        }
        return files.flatMap { file in
            stride(from: 0, to: file.identity.size, by: size).map { start in
                let range = start..<min(file.identity.size, start.adding(checked: size) ?? file.identity.size)
                return Piece(file: file, name: Manifest.shardName(file.path, range), range: range)
            }
        }
    }
}
