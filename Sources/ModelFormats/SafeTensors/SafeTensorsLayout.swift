internal import ByteParsing

/// Whether the tensors of a safetensors file cover its data section exactly once, as the format demands.
package struct SafeTensorsLayout: Sendable {
    package enum Kind: Sendable, Hashable {
        /// The range ends before it begins.
        case reversed
        /// The range ends after the file.
        case outside
        /// Type and shape ask for another number of bytes.
        case size
        /// Type and shape ask for more bytes than can be counted.
        case overflow
        /// Bytes that an earlier tensor has.
        case overlap
        /// Bytes before this tensor that nothing claims.
        case hole
        /// Bytes after the last tensor.
        case trailing
    }

    package struct Flaw: Sendable, Hashable {
        package let kind: Kind
        /// The tensor concerned; empty for trailing bytes.
        package let tensor: String
        /// Offset in the file.
        package let offset: Int
        package let count: Int
    }

    package private(set) var flaws: [Flaw] = []
    /// Ranges of the file that the header gives to no tensor: offset and length in bytes.
    package private(set) var unclaimed: [(offset: Int, count: Int)] = []

    package init(_ file: SafeTensorsFile, fileCount: Int) {
        let available = max(0, fileCount - file.dataStart)
        var reached = 0
        for tensor in file.tensors.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
            func add(_ kind: Kind, at offset: Int, _ count: Int = 0) {
                guard flaws.count < 1_000 else { return }
                flaws.append(Flaw(kind: kind, tensor: tensor.name, offset: offset, count: count))
            }
            guard tensor.end >= tensor.begin else {
                add(.reversed, at: tensor.offset)
                continue
            }
            do throws(ParseError) {
                if try tensor.byteCount() != tensor.end - tensor.begin { add(.size, at: tensor.offset) }
            } catch {
                add(error.code == .overflow ? .overflow : .size, at: tensor.offset)
            }
            guard tensor.end <= available else {
                add(.outside, at: tensor.offset, tensor.end - available)
                reached = max(reached, min(available, tensor.end))
                continue
            }
            if tensor.begin < reached, tensor.end > tensor.begin {
                add(.overlap, at: file.dataStart + tensor.begin, reached - tensor.begin)
            } else if tensor.begin > reached {
                let offset = file.dataStart + reached
                add(.hole, at: offset, tensor.begin - reached)
                unclaimed.append((offset, tensor.begin - reached))
            }
            reached = max(reached, tensor.end)
        }
        if reached < available {
            let offset = file.dataStart + reached
            flaws.append(Flaw(kind: .trailing, tensor: "", offset: offset, count: available - reached))
            unclaimed.append((offset, available - reached))
        }
    }
}
