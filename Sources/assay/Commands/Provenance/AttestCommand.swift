import ArgumentParser
import AssayCore
import ByteParsing
import Provenance

struct AttestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attest",
        abstract: "Writes evidence about a model: in-toto statements, signed on request.",
        subcommands: [AttestFileCommand.self, AttestTrainCommand.self],
        defaultSubcommand: AttestFileCommand.self)
}

/// Where evidence goes, and who signs it.
struct EvidenceOutputOptions: ParsableArguments {
    @Option(
        name: .shortAndLong, help: ArgumentHelp("The file to write; - is standard output.", valueName: "file"),
        completion: .file())
    var output = "-"

    @Flag(help: "Sign the statement (DSSE): with --private-key, --pkcs11-uri or --sigstore.")
    var sign = false

    @OptionGroup(title: "Key") var key: SigningKeyOptions
    @OptionGroup(title: "Sigstore") var sigstore: SigstoreOptions

    func validate() throws {
        guard (key.given.count + (sigstore.sigstore ? 1 : 0)) == (sign ? 1 : 0) else {
            throw ValidationError("--sign goes with one of --private-key, --pkcs11-uri and --sigstore")
        }
    }

    /// Writes a statement, in an envelope or bundle if it is to be signed; an envelope gets one more signature.
    func write(_ statement: [UInt8]) throws {
        guard sign else { return try EvidenceOutput.write(statement, to: output) }
        let (bytes, warnings) = try EvidenceFile(statement).signed(with: sigstore.method(or: key), isNewFile: true)
        for warning in warnings { Output.complain("assay: " + warning) }
        try FileOutput.write(bytes, to: output)
    }
}

/// Runs a command's body, and turns what it throws into a message and an exit status.
func reporting(_ body: () throws -> Void) throws {
    do {
        try body()
    } catch let failure as CommandFailure {
        throw failure.status
    } catch let error as EvidenceError {
        Output.complain("assay: " + error.reason)
        throw ExitCode(1)
    }
}

struct AttestFileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statement", abstract: "Writes a statement about a file or folder, or signs one.",
        discussion: """
            With --type and --predicate, a statement about the model is written. Without them, PATH is a statement that \
            another command wrote (--evidence), and --sign signs it.
            """)

    @Argument(help: "The model's file or folder; without --type, a statement.", completion: .file())
    var path: String

    @Option(
        help: ArgumentHelp(
            "slsa-provenance, test-result, vulns, link, cyclonedx, spdx, scan, model-card, evaluation, approval, or a URI.",
            valueName: "kind")
    )
    var type: String?

    @Option(
        help: ArgumentHelp("File with the predicate: a strict JSON object.", valueName: "file"), completion: .file())
    var predicate: String?

    @OptionGroup(title: "Scope") var scope: ModelScopeOptions
    @OptionGroup(title: "Output") var output: EvidenceOutputOptions

    func validate() throws {
        guard (type == nil) == (predicate == nil) else { throw ValidationError("--type and --predicate go together") }
        guard type != nil || output.sign else {
            throw ValidationError("give --type and --predicate for a new statement, or --sign to sign one")
        }
    }

    func run() throws {
        try reporting {
            guard let type, let predicate else {
                let bytes = try FileInput.read(path)
                try EvidenceFile(bytes).checkPredicate()
                return try output.write(bytes)
            }
            guard let kind = PredicateType(named: type) else {
                throw CommandFailure("--type \(type) is neither a URI nor a known kind: " + PredicateType.names)
            }
            let bytes = try FileInput.read(predicate)
            let document: JSONDocument
            do {
                document = try JSONDocument(ByteRegion(bytes), dialect: .strict(for: bytes.count))
            } catch {
                throw EvidenceError("\(predicate) is not strict JSON: \(error)")
            }
            try FileInput.require(path)
            if let deficiency = kind.deficiency(of: document.root) {
                throw EvidenceError("\(predicate): \(deficiency), which \(type) needs")
            }
            let subjects = try EvidenceSubject.subjects(
                of: path, scope: scope.scope(of: path, signature: nil), threads: scope.jobs)
            let text = String(decoding: bytes, as: UTF8.self)
            try output.write(Statement.write(subjects: subjects, predicateType: kind.uri) { $0.raw(text) })
        }
    }
}

struct AttestTrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Runs a training command and writes SLSA provenance about what it made.",
        discussion: """
            Inputs are hashed before and after the run, outputs after it; the code's git revision is recorded. If the \
            command fails, its status is passed on and nothing is written.
            """)

    @Option(
        parsing: .upToNextOption, help: ArgumentHelp("Datasets that the command reads.", valueName: "path"),
        completion: .file())
    var dataset: [String] = []

    @Option(
        parsing: .upToNextOption, help: ArgumentHelp("Models that the command starts from.", valueName: "path"),
        completion: .file())
    var baseModel: [String] = []

    @Option(
        parsing: .upToNextOption, help: ArgumentHelp("Other inputs: lock files, configuration.", valueName: "path"),
        completion: .file())
    var input: [String] = []

    @Option(
        parsing: .upToNextOption, help: ArgumentHelp("Files and folders that the command writes.", valueName: "path"),
        completion: .file())
    var result: [String]

    @Option(
        help: ArgumentHelp("File with hyperparameters: a strict JSON object.", valueName: "file"), completion: .file())
    var parameters: String?

    @OptionGroup(title: "Output") var output: EvidenceOutputOptions

    @Argument(parsing: .postTerminator, help: "The command and its arguments, after --.")
    var command: [String]

    func validate() throws {
        guard !command.isEmpty else { throw ValidationError("give the command after --") }
        guard !result.isEmpty else { throw ValidationError("--result names what the command writes") }
    }

    func run() throws {
        try reporting {
            let inputs =
                dataset.map { TrainingRun.Material(role: .dataset, path: $0) }
                + baseModel.map { TrainingRun.Material(role: .baseModel, path: $0) }
                + input.map { TrainingRun.Material(role: .dependency, path: $0) }
            var bytes: [UInt8]?
            if let parameters { bytes = try FileInput.read(parameters) }
            switch try TrainingRun(command: command, inputs: inputs, outputs: result, parameters: bytes).run() {
            case .recorded(let statement): try output.write(statement)
            case .failed(let status):
                Output.complain("assay: the command failed with status \(status): nothing is attested")
                throw ExitCode(status)
            }
        }
    }
}
