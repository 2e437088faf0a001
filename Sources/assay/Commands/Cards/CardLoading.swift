import ArgumentParser
import AssayCore
import Cards
import Documents
import Provenance
import Reporting

/// What sort of card a file is taken for.
enum CardKind: String, CaseIterable, ExpressibleByArgument {
    /// By its content; a Hub card whose sort nothing tells is a model's.
    case auto
    case security, data, model, dataset
}

/// Reads cards of every sort.
enum CardLoading {
    /// The card, and the bytes that it was read from.
    /// - Throws: `CommandFailure` with the line of what is wrong.
    static func read(_ path: String, as kind: CardKind) throws(CommandFailure) -> (CardReport.Card, [UInt8]) {
        let bytes = try FileInput.read(path)
        do {
            switch kind {
            case .model, .dataset:
                return (.hub(try hubCard(bytes, kind == .model ? .model : .dataset)), bytes)
            case .security: return (.security(try DocumentReader.read(bytes)), bytes)
            case .data: return (.data(try DocumentReader.read(bytes)), bytes)
            case .auto: break
            }
            if isMarkdown(path) || FrontMatter(bytes) != nil { return (.hub(try hubCard(bytes, .model)), bytes) }
            let value = try DocumentReader.read(bytes)
            guard value.isObject else { throw DocumentError(line: value.line, message: "a card is a mapping") }
            switch value["schema"]?.string {
            case "data-card/v1": return (.data(value), bytes)
            case let schema? where schema.hasPrefix("security-model-card/"): return (.security(value), bytes)
            case let schema?:
                throw DocumentError(line: 1, message: "\(Printable.line(schema, limit: 80)) is no schema of cards")
            case nil: throw DocumentError(line: 1, message: "no schema says what card this is; --kind does")
            }
        } catch let error as CommandFailure {
            throw error
        } catch {
            throw CommandFailure("\(path): \(error)")
        }
    }

    private static func isMarkdown(_ path: String) -> Bool {
        path.hasSuffix(".md") || path.hasSuffix(".markdown") || path.hasSuffix(".MD")
    }

    /// - Throws: `DocumentError` where the Hub's reader refuses the card as well.
    static func hubCard(_ bytes: [UInt8], _ kind: ModelCard.Kind) throws(DocumentError) -> ModelCard {
        let card = try ModelCard(bytes, kind: kind)
        if let note = card.notes.first(where: \.isError) { throw DocumentError(line: note.line, message: note.message) }
        return card
    }

    static func digest(_ bytes: [UInt8]) -> String { Hexadecimal.encode(HashAlgorithm.sha256.hash(bytes)) }
}
