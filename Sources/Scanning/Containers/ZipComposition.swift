internal import ByteParsing
internal import ModelFormats

/// What a ZIP archive is used for, by the names of its members.
enum ZipComposition {
    /// The format's name in reports: the most specific that fits, `zip` otherwise.
    static func format(of archive: ZipArchive) -> FormatID {
        var facts = Facts()
        for entry in archive.entries.prefix(20_000) { facts.add(entry.nameText) }
        return facts.format
    }

    private struct Facts {
        var total = 0
        var arrays = 0
        var full: Set<String> = []
        /// Names without their first folder: what PyTorch puts under the archive's name.
        var inner: Set<String> = []
        var innerFolders: Set<String> = []
        var hasWheel = false

        mutating func add(_ name: String) {
            guard !name.hasSuffix("/") else { return }
            total += 1
            if name.hasSuffix(".npy") { arrays += 1 }
            guard name.utf8.count < 256 else { return }
            full.insert(name)
            if name.hasSuffix(".dist-info/WHEEL") { hasWheel = true }
            let parts = name.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count > 1 else { return }
            inner.insert(parts.dropFirst().joined(separator: "/"))
            if parts.count > 2 { innerFolders.insert(String(parts[1])) }
        }

        var format: FormatID {
            let hasData = inner.contains("data.pkl") || full.contains("data.pkl")
            if full.contains("MAR-INF/MANIFEST.json") { return "torchserve-mar" }
            if full.contains("archive_format") || inner.contains("archive_format") { return "pt2" }
            if innerFolders.contains(".data"), inner.contains(".data/extern_modules") || inner.contains(".data/version")
            {
                // Newer plain checkpoints carry `.data/serialization_id` beside `data.pkl`; packages list externs.
                if inner.contains(".data/extern_modules") || !hasData { return "torch-package" }
            }
            if hasData, inner.contains("constants.pkl") || innerFolders.contains("code") { return "torchscript" }
            if hasData { return "pytorch-zip" }
            if full.contains("config.json"), full.contains("metadata.json") { return "keras" }
            if full.contains("schema.json") { return "skops" }
            if full.contains("[Content_Types].xml") { return "ooxml" }
            if full.contains("oci-layout") { return "oci-layout" }
            if hasWheel { return "wheel" }
            if full.contains("META-INF/MANIFEST.MF") { return "jar" }
            if full.contains("Manifest.json") || inner.contains("Manifest.json"),
                full.union(inner).contains(where: { $0.hasPrefix("Data/com.apple.CoreML") })
            {
                return "mlpackage"
            }
            if arrays > 0, arrays * 2 >= total { return "npz" }
            return "zip"
        }
    }
}
