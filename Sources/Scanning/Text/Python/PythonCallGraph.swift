internal import ByteParsing

/// Which functions of a file run when it is imported, and which when a loader calls its entry points.
///
/// Names only: what is called by any path through an object counts by the method's last name.
struct PythonCallGraph {
    /// Called names, by the function that they stand in; the empty name is the module's level.
    private var calls: [String: Set<String>] = [:]
    private var functions: Set<String> = []
    private var classes: Set<String> = []

    /// Stands for what runs only when the file is run as a program.
    static let program = "if __name__"

    mutating func define(function: String) { functions.insert(function) }
    mutating func define(class name: String) { classes.insert(name) }
    func isClass(_ name: String) -> Bool { classes.contains(name) }

    mutating func call(_ name: String, from function: String) { calls[function, default: []].insert(name) }

    /// Functions that run when the file is imported.
    func importing() -> Set<String> { closure(of: [""]) }

    /// Functions that entry points reach.
    func hooked() -> Set<String> { closure(of: functions.filter(PythonExposure.isHook)) }

    private func closure(of start: Set<String>) -> Set<String> {
        var reached = start
        var pending = Array(start)
        while let function = pending.popLast() {
            for name in calls[function] ?? [] {
                let targets = classes.contains(name) ? ["__init__", "__new__", "__post_init__", "__del__"] : [name]
                for target in targets where functions.contains(target) && reached.insert(target).inserted {
                    pending.append(target)
                }
            }
        }
        return reached
    }
}
