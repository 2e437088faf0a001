internal import ByteParsing

extension Finding {
    /// What makes this finding the same one in the next scan: rule, member and message, without the file's path, its
    /// digest or the offset, so that it outlives a move of the file and an edit somewhere else in it.
    ///
    /// 32 hexadecimal digits of a SHA-256 over the parts, each preceded by its length.
    public var fingerprint: String {
        var bytes = Array("assay-finding/1".utf8)
        for part in [rule] + location.members + [message] {
            bytes += Array("\u{0}\(part.utf8.count):".utf8)
            bytes += Array(part.utf8)
        }
        return String(Digest(sha256: ByteRegion(bytes)).description.prefix(32))
    }
}
