internal import AssayCore
internal import ByteParsing

/// How much of what readers of a bill of materials look for is there.
extension SPDXCheck {
    mutating func score() {
        func filled(_ value: JSONValue?) -> Bool { (value?.count ?? 0) > 0 || value?.string?.isEmpty == false }
        let all = objects.map(\.value)
        let documents = all.filter { $0["type"]?.string == "SpdxDocument" }
        let roots = Set(documents.flatMap { Self.names($0["rootElement"]) })
        let models = all.filter { $0["type"]?.string == "ai_AIPackage" }
        let described =
            models.first { $0["spdxId"].map { roots.contains($0.stringBytes) } ?? false } ?? models.first
        let name = described?["spdxId"]?.stringBytes
        let relations = all.filter { value in
            value["relationshipType"] != nil && name != nil && Self.names(value["from"]).contains(name ?? [])
        }
        func related(_ types: String...) -> [[UInt8]] {
            relations.filter { types.contains($0["relationshipType"]?.string ?? "") }.flatMap { Self.names($0["to"]) }
        }
        let contained = Set(related("contains", "hasDistributionArtifact"))
        let files = all.filter {
            $0["type"]?.string == "software_File" && $0["spdxId"].map { contained.contains($0.stringBytes) } == true
        }
        let ancestors = all.contains { value in
            value["relationshipType"]?.string == "ancestorOf" && Self.names(value["to"]).contains(name ?? [])
        }
        completeness = [
            ("a document that names the model", described != nil && name.map { roots.contains($0) } == true),
            ("time of writing", all.contains { $0["type"]?.string == "CreationInfo" && filled($0["created"]) }),
            ("the model as an AI package", described != nil),
            ("version", filled(described?["software_packageVersion"])),
            ("description", filled(described?["description"]) || filled(described?["summary"])),
            ("licence", !related("hasDeclaredLicense", "hasConcludedLicense").isEmpty),
            ("supplier or authors", filled(described?["suppliedBy"]) || filled(described?["originatedBy"])),
            ("task", filled(described?["ai_domain"])),
            ("architecture", filled(described?["ai_typeOfModel"])),
            ("training data", !related("trainedOn").isEmpty),
            ("measured quality", filled(described?["ai_metric"])),
            (
                "limits and intended use",
                filled(described?["ai_limitation"]) || filled(described?["ai_informationAboutApplication"])
            ),
            ("how it was trained", filled(described?["ai_informationAboutTraining"])),
            ("base models", ancestors || !related("descendantOf").isEmpty),
            ("risk assessment", filled(described?["ai_safetyRiskAssessment"])),
            ("personal information", filled(described?["ai_useSensitivePersonalInformation"])),
            (
                "hashes of the files",
                !files.isEmpty && files.allSatisfy { filled($0["verifiedUsing"]) }
                    || files.isEmpty && filled(described?["verifiedUsing"])
            ),
            ("dependencies", !related("dependsOn").isEmpty),
        ]
    }

    /// The identifiers that a member names or holds.
    static func names(_ value: JSONValue?) -> [[UInt8]] {
        guard let value else { return [] }
        return (value.isArray ? Array(value.elements) : [value]).compactMap { one in
            one.isObject ? one["spdxId"]?.stringBytes : one.kind == .string ? one.stringBytes : nil
        }
    }
}
