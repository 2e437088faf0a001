/// Handing out pieces of the memory, in units: part of the format, for coder and decoder must run out at the same symbol.
extension PPMdMemory {
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

    mutating func allocate(kind: Int) -> Int? {
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
