internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// An HDF5 file as a flat list of its objects, in the order of a depth-first walk.
enum HDF5Outline {
    static func make(_ region: ByteRegion, budget: Budget) throws(ParseError) -> Outline {
        var walker = try HDF5Walker(region, budget: budget)
        let superblock = walker.superblock
        var children: [Outline] = []
        while let object = try walker.next() {
            guard children.count < 20_000 else {
                children.append(Outline("…", "more objects are not listed"))
                break
            }
            children.append(outline(of: object))
        }
        let block = superblock.start > 0 ? ", after a user block of \(superblock.start) bytes" : ""
        return Outline("hdf5", "superblock version \(superblock.version)\(block)", children: children)
    }

    private static func outline(of object: HDF5Object) -> Outline {
        var parts = Outline(object.path, detail(of: object))
        for attribute in object.attributes {
            let text = attribute.values.prefix(100).map { Printable.line($0.text(limit: 4_000), limit: 4_000) }
            let type = attribute.datatype?.name ?? "?"
            let shape = (attribute.dataspace?.shape ?? []).map(String.init).joined(separator: "x")
            parts.children.append(
                Outline("@" + attribute.name, "\(type)[\(shape)] " + text.joined(separator: " | ")))
        }
        for link in object.links {
            let target =
                switch link.target {
                case .hard(let address): "hard @ 0x" + String(address, radix: 16)
                case .soft(let path): "soft -> " + path
                case .external(let file, let path): "external -> \(file) \(path)"
                case .userDefined(let type): "user-defined class \(type)"
                }
            parts.children.append(Outline("-> " + link.name, target))
        }
        for failure in object.failures { parts.children.append(Outline("not read", failure.description)) }
        return parts
    }

    private static func detail(of object: HDF5Object) -> String {
        switch object.kind {
        case .group: return "group, " + Outline.count(object.links.count, "link")
        case .datatype: return "datatype \(object.datatype?.name ?? "?")"
        case .dataset:
            let shape = (object.dataspace?.shape ?? []).map(String.init).joined(separator: "x")
            var text = "dataset \(object.datatype?.name ?? "?")[\(shape)] \(object.layout?.name ?? "?")"
            if !object.filters.isEmpty {
                text += ", filters " + object.filters.map { String($0.id) }.joined(separator: " ")
            }
            for file in object.externalFiles { text += ", external \(file.name)" }
            for source in object.virtualSources.prefix(20) { text += ", virtual \(source.file):\(source.dataset)" }
            return text
        }
    }
}
