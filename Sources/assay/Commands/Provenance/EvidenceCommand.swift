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

    /// - Throws: `CommandFailure` when the file cannot be read; `EvidenceError`, with the file's name, when it is no evidence.
    static func read(_ path: String) throws -> [EvidenceFile] {
        let bytes = try FileInput.read(path)
        do throws(EvidenceError) {
            return try EvidenceFile.all(in: bytes)
        } catch {
            throw EvidenceError("\(path) is no evidence: \(error.reason)")
        }
    }
}

struct EvidenceVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verifies the signatures of evidence, its form, and what it is about.",
        discussion: """
            Every file has to be signed by one of those who are trusted: a key, the holder of a certificate, an identity. \
            --threshold counts different ones, over all given files with the same statement. Exit status: 0 all verified, \
            1 one is not, 2 usage or input error.
            """)

    @Argument(help: "Evidence files, or folders of them.")
    var paths: [String]

    @OptionGroup(title: "Trust") var trust: EvidenceTrustOptions

    @Option(help: ArgumentHelp("How many different signers there have to be.", valueName: "n"))
    var threshold = 1

    @Option(
        help: ArgumentHelp("The model's file or folder that the evidence has to be about.", valueName: "path"),
        completion: .file())
    var subject: String?

    @Option(help: ArgumentHelp("The kind that the evidence has to be of.", valueName: "kind"))
    var type: String?

    @OptionGroup(title: "Scope of --subject") var scope: ModelScopeOptions

    func validate() throws {
        guard trust.isGiven else {
            throw ValidationError(
                "give --public-key, --certificate-chain or --trust-config: nobody is trusted by default")
        }
        guard threshold >= 1, trust.most.map({ threshold <= $0 }) ?? true else {
            throw ValidationError("--threshold is at least 1 and at most the number of keys and identities")
        }
    }

    func run() throws {
        try reporting {
            let trust = try trust.trust()
            let wanted = try type.map { text throws(CommandFailure) in
                guard let kind = PredicateType(named: text) else {
                    throw CommandFailure("--type \(text) is neither a URI nor a known kind: " + PredicateType.names)
                }
                return kind.uri
            }
            let subjects = try subject.map { path in
                try EvidenceSubject.subjects(
                    of: path, scope: scope.scope(of: path, signature: nil), threads: scope.jobs)
            }
            var names: [String] = []
            var evidence: [EvidenceFile] = []
            var isVerified = true
            let files = try EvidencePaths.files(paths)
            // Nothing is no evidence: a folder that was emptied would pass.
            guard !files.isEmpty else {
                throw EvidenceError(
                    "there is no evidence: no .json, .jsonl or .sig file in \(paths.joined(separator: ", "))")
            }
            for path in files {
                let bytes = try FileInput.read(path)
                do throws(EvidenceError) {
                    let found = try EvidenceFile.all(in: bytes)
                    evidence += found
                    names += found.indices.map { found.count == 1 ? path : "\(path) (\($0 + 1))" }
                } catch {
                    isVerified = false
                    print("not verified  \(Printable.line(path)): \(Printable.line(error.reason))")
                }
            }
            let answers = EvidenceSet(evidence, trust: trust, threshold: threshold).verify(
                type: wanted, subjects: subjects)
            for (name, answer) in zip(names, answers) {
                guard let refusal = answer.refusal else {
                    print("verified      \(Printable.line(name))")
                    for signer in answer.signers { print("  signed by   \(Printable.line(signer.name))") }
                    for signer in answer.others { print("  and by      \(Printable.line(signer.name))") }
                    continue
                }
                isVerified = false
                print("not verified  \(Printable.line(name)): \(Printable.line(refusal))")
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
            for evidence in try EvidenceCommand.read(path) {
                let statement = evidence.statement
                print("type       \(Printable.line(statement.predicateType))")
                for subject in statement.subjects.prefix(50) {
                    let digests = subject.digests.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }
                    print(
                        "subject    \(Printable.line(subject.name))  \(Printable.line(digests.joined(separator: " ")))")
                }
                if statement.subjects.count > 50 { print("subject    \(statement.subjects.count - 50) more") }
                for claim in evidence.claimedSigners { print("signature  by \(Printable.line(claim)), not verified") }
                if evidence.envelope == nil { print("signature  none") }
                print(Printable.json(String(decoding: statement.bytes, as: UTF8.self)))
            }
        }
    }
}

struct EvidenceListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the evidence in folders, without verifying it.")

    @Argument(help: "Evidence files, or folders of them.")
    var paths: [String]

    @Option(help: ArgumentHelp("Only evidence about this file or folder.", valueName: "path"), completion: .file())
    var subject: String?

    @OptionGroup(title: "Scope of --subject") var scope: ModelScopeOptions

    func run() throws {
        try reporting {
            let subjects = try subject.map { path in
                try EvidenceSubject.subjects(
                    of: path, scope: scope.scope(of: path, signature: nil), threads: scope.jobs)
            }
            var rows: [[String]] = []
            for path in try EvidencePaths.files(paths) {
                guard let bytes = try? FileInput.read(path), let found = try? EvidenceFile.all(in: bytes) else {
                    rows.append(["no evidence", "", "", path])
                    continue
                }
                for evidence in found {
                    if let subjects, (try? evidence.checkSubject(subjects)) == nil { continue }
                    let type = evidence.statement.predicateType
                    let kind = PredicateType(named: type)?.name ?? type
                    let signatures = evidence.envelope?.signatures.count ?? 0
                    let first = evidence.statement.subjects.first
                    rows.append([
                        kind, "\(signatures) \(signatures == 1 ? "signature" : "signatures")", first?.name ?? "", path,
                    ])
                }
            }
            for line in Self.aligned(rows.map { row in row.map { Printable.line($0) } }) { print(line) }
        }
    }

    /// Rows with their cells below each other; the last cell of each is as long as it is.
    static func aligned(_ rows: [[String]]) -> [String] {
        guard let count = rows.first?.count else { return [] }
        let widths = (0..<count).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.indices.dropLast().map { row[$0] + String(repeating: " ", count: widths[$0] - row[$0].count) + "  " }
                .joined() + row[count - 1]
        }
    }
}

struct EvidenceSignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Adds a signature to evidence: for thresholds, or to sign a bare statement.",
        discussion: """
            Signatures of keys stand in one envelope. One with a certificate or a Sigstore identity is a bundle in a file \
            of its own (--output); `assay evidence verify` counts the signers of both together.
            """)

    @Argument(help: "An evidence file.")
    var path: String

    @OptionGroup(title: "Key") var key: SigningKeyOptions
    @OptionGroup(title: "Sigstore") var sigstore: SigstoreOptions

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The file to write; by default the evidence file itself.", valueName: "file"),
        completion: .file())
    var output: String?

    func validate() throws {
        guard key.given.count + (sigstore.sigstore ? 1 : 0) == 1 else {
            throw ValidationError("give one of --private-key, --pkcs11-uri and --sigstore")
        }
    }

    func run() throws {
        try reporting {
            let evidence = try EvidenceFile(FileInput.read(path))
            let (bytes, warnings) = try evidence.signed(
                with: sigstore.method(or: key), isNewFile: output.map { $0 != path } ?? false)
            for warning in warnings { Output.complain("assay: " + warning) }
            try FileOutput.write(bytes, to: output ?? path)
        }
    }
}

/// Evidence files below what the user named.
enum EvidencePaths {
    /// - Throws: `CommandFailure` when a file or folder is not there or cannot be read.
    static func files(_ paths: [String]) throws(CommandFailure) -> [String] {
        var files: [String] = []
        for path in paths {
            try FileInput.require(path)
            do throws(EvidenceError) {
                files += try EvidenceFolder.files(path).filter { file in
                    file == path || [".json", ".jsonl", ".sig"].contains(where: file.hasSuffix)
                }
            } catch {
                throw CommandFailure(error.reason)
            }
        }
        return files
    }
}
