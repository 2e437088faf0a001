internal import ByteParsing

/// Visits the members of a JSON document with their keys and paths, without recursion.
enum JSONWalk {
    struct Place {
        var value: JSONValue
        /// The key that leads here; of a list's element, the list's key.
        var key: String
        /// Keys from the root, joined by dots.
        var path: String
    }

    /// Calls `visit` for every value below `root` except what is under a key of `skipping`.
    static func visit(_ root: JSONValue, skipping: Set<String>, budget: Budget, _ visit: (Place) -> Void)
        throws(ParseError)
    {
        var pending = [Place(value: root, key: "", path: "")]
        while let place = pending.popLast() {
            try budget.spend(operations: 1 + place.value.count, reading: "JSON members")
            visit(place)
            let start = pending.count
            switch place.value.kind {
            case .object:
                for (name, value) in place.value.members {
                    let key = name.string ?? ""
                    if skipping.contains(key), value.kind == .object || value.kind == .array { continue }
                    pending.append(Place(value: value, key: key, path: join(place.path, key)))
                }
            case .array:
                for value in place.value.elements {
                    // Long lists of numbers and words are left to their kind: only texts are worth a visit.
                    if value.kind == .number || value.kind == .null || value.kind == .true || value.kind == .false {
                        continue
                    }
                    pending.append(Place(value: value, key: place.key, path: place.path))
                }
            default: break
            }
            pending[start...].reverse()
        }
    }

    private static func join(_ path: String, _ key: String) -> String {
        // Paths are for people: keys that an attacker made long are cut.
        let key = key.utf8.count > 80 ? String(key.prefix(60)) + "…" : key
        return path.isEmpty ? key : path.utf8.count > 200 ? path : path + "." + key
    }
}
