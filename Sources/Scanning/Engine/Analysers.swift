/// The analysers that every item is shown to; the order decides between equally sure ones.
package enum Analysers {
    package static let all: [any Analyser] =
        containers + pickles + graphs + objects + text
        + [EmbeddedProgramAnalyser()]
}
