internal import AssayCore
package import ByteParsing
internal import ModelFormats

/// Judges HDF5 files: what they reach outside of themselves, what they claim to hold, and what their attributes and
/// byte-valued datasets carry. Keras configurations in attributes go to the Keras analyser as content of their own.
package struct HDF5Analyser: Analyser {
    package let format: FormatID = "hdf5"

    package init() {}

    package func recognise(_ item: ScanItem) -> Recognition {
        item.facts.hdf5Start == nil ? .no : .certain
    }

    package func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        var walker = try HDF5Walker(item.region, budget: scan.budget)
        report(walker.failures, at: item.location, in: scan)
        if walker.superblock.start > 0, let block = item.region.slice(0, walker.superblock.start) {
            scan.descend(into: block, named: "user block", of: item, as: format)
        }
        if let end = walker.superblock.end {
            let stored = item.region.count - walker.superblock.start
            if end < stored {
                let rest = item.region.suffix(from: walker.superblock.start + end)
                scan.descend(into: rest, named: "bytes after the file's end", of: item, as: format)
            } else if end > stored {
                scan.report(
                    "SCAN-MALFORMED", "hdf5: \(end - stored) bytes are missing at the end", at: item.location)
            }
        }
        while let object = try walker.next() {
            let place = item.location.at(object.address + walker.superblock.start, object.path)
            report(object.failures, at: place, in: scan)
            judge(object, at: place, size: item.region.count, in: scan)
            for attribute in object.attributes { judge(attribute, of: object, item, at: place, in: scan) }
            open(object, walker, item, in: scan)
        }
    }

    private func report(_ failures: [ParseError], at place: Location, in scan: Scan) {
        for failure in failures {
            if failure.code == .unsupported {
                scan.report(incomplete: "hdf5: \(failure.reading) is not followed", at: place, severity: .medium)
            } else {
                scan.report(failure, at: place, format: format)
            }
        }
    }

    private func judge(_ object: HDF5Object, at place: Location, size: Int, in scan: Scan) {
        for link in object.links {
            switch link.target {
            case .external(let file, let path):
                scan.report(
                    "HDF5-EXTERNAL-LINK", "the link \(link.name) leads to \(path) in the file \(file)", at: place)
            case .userDefined(let type):
                scan.report(
                    "HDF5-PLUGIN", "the link \(link.name) is of class \(type), which only a plug-in resolves",
                    at: place, severity: .medium)
            case .hard, .soft: break
            }
        }
        for file in object.externalFiles {
            scan.report(
                "HDF5-EXTERNAL-STORAGE", "the values of \(object.path) are read from the file \(file.name)", at: place,
                details: [.init("offset", String(file.offset)), .init("size", String(file.size))])
        }
        for source in object.virtualSources where source.file != "." {
            scan.report(
                "HDF5-EXTERNAL-STORAGE", "the values of \(object.path) are read from the file \(source.file)",
                at: place, details: [.init("dataset", source.dataset)])
        }
        for filter in object.filters where !HDF5Analyser.knownFilters.contains(filter.id) {
            scan.report(
                "HDF5-PLUGIN", "the filter \(filter.id) (\(filter.name)) is one that only a plug-in provides",
                at: place,
                severity: .low)
        }
        judgeSize(object, at: place, size: size, in: scan)
    }

    /// A declared size that nothing stored accounts for: the reader allocates it.
    private func judgeSize(_ object: HDF5Object, at place: Location, size: Int, in scan: Scan) {
        guard let type = object.datatype, let space = object.dataspace, object.kind == .dataset else { return }
        let declared = space.count.flatMap { $0.multiplied(checked: UInt64(type.size)) }
        let stored = UInt64(size)
        guard let declared else {
            scan.report("HDF5-SIZE-BOMB", "\(object.path) declares more elements than can be counted", at: place)
            return
        }
        // Deflate reaches 1:1032; what is beyond that is not stored at all.
        if declared > 1 << 31, declared / 1_100 > stored {
            scan.report(
                "HDF5-SIZE-BOMB", "\(object.path) declares \(declared) bytes in a file of \(size)", at: place,
                details: [.init("shape", space.shape.map(String.init).joined(separator: "x"))])
        }
    }

    private func judge(
        _ attribute: HDF5Attribute, of object: HDF5Object, _ item: ScanItem, at place: Location, in scan: Scan
    ) {
        for value in attribute.values where value.count >= 8 {
            let name = "attribute \(attribute.name) of \(object.path)"
            let first = value[0] ?? 0
            let isStructured = first == UInt8(ascii: "{") || first == UInt8(ascii: "[") || first <= 0x20
            if isStructured || first >= 0x7F || value.count > 1_024 || value.bytes.firstOffset(of: 0) != nil {
                scan.descend(into: value, named: name, of: item, as: format)
            } else {
                MetadataJudge.judge(value.text(), named: attribute.name, at: place, in: scan)
            }
        }
    }

    /// Datasets of bytes and text are shown to all analysers; tensors are not read.
    private func open(_ object: HDF5Object, _ walker: HDF5Walker, _ item: ScanItem, in scan: Scan) {
        guard object.kind == .dataset, object.externalFiles.isEmpty else { return }
        guard object.datatype?.holdsBytes == true else {
            // Whatever the numbers' type: bytes that start like a serialised object may be one.
            if let stored = walker.plainBytes(of: object), HDF5Analyser.startsLikeObject(stored) {
                scan.descend(into: stored, named: "dataset \(object.path)", of: item, as: format)
            }
            return
        }
        do throws(ParseError) {
            let values = try walker.values(of: object, limit: min(scan.limits.memberBytes, 4 << 20))
            for (index, value) in values.enumerated() where value.count >= 4 {
                let suffix = values.count == 1 ? "" : "[\(index)]"
                scan.descend(into: value, named: "dataset \(object.path)\(suffix)", of: item, as: format)
            }
        } catch {
            report([error], at: item.location.at(object.address, object.path), in: scan)
        }
    }

    /// A protocol mark and an opcode that Python's pickler writes first, a zip archive or a compressed stream.
    private static func startsLikeObject(_ region: ByteRegion) -> Bool {
        guard let first = region[0], let second = region[1], let third = region[2] else { return false }
        switch (first, second) {
        case (0x80, 2...3): return third < 0x80 && third >= 0x28
        case (0x80, 4...5): return third == 0x95 || third == 0x8C || (third >= 0x28 && third < 0x80)
        case (0x50, 0x4B): return third == 3
        case (0x1F, 0x8B): return third == 8
        default: return false
        }
    }

    /// Filters of the library itself, and those that h5py and the registered plug-ins commonly bring.
    private static let knownFilters: Set<Int> = [
        1, 2, 3, 4, 5, 6, 305, 307, 32000, 32001, 32004, 32008, 32013, 32015, 32017, 32018, 32019, 32023, 32024, 32026,
    ]

    package func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        try HDF5Outline.make(item.region, budget: budget)
    }
}
