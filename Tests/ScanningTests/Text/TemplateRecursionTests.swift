import AssayCore
import ByteParsing
import Testing

@testable import Scanning

/// Macros that call themselves, as the chat templates of models with tools do to write out types.
@Suite struct TemplateRecursionTests {
    private func scan(_ template: String) -> FileReport {
        FileScanner(settings: ScanSettings(), analysers: Analysers.text)
            .scan(ByteRegion(Array(template.utf8)), path: "chat_template.jinja")
    }

    @Test func aMacroThatWritesTypesOfTypesIsFollowedToItsEnd() {
        let call = "{{ kind(spec.items, required) }}{{ kind(spec.any, required) }}{{ kind(spec.all, true) }}"
        let body = String(repeating: "{% if spec.a %}\(call){% else %}{{ spec.b|tojson }}{% endif %}", count: 4)
        let macro = "{% macro kind(spec, required=false) %}\(body){% endmacro %}"
        let report = scan(macro + "{{ kind(tools[0].x) }}{{ kind(tools, 1) }}")
        #expect(report.outcome == .clean)
    }

    /// What changes between two calls, besides the parameters, makes them different.
    @Test(arguments: [
        "{% set ns = namespace(n='') %}{% macro m() %}{% if ns.n|length < 10 %}{% set ns.n = ns.n ~ '__glo' %}{{ m() }}"
            + "{% else %}{{ x[ns.n|replace('__glo__glo', '__globals__')] }}{% endif %}{% endmacro %}{{ m() }}",
        "{% macro m(n) %}{% if n == 'a' %}{{ m('__globals__') }}{% else %}{{ x[n] }}{% endif %}{% endmacro %}{{ m('a') }}",
    ])
    func whatRecursionPutsTogetherIsSeen(_ template: String) { #expect(scan(template).severity >= .high) }
}
