package import ByteParsing
internal import ModelFormats

/// Everything that the HDF5 walker finds, as one JSON document: what the oracle compares with another reader.
package enum HDF5Listing {
    package static func json(_ region: ByteRegion, budget: Budget = Budget()) throws(ParseError) -> String {
        var walker = try HDF5Walker(region, budget: budget)
        var objects: [HDF5Object] = []
        var values: [[ByteRegion]] = []
        while let object = try walker.next() {
            objects.append(object)
            values.append(try walker.values(of: object, limit: budget.limits.memberBytes))
        }
        var writer = JSONWriter()
        writer.array { writer in
            for (object, values) in zip(objects, values) { write(object, values, to: &writer) }
        }
        return writer.text
    }

    private static func write(_ object: HDF5Object, _ values: [ByteRegion], to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("path", object.path)
            let kind =
                switch object.kind {
                case .group: "group"
                case .dataset: "dataset"
                case .datatype: "datatype"
                }
            writer.member("kind", kind)
            writer.member("dtype", object.datatype?.name)
            writer.key("shape")
            writer.array { writer in for side in object.dataspace?.shape ?? [] { writer.integer(side) } }
            writer.member("layout", object.layout?.name)
            writer.key("filters")
            writer.array { writer in for filter in object.filters { writer.integer(filter.id) } }
            writer.member("external", object.externalFiles.map(\.name))
            writer.member("virtual", object.virtualSources.map { $0.file + ":" + $0.dataset })
            writer.member("values", values.map { hexadecimal($0) })
            writer.member("failures", object.failures.map(\.description))
            writer.key("attributes")
            writer.array { writer in
                for attribute in object.attributes {
                    writer.object { writer in
                        writer.member("name", attribute.name)
                        writer.member("dtype", attribute.datatype?.name)
                        writer.key("shape")
                        writer.array { writer in
                            for side in attribute.dataspace?.shape ?? [] { writer.integer(side) }
                        }
                        writer.member("values", attribute.values.map { hexadecimal($0) })
                    }
                }
            }
            writer.key("links")
            writer.array { writer in
                for link in object.links {
                    writer.object { writer in
                        writer.member("name", link.name)
                        switch link.target {
                        case .hard: writer.member("kind", "hard")
                        case .soft(let path):
                            writer.member("kind", "soft")
                            writer.member("path", path)
                        case .external(let file, let path):
                            writer.member("kind", "external")
                            writer.member("file", file)
                            writer.member("path", path)
                        case .userDefined(let type): writer.member("kind", "class \(type)")
                        }
                    }
                }
            }
        }
    }

    private static func hexadecimal(_ region: ByteRegion) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: region.array().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
