import AssayCore
import Testing

@testable import Scanning

/// Templates as model authors write them: written for these tests in the manner of the well-known families.
@Suite struct TemplateVocabularyTests {
    static let ordinary: [String] = [
        // Role markers with a generation prompt.
        "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
        // Strict alternation with a system message.
        """
        {%- if messages[0]['role'] == 'system' %}{%- set system_message = messages[0]['content'] | trim %}{%- set loop_messages = messages[1:] %}{%- else %}{%- set loop_messages = messages %}{%- endif %}
        {{- bos_token }}
        {%- for message in loop_messages %}
            {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}
                {{- raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}
            {%- endif %}
            {%- if message['role'] == 'user' %}{{- '[INST] ' + (system_message + '\\n\\n' if loop.first and system_message is defined else '') + message['content'] + ' [/INST]' }}
            {%- elif message['role'] == 'assistant' %}{{- ' ' + message['content'] + eos_token }}
            {%- else %}{{- raise_exception('Only user and assistant roles are supported') }}{%- endif %}
        {%- endfor %}
        """,
        // Tools with a date, custom flags and JSON.
        """
        {{- bos_token }}
        {%- if custom_tools is defined %}{%- set tools = custom_tools %}{%- endif %}
        {%- if not tools_in_user_message is defined %}{%- set tools_in_user_message = true %}{%- endif %}
        {%- if not date_string is defined %}{%- if strftime_now is defined %}{%- set date_string = strftime_now("%d %b %Y") %}{%- else %}{%- set date_string = "26 Jul 2024" %}{%- endif %}{%- endif %}
        {%- if not tools is defined %}{%- set tools = none %}{%- endif %}
        {%- if messages[0]['role'] == 'system' %}{%- set system_message = messages[0]['content']|trim %}{%- set messages = messages[1:] %}{%- else %}{%- set system_message = "" %}{%- endif %}
        {{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
        {%- if builtin_tools is defined or tools is not none %}{{- "Environment: ipython\\n" }}{%- endif %}
        {%- if builtin_tools is defined %}{{- "Tools: " + builtin_tools | reject('equalto', 'code_interpreter') | join(", ") + "\\n\\n"}}{%- endif %}
        {%- if tools is not none and not tools_in_user_message %}{%- for t in tools %}{{- t | tojson(indent=4) }}{{- "\\n\\n" }}{%- endfor %}{%- endif %}
        {%- for message in messages %}
            {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
                {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' }}
            {%- elif 'tool_calls' in message %}
                {%- if not message.tool_calls|length == 1 %}{{- raise_exception("This model only supports single tool-calls at once!") }}{%- endif %}
                {%- set tool_call = message.tool_calls[0].function %}
                {%- if builtin_tools is defined and tool_call.name in builtin_tools %}
                    {{- "<|python_tag|>" + tool_call.name + ".call(" }}
                    {%- for arg_name, arg_val in tool_call.arguments | items %}{{- arg_name + '="' + arg_val + '"' }}{%- if not loop.last %}{{- ", " }}{%- endif %}{%- endfor %}{{- ")" }}
                {%- else %}{{- '{"name": "' + tool_call.name + '", ' }}{{- '"parameters": ' }}{{- tool_call.arguments | tojson }}{{- "}" }}{%- endif %}
            {%- elif message.role == "tool" or message.role == "ipython" %}
                {%- if message.content is mapping or message.content is iterable %}{{- message.content | tojson }}{%- else %}{{- message.content }}{%- endif %}
            {%- endif %}
        {%- endfor %}
        """,
        // Namespace, reversed search for the last query, reasoning split.
        """
        {%- set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}
        {%- for message in messages[::-1] %}
            {%- set index = (messages|length - 1) - loop.index0 %}
            {%- if ns.multi_step_tool and message.role == "user" and message.content is string and not(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
                {%- set ns.multi_step_tool = false %}{%- set ns.last_query_index = index %}
            {%- endif %}
        {%- endfor %}
        {%- for message in messages %}
            {%- if message.content is string %}{%- set content = message.content %}{%- else %}{%- set content = '' %}{%- endif %}
            {%- if message.role == "assistant" %}
                {%- set reasoning_content = '' %}
                {%- if '</think>' in content %}
                    {%- set reasoning_content = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
                    {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
                {%- endif %}
                {%- if loop.index0 > ns.last_query_index and (loop.last or (not loop.last and reasoning_content)) %}{{- '<|im_start|>' + message.role + '\\n<think>\\n' + reasoning_content.strip('\\n') + '\\n</think>\\n\\n' + content.lstrip('\\n') }}{%- endif %}
                {%- for tool_call in message.tool_calls or [] %}{%- if tool_call.function %}{%- set tool_call = tool_call.function %}{%- endif %}{{- '<tool_call>\\n{"name": "' ~ tool_call.name ~ '", "arguments": ' }}{%- if tool_call.arguments is string %}{{- tool_call.arguments }}{%- else %}{{- tool_call.arguments | tojson }}{%- endif %}{{- '}\\n</tool_call>' }}{%- endfor %}
            {%- elif message.role == "tool" %}
                {%- if loop.first or (messages[loop.index0 - 1].role != "tool") %}{{- '<|im_start|>user' }}{%- endif %}
            {%- endif %}
        {%- endfor %}
        """,
        // A recursive macro that writes JSON schema types.
        """
        {%- macro json_to_python_type(json_spec) %}
        {%- set basic_type_map = {"string": "str", "number": "float", "integer": "int", "boolean": "bool"} %}
        {%- if basic_type_map[json_spec.type] is defined %}{{- basic_type_map[json_spec.type] }}
        {%- elif json_spec.type == "array" %}{{- "list[" + json_to_python_type(json_spec|items) + "]"}}
        {%- elif json_spec.type == "object" %}{%- if json_spec.additionalProperties is defined %}{{- "dict[str, " + json_to_python_type(json_spec.additionalProperties) + ']'}}{%- else %}{{- "dict" }}{%- endif %}
        {%- elif json_spec.type is iterable %}{{- "Union[" }}{%- for t in json_spec.type %}{{- json_to_python_type({"type": t}) }}{%- if not loop.last %}{{- "," }}{%- endif %}{%- endfor %}{{- "]" }}
        {%- else %}{{- "Any" }}{%- endif %}
        {%- endmacro %}
        {%- for tool in tools %}{%- if tool.function is defined %}{%- set tool = tool.function %}{%- endif %}
        {{- '{"type": "function", "function": ' }}{{- '{"name": "' + tool.name + '", ' }}{{- '"description": "' + tool.name + '(' }}
        {%- for param_name, param_fields in tool.parameters.properties|items %}{{- param_name + ": " + json_to_python_type(param_fields) }}{%- if not loop.last %}{{- ", " }}{%- endif %}{%- endfor %}{{- ")" }}
        {%- if tool.return is defined %}{{- " -> " + json_to_python_type(tool.return) }}{%- endif %}{%- endfor %}
        """,
        // Multi-modal parts.
        """
        {% set image_count = namespace(value=0) %}{% for message in messages %}{% if message['content'] is string %}{{ message['content'] }}{% else %}{% for content in message['content'] %}{% if content['type'] == 'image' or 'image' in content or 'image_url' in content %}{% set image_count.value = image_count.value + 1 %}{% if add_vision_id %}Picture {{ image_count.value }}: {% endif %}<|vision_start|><|image_pad|><|vision_end|>{% elif 'text' in content %}{{ content['text'] }}{% endif %}{% endfor %}{% endif %}{% endfor %}
        """,
        // Documents for retrieval, with string work.
        """
        {%- for document in documents %}{{ '\\nDocument: ' }}{{ loop.index0 }}\\n{% for key, value in document.items() %}{{ key|string|title }}: {{ value|string }}\\n{% endfor %}{%- endfor %}
        {%- set params = tools|map(attribute='function')|map(attribute='name')|list|join(', ') %}{{ params }}
        {%- set user = messages|selectattr('role', 'equalto', 'user')|list %}{%- if user|length > 0 %}{{ user[-1].content|upper|replace('A', 'b') }}{%- endif %}
        {%- for group in messages|groupby('role') %}{{ group.grouper }}{{ group.list|length }}{%- endfor %}
        {{ messages[0].get('name', 'x').title() }}{{ '%s is %d' % (name, age) }}{{ 'Hello {}, {name}'.format(user, name=name) }}
        {{ "Use `__init__` and `eval(` with care, __class__ too" }}
        {% generation %}{{ messages[-1]['content'] }}{% endgeneration %}
        {%- for i in range(0, messages|length) %}{%- if i > 5 %}{%- break %}{%- endif %}{{ messages[i].content }}{%- endfor %}
        {%- for arg in ['a', 'b'] %}{%- if arg in tool %}{{ tool[arg] }}{%- endif %}{%- endfor %}
        {%- set keys = tool.parameters.properties.keys() | sort %}{%- for key in keys %}{{ tool.parameters.properties[key].type }}{%- endfor %}
        {{ cycler('odd', 'even').next() }}{{ loop.cycle('a', 'b') }}{{ messages | map('upper') | first }}
        {%- set x = joiner(', ') %}{%- for m in messages %}{{ x() }}{{ m.content }}{%- endfor %}
        """,
        // A macro with keywords, defaults and a call block.
        """
        {%- macro render_content(content, do_vision_count=false) -%}{%- if content is string -%}{{- content -}}{%- elif content is iterable and content is not mapping -%}{%- for item in content -%}{%- if item.type == 'text' -%}{{- item.text -}}{%- endif -%}{%- endfor -%}{%- endif -%}{%- endmacro -%}
        {%- macro box(title) -%}[{{ title }}] {{ caller() }}{%- endmacro -%}
        {%- call box('System') -%}{{ render_content(messages[0].content, do_vision_count=true) }}{%- endcall -%}
        {%- set thinking = enable_thinking | default(false) -%}{{- '/think' if thinking else '/no_think' -}}
        {%- set content = content.replace('<|x|>', '') ~ messages[0]['content'][:100] -%}
        {%- with a = 1, b = [1, 2] -%}{{ a + b[0] }}{%- endwith -%}
        {%- filter upper -%}abc{%- endfilter -%}{%- set text -%}abc{{ x }}{%- endset -%}
        {#- a comment with {{ ''.__class__ }} in it -#}
        """,
    ]

    @Test(arguments: ordinary)
    func isClean(_ source: String) {
        let findings = judgeTemplate(source)
        #expect(findings.isEmpty, "\(findings.map { $0.message + " at " + $0.location.text })")
    }
}
