import AssayCore
package import ByteParsing
import ModelFormats

/// NumPy array files; an array of objects carries a pickle, which is judged as such.
package struct NPYAnalyser: Analyser {
    package let format: FormatID = "npy"

    package init() {}

    package func recognise(_ item: ScanItem) -> Recognition {
        item.region.starts(with: NPYHeader.magic) ? .certain : .no
    }

    package func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let header: NPYHeader
        do throws(ParseError) {
            header = try NPYHeader(item.region)
        } catch {
            // Whatever follows a header that can't be read may still be what a lenient loader takes.
            scan.descend(into: item.region.suffix(from: 8), named: "npy-rest", of: item, as: format)
            throw error
        }
        let data = item.region.suffix(from: header.dataOffset)
        if header.hasObjects {
            scan.report(
                "NUMPY-OBJECT-ARRAY", "The array holds Python objects, which are stored as a pickle",
                at: item.location.at(header.dataOffset), severity: .low,
                details: [
                    .init("type", header.type), .init("shape", header.shape.map(String.init).joined(separator: "x")),
                ])
            scan.descend(into: data, named: "objects.pkl", of: item, as: format)
            return
        }
        guard let size = header.dataSize else {
            throw .overflow(at: header.dataOffset, reading: "npy shape")
        }
        guard size <= data.count else { throw .truncated(at: header.dataOffset, reading: "npy elements") }
        if size < data.count {
            scan.report(
                "SCAN-MALFORMED", "npy: \(data.count - size) bytes follow the array",
                at: item.location.at(header.dataOffset + size), severity: .low)
            scan.descend(into: data.suffix(from: size), named: "npy-rest", of: item, as: format)
        }
    }

    package func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        let header = try NPYHeader(item.region)
        return Outline(
            "npy \(header.major).\(header.minor)", "\(item.region.count) bytes",
            children: [
                Outline("type", header.type + (header.hasObjects ? " (objects: a pickle)" : "")),
                Outline("shape", header.shape.map(String.init).joined(separator: " x ")),
                Outline("order", header.isFortranOrder ? "Fortran" : "C"),
                Outline("data", "at 0x" + String(header.dataOffset, radix: 16)),
            ])
    }
}
