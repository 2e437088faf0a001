import ArgumentParser
import AssayCore
import Provenance

struct DigestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "digest",
        abstract: "Prints the digests of a model's files, or compares them with digests taken earlier.",
        discussion: """
            The text form is that of sha256sum; --json prints the statement that `assay sign` would sign. --check reads \
            either, or a signature file, whose signature it does not verify. Exit status: 0 done or equal, 1 different, \
            2 usage or input error.
            """)

    @Argument(help: "The model's file or folder.", completion: .file())
    var path: String

    @Option(
        help: ArgumentHelp("Compare with this file; the serialization is the file's own.", valueName: "file"),
        completion: .file())
    var check: String?

    @Flag(help: "Print an in-toto statement.")
    var json = false

    @OptionGroup(title: "Scope") var scope: ModelScopeOptions
    @OptionGroup(title: "Serialization") var serialization: SerializationOptions

    func run() throws {
        do {
            try FileInput.require(path)
            var options = ModelSigner.Options()
            options.scope = scope.scope(of: path, signature: check)
            options.algorithm = serialization.algorithm
            options.method = serialization.method
            options.threads = scope.jobs
            guard let check else {
                let measured = try ModelMeasurement(path, options)
                print(measured)
                return
            }
            let source = try FileInput.source(check)
            let expected: Manifest
            do throws(EvidenceError) {
                expected = try ManifestText.read(source)
            } catch {
                throw CommandFailure("\(check): \(error.reason)")
            }
            options.algorithm = expected.algorithm
            options.method = expected.method
            options.scope.allowsLinks = options.scope.allowsLinks || expected.allowsLinks
            options.scope.ignored = Set(options.scope.ignored + expected.ignored).sorted()
            let actual = try ModelMeasurement(path, options, sharing: expected.resources.names).manifest
            let comparison = ManifestComparison(expected: expected, actual: actual)
            for path in comparison.changed { Swift.print("changed  " + Printable.line(path.text)) }
            for path in comparison.removed { Swift.print("removed  " + Printable.line(path.text)) }
            for path in comparison.added { Swift.print("added    " + Printable.line(path.text)) }
            for one in comparison.renamed {
                Swift.print("renamed  \(Printable.line(one.from.text)) is now \(Printable.line(one.to.text))")
            }
            Swift.print("\(comparison.unchanged) \(comparison.unchanged == 1 ? "file" : "files") unchanged")
            throw ExitCode(comparison.isEqual ? 0 : 1)
        } catch let failure as CommandFailure {
            throw failure.status
        } catch let error as EvidenceError {
            throw CommandFailure(error.reason).status
        }
    }

    private func print(_ measured: ModelMeasurement) {
        if json {
            ModelStatement.write(measured.manifest, name: measured.name) { _ = Output.write($0, to: 1) }
            _ = Output.write([0x0A], to: 1)
        } else {
            ManifestText.write(measured.manifest) { _ = Output.write(Array($0.utf8), to: 1) }
        }
    }
}
