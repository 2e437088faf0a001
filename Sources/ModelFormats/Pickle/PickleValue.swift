/// A value of the pickle machine in one word: what it is, and where it is.
///
/// Constants are not copied: the word holds the offset of the opcode that pushed them, and their text is decoded from
/// there when somebody asks. Calls and containers are nodes of the machine's arena.
package struct PickleValue: Sendable, Hashable {
    let bits: UInt64

    package enum Kind: UInt8, Sendable {
        case none, yes, no
        /// An integer that fits into 56 bits.
        case integer
        /// Text (`str`), by the offset of its opcode.
        case text
        /// A Python 2 string: text or bytes, as the loader chooses.
        case legacyText
        case bytes
        case byteArray
        case float
        /// An integer of more than 56 bits.
        case bigInteger
        /// A callable or class, by its index in the machine's table of imported names.
        case global
        /// A call, an instance or a container, by its index in the arena.
        case node
        /// An extension code that stands for a name in `copyreg`'s registry.
        case extensionCode
        /// An out-of-band buffer.
        case buffer
        /// A container of inert constants whose contents were not kept.
        case elided
        /// The result of calling an imported name (its index) with inert constants, not kept as a node.
        case elidedCall
    }

    private static let payloadBits: UInt64 = 56

    init(_ kind: Kind, _ payload: Int = 0) {
        bits = UInt64(kind.rawValue) << Self.payloadBits | UInt64(truncatingIfNeeded: payload) & 0x00FF_FFFF_FFFF_FFFF
    }

    init(bits: UInt64) { self.bits = bits }

    /// An integer, if it fits into the word.
    init?(integer: Int) {
        guard integer >> 55 == 0 || integer >> 55 == -1 else { return nil }
        self.init(.integer, integer)
    }

    @inline(__always) package var kind: Kind {
        Kind(rawValue: UInt8(truncatingIfNeeded: bits >> Self.payloadBits)) ?? .none
    }
    /// Offset, index or code, as the kind says.
    package var payload: Int { Int(truncatingIfNeeded: bits & 0x00FF_FFFF_FFFF_FFFF) }
    /// The value of an `integer`, with its sign.
    package var integer: Int? {
        kind == .integer ? Int(truncatingIfNeeded: Int64(bitPattern: bits << 8) >> 8) : nil
    }

    package static let none = PickleValue(.none)
    /// No value: a pattern that no constructor makes.
    static let absent = PickleValue(bits: .max)
    static let yes = PickleValue(.yes)
    static let no = PickleValue(.no)

    /// Whether the value is a constant that cannot act: it names nothing and was not called.
    @inline(__always) var isInert: Bool {
        let raw = UInt8(truncatingIfNeeded: bits >> Self.payloadBits)
        return raw <= Kind.bigInteger.rawValue || raw == Kind.elided.rawValue
    }

    /// For an elided container: what it was.
    package var elidedKind: PickleNode.Kind {
        PickleNode.Kind(rawValue: UInt8(truncatingIfNeeded: bits >> 48)) ?? .list
    }
    /// For an elided container: the offset of the opcode that made it, its identity.
    package var elidedOffset: Int { Int(truncatingIfNeeded: bits & 0xFFFF_FFFF_FFFF) }

    static func elided(_ kind: PickleNode.Kind, at offset: Int) -> PickleValue {
        PickleValue(.elided, Int(kind.rawValue) << 48 | offset & 0xFFFF_FFFF_FFFF)
    }
}

/// A call, an instance or a container in the machine's arena.
package struct PickleNode: Sendable {
    package enum Kind: UInt8, Sendable {
        case list, tuple, dict, set, frozenSet
        /// The result of a call; children: callee, arguments, keyword arguments (NEWOBJ_EX only).
        case call
        /// What a loader's `persistent_load` makes of the child.
        case persistent
        /// An imported name whose module or name is not a constant; children: module, name.
        case computedGlobal
        /// A read-only view of the child, a buffer.
        case view
    }

    package var kind: Kind
    /// Opcode that made a call.
    package var opcode: UInt8
    /// Whether contents were left out because the budget of kept words was used up.
    package var isElided = false
    /// Whether a list, set or dict in it makes it unusable as a key.
    var isHashable = true
    /// Holds something that is not an inert constant.
    var isLive = false
    /// Containers inside of containers, saturating.
    var depth: UInt8 = 0
    private var offsetHigh: UInt16
    /// Elements when every reference is expanded.
    var weight: Float = 1
    /// First and last chunk of children; 0 for none.
    var first: UInt32 = 0
    var last: UInt32 = 0
    /// Children in all, kept or not (a dictionary's keys and values count one each).
    package var count: UInt32 = 0
    /// Last state given by BUILD, as an index of a word; 0 for none.
    var state: UInt32 = 0
    private var offsetLow: UInt32

    /// Offset of the opcode that made it.
    package var offset: Int { Int(offsetHigh) << 32 | Int(offsetLow) }

    init(_ kind: Kind, opcode: UInt8, at offset: Int) {
        self.kind = kind
        self.opcode = opcode
        offsetHigh = UInt16(truncatingIfNeeded: offset >> 32)
        offsetLow = UInt32(truncatingIfNeeded: offset)
    }
}

extension PickleNode.Kind {
    /// Whether the value came about by running something.
    var acts: Bool {
        switch self {
        case .call, .persistent, .computedGlobal: true
        default: false
        }
    }
}
