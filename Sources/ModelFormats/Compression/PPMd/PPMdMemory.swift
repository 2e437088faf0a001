/// The block of memory that a PPMd model lives in, and the allocator of its units.
///
/// From the start grows the text that was coded; from the end of its eighth on lie units, contexts from above and states
/// from below. What is given back goes to lists by size, and neighbours are joined from time to time.
@safe
struct PPMdMemory: ~Copyable {
    static let unit = PPMdModel.unit
    /// Sizes that are told apart: 1 to 4 units, then every second, third and fourth up to 128.
    static let sizes: [Int] = {
        var sizes: [Int] = []
        var size = 0
        for index in 0..<38 {
            size += index >= 12 ? 4 : index / 4 + 1
            sizes.append(size)
        }
        return sizes
    }()
    /// The smallest size that holds so many units, by units less one.
    static let classes: [Int] = (1...128).map { units in sizes.firstIndex { $0 >= units } ?? 0 }

    private let base: UnsafeMutableRawPointer
    private let capacity: Int
    let size: Int
    /// The first offset in use, which keeps units on multiples of four.
    let origin: Int
    /// Whether something outside of the block was asked for.
    var isBroken = false
    /// Where the next byte of text goes.
    var text = 0
    var unitsStart = 0
    var low = 0
    var high = 0
    var untilJoin = 0
    var free = [Int](repeating: 0, count: 38)

    init(size: Int) {
        self.size = size
        origin = 4 - size & 3
        capacity = origin + size + Self.unit
        unsafe base = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { unsafe base.deallocate() }

    mutating func restart() {
        for index in free.indices { free[index] = 0 }
        text = origin
        high = text + size
        unitsStart = high - size / 8 / Self.unit * 7 * Self.unit
        low = unitsStart
        untilJoin = 0
    }

    // MARK: Bytes

    func contains(_ offset: Int, _ count: Int) -> Bool { offset >= 0 && count >= 0 && offset <= capacity - count }

    func byte(_ offset: Int) -> UInt8 {
        guard contains(offset, 1) else { return 0 }
        return unsafe base.load(fromByteOffset: offset, as: UInt8.self)
    }

    func short(_ offset: Int) -> Int {
        guard contains(offset, 2) else { return 0 }
        return Int(UInt16(littleEndian: unsafe base.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
    }

    func word(_ offset: Int) -> Int {
        guard contains(offset, 4) else { return 0 }
        return Int(UInt32(littleEndian: unsafe base.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }

    mutating func setByte(_ offset: Int, _ value: UInt8) {
        guard contains(offset, 1) else { return isBroken = true }
        unsafe base.storeBytes(of: value, toByteOffset: offset, as: UInt8.self)
    }

    mutating func setShort(_ offset: Int, _ value: Int) {
        guard contains(offset, 2) else { return isBroken = true }
        unsafe base.storeBytes(
            of: UInt16(truncatingIfNeeded: value).littleEndian, toByteOffset: offset, as: UInt16.self)
    }

    mutating func setWord(_ offset: Int, _ value: Int) {
        guard contains(offset, 4) else { return isBroken = true }
        unsafe base.storeBytes(
            of: UInt32(truncatingIfNeeded: value).littleEndian, toByteOffset: offset, as: UInt32.self)
    }

    mutating func copy(_ offset: Int, to target: Int, count: Int) {
        guard contains(offset, count), contains(target, count) else { return isBroken = true }
        unsafe (base + target).copyMemory(from: base + offset, byteCount: count)
    }

    mutating func swapStates(_ left: Int, _ right: Int) {
        guard contains(left, 6), contains(right, 6) else { return isBroken = true }
        for index in 0..<6 {
            let byte = byte(left + index)
            setByte(left + index, self.byte(right + index))
            setByte(right + index, byte)
        }
    }

    /// Moves the state at `offset` down to `target` and those between one place up.
    mutating func moveState(_ offset: Int, to target: Int) {
        guard target < offset, contains(target, offset - target + 6) else { return }
        let head = short(offset)
        let tail = word(offset + 2)
        copy(target, to: target + 6, count: offset - target)
        setShort(target, head)
        setWord(target + 2, tail)
    }

    /// Adds a byte of text; false when it would meet the units.
    mutating func appendText(_ byte: UInt8) -> Bool {
        setByte(text, byte)
        text += 1
        return text < unitsStart
    }

    // MARK: Units

    // MARK: Joining

    // Free blocks as a list in both directions: a mark (0 for free; what is in use begins with another number), the
    // number of units, the next and the previous block. The head of the list lies behind the last unit.
}
