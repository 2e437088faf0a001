import ByteParsing

/// Every truncation of the bytes, and each byte in turn replaced by several others: what no reader may trap on.
func damaged(_ region: ByteRegion) -> [ByteRegion] {
    let bytes = region.array()
    var variants = (0...bytes.count).map { ByteRegion(Array(bytes.prefix($0))) }
    for index in bytes.indices {
        for value in [0x00, 0x7F, 0x80, 0xFF, bytes[index] ^ 1, bytes[index] &+ 1] as [UInt8] {
            var changed = bytes
            changed[index] = value
            variants.append(ByteRegion(changed))
        }
    }
    return variants
}
