internal import AssayCore
internal import ByteParsing

/// The classes of SPDX 3.0.1: what they inherit, their members, and the values of enumerations; read from the data file.
struct SPDXModel: Sendable {
    struct Member: Sendable {
        /// A kind of value, a class, or an enumeration.
        let kind: String
        let allowsMany: Bool
        let least: Int
    }

    struct Class: Sendable {
        let isAbstract: Bool
        let parent: String?
        var members: [String: Member] = [:]
    }

    private(set) var classes: [String: Class] = [:]
    private(set) var enumerations: [String: Set<String>] = [:]

    static let current: SPDXModel = SPDXModel(
        Resource.named("spdx/model-3.0.1.txt")?.text(limit: 1 << 20) ?? "")

    init(_ text: String) {
        var name = ""
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map { String($0) }
            guard let first = words.first, first != "#" else { continue }
            if line.hasPrefix(" "), words.count == 4 {
                classes[name]?.members[first] = Member(
                    kind: words[1], allowsMany: words[2] == "many", least: Int(words[3]) ?? 0)
            } else if first == "values" {
                enumerations[words[1]] = Set(words.dropFirst(2))
            } else if words.count == 3 {
                name = words[1]
                classes[name] = Class(isAbstract: first == "abstract", parent: words[2] == "-" ? nil : words[2])
            }
        }
    }

    /// The class and what it inherits from, itself first.
    func ancestry(of name: String) -> [String] {
        var found: [String] = []
        var next: String? = name
        // No class is its own ancestor: the bound is for a data file that says otherwise.
        while let name = next, let one = classes[name], found.count < 16 {
            found.append(name)
            next = one.parent
        }
        return found
    }

    /// The members of a class with those that it inherits.
    func members(of name: String) -> [String: Member] {
        ancestry(of: name).reduce(into: [:]) { all, name in
            all.merge(classes[name]?.members ?? [:]) { own, _ in own }
        }
    }
}
