internal import ByteParsing
internal import Synchronization

/// A module and a name that pickles import.
///
/// Files name the same few callables over and over, so names are decoded once and shared: two streams that import the
/// same name get the same object, unless so many names came by that the table was emptied in between.
package final class PickleName: Sendable, Hashable {
    package let module: String
    package let name: String
    /// The UTF-8 of both, with a byte between them that no UTF-8 has.
    let key: [UInt8]
    /// Whether it is joblib's wrapper of an array whose bytes follow in the stream.
    let isArrayWrapper: Bool

    private init(module: RawSpan, name: RawSpan) {
        key = module.array() + [Self.separator] + name.array()
        self.module = String(decoding: key[..<module.byteCount], as: UTF8.self)
        self.name = String(decoding: key[(module.byteCount + 1)...], as: UTF8.self)
        isArrayWrapper = self.name == "NumpyArrayWrapper" && self.module.hasSuffix("numpy_pickle")
    }

    private static let separator: UInt8 = 0xFF
    private static let mostShared = 4096
    private static let longestShared = 256
    private static let shared = Mutex<[UInt64: PickleName]>([:])

    /// The object for `module` and `name`, whose `hash` the caller has.
    static func of(module: RawSpan, name: RawSpan, hash: UInt64) -> PickleName {
        if let known = shared.withLock({ $0[hash] }), known.matches(module, name) { return known }
        let made = PickleName(module: module, name: name)
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

    /// Whether this is the name that the bytes spell.
    func matches(_ module: RawSpan, _ name: RawSpan) -> Bool {
        guard key.count == module.byteCount + 1 + name.byteCount, key[module.byteCount] == Self.separator else {
            return false
        }
        let key = key
        let bytes = unsafe key.span.bytes
        return bytes.equals(module) && bytes.equals(name, at: module.byteCount + 1)
    }

    package static func == (left: PickleName, right: PickleName) -> Bool { left === right }
    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
