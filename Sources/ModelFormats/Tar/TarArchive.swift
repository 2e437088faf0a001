package import ByteParsing

/// A member of a tar archive with the extensions before it applied.
package struct TarEntry: Sendable {
    /// Full name as extractors use it.
    package var name: ByteRegion
    package var mode: UInt32
    package var type: UInt8
    package var headerOffset: Int
    /// Bytes of data in the archive, cut at its end.
    package var size: Int
    /// What few entries have: an archive may have very many of them.
    private var rare: Rare?

    private final class Rare: Sendable {
        let linkTarget: ByteRegion
        let oddities: [String]

        init(_ linkTarget: ByteRegion, _ oddities: [String]) {
            self.linkTarget = linkTarget
            self.oddities = oddities
        }
    }

    init(name: ByteRegion, linkTarget: ByteRegion, mode: Int, type: UInt8, headerOffset: Int, size: Int) {
        self.name = name
        self.mode = UInt32(truncatingIfNeeded: mode)
        self.type = type
        self.headerOffset = headerOffset
        self.size = size
        if !linkTarget.isEmpty { rare = Rare(linkTarget, []) }
    }

    package var dataOffset: Int { headerOffset + TarHeader.blockSize }
    package var linkTarget: ByteRegion { rare?.linkTarget ?? name.prefix(0) }
    /// Names and sizes that other readers would take, where extensions and header disagree in a way that matters.
    package var oddities: [String] {
        get { rare?.oddities ?? [] }
        set { rare = newValue.isEmpty && linkTarget.isEmpty ? nil : Rare(linkTarget, newValue) }
    }

    package enum Kind: Sendable { case file, hardLink, symbolicLink, folder, device, pipe, sparse, other }

    package var kind: Kind {
        switch type {
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): name[name.count - 1] == UInt8(ascii: "/") ? .folder : .file
        case UInt8(ascii: "1"): .hardLink
        case UInt8(ascii: "2"): .symbolicLink
        case UInt8(ascii: "3"), UInt8(ascii: "4"): .device
        case UInt8(ascii: "5"), UInt8(ascii: "D"): .folder
        case UInt8(ascii: "6"): .pipe
        case UInt8(ascii: "S"): .sparse
        default: .other
        }
    }
}

/// A tar archive: ustar, GNU long names, pax extensions, base-256 numbers; archives joined end to end are read on.
///
/// A wrong checksum does not stop the reading where the block still looks like a header: it is a fact. Sparse members
/// are given as the data that is stored, without the holes. Not parsed: multi-volume continuation, ACLs and extended
/// attributes.
package struct TarArchive: Sendable {
    package private(set) var entries: [TarEntry] = []
    /// Facts that belong to no entry, with their offsets.
    package private(set) var oddities: [(offset: Int, text: String)] = []
    /// Offset after the last block that was understood.
    package private(set) var end = 0
    /// Whether two zero blocks (or at least one) ended the archive, as the format asks.
    package private(set) var hasEndMark = false
    package private(set) var stop: ParseError?

    private var pending = TarExtensions()
    /// Whether nothing has followed an extension that speaks of the next member.
    private var isExtensionLast = false
    private var global = TarExtensions()

    /// Reads the members of `region`, which begins with a header; only those whose headers begin before `limit`, if given.
    /// - Throws: `limit` when the budget is used up.
    package init(_ region: ByteRegion, before limit: Int = .max, budget: Budget) throws(ParseError) {
        var at = 0
        var pages = PageReturn()
        while at < min(region.count, limit) {
            try budget.spend(operations: 64, reading: "tar headers")
            pages.look(at: at, in: region)
            guard let block = region.slice(at, TarHeader.blockSize) else {
                if !hasEndMark, !region.suffix(from: at).isAllZero {
                    stop = .truncated(at: at, reading: "tar header")
                }
                break
            }
            if block.isAllZero {
                hasEndMark = true
                while let block = region.slice(at, TarHeader.blockSize), block.isAllZero {
                    try budget.spend(operations: 64, reading: "tar end mark")
                    at += TarHeader.blockSize
                }
                end = at
                guard TarHeader.isHeader(region, at: at) else { break }
                oddities.append((at, "another archive follows the end mark"))
                continue
            }
            guard let header = TarHeader(region, at: at) else { break }
            guard header.isChecksumRight || (header.hasMagic && header.size != nil) else { break }
            guard entries.count < budget.limits.entries else {
                stop = .limit(at: at, reading: "more than \(budget.limits.entries) entries")
                break
            }
            guard let next = try read(header, region, at: at, budget: budget) else { break }
            at = next
            end = at
        }
        if stop == nil, isExtensionLast {
            stop = .truncated(at: end, reading: "the tar member that an extension speaks of")
        }
    }

    /// Reads one member or extension; the offset of the next header, nil when the archive breaks off.
    private mutating func read(
        _ header: TarHeader, _ region: ByteRegion, at: Int, budget: Budget
    ) throws(ParseError) -> Int? {
        let start = at + TarHeader.blockSize
        guard let headerSize = header.size else {
            stop = .malformed(at: at, reading: "size of a tar member")
            return nil
        }
        switch header.type {
        case UInt8(ascii: "L"), UInt8(ascii: "K"), UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "g"):
            guard let data = region.slice(start, headerSize), headerSize <= 16 << 20,
                let padded = headerSize.aligned(to: TarHeader.blockSize)
            else {
                stop = .truncated(at: start, reading: "tar extension")
                return nil
            }
            switch header.type {
            case UInt8(ascii: "L"): pending.name = data.prefix(data.bytes.firstOffset(of: 0) ?? data.count)
            case UInt8(ascii: "K"): pending.link = data.prefix(data.bytes.firstOffset(of: 0) ?? data.count)
            case UInt8(ascii: "g"):
                try global.read(pax: data, budget: budget)
                if global.name != nil || global.size != nil || global.link != nil {
                    oddities.append((at, "a global extension sets name, link or size for all members"))
                }
            default: try pending.read(pax: data, budget: budget)
            }
            isExtensionLast = header.type != UInt8(ascii: "g")
            return min(start + padded, region.count)
        default:
            isExtensionLast = false
            return try add(header, headerSize, region, at: at)
        }
    }

    private mutating func add(
        _ header: TarHeader, _ headerSize: Int, _ region: ByteRegion, at: Int
    ) throws(ParseError) -> Int? {
        let start = at + TarHeader.blockSize
        let plain = header.prefix.isEmpty ? header.name : header.prefix.joined(header.name)
        var entry = TarEntry(
            name: pending.name ?? global.name ?? plain, linkTarget: pending.link ?? global.link ?? header.linkTarget,
            mode: header.mode, type: header.type, headerOffset: at, size: headerSize)
        entry.oddities += pending.oddities
        if !header.isChecksumRight { entry.oddities.append("the checksum is wrong: some readers stop here") }
        if pending.hasPathTwice { entry.oddities.append("a GNU long name and a pax path both name it") }
        var size = headerSize
        if let wide = pending.size ?? global.size {
            if headerSize != 0, headerSize != wide {
                entry.oddities.append("\(headerSize) bytes in the header, \(wide) in the pax extension")
            }
            size = wide
        }
        pending = TarExtensions()
        // Links, folders, devices and pipes have no data, whatever the size says; readers differ in that, so data that
        // a non-file claims is read, and the next header is looked for behind it only when one is there.
        switch entry.kind {
        case .file, .sparse, .other: break
        case .hardLink, .symbolicLink, .folder, .device, .pipe:
            guard size > 0 else { break }
            entry.oddities.append("a member without data claims \(size) bytes")
            if TarHeader.isHeader(region, at: start) { size = 0 }
        }
        if entry.type == UInt8(ascii: "S") {
            size += try sparseExtensionLength(region, at: at)
        }
        guard let padded = size.aligned(to: TarHeader.blockSize), let next = start.adding(checked: padded) else {
            stop = .overflow(at: at, reading: "size of a tar member")
            return nil
        }
        entry.size = min(size, max(0, region.count - start))
        entries.append(entry)
        if size > region.count - start {
            stop = .truncated(at: start, reading: "data of the tar member \(entry.name.text(limit: 100))")
            return nil
        }
        if next > region.count {
            stop = .truncated(at: region.count, reading: "padding of the tar member \(entry.name.text(limit: 100))")
        }
        return min(next, region.count)
    }

    /// Old GNU sparse members have further map blocks before their data, each saying whether one follows.
    private func sparseExtensionLength(_ region: ByteRegion, at: Int) throws(ParseError) -> Int {
        guard region[at + 482] == 1 else { return 0 }
        var blocks = 1
        while blocks < 10_000, region[at + TarHeader.blockSize * blocks + 504] == 1 { blocks += 1 }
        return blocks * TarHeader.blockSize
    }
}
