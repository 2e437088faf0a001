internal import AssayCore
internal import ByteParsing
internal import ModelFormats

/// Judges PDF documents beside a model by the actions that opening them starts.
struct PDFAnalyser: Analyser {
    let format: FormatID = "pdf"

    func recognise(_ item: ScanItem) -> Recognition { PDFNames.isPresent(in: item.region) ? .likely : .no }

    func analyse(_ item: ScanItem, in scan: Scan) throws(ParseError) {
        let names = PDFNames(item.region, budget: scan.budget)
        func first(_ wanted: String...) -> PDFNames.Found? { names.found.first { wanted.contains($0.name) } }
        if let launch = first("Launch") {
            scan.report(
                "COMMAND-AUTOMATIC", "The document has an action that starts a program",
                at: item.location.at(launch.offset),
                severity: .high)
        }
        if let script = first("JavaScript", "JS") {
            let isAutomatic = first("OpenAction", "AA") != nil
            scan.report(
                "COMMAND-AUTOMATIC",
                isAutomatic
                    ? "The document runs JavaScript when it is opened" : "The document has JavaScript in it",
                at: item.location.at(script.offset), severity: isAutomatic ? .medium : .low)
        }
        if let failure = names.failure { throw failure }
        // Readers look for the mark in the last kibibyte, and rebuild what they can without it.
        guard item.region.suffix(from: item.region.count - 1_024).firstOffset(of: "%%EOF") != nil else {
            throw .truncated(at: item.region.count, reading: "end of the document")
        }
    }

    func outline(_ item: ScanItem, budget: Budget) throws(ParseError) -> Outline {
        let names = PDFNames(item.region, budget: budget)
        return Outline(
            "PDF", "\(item.region.count) bytes",
            children: names.found.map { Outline("/" + $0.name, "at 0x" + String($0.offset, radix: 16)) })
    }
}
