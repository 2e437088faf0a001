extension Analysers {
    /// Templates, configuration, source and other text.
    static let text: [any Analyser] = [
        TemplateAnalyser(), PythonAnalyser(), JSONAnalyser(), YAMLAnalyser(), BuildFileAnalyser(),
        CommandFileAnalyser(),
        TextAnalyser(),
    ]
}
