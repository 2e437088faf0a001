internal import ByteParsing

/// What extension headers say of the member that follows.
struct TarExtensions: Sendable {
    /// From a GNU long name or a pax `path`.
    var name: ByteRegion? {
        didSet { if oldValue != nil { hasPathTwice = true } }
    }
    var link: ByteRegion?
    var size: Int?
    var hasPathTwice = false
    var oddities: [String] = []

    /// Reads pax records (POSIX.1-2001): `length keyword=value\n`, the length counting all of it.
    mutating func read(pax data: ByteRegion, budget: Budget) throws(ParseError) {
        var at = 0
        while at < data.count {
            try budget.spend(operations: 4, reading: "pax records")
            guard let space = data.suffix(from: at).prefix(20).bytes.firstOffset(of: 0x20),
                let length = Int(data.slice(at, space)?.text() ?? ""), length > space + 1,
                let record = data.slice(at, length),
                let equals = record.bytes.firstOffset(of: UInt8(ascii: "=")), equals > space
            else {
                // Zeros pad the last block; anything else is broken.
                if !data.suffix(from: at).isAllZero { oddities.append("a pax record breaks the format") }
                return
            }
            let key = record.slice(space + 1, equals - space - 1)?.text() ?? ""
            let value = record.slice(equals + 1, record.count - equals - 2) ?? record.prefix(0)
            if record[record.count - 1] != 0x0A { oddities.append("a pax record's length is wrong") }
            switch key {
            case "path", "GNU.sparse.name": name = value
            case "linkpath": link = value
            case "size":
                size = Int(value.text(limit: 32))
                if size == nil || (size ?? 0) < 0 {
                    oddities.append("a pax size that is no size")
                    size = nil
                }
            default: break
            }
            at += length
        }
    }
}

extension ByteRegion {
    /// This name, a slash, and the other: ustar's prefix and name.
    func joined(_ name: ByteRegion) -> ByteRegion {
        ByteRegion(array() + [UInt8(ascii: "/")] + name.array())
    }
}
