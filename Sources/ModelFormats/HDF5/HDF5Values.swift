package import ByteParsing

/// Values of attributes and datasets that are text or bytes.
package enum HDF5Values {
    /// The elements behind stored bytes: text without its padding, the targets of variable-length references, or the
    /// bytes as one value where elements are single bytes.
    static func elements(
        of data: ByteRegion, datatype: HDF5Datatype, count: UInt64?, _ source: HDF5Source
    ) throws(ParseError) -> [ByteRegion] {
        switch datatype.kind {
        case .variableLength:
            let width = 4 + source.sizes.offset + 4
            var values: [ByteRegion] = []
            var cursor = try HDF5Cursor(data, at: 0, sizes: source.sizes)
            var left = count ?? .max
            var heap = HDF5GlobalHeap(source)
            while left > 0, cursor.remaining >= width {
                left -= 1
                try source.budget.spend(operations: 1, reading: "HDF5 variable-length values")
                let length = try cursor.word("HDF5 value")
                let address = try cursor.address("HDF5 value")
                let index = try cursor.word("HDF5 value")
                guard let address, index != 0, length > 0 else { continue }
                let object = try heap.object(at: address, index: index)
                let size = length.multiplied(checked: max(1, datatype.isVariableString ? 1 : datatype.baseSize))
                values.append(object.prefix(size ?? object.count))
            }
            return values
        case .string:
            guard datatype.size > 0 else { return [] }
            var values: [ByteRegion] = []
            var at = 0
            var left = count ?? .max
            while left > 0, let part = data.slice(at, min(datatype.size, data.count - at)), !part.isEmpty {
                left -= 1
                try source.budget.spend(operations: 1, reading: "HDF5 text values")
                // Only padding is taken off: a zero inside is part of the value, as NumPy reads it.
                var length = part.count
                while length > max(0, part.count - 65_536), part[length - 1] == 0 { length -= 1 }
                values.append(part.prefix(length))
                at += datatype.size
            }
            return values
        default:
            let declared = count.flatMap { $0.multiplied(checked: UInt64(max(1, datatype.size))) } ?? .max
            let value = data.prefix(Int(min(declared, UInt64(data.count))))
            return value.isEmpty ? [] : [value]
        }
    }

    /// A few values one by one, of many only those that could be more than text; the rest of them as lines of one.
    static func joined(_ values: [ByteRegion], limit: Int) -> [ByteRegion] {
        guard values.count > 64 else { return values }
        var single: [ByteRegion] = []
        var lines: [UInt8] = []
        for value in values {
            let first = value[0] ?? 0x20
            let isPlain = first >= 0x20 && first < 0x7F && first != UInt8(ascii: "{") && first != UInt8(ascii: "[")
            if !isPlain || value.starts(with: [0x50, 0x4B, 3, 4]), single.count < 1_000 {
                single.append(value)
            } else if lines.count < limit {
                lines.append(contentsOf: value.prefix(1 << 16).array())
                lines.append(0x0A)
            }
        }
        return single + (lines.isEmpty ? [] : [ByteRegion(lines)])
    }
}

extension HDF5Walker {
    /// The values of a dataset of bytes or text: one region for each of a few elements, or one for all of many.
    ///
    /// Of chunked datasets the first `limit` bytes are shown: a program that loads an object from a dataset starts there.
    /// - Parameter limit: bytes that are assembled when values are not contiguous in the file.
    package func values(of object: HDF5Object, limit: Int) throws(ParseError) -> [ByteRegion] {
        guard let datatype = object.datatype, datatype.holdsBytes, let layout = object.layout else { return [] }
        let count = object.dataspace?.count
        let stored: ByteRegion
        switch layout {
        case .compact(let data): stored = data
        case .contiguous(let address, let size):
            guard let address else { return [] }
            guard let length = Int(exactly: size), let data = source.region.slice(address, length) else {
                throw .truncated(at: address, reading: "HDF5 dataset")
            }
            stored = data
        case .chunked(let shape, let index):
            // The declared size says how many chunks are of interest; a lie costs nothing, since each must be there.
            let declared = count.flatMap { $0.multiplied(checked: UInt64(max(1, datatype.size))) } ?? .max
            guard declared > 0 else { return [] }
            let chunks = try HDF5Chunks(
                source, shape: shape, elementSize: max(1, datatype.size), filters: object.filters, limit: limit)
            stored = try chunks.values(index, declared: Int(min(declared, UInt64(limit))))
        case .virtual: return []
        }
        if datatype.kind == .variableLength || (datatype.size >= 16 && (count ?? .max) <= 256) {
            let values = try HDF5Values.elements(of: stored, datatype: datatype, count: count, source)
            return HDF5Values.joined(values, limit: limit)
        }
        return stored.isEmpty ? [] : [stored]
    }

    /// The stored bytes of a dataset of any type, where they lie in one piece without filters.
    package func plainBytes(of object: HDF5Object) -> ByteRegion? {
        switch object.layout {
        case .compact(let data): data
        case .contiguous(let address?, let size): Int(exactly: size).flatMap { source.region.slice(address, $0) }
        default: nil
        }
    }
}
