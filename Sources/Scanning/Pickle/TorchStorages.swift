internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// The members of a PyTorch archive that hold the elements of tensors.
///
/// PyTorch takes the number of elements from the pickle and lays it over the member's bytes without a look at how many
/// there are (`get_storage_from_record` in `torch/csrc/jit/python/init.cpp`): a member that is shorter is read past its end.
struct TorchStorages {
    private static let most = 200_000

    private let archive: [String]
    private let entries: ZipEntries

    init(_ entries: ZipEntries, of item: ScanItem) {
        archive = item.location.members
        self.entries = entries
    }

    /// Reports storages that are shorter than what the pickle `item` makes of them: bytes by key.
    func check(_ needed: [String: Int], of item: ScanItem, in scan: Scan) throws(ParseError) {
        guard !needed.isEmpty, entries.count <= Self.most, item.location.members.dropLast().elementsEqual(archive),
            let stem = stem(of: item.path)
        else { return }
        try scan.budget.spend(operations: entries.count * 4, reading: "storages")
        var pages = PageReturn()
        for index in entries.indices {
            pages.look(at: entries.headerOffset(of: index), in: entries.region)
            let entry = entries[index]
            guard let name = entry.name, name.count <= stem.count + 64, name.starts(with: stem),
                let key = String(validating: name.suffix(from: stem.count).array(), as: UTF8.self),
                let size = needed[key]
            else { continue }
            // Local headers may leave the size to a descriptor.
            guard let held = entry.central.map(\.uncompressedSize).min() ?? entry.local?.uncompressedSize, held < size
            else { continue }
            scan.report(
                "PICKLE-TENSOR-BOUNDS",
                "The storage “\(Printable.line(key, limit: 60))” has \(held) bytes, and the pickle lays a tensor over \(size)",
                at: item.location, severity: .medium)
        }
    }

    /// `archive/data/` for the pickle `archive/data.pkl`.
    private func stem(of path: String) -> [UInt8]? {
        // Tracing leaves a record of its inputs whose storages are empty, and which nothing loads.
        guard ["data.pkl", "constants.pkl"].contains(where: { path == $0 || path.hasSuffix("/" + $0) }) else {
            return nil
        }
        return Array((path.dropLast(4) + "/").utf8)
    }
}
