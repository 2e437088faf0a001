internal import ByteParsing

/// All lists of requirements of a model: those that are known by their names, and those that these include.
struct RequirementLists {
    private(set) var requirements: [Requirement] = []
    /// What only says which versions are taken of packages that others ask for.
    private(set) var constraints: [Requirement] = []
    /// Lines that ask for something that could not be read, each with its list.
    private(set) var unread: [String] = []

    /// Lists that are read of one model.
    static let limit = 256
    static let unreadLimit = 64

    /// - Parameters:
    ///   - named: lists that are known by their names.
    ///   - read: the bytes of a file of the model; nil where there is none, or it is too large.
    init(_ named: [ModelPath], read: (ModelPath) -> [UInt8]?) {
        var lists: [ModelPath: RequirementLines] = [:]
        var order: [RequirementLines.Include] = []
        var seen = Set<RequirementLines.Include>()
        /// Everything that can be reached; a list may be both asked for and a constraint.
        func follow(_ starts: [RequirementLines.Include]) {
            var pending = starts
            while !pending.isEmpty {
                let next = pending.removeFirst()
                guard seen.insert(next).inserted else { continue }
                guard lists[next.path] != nil || lists.count < Self.limit else {
                    note(next.path.text + ": there are too many lists")
                    return
                }
                if lists[next.path] == nil {
                    guard let bytes = read(next.path) else {
                        note(next.path.text + " is not in the model, or too large")
                        continue
                    }
                    let list = RequirementLines(bytes, path: next.path)
                    lists[next.path] = list
                    for line in list.unread { note(next.path.text + ": " + line) }
                }
                order.append(next)
                // What a list of constraints includes constrains too.
                pending += (lists[next.path]?.includes ?? []).map {
                    .init(path: $0.path, isConstraint: $0.isConstraint || next.isConstraint)
                }
            }
        }
        // A list that is known by its name and is nothing but another one's constraints asks for nothing.
        var included = Set<RequirementLines.Include>()
        for path in named {
            guard let bytes = read(path) else { continue }
            included.formUnion(RequirementLines(bytes, path: path).includes)
        }
        let onlyConstraints = named.filter { path in
            included.contains(.init(path: path, isConstraint: true))
                && !included.contains(.init(path: path, isConstraint: false))
        }
        follow(named.filter { !onlyConstraints.contains($0) }.map { .init(path: $0, isConstraint: false) })
        for one in order {
            let found = (lists[one.path]?.requirements ?? []).prefix(RequirementReader.limit)
            if one.isConstraint { constraints += found } else { requirements += found }
        }
    }

    private mutating func note(_ text: String) {
        if unread.count < Self.unreadLimit { unread.append(text) }
    }
}
