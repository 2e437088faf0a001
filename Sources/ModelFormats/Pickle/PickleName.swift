internal import ByteParsing
internal import Synchronization

/// A module and a name that pickles import.
///
/// Files name the same few callables over and over, so names are decoded once and shared: two streams that import the
/// same name get the same object, unless so many names came by that the table was emptied in between.
package final class PickleName: Sendable, Hashable {
    package let module: String
    package let name: String
    /// The UTF-8 of both, with a byte between them that no UTF-8 has; each cut after `longestKept` bytes.
    let key: [UInt8]
    /// Bytes of both as they are.
    private let moduleCount: Int
    private let nameCount: Int
    private let hash: UInt64
    /// Whether it is joblib's wrapper of an array whose bytes follow in the stream, by whatever module it is reached.
    let isArrayWrapper: Bool
    /// Whether it is that, a part of it, or a way to it: its module, or a namespace of joblib's.
    let leadsToArrayWrapper: Bool
    /// Whether it is joblib's wrapper of an array that is a file of its own.
    let isArrayFile: Bool

    private init(module: RawSpan, name: RawSpan, hash: UInt64) {
        let head = Self.kept(module)
        key = head.array() + [Self.separator] + Self.kept(name).array()
        self.module = String(decoding: key[..<head.byteCount], as: UTF8.self)
        self.name = String(decoding: key[(head.byteCount + 1)...], as: UTF8.self)
        moduleCount = module.byteCount
        nameCount = name.byteCount
        self.hash = hash
        let path = (self.module + "." + self.name).split(separator: ".", omittingEmptySubsequences: false)
        isArrayWrapper = path.last == "NumpyArrayWrapper"
        isArrayFile = path.last == "NDArrayWrapper" || path.last == "ZNDArrayWrapper"
        leadsToArrayWrapper =
            !isArrayFile && path.contains { $0 == "NumpyArrayWrapper" || $0.hasPrefix("numpy_pickle") }
            || path.first == "joblib" && (path.contains("__dict__") || path.contains("__globals__"))
    }

    private static let separator: UInt8 = 0xFF
    /// No module is called so at length; what is compared of longer names are their lengths, beginnings and hashes.
    private static let longestKept = 64 << 10

    @_lifetime(copy name)
    private static func kept(_ name: RawSpan) -> RawSpan { name.extracting(first: longestKept) }
    private static let mostShared = 4096
    private static let longestShared = 256
    private static let shared = Mutex<[UInt64: PickleName]>([:])

    /// The object for `module` and `name`, whose `hash` the caller has.
    static func of(module: RawSpan, name: RawSpan, hash: UInt64) -> PickleName {
        if let known = shared.withLock({ $0[hash] }), known.matches(module, name, hash: hash) { return known }
        let made = PickleName(module: module, name: name, hash: hash)
        guard made.key.count <= longestShared else { return made }
        // Names that an attacker makes up must not pile up here.
        shared.withLock { shared in
            if shared.count >= mostShared { shared.removeAll(keepingCapacity: true) }
            shared[hash] = made
        }
        return made
    }

    /// FNV-1a over the key.
    static func hash(module: RawSpan, name: RawSpan) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x0100_0000_01B3 }
        // Both loops stay inside of the spans that they count.
        for index in 0..<module.byteCount {
            add(unsafe module.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self))
        }
        add(separator)
        for index in 0..<name.byteCount { add(unsafe name.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self)) }
        return hash
    }

    /// Whether this is the name that the bytes spell, whose hash the caller has.
    func matches(_ module: RawSpan, _ name: RawSpan, hash: UInt64) -> Bool {
        guard hash == self.hash, moduleCount == module.byteCount, nameCount == name.byteCount else { return false }
        let key = key
        let bytes = unsafe key.span.bytes
        let head = Self.kept(module)
        return bytes.equals(head) && bytes.equals(Self.kept(name), at: head.byteCount + 1)
    }

    package static func == (left: PickleName, right: PickleName) -> Bool { left === right }
    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
