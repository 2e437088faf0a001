import AssayCore
import ByteParsing
import Testing

@testable import Scanning

@Suite struct TemplateGrowthTests {
    private func severity(_ text: String) -> Severity {
        FileScanner(settings: ScanSettings(), analysers: Analysers.text).scan(
            ByteRegion(Array(text.utf8)), path: "chat_template.jinja"
        ).severity
    }

    @Test(arguments: [
        "{{ '%1000000000000d' % 1 }}", "{{ 'x'.ljust(10**12) }}", "{{ 'x'.zfill(999999999999) }}",
        "{{ messages * 10**10 }}", "{{ '{:>10000000000}'.format(1) }}",
        "{% set ns = namespace(x='a') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}",
        "{% set ns = namespace(x='a') %}{% for i in range(60) %}{% set ns.x = ns.x * 2 %}{% endfor %}{{ ns.x }}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x }}",
        "{% set a = 'a' * 1000 %}{{ a|replace('a', a) }}",
    ])
    func growthOutOfProportionIsFound(_ text: String) {
        #expect(severity(text) == .medium, "\(text)")
    }

    @Test(arguments: [
        "{{ '%05d' % 5 }}{{ 'x'.ljust(80) }}{{ '-' * 80 }}{{ '{:>20}'.format('x') }}{{ messages|length * 1000 }}",
        "{% set ns = namespace(x='') %}{% for m in messages %}{% set ns.x = ns.x ~ m.content ~ ns.x %}{% endfor %}{{ ns.x }}",
        "{{ content|replace('a', 'b') }}{{ 'aaaa'|replace('a', 'bb') }}",
    ])
    func ordinaryTemplatesPass(_ text: String) {
        #expect(severity(text) == .none, "\(text)")
    }
}
