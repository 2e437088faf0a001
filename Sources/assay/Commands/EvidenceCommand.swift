import ArgumentParser
import AssayCore
import Provenance

struct EvidenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "Verifies, shows, lists and countersigns evidence.",
        subcommands: [
            EvidenceVerifyCommand.self, EvidenceShowCommand.self, EvidenceListCommand.self, EvidenceSignCommand.self,
        ])
}

struct EvidenceVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verifies the signatures of evidence, its form, and what it is about.",
        discussion: """
            Every file has to be signed by at least --threshold of the keys. Exit status: 0 all verified, 1 one is not, \
            2 usage or input error.
            """)

    @Argument(help: "Evidence files, or folders of them.")
    var paths: [String]

    @Option(parsing: .upToNextOption, help: "PEM public keys of those who may sign.")
    var publicKey: [String]

    @Option(help: "How many different keys have to have signed.")
    var threshold = 1

    @Option(help: "The model's file or folder that the evidence has to be about.")
    var subject: String?

    @Option(help: "The kind that the evidence has to be of.")
    var type: String?

    @OptionGroup(title: "Scope of --subject") var scope: ModelScopeOptions

    func validate() throws {
        guard threshold >= 1, threshold <= publicKey.count else {
            throw ValidationError("--threshold is at least 1 and at most the number of keys")
        }
    }

    func run() throws {
        try reporting {
            var keys: [[UInt8]] = []
            for path in publicKey { keys.append(try FileInput.read(path)) }
            let wanted = try type.map { text throws(CommandFailure) in
                guard let kind = PredicateType(named: text) else {
                    throw CommandFailure("--type \(text) is neither a known kind nor a URI")
                }
                return kind.uri
            }
            let subjects = try subject.map { path in
                try EvidenceSubject.subjects(
                    of: path, scope: scope.scope(of: path, signature: nil), threads: scope.jobs)
            }
            var isVerified = true
            for path in try EvidencePaths.files(paths) {
                let bytes = try FileInput.read(path)
                do throws(EvidenceError) {
                    let evidence = try EvidenceFile(bytes)
                    let signers = try evidence.verify(keys: keys, threshold: threshold)
                    try evidence.checkPredicate()
                    if let wanted, evidence.statement.predicateType != wanted {
                        throw EvidenceError("it is of the type \(Printable.line(evidence.statement.predicateType))")
                    }
                    if let subjects { try evidence.checkSubject(subjects) }
                    print("verified      \(Printable.line(path))")
                    for signer in signers { print("  signed by   \(signer)") }
                } catch {
                    isVerified = false
                    print("not verified  \(Printable.line(path)): \(Printable.line(error.reason))")
                }
            }
            if !isVerified { throw ExitCode(1) }
        }
    }
}

struct EvidenceShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Prints what evidence says, without verifying it.")

    @Argument(help: "An evidence file.")
    var path: String

    func run() throws {
        try reporting {
            let evidence = try EvidenceFile(FileInput.read(path))
            let statement = evidence.statement
            print("type       \(Printable.line(statement.predicateType))")
            for subject in statement.subjects.prefix(50) {
                let digests = subject.digests.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }
                print("subject    \(Printable.line(subject.name))  \(Printable.line(digests.joined(separator: " ")))")
            }
            if statement.subjects.count > 50 { print("subject    \(statement.subjects.count - 50) more") }
            for signature in evidence.envelope?.signatures ?? [] {
                print("signature  by key \(Printable.line(signature.keyID ?? "without a name")), not verified")
            }
            if evidence.envelope == nil { print("signature  none") }
            _ = Output.write(statement.bytes + [0x0A], to: 1)
        }
    }
}

struct EvidenceListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the evidence in folders, without verifying it.")

    @Argument(help: "Evidence files, or folders of them.")
    var paths: [String]

    @Option(help: "Only evidence about this file or folder.")
    var subject: String?

    @OptionGroup(title: "Scope of --subject") var scope: ModelScopeOptions

    func run() throws {
        try reporting {
            let subjects = try subject.map { path in
                try EvidenceSubject.subjects(
                    of: path, scope: scope.scope(of: path, signature: nil), threads: scope.jobs)
            }
            for path in try EvidencePaths.files(paths) {
                guard let bytes = try? FileInput.read(path), let evidence = try? EvidenceFile(bytes) else {
                    print("no evidence  \(Printable.line(path))")
                    continue
                }
                if let subjects, (try? evidence.checkSubject(subjects)) == nil { continue }
                let kind = PredicateType(named: evidence.statement.predicateType)?.name ?? "unknown"
                let signatures = evidence.envelope?.signatures.count ?? 0
                let first = evidence.statement.subjects.first
                print(
                    "\(Printable.line(kind))  \(signatures) signatures  \(Printable.line(first?.name ?? ""))"
                        + "  \(Printable.line(path))")
            }
        }
    }
}

struct EvidenceSignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Adds a signature to evidence: for thresholds, or to sign a bare statement.")

    @Argument(help: "An evidence file.")
    var path: String

    @Option(help: "PEM private key on P-256, P-384 or P-521.")
    var privateKey: String

    @Option(help: "File with the private key's password on its first line.")
    var passwordFile: String?

    @Option(help: "The file to write; by default the evidence file itself.")
    var output: String?

    func run() throws {
        try reporting {
            var password: [UInt8]?
            if let passwordFile { password = try FileInput.readSecret(passwordFile) }
            let key = ModelSigner.Method.key(pem: try FileInput.read(privateKey), password: password)
            let envelope = try EvidenceFile(FileInput.read(path)).signed(with: key)
            try FileOutput.write(EvidenceFile.json(envelope), to: output ?? path)
        }
    }
}

/// Evidence files below what the user named.
enum EvidencePaths {
    static func files(_ paths: [String]) throws(EvidenceError) -> [String] {
        var files: [String] = []
        for path in paths {
            for file in try EvidenceFolder.files(path)
            where file == path || file.hasSuffix(".json") || file.hasSuffix(".sig") {
                files.append(file)
            }
        }
        return files
    }
}
