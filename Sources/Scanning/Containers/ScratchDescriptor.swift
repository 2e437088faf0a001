internal import ModelFormats

/// Where a process that may not create files keeps decompressed content that is too large for memory.
public enum ScratchDescriptor {
    /// Uses the open, empty, unlinked file behind `descriptor`, which stays open. Without a plain file there, content
    /// beyond `Limits.memberBytes` is reported as not read.
    public static func adopt(_ descriptor: CInt) { ScratchSpace.shared.adopt(descriptor: descriptor) }
}
