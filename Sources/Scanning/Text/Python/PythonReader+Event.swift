extension PythonReader {
    /// A call, or an effectful name that is handed on as a value.
    struct Event {
        /// What is called; its `name` or `made` is set when it is known.
        var callee: PythonValue
        var arguments: [PythonValue]
        var keywords: [(name: String, value: PythonValue)]
        var offset: Int
        var line: Int
        var exposure: PythonExposure
        /// The function and class that it stands in.
        var place: String
        /// Whether the name is handed to somebody else, who may call it.
        var isHandedOn = false
        /// Whether a person runs it piece by piece, as in a notebook.
        var isInteractive = false
        /// Functions that it may be because the source lets their modules out of sight.
        var candidates: [String] = []
        /// Whether it is such a function, perhaps.
        var isPresumed = false
        /// The name in front of the bracket, as it stands in the source; nil when there is none, or something before a dot.
        var spelling: String?

        /// Reports the call, those that it may be besides, and the names that it hands on.
        func tell(_ report: (Event) -> Void) {
            var event = self
            if callee.made == "operator.methodcaller", let method = callee.text, let target = arguments.first?.name {
                event.callee = .name(target + "." + method, callee.origin)
            }
            report(event)
            if event.callee.name == nil, callee.made == nil, !callee.isContainer {
                // It may be any of these: a branch, an element or an attribute is called.
                for name in Set(callee.held).sorted() {
                    event.callee = .name(name, callee.origin)
                    report(event)
                }
            }
            for name in candidates {
                event.callee = .name(name, callee.origin)
                event.isPresumed = true
                report(event)
            }
            event.isPresumed = false
            for name in combined {
                event.callee = .name(name)
                event.isHandedOn = true
                report(event)
            }
            event.isHandedOn = isHandedOn
            for value in arguments + keywords.map(\.value) {
                for item in [value] + (value.list?.globals ?? []) where item.name != nil {
                    var handed = event
                    handed.callee = item
                    handed.arguments = []
                    handed.keywords = []
                    handed.isHandedOn = true
                    report(handed)
                }
            }
        }

        /// Functions that the callee puts together of what it is given: `reduce(getattr, ["system"], os)`,
        /// `map(methodcaller("system", x), [os])`.
        private var combined: [String] {
            guard callee.name != "builtins.getattr" else { return [] }
            let values = (arguments + keywords.map(\.value)).flatMap { [$0] + ($0.items?.prefix(8) ?? []) }
            var attributes = values.filter { $0.made?.hasPrefix("operator.") ?? false }.compactMap(\.text)
            if values.contains(where: { $0.name == "builtins.getattr" }) { attributes += values.compactMap(\.text) }
            guard !attributes.isEmpty else { return [] }
            let modules = values.compactMap(\.name).filter(PythonEscapes.powerful.contains)
            return modules.prefix(4).flatMap { module in attributes.prefix(8).map { module + "." + $0 } }
        }
    }
}
