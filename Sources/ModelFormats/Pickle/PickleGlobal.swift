internal import ByteParsing

/// A name that a pickle imports: GLOBAL, INST or STACK_GLOBAL with constant operands.
package struct PickleGlobal: Sendable {
    /// What is imported: the same object for the same name.
    package let names: PickleName
    /// Offset of the first opcode that imports it.
    package let offset: Int
    let hash: UInt64
    package var module: String { names.module }
    package var name: String { names.name }

    /// Code points of module and name, lone surrogates included.
    package var codePoints: (module: [UInt32], name: [UInt32]) {
        let parts = names.key.split(separator: 0xFF, maxSplits: 1, omittingEmptySubsequences: false).map(Array.init)
        guard parts.count == 2 else { return ([], []) }
        func decode(_ bytes: [UInt8]) -> [UInt32] {
            let region = ByteRegion(bytes)
            return PickleText.utf8(region.bytes, limit: bytes.count)
        }
        return (decode(parts[0]), decode(parts[1]))
    }
}

/// The names that a stream imports, each once.
struct PickleNameTable {
    private(set) var globals: [PickleGlobal] = []
    /// Indices of names by their hash, once there are too many to look through.
    private var places: [UInt64: Int] = [:]

    /// Different names that one stream may import.
    private static let mostNames = 1 << 16
    /// Names that are looked through one by one.
    private static let fewNames = 16

    /// The index of a name, which is taken in when it is new; nil when there are too many.
    mutating func index(module: RawSpan, name: RawSpan, at offset: Int) -> Int? {
        let hash = PickleName.hash(module: module, name: name)
        if globals.count <= Self.fewNames {
            for index in globals.indices
            where globals[index].hash == hash && globals[index].names.matches(module, name, hash: hash) { return index }
        } else if let known = places[hash], globals[known].names.matches(module, name, hash: hash) {
            return known
        }
        guard globals.count < Self.mostNames else { return nil }
        globals.append(
            PickleGlobal(names: .of(module: module, name: name, hash: hash), offset: offset, hash: hash))
        if globals.count == Self.fewNames + 1 {
            for index in globals.indices { places[globals[index].hash] = index }
        } else if globals.count > Self.fewNames {
            places[hash] = globals.count - 1
        }
        return globals.count - 1
    }
}
