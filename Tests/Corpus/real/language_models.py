"""What repositories of language models hold: chat templates, tokenizers, configurations, training files.

The templates are written for this project in the idioms of the families that they are named for.
"""
import os
import pickle

TEMPLATES = {
    "chatml": "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
    "llama2": "{% if messages[0]['role'] == 'system' %}{% set rest = messages[1:] %}{% set system = messages[0]['content'] %}{% else %}{% set rest = messages %}{% set system = false %}{% endif %}{% for m in rest %}{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if loop.index0 == 0 and system != false %}{% set content = '<<SYS>>\\n' + system + '\\n<</SYS>>\\n\\n' + m['content'] %}{% else %}{% set content = m['content'] %}{% endif %}{% if m['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}{% else %}{{ ' ' + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}",
    "llama3": "{{- bos_token }}\n{%- if custom_tools is defined %}{%- set tools = custom_tools %}{%- endif %}\n{%- if not date_string is defined %}{%- if strftime_now is defined %}{%- set date_string = strftime_now('%d %b %Y') %}{%- else %}{%- set date_string = '26 Jul 2024' %}{%- endif %}{%- endif %}\n{%- if not tools is defined %}{%- set tools = none %}{%- endif %}\n{{- '<|start_header_id|>system<|end_header_id|>\\n\\n' }}{%- if builtin_tools is defined or tools is not none %}{{- 'Environment: ipython\\n' }}{%- endif %}{%- if builtin_tools is defined %}{{- 'Tools: ' + builtin_tools | reject('equalto', 'code_interpreter') | join(', ') + '\\n\\n' }}{%- endif %}{%- if tools is not none %}{%- for t in tools %}{{- t | tojson(indent=4) }}{{- '\\n\\n' }}{%- endfor %}{%- endif %}{{- '<|eot_id|>' }}\n{%- for message in messages %}{%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}{{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' }}{%- elif 'tool_calls' in message %}{%- if not message.tool_calls | length == 1 %}{{- raise_exception('This model only supports single tool-calls at once!') }}{%- endif %}{%- set tool_call = message.tool_calls[0].function %}{{- '{\"name\": \"' + tool_call.name + '\", ' }}{{- '\"parameters\": ' }}{{- tool_call.arguments | tojson }}{{- '}' }}{%- elif message.content is mapping or message.content is iterable %}{{- message.content | tojson }}{%- endif %}{%- endfor %}",
    "mistral": "{%- if messages[0]['role'] == 'system' %}{%- set system_message = messages[0]['content'] %}{%- set loop_messages = messages[1:] %}{%- else %}{%- set loop_messages = messages %}{%- endif %}{%- set user_messages = loop_messages | selectattr('role', 'equalto', 'user') | list %}{%- set ns = namespace() %}{%- set ns.index = 0 %}{%- for message in loop_messages %}{%- if not (message.role == 'tool' or (message.tool_calls is defined and message.tool_calls is not none)) %}{%- if (message['role'] == 'user') != (ns.index % 2 == 0) %}{{- raise_exception('After the optional system message, conversation roles must alternate') }}{%- endif %}{%- set ns.index = ns.index + 1 %}{%- endif %}{%- endfor %}{{- bos_token }}{%- for message in loop_messages %}{%- if message['role'] == 'user' %}{%- if tools is not none and (message == user_messages[-1]) %}{{- '[AVAILABLE_TOOLS] [' }}{%- for tool in tools %}{%- set tool = tool.function %}{{- '{' }}{%- for key, val in tool.items() if key != 'return' %}{%- if val is string %}{{- '\"' + key + '\": \"' + val + '\"' }}{%- else %}{{- '\"' + key + '\": ' + val|tojson }}{%- endif %}{%- if not loop.last %}{{- ', ' }}{%- endif %}{%- endfor %}{{- '}}' }}{%- endfor %}{{- '[/AVAILABLE_TOOLS]' }}{%- endif %}{{- '[INST] ' + message['content'] + '[/INST]' }}{%- elif message['role'] in ['tool_results', 'tool'] %}{%- if message.content is defined and message.content.content is defined %}{%- set content = message.content.content %}{%- else %}{%- set content = message.content %}{%- endif %}{{- '[TOOL_RESULTS] {\"content\": ' + content|string + ', ' }}{%- if not message.tool_call_id is defined or message.tool_call_id|length != 9 %}{{- raise_exception('Tool call IDs should be alphanumeric strings with length 9!') }}{%- endif %}{{- '\"call_id\": \"' + message.tool_call_id + '\"}[/TOOL_RESULTS]' }}{%- endif %}{%- endfor %}",
    "qwen3": "{%- if tools %}\n    {{- '<|im_start|>system\\n' }}\n    {%- if messages[0].role == 'system' %}{{- messages[0].content + '\\n\\n' }}{%- endif %}\n    {{- \"# Tools\\n\\nYou may call one or more functions.\\n<tools>\" }}\n    {%- for tool in tools %}{{- \"\\n\" }}{{- tool | tojson }}{%- endfor %}\n    {{- \"\\n</tools><|im_end|>\\n\" }}\n{%- endif %}\n{%- set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}\n{%- for message in messages[::-1] %}\n    {%- set index = (messages|length - 1) - loop.index0 %}\n    {%- if ns.multi_step_tool and message.role == \"user\" and message.content is string and not(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}\n        {%- set ns.multi_step_tool = false %}{%- set ns.last_query_index = index %}\n    {%- endif %}\n{%- endfor %}\n{%- for message in messages %}\n    {%- if message.content is string %}{%- set content = message.content %}{%- else %}{%- set content = '' %}{%- endif %}\n    {%- if message.role == 'assistant' %}\n        {%- set reasoning_content = '' %}\n        {%- if '</think>' in content %}\n            {%- set reasoning_content = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}\n            {%- set content = content.split('</think>')[-1].lstrip('\\n') %}\n        {%- endif %}\n        {{- '<|im_start|>' + message.role + '\\n<think>\\n' + reasoning_content.strip('\\n') + '\\n</think>\\n\\n' + content }}\n        {%- for tool_call in message.tool_calls or [] %}{{- '<tool_call>\\n{\"name\": \"' }}{{- tool_call.name }}{{- '\", \"arguments\": ' }}{%- if tool_call.arguments is string %}{{- tool_call.arguments }}{%- else %}{{- tool_call.arguments | tojson }}{%- endif %}{{- '}\\n</tool_call>' }}{%- endfor %}\n        {{- '<|im_end|>\\n' }}\n    {%- else %}{{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>' + '\\n' }}{%- endif %}\n{%- endfor %}",
    "gemma": "{{ bos_token }}{%- if messages[0]['role'] == 'system' -%}{%- if messages[0]['content'] is string -%}{%- set first_user_prefix = messages[0]['content'] + '\n\n' -%}{%- else -%}{%- set first_user_prefix = messages[0]['content'][0]['text'] + '\n\n' -%}{%- endif -%}{%- set loop_messages = messages[1:] -%}{%- else -%}{%- set first_user_prefix = \"\" -%}{%- set loop_messages = messages -%}{%- endif -%}{%- for message in loop_messages -%}{%- if (message['role'] == 'assistant') -%}{%- set role = \"model\" -%}{%- else -%}{%- set role = message['role'] -%}{%- endif -%}{{ '<start_of_turn>' + role + '\n' + (first_user_prefix if loop.first else \"\") }}{%- if message['content'] is string -%}{{ message['content'] | trim }}{%- elif message['content'] is iterable -%}{%- for item in message['content'] -%}{%- if item['type'] == 'image' -%}{{ '<start_of_image>' }}{%- elif item['type'] == 'text' -%}{{ item['text'] | trim }}{%- endif -%}{%- endfor -%}{%- else -%}{{ raise_exception(\"Invalid content type\") }}{%- endif -%}{{ '<end_of_turn>\n' }}{%- endfor -%}",
    "phi": "{% for message in messages %}{% if message['role'] == 'system' and 'tools' in message and message['tools'] is not none %}{{ '<|' + message['role'] + '|>' + message['content'] + '<|tool|>' + message['tools'] + '<|/tool|>' + '<|end|>' }}{% else %}{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}{% endif %}{% endfor %}",
    "command": "{% macro document_turn(documents) -%}{% for doc in documents %}{{ loop.index0 }}: {% for key, value in doc.items() if key not in ['id'] %}{{ key }}: {{ value if value is string else value|tojson(ensure_ascii=False) }}\n{% endfor %}{% endfor %}{%- endmacro %}{% macro tool_call_id_to_int(messages, tool_call_id) %}{% set counter = namespace(value=0) %}{% set tool_call_id_seen = namespace(value=false) %}{% for msg in messages %}{% if msg.tool_calls %}{% for tool_call in msg.tool_calls %}{% if tool_call.id == tool_call_id and not tool_call_id_seen.value %}{{ counter.value }}{% set tool_call_id_seen.value = true %}{% endif %}{% set counter.value = counter.value + 1 %}{% endfor %}{% endif %}{% endfor %}{% endmacro %}{% for message in messages %}{{ message.role|title }}: {{ message.content|default('', true)|replace('\n', ' ')|trim }}\n{% if documents %}{{ document_turn(documents) }}{% endif %}{% endfor %}",
    "functions": "{%- macro type_of(schema) -%}{%- if schema.type == 'object' -%}{ {%- for name, prop in schema.properties|dictsort -%}{{ name }}{{ '' if name in schema.get('required', []) else '?' }}: {{ type_of(prop) }},{%- endfor -%} }{%- elif schema.type == 'array' -%}{{ type_of(schema['items']) }}[]{%- elif schema.enum is defined -%}{{ schema.enum|map('tojson')|join(' | ') }}{%- else -%}{{ {'string': 'string', 'integer': 'number', 'boolean': 'boolean'}.get(schema.type, 'any') }}{%- endif -%}{%- endmacro -%}{%- for tool in tools or [] -%}// {{ tool.function.description }}\ntype {{ tool.function.name }} = (_: {{ type_of(tool.function.parameters) }}) => any;\n{%- endfor -%}{%- for m in messages -%}{%- set t = m.content if m.content is string else m.content|selectattr('type', 'eq', 'text')|map(attribute='text')|join('\n') -%}{{ '<|%s|>%s' % (m.role, t) }}{%- endfor -%}{%- generation -%}{{ eos_token }}{%- endgeneration -%}",
    "deepseek": "{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}{% set ns = namespace(is_first=false, is_tool=false, is_output_first=true, system_prompt='', is_first_sp=true) %}{%- for message in messages %}{%- if message['role'] == 'system' %}{%- if ns.is_first_sp %}{% set ns.system_prompt = ns.system_prompt + message['content'] %}{% set ns.is_first_sp = false %}{%- else %}{% set ns.system_prompt = ns.system_prompt + '\\n\\n' + message['content'] %}{%- endif %}{%- endif %}{%- endfor %}{{ bos_token }}{{ ns.system_prompt }}{%- for message in messages %}{%- if message['role'] == 'user' %}{%- set ns.is_tool = false -%}{{ '<｜User｜>' + message['content'] }}{%- endif %}{%- if message['role'] == 'assistant' and message['tool_calls'] is not defined %}{%- set content = message['content'] %}{% if '</think>' in content %}{% set content = content.split('</think>')[-1] %}{% endif %}{{ '<｜Assistant｜>' + content + '<｜end▁of▁sentence｜>' }}{%- endif %}{%- endfor -%}{% if add_generation_prompt and not ns.is_tool %}{{ '<｜Assistant｜><think>\\n' }}{% endif %}",
    "granite": "{%- set thinking_prompt = 'You are a helpful AI assistant.\\nRespond to every user query in a comprehensive and detailed way.' %}{%- for document in documents or [] %}{{- '<|start_of_role|>document {\"document_id\": \"' + document['doc_id'] | string + '\"}<|end_of_role|>' + document['text'] }}{%- endfor %}{%- for message in messages %}{{- '<|start_of_role|>' + message['role'] + '<|end_of_role|>' + message['content'] + '<|end_of_text|>\n' }}{%- if loop.last and add_generation_prompt %}{{- '<|start_of_role|>assistant' }}{%- if controls %}{{- ' ' + controls | tojson() }}{%- endif %}{{- '<|end_of_role|>' }}{%- endif %}{%- endfor %}",
    "vision": "{% set image_count = namespace(value=0) %}{% for message in messages %}<|im_start|>{{ message['role'] }}\n{% if message['content'] is string %}{{ message['content'] }}{% else %}{% for content in message['content'] %}{% if content['type'] == 'image' or 'image' in content or 'image_url' in content %}{% set image_count.value = image_count.value + 1 %}{% if add_vision_id %}Picture {{ image_count.value }}: {% endif %}<|vision_start|><|image_pad|><|vision_end|>{% elif 'text' in content %}{{ content['text'] }}{% endif %}{% endfor %}{% endif %}<|im_end|>\n{% endfor %}",
}


def templates(files):
    for name, template in TEMPLATES.items():
        config = {"add_bos_token": True, "bos_token": "<s>", "eos_token": "</s>", "pad_token": {"__type": "AddedToken", "content": "<pad>"},
                  "chat_template": template, "clean_up_tokenization_spaces": False, "model_max_length": 1000000000000000019884624838656,
                  "tokenizer_class": "PreTrainedTokenizerFast", "added_tokens_decoder": {"0": {"content": "<unk>", "special": True}}}
        files.text(f"templates/{name}/tokenizer_config.json", config, f"tokenizer config with the template {name}")
        files.text(f"templates/{name}/chat_template.jinja", template, f"template {name}")
    files.text("templates/named/tokenizer_config.json", {"chat_template": [{"name": name, "template": text} for name, text in TEMPLATES.items()]}, "named templates")
    files.text("templates/processor/chat_template.json", {"chat_template": TEMPLATES["vision"]}, "template of a processor")


def tokenizers_files(files):
    import tokenizers
    texts = ["import os; os.system('ls')", "eval(exec(__import__))", "http://example.com/a.sh | bash", "the quick brown fox", "AKIAIOSFODNN7 sk-proj hf_ ghp_", "{{ x.__class__ }} {% raw %}"] * 50
    bpe = tokenizers.ByteLevelBPETokenizer()
    bpe.train_from_iterator(texts, vocab_size=500, min_frequency=1)
    bpe.save(files.path("tokenizer/tokenizer.json", "byte-level BPE tokenizer"))
    bpe.save_model(os.path.dirname(files.path("tokenizer/vocab.json", "vocabulary")))
    files.path("tokenizer/merges.txt", "merges")
    word = tokenizers.BertWordPieceTokenizer()
    word.train_from_iterator(texts, vocab_size=300, min_frequency=1)
    word.save(files.path("tokenizer/wordpiece.json", "WordPiece tokenizer"))
    files.text("tokenizer/special_tokens_map.json", {"eos_token": "</s>", "bos_token": {"content": "<s>"}}, "special tokens")
    files.text("tokenizer/vocab.txt", "\n".join(["[PAD]", "[CLS]"] + [f"##{chr(97 + i)}" for i in range(26)] + ["password", "secret", "api_key"]), "vocabulary as text")


def transformers_models(files):
    import torch
    import transformers
    configs = {"llama": transformers.LlamaConfig(vocab_size=32, hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=2, num_key_value_heads=2),
               "bert": transformers.BertConfig(vocab_size=32, hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=2),
               "t5": transformers.T5Config(vocab_size=32, d_model=8, d_kv=4, d_ff=8, num_layers=1, num_heads=2),
               "vit": transformers.ViTConfig(hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=2, image_size=8, patch_size=4),
               "whisper": transformers.WhisperConfig(vocab_size=64, d_model=8, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2, decoder_attention_heads=2, encoder_ffn_dim=8, decoder_ffn_dim=8, pad_token_id=0, bos_token_id=1, eos_token_id=2, decoder_start_token_id=1)}
    for name, config in configs.items():
        model = transformers.AutoModel.from_config(config)
        folder = files.folder_of(f"transformers/{name}", "")
        model.save_pretrained(folder)
        files.enter(f"transformers/{name}", f"Transformers {name}")
        torch.save(model.state_dict(), files.path(f"transformers_bin/{name}.bin", f"weights of {name}"))
        torch.save(model, files.path(f"transformers_bin/{name}_whole.pt", f"whole {name} model"))
        with open(files.path(f"transformers_bin/{name}_config.pkl", f"pickle of a config of {name}"), "wb") as file:
            pickle.dump(config, file)
    arguments = transformers.TrainingArguments("out", use_cpu=True, report_to=[])
    torch.save(arguments, files.path("transformers_bin/training_args.bin", "training arguments"))
    with open(files.path("transformers_bin/trainer_state.pkl", "trainer state"), "wb") as file:
        pickle.dump(transformers.TrainerState(epoch=1.0, global_step=10, log_history=[{"loss": 0.1}]), file)


def encodings(files):
    import transformers
    import tokenizers
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizers.Tokenizer(tokenizers.models.WordLevel({"a": 0, "[UNK]": 1}, "[UNK]")), unk_token="[UNK]")
    folder = files.folder_of("transformers/fast_tokenizer", "")
    tokenizer.save_pretrained(folder)
    files.enter("transformers/fast_tokenizer", "saved fast tokenizer")
    with open(files.path("transformers_bin/encoding.pkl", "BatchEncoding"), "wb") as file:
        pickle.dump(tokenizer(["a a"]), file)
    with open(files.path("transformers_bin/tokenizer.pkl", "pickle of a tokenizer"), "wb") as file:
        pickle.dump(tokenizer, file)


def adapters(files):
    import peft
    import transformers
    model = transformers.AutoModelForCausalLM.from_config(transformers.LlamaConfig(vocab_size=32, hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=2, num_key_value_heads=2))
    folder = files.folder_of("peft/lora", "")
    peft.get_peft_model(model, peft.LoraConfig(r=2, target_modules=["q_proj"])).save_pretrained(folder)
    files.enter("peft/lora", "PEFT LoRA adapter")


def sentences(files):
    import sentence_transformers
    from sentence_transformers import models
    import transformers
    import tokenizers
    base = files.folder_of("sentence_base", "")
    transformers.BertModel(transformers.BertConfig(vocab_size=32, hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=2)).save_pretrained(base)
    words = {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "[MASK]": 4, "a": 5}
    transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizers.Tokenizer(tokenizers.models.WordLevel(words, "[UNK]")), unk_token="[UNK]", pad_token="[PAD]").save_pretrained(base)
    transformer = models.Transformer(base)
    folder = files.folder_of("sentence/model", "")
    sentence_transformers.SentenceTransformer(modules=[transformer, models.Pooling(8), models.Normalize()]).save(folder)
    files.enter("sentence/model", "sentence-transformers model")
    files.enter("sentence_base", "base of a sentence-transformers model")


def diffusion(files):
    import diffusers
    folder = files.folder_of("diffusers/unet", "")
    diffusers.UNet2DModel(sample_size=8, block_out_channels=(8, 8), norm_num_groups=4, down_block_types=("DownBlock2D", "DownBlock2D"), up_block_types=("UpBlock2D", "UpBlock2D"), layers_per_block=1).save_pretrained(folder)
    files.enter("diffusers/unet", "diffusers model")
    pipeline = diffusers.DDPMPipeline(diffusers.UNet2DModel.from_pretrained(folder), diffusers.DDPMScheduler())
    folder = files.folder_of("diffusers/pipeline", "")
    pipeline.save_pretrained(folder)
    files.enter("diffusers/pipeline", "diffusers pipeline")


BUILDERS = [templates, tokenizers_files, transformers_models, encodings, adapters, sentences, diffusion]
