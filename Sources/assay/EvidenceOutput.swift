import AssayCore
import Provenance

/// The one door through which evidence leaves: every command's `--evidence`, and what `attest` writes unsigned.
enum EvidenceOutput {
    /// Reads the statement back as strictly as a verifier will, and writes it.
    /// - Parameter statement: nil when there is nothing that it could be about.
    /// - Throws: `CommandFailure`
    static func write(_ statement: [UInt8]?, to path: String) throws(CommandFailure) {
        guard let statement else {
            throw CommandFailure("\(path): no file could be read, so there is nothing to make evidence about")
        }
        do throws(EvidenceError) {
            try EvidenceFile(statement).checkPredicate()
        } catch {
            throw CommandFailure("\(path): \(error.reason)")
        }
        try FileOutput.write(statement + [0x0A], to: path)
    }
}
