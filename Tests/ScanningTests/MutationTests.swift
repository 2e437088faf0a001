import ByteParsing
import Fixtures
import Foundation
import Mutations
import Scanning
import Testing

/// Damaged copies of the project's own examples; Tests/Property does the same with every sample there is.
@Suite struct MutationTests {
    private static let examples = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Examples")

    /// Formats that say how they end, so that a loader notices a cut.
    private static let delimited = [
        "clean/model.gguf", "clean/model.pt", "clean/model.safetensors", "clean/weights.pkl", "attack/bundle.tar.gz",
        "attack/layer.keras", "attack/model.pt", "attack/pickle.pkl", "attack/template.gguf",
    ]

    private func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: Self.examples.appendingPathComponent(name)))
    }

    @Test(arguments: delimited) func noTruncationReadsAsClean(name: String) throws {
        let whole = try bytes(name)
        let scanner = FileScanner()
        // Every cut of a small file, every third of a larger one.
        for count in stride(from: 1, to: whole.count, by: whole.count > 400 ? 3 : 1)
        where whole[count...].contains(where: { $0 != 0 }) {
            let report = scanner.scan(Array(whole.prefix(count)), path: name)
            #expect(report.outcome != .clean, "\(name) cut at \(count)")
        }
    }

    @Test(arguments: delimited) func damageNeitherTrapsNorTakesLong(name: String) throws {
        let whole = try bytes(name)
        let scanner = FileScanner()
        for number in 0..<100 {
            let mutation = Mutation(seed: 1, name: name, number: number, count: whole.count)
            let damaged = mutation.applied(to: whole)
            // A debug build; the release build's bound is in Tests/Property.
            #expect(ProcessorTime.seconds { _ = scanner.scan(damaged, path: name) } < 20, "\(name): \(mutation)")
        }
    }

    @Test func mutationsAreTheSameAgain() throws {
        let whole = try bytes("attack/model.pt")
        for number in 0..<50 {
            let copies = (0..<2).map { _ in
                Mutation(seed: 7, name: "x", number: number, count: whole.count).applied(to: whole)
            }
            #expect(copies[0] == copies[1])
        }
        let kinds = Set((0..<200).map { Mutation(seed: 7, name: "x", number: $0, count: whole.count).kind })
        #expect(kinds.count == 5)
        #expect(Mutation(seed: 1, name: "", number: 0, count: 0).applied(to: []).isEmpty)
    }
}
