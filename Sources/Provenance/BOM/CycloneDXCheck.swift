internal import AssayCore
internal import ByteParsing
internal import Documents

/// Judges the form of a CycloneDX bill (JSON, 1.2 to 1.7) and says what it leaves out about a model.
///
/// The form is judged by the official JSON Schema of the version that the bill names.
package struct CycloneDXCheck: Sendable {
    /// What breaks the specification, as `place: reason`.
    package private(set) var errors: [String] = []
    /// One line for each thing worth telling about a model, and whether the bill tells it.
    package private(set) var completeness: [(question: String, isAnswered: Bool)] = []

    package var score: Int {
        completeness.isEmpty ? 0 : completeness.filter(\.isAnswered).count * 100 / completeness.count
    }

    package init(_ bytes: [UInt8]) {
        let root: JSONValue
        do {
            root = try JSONDocument(ByteRegion(bytes), dialect: .strict(for: bytes.count)).root
        } catch {
            errors = ["bill: not strict JSON: \(error)"]
            return
        }
        // A bill may come as evidence: a statement, signed or not.
        if root["bomFormat"] == nil, let statement = try? EvidenceFile(bytes).statement,
            statement.predicateType == PredicateType.cyclonedx.uri
        {
            judge(statement.predicate)
        } else {
            judge(root)
        }
    }

    private mutating func judge(_ root: JSONValue) {
        guard root.isObject else {
            errors = ["bill: not an object"]
            return
        }
        guard root["bomFormat"]?.string == "CycloneDX" else {
            errors = [
                "bill: neither CycloneDX nor SPDX 3"
            ]
            return
        }
        checkForm(root)
        checkReferences(root)
        score(root)
    }

    private mutating func checkForm(_ root: JSONValue) {
        let version = root["specVersion"]?.string ?? ""
        guard let schema = CycloneDXSchema.named(version) else {
            let known = CycloneDXSchema.versions.joined(separator: ", ")
            errors.append("specVersion: \(Printable.line(version)) is none of \(known)")
            return
        }
        for violation in schema.violations(of: DocumentValue(root)) {
            let place = violation.pointer.tokens.reduce("bill") { place, token in
                UInt(token) == nil ? place + "." + Printable.line(token, limit: 60) : place + "[\(token)]"
            }
            errors.append("\(place): \(Printable.line(violation.message, limit: 300))")
        }
    }

    /// Names must be unique; that dependencies name something is told by the score.
    private mutating func checkReferences(_ root: JSONValue) {
        var seen = Set<[UInt8]>()
        for component in root["components"]?.elements ?? root.elements {
            guard let name = component["bom-ref"]?.stringBytes else { continue }
            if !seen.insert(name).inserted {
                errors.append("components: \(Printable.line(String(decoding: name, as: UTF8.self))) is named twice")
            }
        }
    }

    private mutating func score(_ root: JSONValue) {
        let described = root["metadata"]?["component"]
        let components = Array(root["components"]?.elements ?? root.elements)
        let isModel: (JSONValue) -> Bool = { $0["type"]?.string == "machine-learning-model" }
        let model = described.flatMap { isModel($0) ? $0 : nil } ?? components.first(where: isModel)
        let card = model?["modelCard"]
        let parameters = card?["modelParameters"]
        let files = components.filter { $0["type"]?.string == "file" }
        func filled(_ value: JSONValue?) -> Bool { (value?.count ?? 0) > 0 || value?.string?.isEmpty == false }
        let references = model?["externalReferences"].map { $0.elements.compactMap { $0["type"]?.string } } ?? []
        completeness = [
            ("serial number", filled(root["serialNumber"])),
            ("time of writing", filled(root["metadata"]?["timestamp"])),
            ("the model as a component", model != nil),
            ("version", filled(model?["version"])),
            ("description", filled(model?["description"])),
            ("licence", filled(model?["licenses"])),
            (
                "supplier or authors",
                filled(model?["supplier"]) || filled(model?["authors"]) || filled(model?["publisher"])
            ),
            ("task", filled(parameters?["task"])),
            ("architecture", filled(parameters?["architectureFamily"]) || filled(parameters?["modelArchitecture"])),
            ("training data", filled(parameters?["datasets"])),
            ("measured quality", filled(card?["quantitativeAnalysis"]?["performanceMetrics"])),
            ("limits and intended use", filled(card?["considerations"])),
            ("base models", filled(model?["pedigree"])),
            (
                "hashes of the files",
                !files.isEmpty && files.allSatisfy { filled($0["hashes"]) } || filled(model?["hashes"])
            ),
            ("dependencies", filled(root["dependencies"])),
            ("model card", references.contains("model-card")),
            ("signature", references.contains("digital-signature") || root["signature"] != nil),
            ("training run", filled(root["formulation"])),
            ("findings", root["vulnerabilities"] != nil),
        ]
    }
}
