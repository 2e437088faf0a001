import ArgumentParser
import AssayCore
import ByteParsing
import Provenance

struct BomCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bom",
        abstract: "Writes a model's bill of materials (CycloneDX or SPDX), or checks one.",
        discussion: """
            --check judges the form of a bill and says what it leaves out about the model. Exit status: 0 done \
            or well formed, 1 the model cannot be read or the bill is malformed, 2 usage or input error.
            """)

    @Argument(
        help: "The model's file or folder; with --check, a bill, or evidence that holds one.", completion: .file())
    var path: String

    @Flag(help: "Check a bill (CycloneDX 1.2 to 1.7, SPDX 3.0.1) instead of writing one.")
    var check = false

    @Option(name: .shortAndLong, help: "cyclonedx or spdx (3.0.1 JSON-LD).")
    var format = "cyclonedx"

    @Option(help: ArgumentHelp("CycloneDX version: 1.6 or 1.7.", valueName: "version"))
    var specVersion = CycloneDXWriter.Version.v16.rawValue

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The file to write; - is standard output.", valueName: "file"),
        completion: .file())
    var output = "-"

    @Option(
        help: ArgumentHelp(
            "A scan report (JSON) or scan evidence, whose findings become vulnerabilities.", valueName: "file"),
        completion: .file())
    var scan: String?

    @Option(
        help: ArgumentHelp("A training statement, which becomes the formulation.", valueName: "file"),
        completion: .file())
    var training: String?

    @Option(
        help: ArgumentHelp("The model's signature file, to be referred to.", valueName: "file"), completion: .file())
    var signature: String?

    @Option(
        parsing: .upToNextOption, help: ArgumentHelp("Evidence files, to be referred to.", valueName: "file"),
        completion: .file())
    var evidence: [String] = []

    @Option(help: ArgumentHelp("Who supplies the model.", valueName: "name"))
    var supplier: String?

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Who made the model.", valueName: "name"))
    var author: [String] = []

    @Option(help: ArgumentHelp("The model's version, instead of its root digest.", valueName: "version"))
    var modelVersion: String?

    @Option(help: ArgumentHelp("The bill's time (RFC 3339) instead of now.", valueName: "time"))
    var timestamp: String?

    @OptionGroup(title: "Scope") var scope: ModelScopeOptions

    func validate() throws {
        guard ["cyclonedx", "spdx"].contains(format) else { throw ValidationError("--format is cyclonedx or spdx") }
        guard CycloneDXWriter.Version(rawValue: specVersion) != nil else {
            throw ValidationError("--spec-version is 1.6 or 1.7")
        }
    }

    func run() throws {
        try reporting {
            if check { return try judge() }
            try FileInput.require(path)
            var model = try ModelDescription(
                path, scope: scope.scope(of: path, signature: signature), threads: scope.jobs)
            model.supplier = supplier
            if !author.isEmpty { model.authors = author }
            model.release = modelVersion ?? model.release
            for file in evidence {
                let statement = try EvidenceFile(FileInput.read(file)).statement
                if statement.predicateType == PredicateType.evaluation.uri {
                    model.add(evaluation: statement.predicate)
                }
            }
            if format == "spdx" {
                var writer = SPDXWriter()
                writer.toolVersion = Version.current
                writer.timestamp = timestamp
                return try FileOutput.write(writer.write(model), to: output)
            }
            var writer = CycloneDXWriter()
            writer.version = CycloneDXWriter.Version(rawValue: specVersion) ?? .v16
            writer.toolVersion = Version.current
            writer.timestamp = timestamp
            if let scan {
                let report = try Self.json(scan)
                writer.scan =
                    report["files"] != nil ? report : try EvidenceFile(FileInput.read(scan)).statement.predicate
            }
            if let training { writer.training = try EvidenceFile(FileInput.read(training)).statement.predicate }
            for (type, files) in [("digital-signature", signature.map { [$0] } ?? []), ("attestation", evidence)] {
                for file in files {
                    let digest = HashAlgorithm.sha256.hash(try FileInput.read(file))
                    writer.references.append(.init(type: type, url: file, sha256: Hexadecimal.encode(digest)))
                }
            }
            try FileOutput.write(writer.write(model), to: output)
        }
    }

    private func judge() throws {
        let verdict = BillCheck(try FileInput.read(path))
        for error in verdict.errors { print("error    " + error) }
        for line in verdict.completeness { print((line.isAnswered ? "told     " : "missing  ") + line.question) }
        let score = verdict.completeness.isEmpty ? "" : ", \(verdict.score) % complete"
        print((verdict.errors.isEmpty ? "well formed" : "malformed") + score)
        if !verdict.errors.isEmpty { throw ExitCode(1) }
    }

    private static func json(_ path: String) throws -> JSONValue {
        do {
            let bytes = try FileInput.read(path)
            return try JSONDocument(ByteRegion(bytes), dialect: .strict(for: bytes.count)).root
        } catch let error as ParseError {
            throw EvidenceError("\(path) is not strict JSON: \(error)")
        }
    }
}
