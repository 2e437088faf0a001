/// What a stream of pickle opcodes has put aside, by index.
///
/// Indices that follow on each other lie in an array; a stream may as well name any other.
struct PickleMemo {
    /// Entries by index, `PickleValue.absent` where none was stored.
    private var near: [PickleValue] = []
    private var far: [UInt64: PickleValue] = [:]
    /// Entries that were stored.
    private(set) var count = 0

    /// Entries that are kept before the stream counts as an attack.
    private static let mostNear = PickleMachine.heightLimit
    private static let mostFar = mostNear / 16
    /// How far the array grows beyond twice the entries: half of its places are used, or it is short.
    private static let gap = 1024

    /// Whether the index lies beyond those that the array holds.
    @inline(__always) func isFar(_ index: UInt64) -> Bool {
        index >= UInt64(near.count) && index > UInt64(count &* 2 &+ Self.gap)
    }

    /// Whether no writer of that many entries would use the index.
    func isImplausible(_ index: UInt64) -> Bool { index > UInt64(count &+ 1) << 4 &+ (1 << 20) }

    /// Stores a value; false when there are too many.
    @inline(__always) mutating func store(_ value: PickleValue, under index: UInt64) -> Bool {
        if index < UInt64(near.count) {
            let place = Int(index)
            if near[place] == .absent { countNew(index) }
            near[place] = value
            return true
        }
        if index == UInt64(near.count), near.count < Self.mostNear {
            near.append(value)
            countNew(index)
            return true
        }
        return storeApart(value, under: index)
    }

    @inline(never) private mutating func storeApart(_ value: PickleValue, under index: UInt64) -> Bool {
        if isFar(index) {
            guard far.count < Self.mostFar else { return false }
            if far.updateValue(value, forKey: index) == nil { count &+= 1 }
        } else {
            guard index < UInt64(Self.mostNear) else { return false }
            while near.count < Int(index) { near.append(.absent) }
            near.append(value)
            countNew(index)
        }
        return true
    }

    /// Counts an entry that the array takes for the first time; it may have been far from the others before.
    @inline(__always) private mutating func countNew(_ index: UInt64) {
        if far.isEmpty || far.removeValue(forKey: index) == nil { count &+= 1 }
    }

    @inline(__always) subscript(index: UInt64) -> PickleValue? {
        if index < UInt64(near.count), near[Int(index)] != .absent { return near[Int(index)] }
        return far[index]
    }

    mutating func removeAll() {
        near.removeAll(keepingCapacity: true)
        far = [:]
        count = 0
    }
}
