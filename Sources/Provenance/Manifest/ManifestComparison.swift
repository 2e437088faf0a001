/// How the files on disk differ from a manifest, file by file.
package struct ManifestComparison: Sendable, Hashable {
    /// The same bytes under another path.
    package struct Renaming: Sendable, Hashable {
        /// Its path in the manifest.
        package let from: ModelPath
        /// Its path on disk.
        package let to: ModelPath
    }

    /// On disk, but not in the manifest.
    package var added: [ModelPath] = []
    /// In the manifest, but not on disk.
    package var removed: [ModelPath] = []
    /// In both, with other contents.
    package var changed: [ModelPath] = []
    /// Removed there and added here, with the same contents.
    package var renamed: [Renaming] = []
    /// In both, with the same contents.
    package var unchanged = 0

    package init() {}

    /// Whether what the manifest lists is there, unchanged, and nothing else is.
    package var isEqual: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty && renamed.isEmpty }

    /// Compares what is there with what is expected.
    ///
    /// Both manifests use the same method and algorithm; the names are compared as bytes, and a file in shards is equal
    /// when exactly the same shards have the same digests.
    package init(expected: Manifest, actual: Manifest) {
        self.init()
        if expected.method == .files, actual.method == .files {
            compare(expected.resources, actual.resources)
            return
        }
        let before = Self.byFile(expected)
        let after = Self.byFile(actual)
        for (path, digests) in before {
            guard let now = after[path] else {
                removed.append(path)
                continue
            }
            if now == digests { unchanged += 1 } else { changed.append(path) }
        }
        added = after.keys.filter { before[$0] == nil }
        var arrivals: [[UInt8]: [ModelPath]] = [:]
        for path in added.sorted() { arrivals[after[path] ?? [], default: []].append(path) }
        var moved = Set<ModelPath>()
        for path in removed.sorted() {
            guard let digests = before[path], var targets = arrivals[digests], !targets.isEmpty else { continue }
            let target = targets.removeFirst()
            arrivals[digests] = targets
            renamed.append(Renaming(from: path, to: target))
            moved.formUnion([path, target])
        }
        added = added.filter { !moved.contains($0) }.sorted()
        removed = removed.filter { !moved.contains($0) }.sorted()
        changed.sort()
    }

    /// Compares lists with one digest a file: both are walked in the order of their names, and only differences are kept.
    private mutating func compare(_ expected: ResourceList, _ actual: ResourceList) {
        let (before, after) = (expected.names.order, actual.names.order)
        var (gone, come): ([Int], [Int]) = ([], [])
        var (left, right) = (0, 0)
        while left < before.count || right < after.count {
            let order =
                left == before.count
                ? 1 : right == after.count ? -1 : expected.names.compare(before[left], actual.names, after[right])
            if order == 0 {
                if expected.hasDigest(before[left], of: actual, after[right]) {
                    unchanged += 1
                } else {
                    changed.append(expected.names[before[left]])
                }
            } else if order < 0 {
                gone.append(before[left])
            } else {
                come.append(after[right])
            }
            if order <= 0 { left += 1 }
            if order >= 0 { right += 1 }
        }
        var arrivals: [[UInt8]: [ModelPath]] = [:]
        for one in come.reversed() { arrivals[actual[one].digest, default: []].append(actual[one].name) }
        var moved = Set<ModelPath>()
        for one in gone {
            guard let target = arrivals[expected[one].digest]?.popLast() else {
                removed.append(expected[one].name)
                continue
            }
            renamed.append(Renaming(from: expected[one].name, to: target))
            moved.insert(target)
        }
        added = come.lazy.map { actual[$0].name }.filter { !moved.contains($0) }
    }

    /// For each file, its digest; or the digests of its ranges in their order, each behind where the range starts and ends.
    private static func byFile(_ manifest: Manifest) -> [ModelPath: [UInt8]] {
        var files: [ModelPath: [UInt8]] = [:]
        files.reserveCapacity(manifest.method == .files ? manifest.resources.count : 0)
        var parts: [ModelPath: [(range: Range<Int>, digest: [UInt8])]] = [:]
        for resource in manifest.resources {
            guard let (path, range) = manifest.location(of: resource) else { continue }
            if let range {
                parts[path, default: []].append((range, resource.digest))
            } else {
                files[path] = resource.digest
            }
        }
        for (path, ranges) in parts {
            let ordered = ranges.sorted {
                ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
            }
            files[path] = ordered.flatMap { Array("\($0.range.lowerBound):\($0.range.upperBound):".utf8) + $0.digest }
        }
        return files
    }
}
