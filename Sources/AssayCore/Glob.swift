/// A path pattern: `*` and `?` within one component, `**` over any number of them, `[a-z]` and `[!a-z]` for one byte.
///
/// A pattern without a slash is matched against the last component, one with a slash against any trailing run of
/// components (from the front when it begins with one). Matching is on bytes, iterative, and takes time linear in the
/// product of the two lengths.
public struct Glob: Sendable, Hashable {
    /// As it was written.
    public let pattern: String
    private let bytes: [UInt8]
    private let isAnchored: Bool
    private let matchesName: Bool

    public init(_ pattern: String) {
        self.pattern = pattern
        var bytes = Array(pattern.utf8)
        while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        matchesName = !bytes.contains(UInt8(ascii: "/"))
        isAnchored = bytes.first == UInt8(ascii: "/")
        self.bytes = bytes
    }

    /// Whether the pattern matches `path`, or a folder that contains it.
    public func matches(_ path: String) -> Bool {
        let path = Array(path.utf8)
        let slash = UInt8(ascii: "/")
        var starts = [0]
        if !isAnchored { starts += path.indices.filter { path[$0] == slash }.map { $0 + 1 } }
        var ends = path.indices.filter { path[$0] == slash && $0 > 0 }
        ends.append(path.count)
        for start in starts {
            for end in ends where end >= start {
                if matchesName, path[start..<end].contains(slash) { continue }
                if Self.match(bytes[...], path[start..<end]) { return true }
            }
        }
        return false
    }

    /// Matches the whole of `text`; a star that fails is widened by one and tried again, the outer one only when the
    /// inner one is used up, which needs no recursion.
    private static func match(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
        var reachable = Array(repeating: false, count: text.count + 1)
        reachable[0] = true
        var at = pattern.startIndex
        let slash = UInt8(ascii: "/")
        let base = text.startIndex
        while at < pattern.endIndex {
            let byte = pattern[at]
            if byte == UInt8(ascii: "*") {
                let isDouble = at + 1 < pattern.endIndex && pattern[at + 1] == byte
                at += isDouble ? 2 : 1
                // `**/` also stands for no folder at all.
                if isDouble, at < pattern.endIndex, pattern[at] == slash {
                    at += 1
                    var next = reachable
                    var seen = false
                    for position in 0..<reachable.count {
                        seen = seen || reachable[position]
                        if seen, position > 0, text[base + position - 1] == slash { next[position] = true }
                    }
                    reachable = next
                    continue
                }
                for position in 1..<max(1, reachable.count)
                where reachable[position - 1] && (isDouble || text[base + position - 1] != slash) {
                    reachable[position] = true
                }
                continue
            }
            var next = Array(repeating: false, count: reachable.count)
            let (accepts, end) = single(pattern, at)
            for position in 0..<(reachable.count - 1) where reachable[position] {
                if accepts(text[base + position]) { next[position + 1] = true }
            }
            reachable = next
            at = end
        }
        return reachable[text.count]
    }

    /// The bytes that the pattern's element at `at` accepts, and where the next element starts.
    private static func single(_ pattern: ArraySlice<UInt8>, _ at: Int) -> (accepts: (UInt8) -> Bool, end: Int) {
        let byte = pattern[at]
        let slash = UInt8(ascii: "/")
        if byte == UInt8(ascii: "?") { return ({ $0 != slash }, at + 1) }
        guard byte == UInt8(ascii: "["),
            let close = pattern[(at + 1)...].dropFirst().firstIndex(of: UInt8(ascii: "]"))
        else { return ({ $0 == byte }, at + 1) }
        var set = pattern[(at + 1)..<close]
        let isNegated = set.first == UInt8(ascii: "!") || set.first == UInt8(ascii: "^")
        if isNegated { set = set.dropFirst() }
        let members = Array(set)
        return (
            { candidate in
                var found = false
                var index = 0
                while index < members.count {
                    if index + 2 < members.count, members[index + 1] == UInt8(ascii: "-") {
                        if members[index] <= candidate, candidate <= members[index + 2] { found = true }
                        index += 3
                    } else {
                        if members[index] == candidate { found = true }
                        index += 1
                    }
                }
                return found != isNegated && candidate != slash
            }, close + 1
        )
    }
}
