import AssayCore
import ByteParsing
import Testing

@testable import Scanning

/// Judges a template and gives its findings.
func judgeTemplate(_ source: String) -> [Finding] {
    let scan = Scan()
    TemplateJudge.judge(source, at: Location(), in: scan)
    return scan.findings
}

@Suite struct TemplateAttackTests {
    /// Ways to Python's internals, each of which must be seen whatever hides the name.
    @Test(arguments: [
        "{{ ''.__class__ }}",
        "{{ ''['__class__'] }}",
        "{{ messages.__class__.__mro__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ self.__init__.__globals__.__builtins__.__import__('os').system('id') }}",
        "{{ self._TemplateReference__context.cycler }}",
        "{{ ''|attr('__class__') }}",
        "{{ ''|attr('__cla' ~ 'ss__') }}", "{{ ''|attr('class'|center(9)|replace(' ', '_')) }}",
        "{{ ''|attr('class'.center(9, '_')) }}", "{{ ''|attr('__class'.ljust(9, '_')) }}",
        "{{ ''|attr('__class__'.encode().decode()) }}", "{{ ''|attr(['__cla', 'ss__']|sum(start='')) }}",
        "{% set c = cycler('__class__') %}{{ ''|attr(c.current) }}",
        "{{ ''|attr('__cla' + 'ss__') }}",
        "{{ ''|attr('__cla' 'ss__') }}",
        "{{ ''|attr(['__cla', 'ss__']|join) }}",
        "{{ ''|attr(('__cla', 'ss__')|join('')) }}",
        "{{ ''|attr(''.join(['_', '_', 'class', '_', '_'])) }}",
        "{{ ''|attr('__ssalc__'|reverse) }}",
        "{{ ''|attr('__ssalc__'[::-1]) }}",
        "{{ ''|attr('__CLASS__'|lower) }}",
        "{{ ''|attr('__CLASS__'.lower()) }}",
        "{{ ''|attr('XXclassXX'|replace('X', '_')) }}",
        "{{ ''|attr('XXclassXX'.replace('X', '_')) }}",
        "{{ ''|attr('%c%cclass%c%c'|format(95, 95, 95, 95)) }}",
        "{{ ''|attr('%s%s' % ('__class', '__')) }}",
        "{{ ''|attr('{}{}'.format('__class', '__')) }}",
        "{{ ''|attr('{0:c}{0:c}class{0:c}{0:c}'.format(95)) }}",
        "{{ ''|attr('_'*2 ~ 'class' ~ '_'*2) }}",
        "{{ ''['\\x5f\\x5fclass\\x5f\\x5f'] }}",
        "{{ ''['\\u005f\\u005fclass\\137\\137'] }}",
        "{{ ''['\\N{LOW LINE}_class__'] }}",
        "{% set a = '__cla' %}{% set b = 'ss__' %}{{ ''[a ~ b] }}",
        "{% set a, b = '__cla', 'ss__' %}{{ ''[a + b] }}",
        "{% set ns = namespace(n='') %}{% for c in ['__', 'class', '__'] %}{% set ns.n = ns.n ~ c %}{% endfor %}{{ ''[ns.n] }}",
        "{% set n %}__class__{% endset %}{{ ''[n] }}",
        "{% set n | lower %}__CLASS__{% endset %}{{ ''[n] }}",
        "{% macro u() %}__{% endmacro %}{{ ''[u() ~ 'class' ~ u()] }}",
        "{% macro get(o, n) %}{{ o|attr(n) }}{% endmacro %}{{ get('', '__class__') }}",
        "{% macro get(o, n='__class__') %}{{ o[n] }}{% endmacro %}",
        "{% macro m() %}{{ caller('__class__') }}{% endmacro %}{% call(n) m() %}{{ ''[n] }}{% endcall %}",
        "{% with n = '__class__' %}{{ ''[n] }}{% endwith %}",
        "{% for n in ['a', '__class__'] %}{{ ''|attr(n) }}{% endfor %}",
        "{% for k, v in {'__class__': 1}.items() %}{{ ''[k] }}{% endfor %}",
        "{{ ''|attr(dict(__class__=1)|list|first) }}",
        "{{ ''[dict(__class__=x)|join] }}",
        "{{ ''[dict(_＿class＿_=1)|list|first] }}",
        "{{ ''[{'n': '__class__'}.n] }}",
        "{{ ''[{'n': '__class__'}['n']] }}",
        "{{ ''[('__class__', 'x')[0]] }}",
        "{{ ''['a,__class__'.split(',')[1]] }}",
        "{{ ''['__class__' if messages else 'x'] }}",
        "{{ ''[messages and '__class__'] }}",
        "{{ ''[x or '__class__'] }}",
        "{{ ''[x|default('__class__')] }}",
        "{% if messages %}{% set n = '__class__' %}{% else %}{% set n = 'b' %}{% endif %}{{ ''[n] }}",
        "{{ messages|map(attribute='__class__')|list }}",
        "{{ ['']|map('attr', '__class__')|list }}",
        "{{ [[]]|map('attr', '__cl' ~ 'ass__')|first }}",
        "{{ messages|selectattr('__class__.__name__', 'eq', 'x')|list }}",
        "{{ messages|rejectattr('__class__')|list }}",
        "{{ messages|groupby('__class__') }}",
        "{{ messages|sort(attribute='__class__') }}",
        "{{ messages|sum(attribute='a.__class__') }}",
        "{{ messages|unique(attribute='__class__')|list }}",
        "{{ messages|join(attribute='__class__', d='') }}",
        "{% filter attr('__class__') %}x{% endfilter %}",
        "{{ '{0.__class__}'.format(x) }}",
        "{{ '{x.__init__.__globals__}'.format(x=cycler) }}",
        "{{ '{0[__class__]}'.format(x) }}",
        "{{ '{:{0.__class__}}'.format(x) }}",
        "{{ '{a.__class__}'.format_map({'a': 1}) }}",
        "{% set f = '{0.__cla' ~ 'ss__}' %}{{ f.format(x) }}",
        "{{ (1).__class__ }}",
        "{{ [].__class__.__base__.__subclasses__()[40] }}",
        "{{ {}.__class__ }}",
        "{{ (lambda_x or namespace).__init__ }}",
        "{{ raise_exception.__globals__ }}",
        "{{ x.gi_frame.f_globals }}",
        "{{ x.mro() }}",
        "{% if ''.__class__ %}{% endif %}",
        "{% for c in ''.__class__.__base__.__subclasses__() %}{{ c }}{% endfor %}",
        "{% set x = ''.__class__ %}",
        "{% do ''.__class__ %}",
        "{% generation %}{{ ''.__class__ }}{% endgeneration %}",
        "{% unknown ''.__class__ %}",
        "{{ x is eq(''.__class__) }}",
        "{{ f(a=''.__class__) }}",
        "{{ f(*[''.__class__]) }}",
        "{{ x[''.__class__:] }}",
        "{{ {''.__class__: 1} }}",
        "{{ 1 if ''.__class__ }}",
        "{{ not ''.__class__ }}",
        "{% include ''.__class__ %}",
        "{{-''.__class__-}}",
        "{{\u{A0}''.__class__ }}",
        "{# {{ #}{{ ''.__class__ }}",
        "{% raw %}{{ x }}{% endraw %}{{ ''.__class__ }}",
        "{{ ''[('__class__',)|first] }}",
        "{{ ''['<b>__cl</b>ass__'|striptags] }}",
        "{{ ''['__class__'|batch(20)|first|join] }}",
        "{{ ''[' __class__ '.strip()] }}",
        "{{ ''|attr('\\n__class__') }}",
        "{% set p = ['__class__', '__mro__'] %}{{ ''|attr(p|first)|attr(p|last) }}",
        "{% set o = namespace() %}{% set o.n = '__class__' %}{{ ''[o.n] }}",
        "{% set l = [] %}{% do l.append('__class__') %}{{ ''[l[0]] }}",
        "{{ ''[bos_token[:0] ~ '__class__'] }}",
        "{{ ''['__class__'|trim|string|lower|safe] }}",
    ])
    func isCritical(_ source: String) {
        let findings = judgeTemplate(source)
        #expect(findings.map(\.severity).max() == .critical, "\(source): \(findings.map(\.message))")
    }

    /// Names that no folding reaches, and other means than names.
    @Test(arguments: [
        ("{{ ''|attr(request.args.n) }}", Severity.high),
        ("{{ lipsum[messages[0].content] }}", .high),
        ("{{ messages[0]['__' ~ messages[1].content ~ '__'] }}", .high),
        ("{{ ''['__class__'.encode().decode()] }}", .high),
        ("{{ (()|select|string|list)[24] }}", .medium),
        ("{% set u = (lipsum|string|list)[18] %}{{ ''[u ~ u ~ 'class' ~ u ~ u] }}", .critical),
        ("{{ x.os.popen('id') }}", .high),
        ("{{ config.from_pyfile('/etc/passwd') }}", .high),
        ("{{ eval('1') }}", .high),
        ("{% include '/etc/passwd' %}", .high),
        ("{% include '../../secret.txt' %}", .high),
        ("{% import 'other.jinja' as other %}", .medium),
        ("{% from 'other.jinja' import name %}", .medium),
        ("{% extends messages[0].content %}", .medium),
        ("{% for i in range(10**9) %}x{% endfor %}", .medium),
        ("{% for i in range(9999) %}{% for j in range(9999) %}x{% endfor %}{% endfor %}", .medium),
        ("{{ 'x' * 10**10 }}", .medium),
        ("{{ 9**(9**9) }}", .medium),
        ("{{ '%1000000000d'|format(1) }}", .medium),
        ("{{ lipsum(n=10000000) }}", .medium),
        ("{{ cycler._x }}", .high),
        // What cannot be parsed does not hide what it spells.
        ("{% if %}{{ ''.__class__.__mro__ }}", .high),
        ("{{ x ", .low),
    ])
    func isAtLeast(_ source: String, _ severity: Severity) {
        let findings = judgeTemplate(source)
        #expect(findings.map(\.severity).max() ?? .none >= severity, "\(source): \(findings.map(\.message))")
    }

    @Test func hugeTreesEnd() {
        for source in [
            "{{ " + String(repeating: "(", count: 3_000), "{{ " + String(repeating: "-", count: 3_000) + "1 }}",
            "{{ a" + String(repeating: ".b", count: 3_000) + " }}",
            "{{ 'a'" + String(repeating: "+'a'", count: 3_000) + " }}",
            String(repeating: "{% if a %}", count: 2_000),
            "{{ a" + String(repeating: "|f", count: 3_000) + ".__class__ }}",
            String(repeating: "{% set x = [x, x] %}", count: 200) + "{{ ''.__class__ }}",
            String(repeating: "{% for a in [1,2,3] %}", count: 12) + "{{ [].__class__ }}"
                + String(repeating: "{% endfor %}", count: 12),
        ] {
            let findings = judgeTemplate(source)
            #expect(!findings.isEmpty, "\(source.prefix(40))")
        }
    }
}
