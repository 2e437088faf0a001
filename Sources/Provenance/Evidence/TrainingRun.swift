package import AssayCore
internal import ByteParsing

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Runs a training command and records what went in and what came out, as SLSA provenance v1.
///
/// What the command reads beside the named inputs is not seen: the provenance says what its user named, with digests
/// that were the same before and after the run.
package struct TrainingRun: Sendable {
    /// A named input or output.
    package struct Material: Sendable {
        /// What an input is to the run.
        package enum Role: String, Sendable {
            case dataset, baseModel = "base-model", code, dependency, output
        }
        package let role: Role
        /// As the user named it: a file or a folder.
        package let path: String
        package init(role: Role, path: String) {
            self.role = role
            self.path = path
        }
    }

    /// The program and its arguments; no shell reads them.
    package var command: [String]
    /// Hashed before and after the run: both have to agree.
    package var inputs: [Material]
    /// Paths that are hashed when the command has ended.
    package var outputs: [String]
    /// A strict JSON object with hyperparameters, or nil.
    package var parameters: [UInt8]?
    /// Threads that hash.
    package var threads = 2

    package init(command: [String], inputs: [Material], outputs: [String], parameters: [UInt8]? = nil) {
        self.command = command
        self.inputs = inputs
        self.outputs = outputs
        self.parameters = parameters
    }

    /// What came of a run.
    package enum Outcome: Sendable {
        /// The statement about the outputs.
        case recorded(statement: [UInt8])
        /// The command failed with that status; there is nothing to attest.
        case failed(status: Int32)
    }

    /// What is known of a run that ended well.
    private struct Record {
        let inputs: [(material: Material, subject: Statement.Subject)]
        let parameters: String?
        let code: Code?
        let started: Date
        let finished: Date
    }

    /// The revision that git knows the working directory as.
    private struct Code {
        let revision: String
        let isChanged: Bool
        let remote: String?

        init?() {
            guard let revision = ChildProcess.firstLine(of: ["git", "rev-parse", "HEAD"]) else { return nil }
            self.revision = revision
            isChanged = ChildProcess.firstLine(of: ["git", "status", "--porcelain"]).map { !$0.isEmpty } == true
            remote = ChildProcess.firstLine(of: ["git", "config", "--get", "remote.origin.url"])
        }
    }

    /// - Throws: `EvidenceError` when an input or output cannot be hashed, an input changed during the run, or an output did not.
    package func run() throws(EvidenceError) -> Outcome {
        var before: [[Statement.Subject]] = []
        for input in inputs { before.append(try EvidenceSubject.subjects(of: input.path, threads: threads)) }
        let parameterText = try checkedParameters()
        let present = outputs.map { Self.files($0) }
        let code = Code()
        let started = Date()
        let status = try ChildProcess.run(command)
        let finished = Date()
        guard status == 0 else { return .failed(status: status) }
        for (input, then) in zip(inputs, before) {
            guard try EvidenceSubject.subjects(of: input.path, threads: threads) == then else {
                throw EvidenceError("\(input.path) changed while the command ran")
            }
        }
        // What lay there already, and nobody wrote since, is not what the command made.
        for (output, then) in zip(outputs, present) {
            guard then == nil || then != Self.files(output) else {
                throw EvidenceError(
                    "\(output) was there before the command ran, and the command wrote none of it: nothing is attested")
            }
        }
        var subjects: [Statement.Subject] = []
        for output in outputs { subjects += try EvidenceSubject.subjects(of: output, threads: threads) }
        guard !subjects.isEmpty else { throw EvidenceError("the run has no outputs to attest") }
        let named = zip(inputs, before).compactMap { input, found in found.first.map { (input, $0) } }
        return .recorded(
            statement: statement(
                about: subjects,
                Record(inputs: named, parameters: parameterText, code: code, started: started, finished: finished)))
    }

    /// SLSA provenance v1 of the run.
    private func statement(about subjects: [Statement.Subject], _ record: Record) -> [UInt8] {
        Statement.write(subjects: subjects, predicateType: PredicateType.slsaProvenance.uri) { writer in
            writer.object { writer in
                writer.object("buildDefinition") { writer in
                    writer.member("buildType", PredicateType.own + "training-run/v1")
                    writer.object("externalParameters") { writer in
                        writer.member("command", command)
                        if let parameters = record.parameters {
                            writer.key("parameters")
                            writer.raw(parameters)
                        }
                    }
                    writer.array("resolvedDependencies") { writer in
                        for (input, found) in record.inputs {
                            Self.write(
                                name: found.name, uri: nil, digests: found.digests, role: input.role, to: &writer)
                        }
                        if let code = record.code {
                            Self.write(
                                name: code.isChanged ? "code, with changes that are not in the revision" : "code",
                                uri: code.remote.map(Self.repositoryURI), digests: ["gitCommit": code.revision],
                                role: .code, to: &writer)
                        }
                    }
                }
                writer.object("runDetails") { writer in
                    writer.object("builder") { $0.member("id", PredicateType.own + "builder/local") }
                    writer.object("metadata") { writer in
                        writer.member("invocationId", UUID().uuidString.lowercased())
                        writer.member("startedOn", Timestamp.text(record.started))
                        writer.member("finishedOn", Timestamp.text(record.finished))
                    }
                }
            }
        }
    }

    /// The files at a path, with their times; nil where there is none.
    private static func files(_ path: String) -> [ModelTree.File]? {
        guard let tree = try? ModelTree(path, scope: SigningScope(ignored: [])), !tree.files.isEmpty else { return nil }
        return Array(tree.files)
    }

    private func checkedParameters() throws(EvidenceError) -> String? {
        guard let parameters else { return nil }
        guard let document = try? JSONDocument(ByteRegion(parameters), dialect: .strict), document.root.isObject else {
            throw EvidenceError("the parameters are no strict JSON object")
        }
        return String(decoding: parameters, as: UTF8.self)
    }

    private static func write(
        name: String, uri: String?, digests: [String: String], role: Material.Role, to writer: inout JSONWriter
    ) {
        writer.object { writer in
            writer.member("name", name)
            writer.member("uri", uri)
            writer.object("digest") { writer in
                for (kind, value) in digests.sorted(by: { $0.key < $1.key }) { writer.member(kind, value) }
            }
            writer.object("annotations") { $0.member("role", role.rawValue) }
        }
    }

    /// Where a repository is, as SPDX and SLSA write it (`git+https://…`): of git's other spellings, `host:path` is SSH's and
    /// a path is a file's.
    package static func repositoryURI(_ remote: String) -> String {
        var address = withoutCredentials(remote)
        if !address.contains("://") {
            let host = address.prefix { $0 != "/" && $0 != ":" }
            if !host.isEmpty, address.dropFirst(host.count).first == ":" {
                let path = address.dropFirst(host.count + 1).drop { $0 == "/" }
                address = "ssh://\(host.split(separator: "@").last ?? host)/\(path)"
            } else {
                address = "file://" + (address.hasPrefix("/") ? "" : "/./") + address
            }
        }
        return "git+" + percentEncoded(address)
    }

    /// The text with every byte that no URI may hold in percent-encoding (RFC 3986, section 2).
    private static func percentEncoded(_ text: String) -> String {
        var result: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"):
                result.append(byte)
            case _ where "-._~:/?#[]@!$&'()*+,;=%".utf8.contains(byte): result.append(byte)
            default: result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The address without a user name and password: secrets do not belong into provenance.
    static func withoutCredentials(_ address: String) -> String {
        guard let scheme = address.firstRange(of: "://") else { return address }
        let rest = address[scheme.upperBound...]
        let host = rest.firstIndex(of: "/") ?? rest.endIndex
        guard let at = rest[..<host].lastIndex(of: "@") else { return address }
        return address[..<scheme.upperBound] + String(rest[rest.index(after: at)...])
    }
}
