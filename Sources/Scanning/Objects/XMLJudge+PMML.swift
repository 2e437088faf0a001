internal import AssayCore
internal import ModelFormats

/// Models in PMML: functions that the evaluator loads, extensions, and addresses.
extension XMLJudge {
    func judgePMML(_ name: String, _ attributes: [XMLAttribute], _ offset: Int) {
        if path.contains("Extension"), XMLJudge.programNames.contains(name.lowercased()) {
            report("PMML-CODE", "an extension holds the element \(name)", offset)
        }
        if name == "Extension" {
            for attribute in attributes where attribute.name == "value" || attribute.name == "name" {
                if attribute.name == "value" {
                    judgeExtension(attribute.value, offset)
                } else if XMLJudge.programNames.contains(attribute.value.lowercased()) {
                    report("PMML-CODE", "an extension called \(attribute.value)", offset)
                }
            }
        }
        for attribute in attributes {
            if attribute.name == "function", name == "Apply", attribute.value.contains("."),
                !attribute.value.hasPrefix("x-"), attribute.value.first?.isLetter ?? false
            {
                report("PMML-CODE", "the function \(attribute.value) is a class that the evaluator loads", offset)
            }
            if XMLJudge.isAddress(attribute.name), PathReach(attribute.value) >= .absolute {
                report("XML-EXTERNAL", "\(name) refers to \(attribute.value)", offset, .medium)
            }
        }
    }

    func judgeExtension(_ text: String, _ offset: Int) {
        guard let sign = ScriptSigns.first(in: text) else { return }
        report("PMML-CODE", "an extension holds what looks like code (\(sign))", offset)
    }

    /// What an extension is called that holds a program.
    private static let programNames: Set<String> = [
        "script", "code", "exec", "command", "class", "classpath", "eval", "groovy", "javascript", "js", "python",
        "jython",
        "java", "beanshell", "mvel", "ognl", "spel", "shell", "system",
    ]

    private static func isAddress(_ name: String) -> Bool {
        (3...16).contains(name.utf8.count) && addressAttributes.contains(name.lowercased())
    }

    private static let addressAttributes: Set<String> = [
        "href", "url", "uri", "location", "src", "source", "file", "path", "dataset", "connectionstring", "systemid",
    ]
}
