package import ByteParsing

/// A file of a 7z archive.
package struct SevenZipEntry: Sendable {
    package var name: String
    /// Which folder (7z's word for a compressed block) holds it; nil for an empty file or a directory.
    package var folder: Int?
    /// Where the file's bytes start in the folder's output.
    package var offset = 0
    package var size = 0
    package var attributes: UInt32 = 0
    package var isDirectory = false

    /// Unix mode in the attributes' upper half, where the archiver left it.
    package var isSymbolicLink: Bool {
        attributes & 0x8000 != 0 && (attributes >> 16) & 0xF000 == 0xA000 || attributes & 0x400 != 0
    }
}

/// A 7z archive (7-Zip's `7zFormat.txt`, version 0.4): its headers, which may be compressed themselves.
///
/// Folders of one simple chain of coders are opened: copy, LZMA, LZMA2, bzip2, deflate, deflate64, zstd, lz4, PPMd,
/// with branch filters and delta before LZMA, and BCJ2 over four such chains. Not parsed: every encryption (named in
/// `SevenZipFolder.refusal`); checksums of the files, times, comments and start positions; archives in several volumes.
package struct SevenZipArchive: Sendable {
    package private(set) var entries: [SevenZipEntry] = []
    package private(set) var folders: [SevenZipFolder] = []
    /// Offset after the last byte that the headers speak of.
    package private(set) var end = 0
    /// Whether the header itself was encrypted: then there are no entries.
    package private(set) var hasEncryptedHeader = false

    /// Whether the checksum of the start header or of the header is another one than is stated: archivers refuse such
    /// a file, and lenient ones read it.
    package private(set) var hasWrongChecksum = false

    package static let signature: [UInt8] = [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]

    package init(_ region: ByteRegion, budget: Budget) throws(ParseError) {
        guard region.starts(with: Self.signature) else { throw .malformed(reading: "7z signature") }
        guard let offset = region.little(UInt64.self, at: 12), let size = region.little(UInt64.self, at: 20) else {
            throw .truncated(at: region.count, reading: "7z start header")
        }
        end = 32
        hasWrongChecksum =
            region.slice(12, 20).map { Checksum.crc32($0) != region.little(UInt32.self, at: 8) } ?? true
        if size == 0 { return }
        guard let start = Int(exactly: offset)?.adding(checked: 32), let length = Int(exactly: size),
            var header = region.slice(start, length)
        else { throw .truncated(at: 12, reading: "7z header") }
        end = start + length
        if region.little(UInt32.self, at: 28) != Checksum.crc32(header) { hasWrongChecksum = true }
        // The header may be packed, and what comes out again.
        for _ in 0..<4 {
            var reader = SevenZipReader(budget: budget)
            switch header[0] {
            case 0x01:
                try reader.readHeader(header)
                folders = reader.folders
                entries = try reader.assemble()
                return
            case 0x17:
                try reader.readEncodedHeader(header)
                guard let folder = reader.folders.first else {
                    throw .malformed(at: start, reading: "7z encoded header")
                }
                if folder.refusal == .encrypted {
                    hasEncryptedHeader = true
                    return
                }
                header = try folder.open(region, budget: budget).region
            default: throw .malformed(at: start, reading: "7z header")
            }
        }
        throw .limit(at: start, reading: "7z headers packed in each other")
    }
}
