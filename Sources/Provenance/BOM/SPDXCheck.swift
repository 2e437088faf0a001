internal import AssayCore
internal import ByteParsing

/// Judges the form of an SPDX 3.0.1 bill (JSON-LD), and says what it leaves out about a model.
///
/// Judged by the model's own table: types, which members they have and need, what values those take, and that each
/// reference names something of the right class that is in the bill, imported, or SPDX's own. Not judged: the insides of
/// extensions, licence expressions, and whether identifiers and URLs are well formed.
struct SPDXCheck: Sendable {
    static let context = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
    /// SPDX's own individuals, by the names that the context gives them, and their classes.
    private static let individuals: [String: String] = [
        "NoAssertionElement": "IndividualElement", "NoneElement": "IndividualElement",
        "SpdxOrganization": "Organization",
        "expandedlicensing_NoAssertionLicense": "expandedlicensing_IndividualLicensingInfo",
        "expandedlicensing_NoneLicense": "expandedlicensing_IndividualLicensingInfo",
    ]

    private(set) var errors: [String] = []
    var completeness: [(question: String, isAnswered: Bool)] = []

    let model = SPDXModel.current
    /// Every object of the bill, with its place.
    var objects: [(value: JSONValue, place: String)] = []
    /// What the identifiers of the bill name: a class, or nil for what is elsewhere.
    private var named: [[UInt8]: String?] = [:]

    init(_ root: JSONValue) {
        guard root["@context"]?.string == Self.context else {
            errors.append("@context: not \(Self.context)")
            return
        }
        guard let graph = root["@graph"], graph.isArray else {
            errors.append("@graph: not an array")
            return
        }
        for (key, _) in root.members where key.string != "@context" && key.string != "@graph" {
            errors.append("bill: \(Printable.line(key.string ?? "", limit: 60)) does not belong here")
        }
        collect(graph)
        for (value, place) in objects where errors.count < 1000 { check(value, place) }
        score()
    }

    /// Lists the objects of the graph and the ones inside of them, and what they are called.
    private mutating func collect(_ graph: JSONValue) {
        var open = graph.elements.enumerated().map { ($0.element, "@graph[\($0.offset)]") }
        open.reverse()
        while let (value, place) = open.popLast() {
            guard value.isObject else {
                errors.append("\(place): not an object")
                continue
            }
            objects.append((value, place))
            let type = value["type"]?.string ?? ""
            for identifier in [value["spdxId"], value["@id"]].compactMap({ $0 }) {
                guard identifier.kind == .string, !identifier.stringBytes.isEmpty else {
                    errors.append("\(place): an identifier is not a string of at least one character")
                    continue
                }
                if named.updateValue(type, forKey: identifier.stringBytes) != nil {
                    errors.append("\(place): \(Printable.line(identifier.string ?? "", limit: 200)) is named twice")
                }
            }
            let members = model.members(of: type)
            for (key, member) in value.members {
                let name = key.string ?? ""
                guard let rule = members[name], model.classes[rule.kind] != nil else { continue }
                for (index, element) in (member.isArray ? Array(member.elements) : [member]).enumerated()
                where element.isObject {
                    open.append((element, "\(place).\(name)" + (member.isArray ? "[\(index)]" : "")))
                }
            }
            // What a document imports is not in it.
            for imported in value["import"]?.elements ?? value.elements {
                guard let name = imported["externalSpdxId"]?.stringBytes, named[name] == nil else { continue }
                named.updateValue(nil, forKey: name)
            }
        }
    }

    private mutating func check(_ value: JSONValue, _ place: String) {
        guard let type = value["type"]?.string, let known = model.classes[type] else {
            errors.append("\(place): the type \(Printable.line(value["type"]?.string ?? "", limit: 60)) is not SPDX's")
            return
        }
        if known.isAbstract { errors.append("\(place): nothing is of the type \(type) itself") }
        let isElement = model.ancestry(of: type).contains("Element")
        if isElement, !Self.isIRI(value["spdxId"]?.string ?? "") { errors.append("\(place): no spdxId, or no IRI") }
        let members = model.members(of: type)
        for (name, rule) in members.sorted(by: { $0.key < $1.key }) where rule.least > 0 {
            let count = value[name].map { $0.isArray ? $0.count : 1 } ?? 0
            if count < rule.least { errors.append("\(place): no \(name)") }
        }
        for (key, member) in value.members {
            let name = key.string ?? ""
            if name == "type" || name == (isElement ? "spdxId" : "@id") { continue }
            guard let rule = members[name] else {
                errors.append("\(place): \(Printable.line(name, limit: 60)) does not belong to \(type)")
                continue
            }
            guard member.isArray else {
                check(member, rule.kind, "\(place).\(name)")
                continue
            }
            guard rule.allowsMany else {
                errors.append("\(place).\(name): more than one")
                continue
            }
            for (index, element) in member.elements.enumerated() {
                check(element, rule.kind, "\(place).\(name)[\(index)]")
            }
        }
        if type == "CreationInfo", value["specVersion"]?.string?.hasPrefix("3.0.") == false {
            errors.append(
                "\(place).specVersion: \(Printable.line(value["specVersion"]?.string ?? "", limit: 60)) is not 3.0")
        }
    }

    private mutating func check(_ value: JSONValue, _ kind: String, _ place: String) {
        func demand(_ isRight: Bool, _ what: String) {
            if !isRight { errors.append("\(place): \(what)") }
        }
        switch kind {
        case "extension": demand(value.isObject, "not an object")
        case "text": demand(value.kind == .string, "not a string")
        case "uri": demand(value.string?.isEmpty == false, "not a URI")
        case "flag": demand(value.bool != nil, "not true or false")
        case "number": demand(value.double != nil, "not a number")
        case "natural": demand(value.integer.map { $0 >= 0 } ?? false, "not a whole number from 0")
        case "positive": demand(value.integer.map { $0 > 0 } ?? false, "not a whole number from 1")
        case "moment": demand(Self.isMoment(value), "no time in UTC to the second, as 2026-01-31T12:00:00Z")
        case "version": demand(Self.isVersion(value.string ?? ""), "no version of three numbers")
        case "media":
            let parts = (value.string ?? "").split(separator: "/", omittingEmptySubsequences: false)
            demand(parts.count == 2 && parts.allSatisfy { !$0.isEmpty }, "no media type")
        default:
            if let values = model.enumerations[kind] {
                let text = value.string ?? ""
                demand(values.contains(text), "\(Printable.line(text, limit: 60)) is no \(kind)")
            } else {
                checkReference(value, kind, place)
            }
        }
    }

    /// An object that stands here, or the name of one.
    private mutating func checkReference(_ value: JSONValue, _ kind: String, _ place: String) {
        let found: String?
        if value.isObject {
            found = value["type"]?.string ?? ""
        } else if value.kind == .string, let type = named[value.stringBytes] {
            found = type
        } else if let name = value.string, let type = Self.individuals[name] {
            found = type
        } else if let name = value.string,
            name.hasPrefix("https://spdx.org/rdf/3.0.1/terms/") || name.hasPrefix("https://spdx.org/licenses/")
        {
            found = nil
        } else {
            errors.append(
                value.kind == .string
                    ? "\(place): \(Printable.line(value.string ?? "", limit: 200)) names nothing in the bill"
                    : "\(place): neither an object nor the name of one")
            return
        }
        // What is of a type that SPDX does not know was told where it stands.
        guard let found, model.classes[found] != nil, !model.ancestry(of: found).contains(kind) else { return }
        errors.append("\(place): \(found) is no \(kind)")
    }

    /// A scheme and something after it, which no name of a blank node is.
    private static func isIRI(_ text: String) -> Bool {
        let scheme = text.prefix { $0 != ":" }
        return scheme.utf8.count < text.utf8.count - 1 && scheme.utf8.first != UInt8(ascii: "_") && !scheme.isEmpty
            && scheme.utf8.allSatisfy {
                ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || (0x30...0x39).contains($0)
                    || [0x2B, 0x2D, 0x2E].contains($0)
            }
    }

    private static func isMoment(_ value: JSONValue) -> Bool {
        guard let text = value.string, text.utf8.count == 20, text.hasSuffix("Z"), !text.contains(".") else {
            return false
        }
        return Timestamp.date(text) != nil
    }

    /// Three numbers, and what semantic versioning lets follow them.
    private static func isVersion(_ text: String) -> Bool {
        let core = text.prefix { $0 != "-" && $0 != "+" }
        let numbers = core.split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 3 else { return false }
        return numbers.allSatisfy { number in
            !number.isEmpty && number.utf8.allSatisfy { (0x30...0x39).contains($0) }
                && (number.utf8.count == 1 || number.utf8.first != 0x30)
        }
    }

    // MARK: What it tells about a model
}
