import ArgumentParser
import AssayCore
import Provenance

/// Which evidence a command reads, and whose signatures on it are relied on.
struct EvidenceOptions: ParsableArguments {
    @Option(parsing: .upToNextOption, help: "Evidence files, or folders of them (repeatable).")
    var evidence: [String] = []

    @Option(parsing: .upToNextOption, help: "PEM public keys of those whose signatures on evidence count.")
    var publicKey: [String] = []

    /// - Throws: `CommandFailure` or `EvidenceError` when a key cannot be read.
    func keys() throws -> TrustedKeys {
        var keys: [[UInt8]] = []
        for path in publicKey { keys.append(try FileInput.read(path)) }
        return try TrustedKeys(keys)
    }

    /// All the evidence, and what was none.
    func load() throws -> (records: [EvidenceRecord], rejected: [EvidenceLoading.Rejected]) {
        var records: [EvidenceRecord] = []
        let rejected = try EvidenceLoading(keys: try keys()).forEach(in: evidence) { records.append($0) }
        return (records, rejected)
    }
}

/// Reads folders of evidence, one file at a time.
struct EvidenceLoading {
    /// A file that was read and is no evidence.
    struct Rejected: Hashable {
        /// Relative to the evidence folder.
        let name: String
        let reason: String
    }

    /// Bytes of the largest file that is taken for evidence.
    static let limit = 64 << 20

    let keys: TrustedKeys

    /// Reads every `.json` and `.sig` file below the paths, and any file that is named itself; nothing is kept.
    /// - Returns: What was no evidence, each with the reason.
    func forEach(in paths: [String], _ body: (EvidenceRecord) throws -> Void) throws -> [Rejected] {
        var rejected: [Rejected] = []
        for path in paths {
            for file in try EvidencePaths.files([path]) {
                let name = Self.name(of: file, in: path)
                let bytes = try FileInput.read(file, limit: Self.limit)
                let record: EvidenceRecord
                do throws(EvidenceError) {
                    record = try keys.record(name: name, bytes)
                } catch {
                    rejected.append(Rejected(name: name, reason: error.reason))
                    continue
                }
                try body(record)
            }
        }
        return rejected
    }

    private static func name(of file: String, in folder: String) -> String {
        guard file != folder else {
            return file.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(file[file.utf8.index(after: $0)...]) }
                ?? file
        }
        return String(decoding: file.utf8.dropFirst(folder.utf8.count).drop { $0 == UInt8(ascii: "/") }, as: UTF8.self)
    }
}
