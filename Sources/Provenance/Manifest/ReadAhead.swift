internal import Dispatch
internal import Synchronization

/// Hashes one piece while another thread reads on.
///
/// One digest cannot be spread over threads, but the copy out of the page cache, a seventh of the time, can be made
/// meanwhile.
enum ReadAhead {
    /// Bytes that are read at a time, and how many such pieces there is room for.
    static let step = 512 << 10
    static let places = 4
    /// Bytes of the shortest piece that a second thread is worth.
    static let least = 16 << 20

    /// - Returns: the digest of a piece that nothing was read of yet.
    /// - Throws: `TreeError` as `OpenPiece` does.
    static func digest(of piece: OpenPiece) throws(TreeError) -> [UInt8] {
        let ring = UnsafeMutableRawBufferPointer.allocate(byteCount: step * places, alignment: 64)
        defer { unsafe ring.deallocate() }
        // They count from zero: one that ends below its first value ends the program.
        let (free, filled, ended) = (
            DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)
        )
        for _ in 0..<places { free.signal() }
        let failure = Mutex<TreeError?>(nil)
        let counts = Mutex([Int](repeating: 0, count: places))
        // A place is the reader's from `free` to `filled` and the hasher's from `filled` to `free`; the reader has ended when
        // the ring and the piece are let go.
        nonisolated(unsafe) let (shared, reading) = unsafe (ring, piece)
        DispatchQueue.global().async {
            var place = 0
            while unsafe !reading.isRead {
                free.wait()
                do throws(TreeError) {
                    let room = unsafe UnsafeMutableRawBufferPointer(rebasing: shared[place * step..<(place + 1) * step])
                    let count = try unsafe reading.read(into: room)
                    counts.withLock { $0[place] = count }
                } catch {
                    failure.withLock { $0 = error }
                    filled.signal()
                    break
                }
                filled.signal()
                place = (place + 1) % places
            }
            ended.signal()
        }
        var left = piece.count
        var place = 0
        while left > 0 {
            filled.wait()
            if failure.withLock({ $0 != nil }) { break }
            let count = counts.withLock { $0[place] }
            unsafe piece.hash(UnsafeRawBufferPointer(rebasing: ring[place * step..<place * step + count]))
            left -= count
            free.signal()
            place = (place + 1) % places
        }
        ended.wait()
        if let error = failure.withLock({ $0 }) { throw error }
        return try piece.digest()
    }
}
