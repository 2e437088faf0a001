internal import AssayCore
internal import ByteParsing

/// A JSON document as a tree for people: cut in depth and breadth.
enum ConfigurationOutline {
    static let depthLimit = 6
    static let childLimit = 64

    static func outline(_ root: JSONValue) -> Outline { outline(root, name: "json", depth: 0) }

    private static func outline(_ value: JSONValue, name: String, depth: Int) -> Outline {
        var result = Outline(Printable.line(name, limit: 80))
        switch value.kind {
        case .object:
            result.detail = Outline.count(value.count, "member")
            guard depth < depthLimit else { break }
            for (key, child) in value.members.prefix(childLimit) {
                result.children.append(outline(child, name: key.string ?? "", depth: depth + 1))
            }
        case .array:
            result.detail = Outline.count(value.count, "element")
            guard depth < depthLimit else { break }
            for (index, child) in value.elements.prefix(8).enumerated() {
                result.children.append(outline(child, name: "[\(index)]", depth: depth + 1))
            }
        case .string: result.detail = Printable.line(value.string ?? "", limit: 120)
        case .number: result.detail = value.numberText ?? ""
        case .true: result.detail = "true"
        case .false: result.detail = "false"
        case .null: result.detail = "null"
        }
        return result
    }
}
