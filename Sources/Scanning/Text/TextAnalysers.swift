extension Analysers {
    /// Templates, configuration, source and other text.
    static let text: [any Analyser] = [
        TemplateAnalyser(), PythonAnalyser(), ScriptAnalyser(), JSONAnalyser(), YAMLAnalyser(), SettingsAnalyser(),
        BuildFileAnalyser(),
        CommandFileAnalyser(), WebPageAnalyser(), PDFAnalyser(),
        GitConfigurationAnalyser(), DesktopFileAnalyser(), TextAnalyser(), WideTextAnalyser(),
    ]
}
