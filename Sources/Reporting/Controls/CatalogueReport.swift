internal import AssayCore
internal import ByteParsing
package import Controls

/// Catalogues and the vocabulary of evidence, listed and explained.
package struct CatalogueReport: Sendable {
    private let plan: QueryPlan
    private let library: ControlLibrary
    private let style: TerminalStyle
    private let columns: Int

    package init(_ library: ControlLibrary, plan: QueryPlan, columns: Int = 100, isColoured: Bool = false) {
        self.library = library
        self.plan = plan
        style = TerminalStyle(isColoured: isColoured)
        self.columns = min(max(columns, 60), 120)
    }

    private func items(of catalogue: Catalogue) -> [QueryPlan.Item] {
        plan.items.filter { plan.catalogues[$0.catalogue].id == catalogue.id }
    }

    /// One line a control, by catalogue.
    package func list() -> String {
        var lines: [String] = []
        for catalogue in plan.catalogues {
            let items = items(of: catalogue)
            guard !items.isEmpty else { continue }
            if !lines.isEmpty { lines.append("") }
            lines.append(
                style.bold(Printable.line(catalogue.title))
                    + style.dim("  \(catalogue.id) · \(Humane.count(items.count, "control"))"))
            let width = items.map(\.control.id.count).max() ?? 0
            for item in items {
                let word =
                    (item.level == .must ? "must" : "should").padded(to: 8)
                    + item.control.automation.rawValue.padded(to: 11)
                let title = TextWrapping.head(
                    Printable.line(item.control.title), columns: max(20, columns - width - 23))
                lines.append("  " + item.control.id.padded(to: width + 2) + style.dim(word) + title)
            }
        }
        lines += ["", style.dim("\(Humane.count(plan.items.count, "control")); assay controls show ID explains one")]
        return lines.joined(separator: "\n") + "\n"
    }

    /// Everything about each control of these ids.
    package func explain(_ ids: [String]) -> String {
        var lines: [String] = []
        for item in plan.items where ids.contains(item.control.id) {
            let control = item.control
            let catalogue = plan.catalogues[item.catalogue]
            if !lines.isEmpty { lines.append("") }
            lines += [style.bold(control.id) + "  " + Printable.line(control.title), ""]
            if let summary = control.summary { lines += wrapped(summary) + [""] }
            lines += fact("Catalogue", catalogue.title)
            lines += fact("Level", "\(item.level.rawValue) (\(control.kind.rawValue))")
            if !control.groups.isEmpty {
                let titles = control.groups.compactMap { id in catalogue.groups.first { $0.id == id }?.title }
                lines += fact("Group", titles.joined(separator: ", "))
            }
            if !control.systems.isEmpty { lines += fact("Concerns", control.systems.joined(separator: ", ")) }
            lines += fact("Automation", control.automation.rawValue)
            lines += fact("Needs", item.requirement.text(plan.parameters))
            for reference in control.references {
                lines += fact(reference.publication.uppercased(), reference.ids.joined(separator: ", "))
            }
            for id in control.mitigations {
                let title = catalogue.mitigations.first { $0.id == id }?.title ?? ""
                lines += fact("Mitigation", "\(id) \(title)")
            }
            lines += ["", "  " + style.bold("What answers it")]
            var seen: Set<String> = []
            for query in item.requirement.queries where seen.insert(query.kind).inserted {
                guard let kind = library.vocabulary[query.kind] else { continue }
                lines += ["", "  " + style.bold(kind.id) + style.dim("  \(kind.meaning)")]
                for answer in kind.answers { lines += wrapped(Self.text(answer, plan), by: 4) }
                lines += wrapped("By: \(kind.answeredBy)", by: 4)
            }
            if item.requirement.needsPerson {
                lines += [
                    "", "  " + style.bold("person") + style.dim("  an entry in the attestations file, or an approval"),
                ]
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func text(_ answer: EvidenceVocabulary.Answer, _ plan: QueryPlan) -> String {
        let conditions = [answer.selection, answer.condition].compactMap { $0?.text(plan.parameters) }
        return "\(answer.type): \(conditions.joined(separator: " and "))"
    }

    private func fact(_ name: String, _ text: String) -> [String] {
        let lines = TextWrapping.wrap(Printable.line(text, limit: 2_000), columns: columns - 14)
        return lines.enumerated().map { "  " + ($0.offset == 0 ? name : "").padded(to: 12) + $0.element }
    }

    private func wrapped(_ text: String, by indent: Int = 2) -> [String] {
        let space = String(repeating: " ", count: indent)
        return TextWrapping.wrap(Printable.line(text, limit: 2_000), columns: columns - indent).map { space + $0 }
    }

    /// The page that documents every control and kind: which evidence, which query, or a person.
    package func markdown() -> String {
        var text = """
            # Controls and the evidence that answers them

            Generated from `Sources/AssayData/catalogs` by `make docs`. How the words are used, and how an assessment
            reads them, stands in [controls](controls.md).

            """
        for catalogue in plan.catalogues {
            let items = items(of: catalogue)
            text += "\n## \(Markup.markdown(catalogue.title))\n\n"
            text += "`\(catalogue.id)`, \(items.count) controls. Source: \(Markup.markdown(catalogue.source)).\n\n"
            text += "| id | control | level | evidence |\n|---|---|---|---|\n"
            for item in items {
                let needs =
                    item.requirement == .person || item.requirement == .all([.person])
                    ? "a person" : item.requirement.text(plan.parameters)
                text +=
                    "| \(item.control.id) | \(Markup.markdown(item.control.title)) | \(item.level.rawValue) | \(Markup.markdown(needs)) |\n"
            }
        }
        text += "\n## Kinds of evidence\n\n| kind | what | about | answered when | by |\n|---|---|---|---|---|\n"
        for kind in library.vocabulary.kinds {
            let answers = kind.answers.map { Self.text($0, plan) }.joined(separator: "; or ")
            let cells = [kind.meaning, kind.subject.rawValue, answers, kind.answeredBy]
            text += "| \(kind.id) | " + cells.map { Markup.markdown($0) }.joined(separator: " | ") + " |\n"
        }
        text += "\n## Parameters\n\n| parameter | value | unit | what |\n|---|---|---|---|\n"
        for parameter in library.vocabulary.parameters {
            let value = plan.parameters[parameter.id] ?? parameter.standard
            text +=
                "| \(parameter.id) | \(value == value.rounded() ? String(Int(value)) : "\(value)") | \(parameter.unit) | "
            text += "\(Markup.markdown(parameter.meaning)) |\n"
        }
        return text
    }

    /// For programs.
    package func json() -> String {
        var writer = JSONWriter(indentation: 2)
        writer.object { writer in
            writer.member("schema", "urn:assay:controls:1")
            writer.objects("controls", of: plan.items) { writer, item in
                writer.member("id", item.control.id)
                writer.member("catalogue", plan.catalogues[item.catalogue].id)
                writer.member("title", item.control.title)
                writer.member("summary", item.control.summary)
                writer.member("kind", item.control.kind.rawValue)
                writer.member("level", item.level.rawValue)
                writer.member("groups", item.control.groups)
                writer.member("evidence", item.control.evidence)
                writer.member("automation", item.control.automation.rawValue)
                writer.member("needs", item.requirement.text(plan.parameters))
                for reference in item.control.references { writer.member(reference.publication, reference.ids) }
            }
        }
        return writer.text + "\n"
    }
}
