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
    }
}
