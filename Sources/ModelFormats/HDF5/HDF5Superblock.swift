package import ByteParsing

/// Where an HDF5 file begins and how wide its addresses are.
///
/// Versions 0 to 3 (specification, section II.A). The driver information block and file-space information are not
/// read: they say how free space is kept. Checksums are not verified: a scanner reads what a patched loader would.
package struct HDF5Superblock: Sendable {
    package static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
    /// The signature as a little-endian number.
    private static let mark: UInt64 = 0x0A1A_0A0D_4644_4889
    /// Offset from which on nobody else is expected to look at the places where a superblock may be.
    private static let peekedFrom = 64 << 10

    /// Offset of the superblock in the file: the length of the user block before it.
    package let start: Int
    package let version: Int
    package let sizes: HDF5Sizes
    /// Address of the root group's object header.
    package let root: Int
    /// Address of the superblock extension, or nil.
    package let extensionAddress: Int?
    /// Length of the file from the superblock on, as declared.
    package let end: Int?

    /// The places at which a library looks: 0, 512, 1024 and so on, doubling.
    package static func find(in region: ByteRegion) -> Int? {
        var at = 0
        while at < region.count {
            // The first pages are looked at for many reasons, the others for this one alone.
            if at < peekedFrom ? region.starts(with: signature, at: at) : region.peek(at: at) == mark { return at }
            at = at == 0 ? 512 : at * 2
        }
        return nil
    }

    package init(_ file: ByteRegion) throws(ParseError) {
        guard let start = Self.find(in: file) else { throw .malformed(reading: "HDF5 signature") }
        self.start = start
        let region = file.suffix(from: start)
        guard let version = region[8] else { throw .truncated(at: 8, reading: "HDF5 superblock") }
        self.version = Int(version)
        let (sizesAt, rest): (Int, Int)
        switch version {
        case 0: (sizesAt, rest) = (13, 24)
        case 1: (sizesAt, rest) = (13, 28)
        case 2, 3: (sizesAt, rest) = (9, 12)
        default: throw .unsupported(at: 8, reading: "HDF5 superblock version \(version)")
        }
        guard let offset = region[sizesAt], let length = region[sizesAt + 1] else {
            throw .truncated(at: sizesAt, reading: "HDF5 superblock")
        }
        guard [2, 4, 8].contains(offset), [2, 4, 8].contains(length) else {
            throw .malformed(at: sizesAt, reading: "HDF5 superblock (size of addresses)")
        }
        sizes = HDF5Sizes(offset: Int(offset), length: Int(length))
        var cursor = try HDF5Cursor(region, at: rest, sizes: sizes)
        // The stated base address is passed over: libraries put the place where they found the superblock instead.
        _ = try cursor.address("HDF5 base address")
        let second = try cursor.address("HDF5 superblock address")
        end = try cursor.address("HDF5 end-of-file address")
        if version < 2 {
            extensionAddress = nil
            _ = try cursor.address("HDF5 driver information")
            _ = try cursor.unsigned(sizes.offset, reading: "HDF5 root name")
        } else {
            extensionAddress = second
        }
        guard let root = try cursor.address("HDF5 root group") else {
            throw .malformed(at: cursor.offset, reading: "HDF5 root group address")
        }
        self.root = root
    }
}
