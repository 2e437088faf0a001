internal import ByteParsing
internal import ModelFormats

/// What a ZIP archive is used for, by the names of its members.
enum ZipComposition {
    /// The format's name in reports: the most specific that fits, `zip` otherwise.
    static func format(of archive: ZipArchive) -> FormatID {
        var facts = Facts()
        var pages = PageReturn()
        for entry in archive.entries.prefix(20_000) {
            pages.look(at: entry.headerOffset, in: archive.entries.region)
            facts.add(entry.nameText)
        }
        return facts.format
    }

    /// What is looked for; nothing else is remembered.
    private static let telling: Set<String> = [
        "data.pkl", "MAR-INF/MANIFEST.json", "archive_format", ".data/extern_modules", ".data/version", "constants.pkl",
        "config.json", "metadata.json", "schema.json", "[Content_Types].xml", "oci-layout", "META-INF/MANIFEST.MF",
        "Manifest.json",
    ]

    private struct Facts {
        var total = 0
        var arrays = 0
        var full: Set<String> = []
        /// Names without their first folder: what PyTorch puts under the archive's name.
        var inner: Set<String> = []
        var innerFolders: Set<String> = []
        var hasWheel = false
        var hasCoreML = false

        mutating func add(_ name: String) {
            guard !name.hasSuffix("/") else { return }
            total += 1
            if name.hasSuffix(".npy") { arrays += 1 }
            guard name.utf8.count < 256 else { return }
            if telling.contains(name) { full.insert(name) }
            if name.hasSuffix(".dist-info/WHEEL") { hasWheel = true }
            if name.hasPrefix(Self.coreML) { hasCoreML = true }
            let parts = name.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count > 1 else { return }
            let rest = parts.dropFirst().joined(separator: "/")
            if telling.contains(rest) { inner.insert(rest) }
            if rest.hasPrefix(Self.coreML) { hasCoreML = true }
            if parts.count > 2, parts[1] == ".data" || parts[1] == "code" { innerFolders.insert(String(parts[1])) }
        }

        private static let coreML = "Data/com.apple.CoreML"

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
            if full.contains("Manifest.json") || inner.contains("Manifest.json"), hasCoreML { return "mlpackage" }
            if arrays > 0, arrays * 2 >= total { return "npz" }
            return "zip"
        }
    }
}
