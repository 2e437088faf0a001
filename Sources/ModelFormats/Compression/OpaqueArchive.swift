package import ByteParsing

/// Archives, disk images and packages that are recognised and not opened.
package enum OpaqueArchive: String, Sendable, CaseIterable {
    case cab
    case ar
    case cpio
    case iso9660
    case squashfs
    case xar
    case arj
    case lha
    case zpaq
    case ace
    case dmg
    case wim
    case chm
    case lzip
    case lzop
    case compress
    case snappy
    case brotli
    case ext
    case crx
    case rpm
    case stuffit
    /// Singularity's image format.
    case sif

    /// The kind of archive that the bytes are, by magic numbers.
    package init?(_ region: ByteRegion) {
        func has(_ text: StaticString, at offset: Int = 0) -> Bool { region.starts(with: text, at: offset) }
        switch region[0] {
        case UInt8(ascii: "M") where has("MSCF\0\0\0\0"): self = .cab
        case UInt8(ascii: "M") where has("MSWIM\0\0\0"): self = .wim
        case UInt8(ascii: "!") where has("!<arch>\n") || has("!<thin>\n"): self = .ar
        case UInt8(ascii: "0") where has("070701") || has("070702") || has("070707"): self = .cpio
        case UInt8(ascii: "h") where has("hsqs"): self = .squashfs
        case UInt8(ascii: "s") where has("sqsh"): self = .squashfs
        case UInt8(ascii: "x") where has("xar!\0"): self = .xar
        case 0x60 where region.starts(with: [0x60, 0xEA]) && Self.isArj(region): self = .arj
        case UInt8(ascii: "7") where has("7kSt"): self = .zpaq
        case UInt8(ascii: "I") where has("ITSF\u{3}\0\0\0"): self = .chm
        case UInt8(ascii: "L") where has("LZIP\u{1}"): self = .lzip
        case 0x89 where region.starts(with: [0x89, 0x4C, 0x5A, 0x4F, 0, 0x0D, 0x0A, 0x1A, 0x0A]): self = .lzop
        case 0x1F where region.starts(with: [0x1F, 0x9D]) && region.count > 3: self = .compress
        case 0xFF where region.starts(with: [0xFF, 6, 0, 0]) && has("sNaPpY", at: 4): self = .snappy
        case UInt8(ascii: "C") where has("Cr24") && (region.little(UInt32.self, at: 4) ?? 9) <= 3: self = .crx
        case 0xED where region.starts(with: [0xED, 0xAB, 0xEE, 0xDB]): self = .rpm
        case UInt8(ascii: "S") where has("StuffIt (c)"): self = .stuffit
        default:
            if has("-lh", at: 2), region[6] == UInt8(ascii: "-") {
                self = .lha
            } else if has("**ACE**", at: 7) {
                self = .ace
            } else if has("SIF_MAGIC", at: 32) {
                self = .sif
            } else if has("CD001", at: 0x8001) {
                self = .iso9660
            } else if region.starts(with: [0x53, 0xEF], at: 0x438), Self.isExt(region) {
                self = .ext
            } else if region.count > 512, has("koly\0\0\0\u{4}", at: region.count - 512) {
                self = .dmg
            } else {
                return nil
            }
        }
    }

    /// Header size and version of an ARJ archive are plausible.
    private static func isArj(_ region: ByteRegion) -> Bool {
        guard let size = region.little(UInt16.self, at: 2), let version = region[5] else { return false }
        return (30...2600).contains(size) && version < 20 && region.count > Int(size)
    }

    /// The superblock's state, error behaviour and block size are plausible.
    private static func isExt(_ region: ByteRegion) -> Bool {
        guard let size = region.little(UInt32.self, at: 0x418), let state = region.little(UInt16.self, at: 0x43A),
            let errors = region.little(UInt16.self, at: 0x43C), let inode = region.little(UInt16.self, at: 0x458)
        else { return false }
        return size <= 6 && state <= 7 && (1...3).contains(errors) && inode.nonzeroBitCount <= 1
    }
}
