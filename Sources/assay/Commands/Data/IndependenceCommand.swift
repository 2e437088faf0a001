import ArgumentParser
import AssayCore
import ByteParsing
import Controls
import Provenance
import Reporting

struct IndependenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "independence",
        abstract: "Whether validation data stands in the training data: by digest, by row, and by similar text.",
        discussion: """
            Tables (.csv, .tsv) are compared row by row, texts (.txt, .jsonl, .md) line by line or, with --unit files, \
            file by file; similar texts are found by MinHash. Images and other files are compared by their digest alone.
            """)

    enum Unit: String, CaseIterable, ExpressibleByArgument { case auto, rows, lines, files }

    @Option(
        parsing: .upToNextOption, help: ArgumentHelp("Files and folders of training data.", valueName: "path"),
        completion: .file())
    var training: [String]

    @Option(
        parsing: .upToNextOption, help: ArgumentHelp("Files and folders of validation data.", valueName: "path"),
        completion: .file())
    var validation: [String]

    @Option(help: "What a sample is.")
    var unit = Unit.auto

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Columns of tables that are left out of the comparison: ids, labels.", valueName: "column"))
    var ignore: [String] = []

    @Option(
        help: ArgumentHelp("Similarity from which two texts count as near-duplicates, from 0 to 1.", valueName: "share")
    )
    var threshold = 0.8

    @Option(
        help: ArgumentHelp(
            "The largest share of validation samples that may stand in the training data.", valueName: "share"))
    var maximum = 0.0

    @OptionGroup var output: CheckOutputOptions

    func validate() throws {
        guard !training.isEmpty, !validation.isEmpty else {
            throw ValidationError("give --training and --validation")
        }
        guard (0.5...1).contains(threshold) else { throw ValidationError("--threshold is from 0.5 to 1") }
        guard (0...1).contains(maximum) else { throw ValidationError("--maximum is from 0 to 1") }
    }

    func run() throws {
        try reporting {
            let (learnt, held) = (try files(training), try files(validation))
            let shared = Set(learnt.map(\.digest))
            let units = Set((learnt + held).map { unit(of: $0.path) })
            var check = IndependenceCheck(
                similar: !units.isDisjoint(with: [.lines]) || isText(units, learnt + held), threshold: threshold)
            for file in learnt { try samples(file.path) { check.addTraining($0) } }
            for file in held { try samples(file.path) { check.addValidation($0) } }
            let name = units.count == 1 ? units.first.map { String($0.rawValue.dropLast()) } ?? "sample" : "sample"
            var inputs: [DatasetCheckReport.Input] = []
            for path in training { inputs.append(try DataInput.input("training", path)) }
            for path in validation { inputs.append(try DataInput.input("validation", path)) }
            try output.report(
                check.result(maximum: maximum, sharedFiles: held.count { shared.contains($0.digest) }, unit: name),
                inputs)
        }
    }

    private func isText(_ units: Set<Unit>, _ files: [(path: String, digest: String)]) -> Bool {
        units.contains(.files) && files.contains { Self.isText($0.path) }
    }

    private static func isText(_ path: String) -> Bool {
        [".txt", ".jsonl", ".md", ".text"].contains { path.lowercased().hasSuffix($0) }
    }

    private func unit(of path: String) -> Unit {
        guard unit == .auto else { return unit }
        let name = path.lowercased()
        if name.hasSuffix(".csv") || name.hasSuffix(".tsv") { return .rows }
        return Self.isText(path) ? .lines : .files
    }

    private func files(_ paths: [String]) throws -> [(path: String, digest: String)] {
        var files: [(path: String, digest: String)] = []
        for path in paths {
            for file in try EvidenceFolder.files(path) {
                files.append((file, Digest(sha256: try FileInput.map(file)).description))
            }
        }
        return files
    }

    private func samples(_ path: String, _ body: ([[UInt8]]) -> Void) throws {
        switch unit(of: path) {
        case .rows, .auto: try rows(path, body)
        case .lines: lines(try FileInput.map(path), body)
        case .files:
            let region = try FileInput.map(path)
            if Self.isText(path) { return body([region.prefix(1 << 20).array()]) }
            // Of other files the digest stands for the content.
            body([Digest(sha256: region).bytes])
        }
    }

    private func rows(_ path: String, _ body: ([[UInt8]]) -> Void) throws {
        var kept: [Bool]?
        var unknown: String?
        let table = try DataInput.table(path)
        do throws(ParseError) {
            try table.forEachRow { fields in
                guard let kept else {
                    let names = fields.map { String(decoding: $0, as: UTF8.self) }
                    unknown = ignore.first { !names.contains($0) }
                    kept = names.map { !ignore.contains($0) }
                    return unknown == nil
                }
                if kept.contains(false) {
                    body(fields.enumerated().filter { $0.offset >= kept.count || kept[$0.offset] }.map(\.element))
                } else {
                    body(fields)
                }
                return true
            }
        } catch {
            throw CommandFailure("\(path): not a table of values: \(error)")
        }
        if let unknown { throw CommandFailure("\(path): there is no column \(Printable.line(unknown, limit: 80))") }
    }

    private func lines(_ region: ByteRegion, _ body: ([[UInt8]]) -> Void) {
        var line: [UInt8] = []
        var at = 0
        while at < region.count, let part = region.slice(at, min(1 << 18, region.count - at)) {
            for byte in part.array() {
                if byte == 0x0A || byte == 0x0D {
                    if !line.isEmpty { body([line]) }
                    line.removeAll(keepingCapacity: true)
                } else if line.count < 1 << 20 {
                    line.append(byte)
                }
            }
            at += part.count
            region.discard(before: at)
        }
        if !line.isEmpty { body([line]) }
    }
}
