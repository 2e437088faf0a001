internal import ByteParsing

/// Data descriptors (APPNOTE 4.3.9): checksum and sizes behind the data, with or without a signature, of 4 or 8 bytes.
extension ZipRecord {
    static let descriptorSignature: [UInt8] = [0x50, 0x4B, 7, 8]

    /// Bytes of the descriptor at `offset` for data of `size` bytes; 0 when nothing there looks like one.
    func descriptorLength(_ region: ByteRegion, at offset: Int, size: Int) -> Int {
        let signed = region.starts(with: Self.descriptorSignature, at: offset)
        let fields = offset + (signed ? 4 : 0)
        let prefix = signed ? 4 : 0
        if let wide = region.little(UInt64.self, at: fields + 4), wide == UInt64(size), isBoundary(region, fields + 20)
        {
            return prefix + 20
        }
        if let narrow = region.little(UInt32.self, at: fields + 4), narrow == UInt32(truncatingIfNeeded: size) {
            return prefix + 12
        }
        return signed ? min(16, region.count - offset) : 0
    }

    private func isBoundary(_ region: ByteRegion, _ offset: Int) -> Bool {
        offset == region.count || region.starts(with: [0x50, 0x4B], at: offset)
    }

    /// Length of the data when no view states it: up to the descriptor that states this very length, else up to the
    /// next signature, else to the end.
    func lengthByDescriptor(_ region: ByteRegion, from start: Int) -> Int {
        var at = start
        while let hit = region.firstOffset(of: Self.descriptorSignature, from: at) {
            let length = hit - start
            if region.little(UInt32.self, at: hit + 8) == UInt32(truncatingIfNeeded: length) { return length }
            at = hit + 4
        }
        let next = region.firstOffset(of: Self.localSignature, from: start) ?? region.count
        let directory = region.firstOffset(of: Self.centralSignature, from: start) ?? region.count
        return min(next, directory) - start
    }
}
