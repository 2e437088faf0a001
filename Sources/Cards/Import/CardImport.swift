internal import AssayCore
internal import ByteParsing
package import Documents

/// Drafts of Security Model Cards from cards of other programs.
///
/// What has a place in the card goes there, with a remark where it comes from; what has none is kept whole under
/// `x-imported`; what nobody said is `unknown`. Nothing is made up, and nothing is lost.
package struct CardImport: Sendable {
    /// Whose card it is.
    package enum Source: String, Sendable, CaseIterable {
        /// TensorFlow's Model Card Toolkit, schema 0.0.2.
        case modelCardToolkit = "model-card-toolkit"
        /// The proof of concept of Security Model Cards: nine sections of Mitchell et al. and security considerations.
        case securityModelCard = "security-model-card"
        /// A CycloneDX bill whose model has a `modelCard`.
        case cycloneDX = "cyclonedx"
        /// A model card of the Hugging Face Hub.
        case huggingFace = "hugging-face"
    }

    /// The card; where each line that came along stands in the source; what a person has to look at.
    package struct Draft: Sendable {
        package var card: DocumentValue
        /// What each place of the card was called in the source.
        package var sources: [DocumentPointer: String] = [:]
        /// What a person has to decide.
        package var remarks: [String] = []
    }

    /// Which source a text is of, by its content.
    package static func recognise(_ bytes: [UInt8]) -> Source? {
        if FrontMatter(bytes) != nil { return .huggingFace }
        guard let value = try? DocumentReader.read(bytes) else { return nil }
        if value["bomFormat"]?.string == "CycloneDX" { return .cycloneDX }
        if value["model_parameters"] != nil || value["considerations"] != nil || value["quantitative_analysis"] != nil
            || value["schema_version"] != nil
        {
            return .modelCardToolkit
        }
        let own = [
            "intended_use", "security_considerations", "ethical_considerations", "quantitative_analyses",
            "caveats_and_recommendations", "ai_classification",
        ]
        return own.contains { value[$0] != nil } ? .securityModelCard : nil
    }

    /// - Parameters:
    ///   - source: nil finds out.
    ///   - date: the day of the draft.
    /// - Throws: `DocumentError` when the text cannot be read, or nothing tells what it is.
    package static func draft(
        _ bytes: [UInt8], name: String, source: Source? = nil, date: String
    ) throws(DocumentError) -> Draft {
        guard let source = source ?? recognise(bytes) else {
            throw DocumentError(line: 1, message: "nothing tells of which program this card is; --from does")
        }
        var builder = ImportBuilder(digest: Digest(sha256: ByteRegion(bytes)).description, name: name, date: date)
        switch source {
        case .huggingFace: builder.take(hub: try ModelCard(bytes))
        case .modelCardToolkit: builder.take(toolkit: try Self.object(bytes))
        case .securityModelCard: builder.take(proofOfConcept: try Self.object(bytes))
        case .cycloneDX: try builder.take(bill: try Self.object(bytes))
        }
        return builder.finished(source)
    }

    private static func object(_ bytes: [UInt8]) throws(DocumentError) -> DocumentValue {
        var value = try DocumentReader.read(bytes)
        guard value.isObject else { throw DocumentError(line: value.line, message: "the card is no object") }
        value.forgetLines()
        return value
    }
}
