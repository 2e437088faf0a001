#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Paths in one piece of memory: of a million files, each as a value of its own would take four times as much.
package struct PathList: RandomAccessCollection, Hashable, Sendable {
    private var bytes: [UInt8] = []
    /// Where each path ends.
    private var ends: [Int] = []

    package init() {}

    package var startIndex: Int { 0 }
    package var endIndex: Int { ends.count }
    package subscript(index: Int) -> ModelPath { ModelPath(Array(bytes[range(index)])) }

    private func range(_ index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

    package mutating func append(_ path: ModelPath) { append(path.bytes) }

    mutating func append(_ path: [UInt8]) {
        bytes.append(contentsOf: path)
        ends.append(bytes.count)
    }

    /// Less than zero when the path at `index` comes before the other list's at `place`, zero when they are alike.
    func compare(_ index: Int, _ other: PathList, _ place: Int) -> Int {
        unsafe bytes.withUnsafeBytes { mine in
            unsafe other.bytes.withUnsafeBytes { theirs in
                unsafe Self.compare(
                    UnsafeRawBufferPointer(rebasing: mine[range(index)]),
                    UnsafeRawBufferPointer(rebasing: theirs[other.range(place)]))
            }
        }
    }

    private func compare(_ index: Int, _ path: [UInt8]) -> Int {
        unsafe bytes.withUnsafeBytes { mine in
            unsafe path.withUnsafeBytes {
                unsafe Self.compare(UnsafeRawBufferPointer(rebasing: mine[range(index)]), $0)
            }
        }
    }

    private static func compare(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
        if let one = left.baseAddress, let other = right.baseAddress {
            let found = unsafe memcmp(one, other, Swift.min(left.count, right.count))
            if found != 0 { return Int(found) }
        }
        return left.count - right.count
    }

    /// Whether each path comes before the next one.
    var isAscending: Bool { indices.dropFirst().allSatisfy { compare($0 - 1, self, $0) < 0 } }

    /// The places of the paths in the order of the paths.
    var order: [Int] {
        isAscending ? Array(indices) : indices.sorted { compare($0, self, $1) < 0 }
    }

    /// Whether no path is there twice.
    /// - Returns: one that is, or nil.
    var repeated: ModelPath? {
        if isAscending { return nil }
        let order = order
        for (one, next) in zip(order, order.dropFirst()) where compare(one, self, next) == 0 { return self[one] }
        return nil
    }

    /// The place of a path in a list that is in order.
    func place(of path: ModelPath) -> Int? {
        var (low, high) = (0, count)
        while low < high {
            let middle = low + (high - low) / 2
            let found = compare(middle, path.bytes)
            if found == 0 { return middle }
            if found < 0 { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    /// The same paths in another order.
    func arranged(_ order: [Int]) -> PathList {
        var list = PathList()
        list.bytes.reserveCapacity(bytes.count)
        list.ends.reserveCapacity(count)
        for index in order {
            list.bytes.append(contentsOf: bytes[range(index)])
            list.ends.append(list.bytes.count)
        }
        return list
    }
}
