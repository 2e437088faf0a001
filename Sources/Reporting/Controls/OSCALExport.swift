internal import AssayCore
internal import ByteParsing
package import Controls

/// OSCAL 1.1 (NIST, Open Security Controls Assessment Language): catalogues and assessment results in JSON.
///
/// OSCAL's ids are tokens, so that `LLM01:2025` becomes `LLM01-2025`; the id as published stands in the property
/// `label`. The objective of a control is that the evidence which its catalogue asks for is there: findings say satisfied
/// or not-satisfied of that objective alone. OSCAL has no third state, so controls that are partial, attested by a person
/// or not applicable have no finding; they stand in the remarks of the result and in its observations.
package struct OSCALExport: Sendable {
    /// What is written; the schemas of 1.1.x and 1.2.x take it.
    static let version = "1.1.3"
    static let space = "https://assay.dev/ns/oscal"

    private let version: String

    /// - Parameter version: of the program.
    package init(version: String) { self.version = version }

    /// An id as OSCAL's token: a letter or underscore, then letters, digits, full stops, hyphens and underscores.
    package static func token(_ id: String) -> String {
        var token = ""
        for scalar in id.unicodeScalars {
            let isFine = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
            token.unicodeScalars.append(isFine || ".-_".unicodeScalars.contains(scalar) ? scalar : "-")
        }
        guard let first = token.unicodeScalars.first, first.properties.isAlphabetic || first == "_" else {
            return "_" + token
        }
        return token
    }

    /// Text as OSCAL's strings want it: on one line, without spaces around it.
    static func line(_ text: String) -> String {
        let line = Printable.line(text, limit: 4_000).split(separator: " ").joined(separator: " ")
        return line.isEmpty ? "-" : line
    }

    // MARK: Catalogue

    /// - Parameter modified: the day that the document bears, as RFC 3339 text.
    package func catalogue(_ catalogue: Catalogue, plan: QueryPlan, modified: String) -> [UInt8] {
        var writer = JSONWriter(indentation: 2)
        writer.object { writer in
            writer.object("catalog") { writer in
                writer.member("uuid", NameBasedIdentifier.uuid("oscal-catalog", catalogue.id, catalogue.version ?? ""))
                metadata(catalogue.title, catalogue.version ?? "1", modified, catalogue.note, into: &writer)
                let items = plan.items.filter { plan.catalogues[$0.catalogue].id == catalogue.id }
                let isLoose: (QueryPlan.Item) -> Bool = { $0.control.groups.isEmpty }
                let groups = catalogue.groups.filter { group in items.contains { $0.control.groups.first == group.id } }
                if !groups.isEmpty {
                    writer.objects("groups", of: groups) { writer, group in
                        writer.member("id", Self.token("\(catalogue.id)-\(group.id)"))
                        writer.member("title", Self.line(group.title))
                        Self.properties([("label", group.id, nil)], into: &writer)
                        writer.array("controls") { writer in
                            for item in items where item.control.groups.first == group.id {
                                control(item, plan, into: &writer)
                            }
                        }
                    }
                }
                if items.contains(where: isLoose) {
                    writer.array("controls") { writer in
                        for item in items where isLoose(item) { control(item, plan, into: &writer) }
                    }
                }
            }
        }
        return writer.bytes + [0x0A]
    }

    private func control(_ item: QueryPlan.Item, _ plan: QueryPlan, into writer: inout JSONWriter) {
        let control = item.control
        let id = Self.token(control.id)
        writer.object { writer in
            writer.member("id", id)
            writer.member("class", Self.token(control.kind.rawValue))
            writer.member("title", Self.line(control.title))
            var properties: [(String, String, String?)] = [("label", control.id, nil)]
            properties.append(("level", item.level.rawValue, Self.space))
            properties.append(("automation", control.automation.rawValue, Self.space))
            for group in control.groups { properties.append(("group", group, Self.space)) }
            for kind in control.evidence { properties.append(("evidence", kind, Self.space)) }
            if let parent = control.parent { properties.append(("parent", parent, Self.space)) }
            for reference in control.references {
                for id in reference.ids { properties.append((Self.token(reference.publication), id, Self.space)) }
            }
            Self.properties(properties, into: &writer)
            writer.array("parts") { writer in
                if let summary = control.summary {
                    Self.part("\(id)_smt", "statement", summary, into: &writer)
                }
                let needs = item.requirement.text(plan.parameters)
                Self.part("\(id)_obj", "assessment-objective", "There is evidence: \(needs).", into: &writer)
            }
        }
    }

    private static func part(_ id: String, _ name: String, _ prose: String, into writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("name", name)
            writer.member("prose", line(prose))
        }
    }

    static func properties(_ properties: [(String, String, String?)], into writer: inout JSONWriter) {
        writer.array("props") { writer in
            for (name, value, space) in properties {
                writer.object { writer in
                    writer.member("name", name)
                    writer.member("ns", space)
                    writer.member("value", line(value))
                }
            }
        }
    }

    func metadata(
        _ title: String, _ edition: String, _ modified: String, _ remarks: String?, into writer: inout JSONWriter
    ) {
        writer.object("metadata") { writer in
            writer.member("title", Self.line(title))
            writer.member("last-modified", modified)
            writer.member("version", Self.line(edition))
            writer.member("oscal-version", Self.version)
            Self.properties([("assay-version", version, Self.space)], into: &writer)
            writer.member("remarks", remarks.map { Self.line($0) })
        }
    }
}
