extension Analysers {
    /// Templates, configuration, source and other text.
    static let text: [any Analyser] = [
        TemplateAnalyser(), PythonAnalyser(), ScriptAnalyser(), JSONAnalyser(), YAMLAnalyser(), BuildFileAnalyser(),
        CommandFileAnalyser(), GitConfigurationAnalyser(), DesktopFileAnalyser(), TextAnalyser(), WideTextAnalyser(),
    ]
}
