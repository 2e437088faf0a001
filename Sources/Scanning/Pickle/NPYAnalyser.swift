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
            // Whatever follows a header that can't be read may still be what a lenient loader takes; where the elements
            // begin, it takes them for a pickle when it reads the type as one of objects.
            guard let text = NPYHeader.text(item.region) else {
                scan.descend(into: item.region.suffix(from: 8), named: "npy-rest", of: item, as: format)
                throw error
            }
            Self.judge(expression: text, of: item, in: scan)
            scan.descend(into: text, named: "header", of: item, as: format)
            let elements = item.region.suffix(from: text.start - item.region.start + text.count)
            scan.descend(into: elements, named: "objects.pkl", of: item, as: format)
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
        if let content = Self.content(of: header, data.prefix(size)) {
            scan.descend(into: content, named: "elements", of: item, as: format)
        }
        if size < data.count {
            scan.report(
                "SCAN-MALFORMED", "npy: \(data.count - size) bytes follow the array",
                at: item.location.at(header.dataOffset + size), severity: .low)
            scan.descend(into: data.suffix(from: size), named: "npy-rest", of: item, as: format)
        }
    }

    /// A header that is no literal: NumPy refuses it today, and evaluated it in its first versions, as other readers of the
    /// format do still.
    private static func judge(expression: ByteRegion, of item: ScanItem, in scan: Scan) {
        guard let tokens = try? PythonTokenizer.tokens(of: expression, budget: scan.budget) else { return }
        let isCall = zip(tokens, tokens.dropFirst()).contains { name, mark in
            mark.isSymbol("(") && (name.kind == .name || name.isSymbol(")") || name.isSymbol("]"))
        }
        guard isCall else { return }
        let place = item.location.at(expression.start - item.region.start, "header")
        scan.report(
            "SCAN-MALFORMED", "npy: the header is an expression that calls something, not a literal", at: place,
            severity: .medium)
        PythonSourceJudge.judge(expression, named: "", at: place, in: scan)
    }

    /// Elements that are bytes or text, in which anything may stand; nil for numbers.
    private static func content(of header: NPYHeader, _ data: ByteRegion) -> ByteRegion? {
        guard data.count >= shortest else { return nil }
        let kind = header.type.utf8.first { !"<>=|".utf8.contains($0) }
        switch kind {
        case UInt8(ascii: "u"), UInt8(ascii: "i"), UInt8(ascii: "b"), UInt8(ascii: "B"):
            return header.itemSize == 1 ? data : nil
        case UInt8(ascii: "V"), UInt8(ascii: "S"), UInt8(ascii: "a"): return data
        case UInt8(ascii: "U"): return text(data.prefix(longestText), isBig: header.type.hasPrefix(">"))
        default: return header.type == "record" ? data : nil
        }
    }

    private static let shortest = 16
    /// Bytes of an array of texts that are looked into.
    private static let longestText = 4 << 20

    /// Texts of an array, each character of which takes four bytes, without the zeros that fill them up.
    private static func text(_ data: ByteRegion, isBig: Bool) -> ByteRegion {
        var text: [UInt8] = []
        for offset in stride(from: 0, to: data.count - 3, by: 4) {
            let code = (isBig ? data.big(UInt32.self, at: offset) : data.little(UInt32.self, at: offset)) ?? 0
            if code != 0 {
                text.append(
                    contentsOf: UTF8.encode(Unicode.Scalar(code) ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter)
            } else if let last = text.last, last != 0x0A {
                text.append(0x0A)
            }
        }
        return ByteRegion(text)
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
