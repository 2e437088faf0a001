internal import ByteParsing
internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Hashes the files of a tree on several threads, in constant memory.
///
/// A digest is of bytes that were read through one open descriptor, and counts only if the file had the same identity
/// (inode, size, times) when the tree was listed, before the first byte and after the last.
struct TreeHasher: Sendable {
    /// A range of one file, and the name that its digest gets.
    private struct Job: Sendable {
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
        var next = 0
        var digests: [Int: [UInt8]] = [:]
        var problems: [TreeError] = []
        var progress = Progress()
    }

    let algorithm: HashAlgorithm
    let method: Manifest.Method
    var threads = 2
    /// Bytes read at a time: small enough to stay in the second-level cache between the copy and the hash.
    static let step = 256 << 10

    /// - Returns: one resource for each file or shard, sorted by name, and what went wrong.
    func hash(
        _ tree: ModelTree, progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) -> (resources: [Manifest.Resource], problems: [TreeError]) {
        let jobs = jobs(of: tree.files)
        // The largest first, so that the last thread to finish is never left alone with a big one.
        let order = jobs.indices.sorted { jobs[$0].range.count > jobs[$1].range.count }
        let state = Mutex(State())
        state.withLock { $0.progress.totalBytes = jobs.reduce(0) { $0 + $1.range.count } }
        @Sendable func work() {
            unsafe withUnsafeTemporaryAllocation(byteCount: Self.step, alignment: 64) { buffer in
                while let index = state.withLock({ state -> Int? in
                    guard state.next < order.count else { return nil }
                    defer { state.next += 1 }
                    return order[state.next]
                }) {
                    do throws(TreeError) {
                        let digest = try unsafe digest(of: jobs[index], tree.root, buffer)
                        let now = state.withLock { state in
                            state.digests[index] = digest
                            state.progress.bytes += jobs[index].range.count
                            state.progress.path = jobs[index].file.path.text
                            return state.progress
                        }
                        progress(now)
                    } catch {
                        state.withLock { $0.problems.append(error) }
                    }
                }
            }
        }
        let workers = max(1, min(threads, jobs.count))
        if workers == 1 {
            work()
        } else {
            DispatchQueue.concurrentPerform(iterations: workers) { _ in work() }
        }
        return state.withLock { state in
            let resources = jobs.indices.compactMap { index in
                state.digests[index].map { Manifest.Resource(name: jobs[index].name, digest: $0) }
            }
            return (resources.sorted { $0.name < $1.name }, state.problems)
        }
    }

    private func jobs(of files: [ModelTree.File]) -> [Job] {
        guard case .shards(let size) = method, size > 0 else {
            return files.map { Job(file: $0, name: $0.path, range: 0..<$0.identity.size) }
        }
        return files.flatMap { file in
            stride(from: 0, to: file.identity.size, by: size).map { start in
                let range = start..<min(file.identity.size, start.adding(checked: size) ?? file.identity.size)
                return Job(file: file, name: Manifest.shardName(file.path, range), range: range)
            }
        }
    }

    private func digest(
        of job: Job, _ root: ModelRoot, _ buffer: UnsafeMutableRawBufferPointer
    ) throws(TreeError) -> [UInt8] {
        let file = try root.open(job.file)
        var hash = StreamingHash(algorithm)
        var at = job.range.lowerBound
        #if os(Linux)
            posix_fadvise(file.raw, off_t(at), off_t(job.range.count), POSIX_FADV_SEQUENTIAL)
        #endif
        while at < job.range.upperBound {
            let wanted = min(buffer.count, job.range.upperBound - at)
            let count = unsafe pread(file.raw, buffer.baseAddress, wanted, off_t(at))
            if count < 0 {
                if errno == EINTR { continue }
                throw TreeError.system(job.file.path, errno)
            }
            guard count > 0 else { throw TreeError(.changed, job.file.path) }
            unsafe hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            at += count
        }
        guard try file.identity(job.file.path) == job.file.identity else { throw TreeError(.changed, job.file.path) }
        return hash.finalize()
    }
}
