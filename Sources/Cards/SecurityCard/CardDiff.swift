internal import Documents

/// What changed between two cards, by what things are called and not by where they stand.
package struct CardDiff: Sendable {
    /// What a change is about, the gravest first.
    package enum Topic: String, Sendable, Hashable, CaseIterable {
        case subject, classification, report, risk, test, mitigation, evidence, acceptance, expiry, threatModel =
            "threat-model", control, other
    }

    /// Whether a change is one for the worse.
    package enum Direction: String, Sendable, Hashable { case worse, better, neutral }

    /// One difference between the cards.
    package struct Change: Sendable, Hashable {
        package let topic: Topic
        package let direction: Direction
        /// The names on the way to it: `integrityViolationsReport`, `NISTAML.022`, `robust accuracy`, `value`.
        package let path: [String]
        /// The value before, as JSON on one line; nil when there was none.
        package let before: String?
        /// The value after; nil when there is none.
        package let after: String?
        /// The change in a sentence.
        package let sentence: String
    }

    /// The gravest topics first, then in the order of the cards.
    package private(set) var changes: [Change] = []

    package init(from old: SecurityCard, to new: SecurityCard) {
        compare(old.document, new.document, [], old: [:], new: [:])
        // The topic first, then the order of the cards.
        let ranks = Dictionary(uniqueKeysWithValues: Topic.allCases.enumerated().map { ($1, $0) })
        changes = changes.enumerated().sorted { one, other in
            (ranks[one.element.topic] ?? 0, one.offset) < (ranks[other.element.topic] ?? 0, other.offset)
        }.map(\.element)
    }

    // MARK: Walking

    /// - Parameters:
    ///   - old: the object that a member stands in, before: a value is judged by the comparison beside it.
    private mutating func compare(
        _ before: DocumentValue?, _ after: DocumentValue?, _ path: [String], old: DocumentValue, new: DocumentValue
    ) {
        switch (before?.content, after?.content) {
        case (.object(let members)?, .object?):
            for member in members {
                compare(
                    member.value, after?[member.name], path + [member.name], old: before ?? .null, new: after ?? .null)
            }
            for member in after?.members ?? [] where before?[member.name] == nil {
                compare(nil, member.value, path + [member.name], old: before ?? .null, new: after ?? .null)
            }
        case (.array(let elements)?, .array(let others)?):
            let one = Self.keyed(elements, path.last ?? "")
            let other = Self.keyed(others, path.last ?? "")
            let places = Dictionary(other.map { ($0.key, $0.value) }) { first, _ in first }
            let known = Set(one.map(\.key))
            for (key, value) in one {
                compare(value, places[key], path + [key], old: before ?? .null, new: after ?? .null)
            }
            for (key, value) in other where !known.contains(key) {
                compare(nil, value, path + [key], old: before ?? .null, new: after ?? .null)
            }
        default:
            guard let before, let after else {
                // A whole section that came or went tells of its parts where they matter on their own.
                if let whole = before ?? after, Self.isSection(path), !whole.isScalar {
                    let empty: DocumentValue = whole.isArray ? [] : [:]
                    return compare(before ?? empty, after ?? empty, path, old: old, new: new)
                }
                if before != nil || after != nil { add(before, after, path, old, new) }
                return
            }
            if !before.isEquivalent(to: after) { add(before, after, path, old, new) }
        }
    }

    private static func isSection(_ path: [String]) -> Bool {
        guard let last = path.last else { return false }
        return ["attacks", "tests", "mitigations", "evidence", "attackPaths", "threatModel", "operationalControls"]
            .contains(last)
            || SecurityCard.reports.contains(last)
    }

    /// Elements by what they are called; a second one of the same name is numbered.
    private static func keyed(_ elements: [DocumentValue], _ list: String) -> [(key: String, value: DocumentValue)] {
        var counts: [String: Int] = [:]
        return elements.enumerated().map { position, element in
            let name = key(element, list) ?? String(position)
            let count = (counts[name] ?? 0) + 1
            counts[name] = count
            return (count == 1 ? name : "\(name) (\(count))", element)
        }
    }

    private static func key(_ element: DocumentValue, _ list: String) -> String? {
        if element.isScalar { return element.string ?? element.shown }
        // Evidence ids change with every run: a test is what it measures.
        if list == "tests", let metric = element["metric"]?.string { return element["id"]?.string ?? metric }
        if let control = element["control"]?.string { return control }
        if let metric = element["metric"]?.string {
            let slice = element["slice"]?.members.map { "\($0.name)=\($0.value.string ?? "")" } ?? []
            return slice.isEmpty ? metric : "\(metric) [\(slice.joined(separator: ", "))]"
        }
        for name in ["id", "name", "path", "risk", "title", "description", "evidence"] {
            if let text = element[name]?.string { return text }
        }
        return nil
    }

    // MARK: Judging

    private mutating func add(
        _ before: DocumentValue?, _ after: DocumentValue?, _ path: [String], _ old: DocumentValue, _ new: DocumentValue
    ) {
        let (topic, direction) = Self.judge(before, after, path, old, new)
        let shown = Self.words(path)
        let sentence =
            switch (before, after) {
            case (nil, let value?): "\(shown) is new" + (value.isScalar ? ": \(value.shown)" : "")
            case (let value?, nil): "\(shown) is gone" + (value.isScalar ? ": \(value.shown)" : "")
            case (let one?, let two?): "\(shown): \(one.shown) → \(two.shown)"
            case (nil, nil): shown
            }
        changes.append(
            Change(
                topic: topic, direction: direction, path: path, before: before?.shown, after: after?.shown,
                sentence: sentence))
    }

    /// The names that tell a reader where something is.
    private static func words(_ path: [String]) -> String {
        path.filter { !["securityConsiderations", "attacks", "tests"].contains($0) }.joined(separator: " › ")
    }

    private static func judge(
        _ before: DocumentValue?, _ after: DocumentValue?, _ path: [String], _ old: DocumentValue, _ new: DocumentValue
    ) -> (Topic, Direction) {
        let last = path.last ?? ""
        let parent = path.dropLast().last ?? ""
        let isReport = path.count > 1 && SecurityCard.reports.contains(path[1])
        func ranked(_ order: [String]) -> Direction {
            let one = before?.string.flatMap { order.firstIndex(of: $0) }
            let two = after?.string.flatMap { order.firstIndex(of: $0) }
            guard let one, let two, one != two else { return .neutral }
            return two > one ? .better : .worse
        }
        switch last {
        case "expires", "nextReview", "acceptedUntil", "endOfLife", "retentionUntil": return (.expiry, .neutral)
        case "residualRisk", "impact", "likelihood": return (.risk, ranked(["high", "medium", "low"]))
        case "acceptedBy", "acceptedOn", "acceptanceReason": return (.acceptance, .neutral)
        case "status" where isReport && path.count == 3:
            return (.report, ranked(["not-assessed", "partial", "assessed"]))
        case "status" where path.contains("mitigations"):
            return (.mitigation, ranked(["planned", "in-place", "verified"]))
        case "status" where path.contains("operationalControls"):
            return (.control, ranked(["not-met", "partly-met", "met"]))
        case "outcome" where path.contains("tests"): return (.test, ranked(["fail", "inconclusive", "pass"]))
        case "value" where path.contains("tests"):
            let comparison = (new["comparison"] ?? old["comparison"])?.string.flatMap(Comparison.init)
            guard let comparison, let one = before?.double, let two = after?.double, one != two else {
                return (.test, .neutral)
            }
            return (.test, comparison.isWorse(two, than: one) ? .worse : .better)
        case "standing" where path.first == "evidence":
            return (.evidence, ranked(["not-verified", "unsigned", "verified"]))
        default: break
        }
        if parent == "tests" { return (.test, before == nil ? .better : .worse) }
        if parent == "mitigations" { return (.mitigation, before == nil ? .better : .worse) }
        if path.first == "evidence" {
            guard parent == "evidence" else { return (.evidence, .neutral) }
            return (.evidence, before == nil ? .better : .worse)
        }
        if path.contains("tests") { return (.test, .neutral) }
        if path.first == "subject" { return (.subject, .neutral) }
        if path.contains("aiClassification") { return (.classification, .neutral) }
        if path.contains("threatModel") { return (.threatModel, .neutral) }
        if path.contains("operationalControls") { return (.control, .neutral) }
        if path.contains("mitigations") { return (.mitigation, .neutral) }
        return (isReport ? .report : .other, .neutral)
    }
}
