internal import Synchronization

/// What is known of a callable or class that is named by module and qualified name.
package struct CallableKnowledge: Sendable, Hashable {
    /// What calling it can do; for a class, what its constructor can do.
    package var capability: Capability
    /// For a class: what creating it without `__init__` and giving it state can do (pickle's NEWOBJ and BUILD).
    package var state: Capability
    /// Where the name leads once re-exports and dotted paths are followed: `pathlib` `os.system` is `os.system`.
    package var resolved: String
    /// Whether the name is a class (or is spelled like one).
    package var isClass: Bool
    /// How the verdict was reached, for people: `os.system`, `calls subprocess.Popen`, `not on any list`.
    package var reason: String
    /// For what is on no list: what its name suggests that it does, or nil.
    package var suspicion: Capability?
    /// Whether this is what the nearest module says of all that it holds, not of the name.
    package var isDefault = false
    /// Whether it counts as harmless only because the nearest module holds nothing else.
    package var isByModule = false

    package init(
        capability: Capability, state: Capability? = nil, resolved: String, isClass: Bool = false, reason: String = "",
        suspicion: Capability? = nil, isDefault: Bool = false, isByModule: Bool = false
    ) {
        self.capability = capability
        self.state = state ?? capability
        self.resolved = resolved
        self.isClass = isClass
        self.reason = reason
        self.suspicion = suspicion
        self.isDefault = isDefault
        self.isByModule = isByModule
    }

    /// Looks up what `module` and `name` (dotted where the attribute path is) mean, whatever is installed here.
    package static func of(module: String, name: String) -> CallableKnowledge {
        // Loaders that read text take the carriage return that a line ends with for a part of the line's end.
        let module = module.hasSuffix("\r") ? String(module.dropLast()) : module
        let name = name.hasSuffix("\r") ? String(name.dropLast()) : name
        let path = module.isEmpty ? name : module + "." + name
        if let known = known.withLock({ $0[path] }) { return known }
        let knowledge = CallableResolution.resolve(path)
        // Files name the same few callables over and over; names that an attacker makes up must not pile up here.
        known.withLock { known in
            if known.count >= 4096 { known.removeAll(keepingCapacity: true) }
            if path.utf8.count <= 256 { known[path] = knowledge }
        }
        return knowledge
    }

    /// Answers that were given before; the tables never change, so neither do the answers.
    private static let known = Mutex<[String: CallableKnowledge]>([:])
}
