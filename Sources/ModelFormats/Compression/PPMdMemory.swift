/// The block of memory that a PPMd model lives in, and the allocator of its units.
///
/// From the start grows the text that was coded; from the end of its eighth on lie units, contexts from above and states
/// from below. What is given back goes to lists by size, and neighbours are joined from time to time.
@safe
struct PPMdMemory: ~Copyable {
    private static let unit = PPMdModel.unit
    /// Sizes that are told apart: 1 to 4 units, then every second, third and fourth up to 128.
    private static let sizes: [Int] = {
        var sizes: [Int] = []
        var size = 0
        for index in 0..<38 {
            size += index >= 12 ? 4 : index / 4 + 1
            sizes.append(size)
        }
        return sizes
    }()
    /// The smallest size that holds so many units, by units less one.
    private static let classes: [Int] = (1...128).map { units in sizes.firstIndex { $0 >= units } ?? 0 }

    private let base: UnsafeMutableRawPointer
    private let capacity: Int
    private let size: Int
    /// The first offset in use, which keeps units on multiples of four.
    private let origin: Int
    /// Whether something outside of the block was asked for.
    var isBroken = false
    /// Where the next byte of text goes.
    var text = 0
    private var unitsStart = 0
    private var low = 0
    private var high = 0
    private var untilJoin = 0
    private var free = [Int](repeating: 0, count: 38)

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

    /// A unit from above, when memory is fresh.
    mutating func topUnit() -> Int {
        high -= Self.unit
        return high
    }

    /// Units from below, when memory is fresh.
    mutating func bottomUnits(_ count: Int) -> Int {
        defer { low += count * Self.unit }
        return low
    }

    private static func kind(_ units: Int) -> Int { classes[max(0, min(127, units - 1))] }

    private mutating func put(_ offset: Int, _ kind: Int) {
        setWord(offset, free[kind])
        free[kind] = offset
    }

    private mutating func take(_ kind: Int) -> Int {
        let offset = free[kind]
        free[kind] = word(offset)
        return offset
    }

    /// Puts `units` at `offset` on the lists: as one size, or as two.
    private mutating func putAll(_ offset: Int, units: Int) {
        var kind = Self.kind(units)
        if Self.sizes[kind] != units, kind > 0 {
            kind -= 1
            let first = Self.sizes[kind]
            put(offset + first * Self.unit, max(0, units - first - 1))
        }
        put(offset, kind)
    }

    private mutating func split(_ offset: Int, _ old: Int, _ new: Int) {
        putAll(offset + Self.sizes[new] * Self.unit, units: Self.sizes[old] - Self.sizes[new])
    }

    mutating func allocate(units: Int) -> Int? { allocate(kind: Self.kind(units)) }

    private mutating func allocate(kind: Int) -> Int? {
        if free[kind] != 0 { return take(kind) }
        let bytes = Self.sizes[kind] * Self.unit
        if bytes <= high - low {
            defer { low += bytes }
            return low
        }
        return allocateRare(kind)
    }

    mutating func allocateContext() -> Int? {
        if high != low { return topUnit() }
        if free[0] != 0 { return take(0) }
        return allocateRare(0)
    }

    private mutating func allocateRare(_ kind: Int) -> Int? {
        if untilJoin == 0 {
            join()
            if free[kind] != 0 { return take(kind) }
        }
        for larger in (kind + 1)..<max(kind + 1, free.count) where free[larger] != 0 {
            let offset = take(larger)
            split(offset, larger, kind)
            return offset
        }
        untilJoin -= 1
        let bytes = Self.sizes[kind] * Self.unit
        guard unitsStart - text > bytes else { return nil }
        unitsStart -= bytes
        return unitsStart
    }

    mutating func free(_ offset: Int, units: Int) { put(offset, Self.kind(units)) }

    /// Room for one unit more, the content moved if need be; nil when memory is full.
    mutating func grow(_ offset: Int, units: Int) -> Int? {
        let kind = Self.kind(units)
        guard kind != Self.kind(units + 1) else { return offset }
        guard let larger = allocate(kind: kind + 1) else { return nil }
        copy(offset, to: larger, count: units * Self.unit)
        put(offset, kind)
        return larger
    }

    mutating func shrink(_ offset: Int, from old: Int, to new: Int) -> Int {
        let before = Self.kind(old)
        let after = Self.kind(new)
        if before == after { return offset }
        if free[after] != 0 {
            let smaller = take(after)
            copy(offset, to: smaller, count: new * Self.unit)
            put(offset, before)
            return smaller
        }
        split(offset, before, after)
        return offset
    }

    // MARK: Joining

    // Free blocks as a list in both directions: a mark (0 for free; what is in use begins with another number), the
    // number of units, the next and the previous block. The head of the list lies behind the last unit.

    private mutating func join() {
        let head = origin + size
        untilJoin = 255
        var last = head
        var blocks = 0
        for kind in free.indices {
            var next = free[kind]
            free[kind] = 0
            while next != 0, !isBroken {
                let block = next
                setWord(block + 4, last)
                setWord(last + 8, block)
                last = block
                next = word(block)
                setShort(block, 0)
                setShort(block + 2, Self.sizes[kind])
                blocks += 1
                // More blocks than there are units: a list that ends in itself.
                if blocks > size / Self.unit { isBroken = true }
            }
        }
        setShort(head, 1)
        setWord(head + 4, last)
        setWord(last + 8, head)
        if low != high { setShort(low, 1) }
        var block = last
        while block != head, !isBroken {
            joinNeighbours(of: block)
            block = word(block + 4)
        }
        block = word(head + 4)
        while block != head, !isBroken {
            let next = word(block + 4)
            var place = block
            var units = short(block + 2)
            while units > 128 {
                put(place, free.count - 1)
                units -= 128
                place += 128 * Self.unit
            }
            putAll(place, units: units)
            block = next
        }
    }

    private mutating func joinNeighbours(of block: Int) {
        var units = short(block + 2)
        while !isBroken {
            let neighbour = block + units * Self.unit
            guard contains(neighbour, Self.unit) else { return isBroken = true }
            units += short(neighbour + 2)
            guard short(neighbour) == 0, units < 0x10000, units > short(block + 2) else { return }
            setWord(word(neighbour + 8) + 4, word(neighbour + 4))
            setWord(word(neighbour + 4) + 8, word(neighbour + 8))
            setShort(block + 2, units)
        }
    }
}
