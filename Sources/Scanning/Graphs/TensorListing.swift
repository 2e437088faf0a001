internal import AssayCore
public import ByteParsing
internal import ModelFormats

/// Tensors, operators and metadata of one file as its reader sees them: what the tests compare with the formats' own
/// libraries.
public enum TensorListing {
    /// One JSON object: `format`, `accepted`, `tensors` with name, type, shape, offset and size, `metadata`, `operators`.
    public static func json(_ region: ByteRegion) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            if GGUFFile.isPresent(in: region) {
                gguf(region, &writer)
            } else if ONNXModel.likeness(region) > 0 {
                onnx(region, &writer)
            } else if TFLiteModel.isPresent(in: region) {
                tflite(region, &writer)
            } else if region.starts(with: NPYHeader.magic) {
                npy(region, &writer)
            } else if CheckpointIndex.isPresent(in: region) {
                checkpoint(region, &writer)
            } else {
                safetensors(region, &writer)
            }
        }
        return writer.text
    }

    private static func safetensors(_ region: ByteRegion, _ writer: inout JSONWriter) {
        writer.member("format", "safetensors")
        guard let file = try? SafeTensorsFile(region, budget: Budget()) else { return writer.member("accepted", false) }
        let layout = SafeTensorsLayout(file, fileCount: region.count)
        writer.member("accepted", layout.flaws.isEmpty && file.flaws.allSatisfy { $0.kind == .member })
        writer.key("tensors")
        writer.array { writer in
            for tensor in file.tensors {
                writer.object { writer in
                    writer.member("name", tensor.name)
                    writer.member("type", tensor.type)
                    shape(tensor.shape, &writer)
                    writer.member("offset", file.dataStart + tensor.begin)
                    writer.member("size", tensor.end - tensor.begin)
                }
            }
        }
        writer.key("metadata")
        writer.object { writer in for entry in file.metadata { writer.member(entry.key, entry.value) } }
    }

    private static func gguf(_ region: ByteRegion, _ writer: inout JSONWriter) {
        writer.member("format", "gguf")
        guard let file = try? GGUFFile(region, budget: Budget()), file.failure == nil,
            let check = try? GGUFCheck(file, budget: Budget())
        else { return writer.member("accepted", false) }
        writer.member("accepted", check.flaws.isEmpty)
        writer.key("tensors")
        writer.array { writer in
            for tensor in file.tensors {
                writer.object { writer in
                    writer.member("name", tensor.name)
                    writer.member("type", GGMLType(tensor.type)?.name)
                    shape(tensor.dimensions.map { Int(truncatingIfNeeded: $0) }, &writer)
                    writer.member("offset", check.dataStart + Int(truncatingIfNeeded: tensor.dataOffset))
                }
            }
        }
        writer.key("metadata")
        writer.object { writer in
            for pair in file.pairs {
                writer.key(pair.key)
                if pair.type == .string {
                    writer.string(file.text(pair)?.text() ?? "")
                } else if let number = file.integer(pair) {
                    writer.integer(number)
                } else if pair.elementType == .string {
                    var strings: [String] = []
                    try? file.forEachString(of: pair, budget: Budget()) { (_, range) throws(ParseError) in
                        strings.append(region.slice(range.lowerBound, range.count)?.text() ?? "")
                    }
                    writer.array { writer in for text in strings { writer.string(text) } }
                } else {
                    writer.string("\(pair.elementType.map { "\($0)" } ?? "\(pair.type)") × \(pair.count)")
                }
            }
        }
    }

    private static func onnx(_ region: ByteRegion, _ writer: inout JSONWriter) {
        writer.member("format", "onnx")
        let model = ONNXModel(region, budget: Budget())
        writer.member("accepted", model.failure == nil)
        writer.key("tensors")
        writer.array { writer in
            for tensor in model.tensors {
                writer.object { writer in
                    writer.member("name", tensor.name)
                    writer.member("type", tensor.type)
                    shape(tensor.dimensions, &writer)
                    writer.member("external", tensor.isExternal)
                }
            }
        }
        writer.key("operators")
        writer.object { writer in
            for (used, use) in model.operators { writer.member(used.domain + " " + used.type, use.count) }
        }
        writer.member("functions", model.functions.map { $0.domain + " " + $0.name })
        writer.member(
            "locations",
            model.external.filter { $0.key == "location" }.map { String(decoding: $0.value, as: UTF8.self) })
    }

    private static func tflite(_ region: ByteRegion, _ writer: inout JSONWriter) {
        writer.member("format", "tflite")
        guard let model = try? TFLiteModel(region, budget: Budget()), model.failure == nil else {
            return writer.member("accepted", false)
        }
        writer.member("accepted", true)
        writer.key("tensors")
        writer.array { writer in
            for tensor in model.tensors {
                writer.object { writer in
                    writer.member("name", tensor.name)
                    writer.member("type", tensor.type)
                    shape(tensor.shape.map { Int($0) }, &writer)
                    writer.member("buffer", tensor.buffer)
                }
            }
        }
        writer.member("operators", model.codes.map { $0.custom.isEmpty ? "\($0.code)" : $0.custom })
    }

    private static func npy(_ region: ByteRegion, _ writer: inout JSONWriter) {
        writer.member("format", "npy")
        guard let header = try? NPYHeader(region) else { return writer.member("accepted", false) }
        let size = header.dataSize ?? .max
        writer.member("accepted", header.hasObjects || size <= region.count - header.dataOffset)
        writer.key("tensors")
        writer.array { writer in
            writer.object { writer in
                writer.member("type", header.type)
                shape(header.shape, &writer)
                writer.member("fortran", header.isFortranOrder)
                writer.member("objects", header.hasObjects)
                writer.member("itemsize", header.itemSize)
                writer.member("offset", header.dataOffset)
            }
        }
    }

    private static func checkpoint(_ region: ByteRegion, _ writer: inout JSONWriter) {
        writer.member("format", "tf-checkpoint")
        guard let index = try? CheckpointIndex(region, budget: Budget()) else {
            return writer.member("accepted", false)
        }
        writer.member("accepted", index.flaws.isEmpty)
        writer.member("shards", index.shards)
        writer.key("tensors")
        writer.array { writer in
            for tensor in index.tensors {
                writer.object { writer in
                    writer.member("name", tensor.name)
                    writer.member("type", CheckpointIndex.name(of: tensor.type))
                    shape(tensor.shape, &writer)
                    writer.member("shard", tensor.shard)
                    writer.member("offset", tensor.offset)
                    writer.member("size", tensor.size)
                    writer.member("partitioned", tensor.isPartitioned)
                }
            }
        }
    }

    private static func shape(_ sizes: [Int], _ writer: inout JSONWriter) {
        writer.key("shape")
        writer.array { writer in for size in sizes { writer.integer(size) } }
    }
}
