import AssayCore
import ByteParsing
import Fixtures
import Testing

@testable import Scanning

/// What a module or function goes through before it is called: parameters, comprehensions, containers, objects.
@Suite struct PythonFlowTests {
    private func scan(_ source: String, named name: String = "modeling_x.py") -> FileReport {
        FileScanner(analysers: [PythonAnalyser()]).scan(ByteRegion(Array(source.utf8)), path: name)
    }

    /// Each form as an attack, with `os.system`, and as its harmless twin, with `json.dumps`.
    @Test(arguments: [
        "import M\n(lambda o: o.F('id'))(M)", "import M\n(lambda o=M: o.F('id'))()",
        "import M\n(lambda m: lambda a: m.F(a))(M)('id')", "g = lambda: __import__('M')\ng().F('id')",
        "import M\nr = lambda m=M: m.F('id')\nr()", "import M\n(lambda **o: o['k'].F('id'))(k=M)",
        "import M\ndef f(m):\n  m.F('id')\nf(M)", "import M\ndef f(m=M.F):\n  m('id')\nf()",
        "import M\ndef f(x, m=None):\n  m.F('id')\nf(1, m=M)", "import M\ndef f(*a):\n  a[0].F('id')\nf(M)",
        "import M\ndef h(m, n):\n  n.F('id')\ndef g(m):\n  h(0, m)\ndef f(m):\n  g(m)\nf(M)",
        "import M\ndef f(m):\n  def g(a):\n    m.F(a)\n  return g\nf(M)('id')",
        "import M\nclass C:\n  def f(self, m):\n    m.F('id')\nC().f(M)",
        "import M\nclass C:\n  def __init__(self, m):\n    self.z = m\n  def go(self):\n    self.z.F('id')\nC(M).go()",
        "[m.F('id') for m in [__import__('M')]]", "import M\n[m.F('id') for ms in [[M]] for m in ms]",
        "import M\n[1 for m in [M] if m.F('id')]", "import M\n[f('id') for f in [M.F]]",
        "import M\n{m.F('id') for m in {M}}", "import M\nany(m.F('id') for m in (M,))",
        "import M\n[0 for M in ()]\nM.F('id')", "import M\n[getattr(M, n)('id') for n in dir(M) if n == 'F']",
        "import M, sys\nfor n, m in list(sys.modules.items()):\n  if n == 'M':\n    m.F('id')",
        "dict(k=__import__('M'))['k'].F('id')", "import M\nd = {}\nd['k'] = M.F\nd['k']('id')",
        "import M\nl = []\nl.append(M)\nl[0].F('id')", "import M, queue\nq = queue.Queue()\nq.put(M)\nq.get().F('id')",
        "class C:\n  import M\nC.M.F('id')",
        "import M\nclass C:\n  @property\n  def m(self):\n    return M\nC().m.F('id')",
        "import M, contextlib\nwith contextlib.nullcontext(M) as m:\n  m.F('id')",
        "import M\nmatch [M]:\n  case [m]:\n    m.F('id')", "import M\nglobals()['z'] = M\nz.F('id')",
        "import M\ndef f():\n  global z\n  z = M\nf()\nz.F('id')", "import M\n(a, (b, c)) = (1, (M, 2))\nb.F('id')",
        "import M\ngetattr(M, 'xxF'[2:])('id')", "import M\ndef f(n):\n  return getattr(M, n)\nf('F')('id')",
        "import M, inspect\ndict(inspect.getmembers(M))['F']('id')", "import M\ngetattr(M, '{}'.format('F'))('id')",
        "import M, operator\nlist(map(operator.methodcaller('F', 'id'), [M]))",
        "import M, functools\nfunctools.reduce(getattr, ['F'], M)('id')", "next(map(__import__, ['M'])).F('id')",
        "import functools\nfunctools.partial(__import__, 'M')().F('id')",
        "def f(n):\n  return __import__(n)\nf('M').F('id')",
        "import M\nlist(map(lambda m: m.F('id'), [M]))", "import M\nsorted([M], key=lambda m: str(m.F('id')))",
        "import M, threading\ndef f(m):\n  m.F('id')\nthreading.Thread(target=f, args=(M,)).start()",
        "import M\ndef d(m):\n  def w(f):\n    m.F('id')\n  return w\n@d(M)\ndef g(): pass",
        "import M\nclass D:\n  def __get__(s, o, t):\n    return M\nclass Y:\n  x = D()\nY.x.F('id')",
        "import M\nclass Y:\n  def __getattr__(s, n):\n    return getattr(M, n)\nY().F('id')",
        "import M\ndef h(m):\n  m.F('id')\nclass Net:\n  def forward(self, x):\n    h(M)",
    ])
    func aModuleIsFollowedWhereverItGoes(_ form: String) {
        func filled(_ module: String, _ function: String) -> String {
            form.replacing("M", with: module).replacing("F", with: function)
        }
        #expect(scan(filled("os", "system")).severity >= .medium, "\(filled("os", "system"))")
        #expect(scan(filled("json", "dumps")).severity < .medium, "\(filled("json", "dumps"))")
    }

    @Test(arguments: [
        // What the file hands to those who call it runs then.
        ("import os, threading\ndef f():\n  os.system('id')\nthreading.Thread(target=f).start()", Severity.critical),
        ("import os, atexit\n@atexit.register\ndef f():\n  os.system('id')", .critical),
        ("import os\ndef x(*a):\n  os.system('id')\nclass Y(metaclass=x): pass", .critical),
        ("import os\nclass N:\n  def d(self, f):\n    os.system('id')\n@N().d\ndef g(): pass", .critical),
        ("import os, functools\ndef f():\n  os.system('id')\ng = functools.partial(f)", .medium),
        ("import os\nclass Y:\n  def __bool__(s):\n    os.system('id')", .high),
        // Constants are read as sources, but not when somebody hides that they are run.
        ("exec('x = 1')", .low), ("e = exec\ne('x = 1')", .medium),
        ("import builtins\nbuiltins.exec('x = 1')", .medium),
        ("c = compile('x = 1', '', 'exec')\nexec(c)", .medium),
        ("def f():\n  exec(compile('x = 1', '', 'exec'))", .low),
        ("def f(s):\n  exec(s)\nf('x = 1')", .critical), ("m = 'x'\nexec(f'{m} = 1')", .medium),
        ("def f(cfg):\n  return eval(cfg['a'])", .medium), ("def f(name):\n  return eval(name)", .low),
        ("class A:\n  def f(self):\n    return eval(self.config.act)", .medium),
        // Native code.
        ("import torch.utils.cpp_extension as e\ne.load_inline('x', 'int main(){}')", .high),
        ("from torch.utils.cpp_extension import load\ndef f():\n  return load(name='x', sources=['x.cpp'])", .low),
        ("from torch.utils.cpp_extension import CppExtension\nx = CppExtension('x', ['x.cpp'])", .none),
        ("import ctypes\nctypes.cdll['x.so']", .high),
        ("import importlib.machinery as m\nm.ExtensionFileLoader('x', 'x.so')", .high),
        ("import onnxruntime as o\no.SessionOptions().register_custom_ops_library('x.so')", .high),
        // Weights that are fetched and unpickled.
        ("import torch\nw = torch.hub.load_state_dict_from_url('http://a/x', weights_only=False)", .medium),
        ("import torch\nw = torch.hub.load_state_dict_from_url('http://a/x')", .none),
        ("import torch\nw = torch.load('x.pt', weights_only=False)", .low),
        ("import torch\nw = torch.load('x.pt', weights_only=True)", .none),
        (
            "import torch, urllib.request as u\nf, _ = u.urlretrieve('http://a/x')\ntorch.load(f, weights_only=False)",
            .critical
        ),
        // Files that are run as modules are read as sources, when they are some and lie here.
        ("import importlib.util as u\ns = u.spec_from_file_location('x', 'x.bin')", .medium),
        ("import importlib.util as u\ns = u.spec_from_file_location('x', 'x.py')", .none),
    ])
    func theWayOfTheCallGradesIt(_ source: String, _ expected: Severity) {
        #expect(scan(source).severity == expected, "\(source)")
    }

    @Test(arguments: [
        "import subprocess\ndef f(p):\n  return p.PIPE\nf(subprocess)\nmodel.fit(x)\nmodel.predict(x)\n",
        "import os\nif os is not None and hasattr(os, 'fork'):\n  session.system(1)\n",
        "import os\nname = getattr(os, flag, None)\nprint(vars(os))\nmodel.system(1)\n",
        "import sys\nmodule = sys.modules[__name__]\nmodule.run(x)\nmodule.call(x)\n",
        "import builtins\nregister(builtins)\nmodel.eval()\nx.apply(f)\n",
        "ACT = {'relu': lambda x: x, 'gelu': lambda x: x * 2}\nclass M:\n  def forward(self, x):\n    return ACT['relu'](x)\n",
        "import functools\ndef f(a, b=1, *c, d: int = 2, **e):\n  return a\ng = functools.partial(f, 1)\n[g(x) for x in (1, 2) if x]\n",
        "import importlib\ndef get(name):\n  return getattr(importlib.import_module('transformers'), name)\n",
        "x = {k: [v for v in vs if v] for k, vs in d.items()}\ny = sum(x * x for x in z)\n",
    ])
    func whatIsLikeItStaysBelowMedium(_ source: String) {
        let report = scan(source)
        #expect(report.severity < .medium, "\(report.findings.map(\.message))")
    }

    /// Sources that make the reader's work grow end in time, and are not passed for clean.
    @Test(arguments: [
        "import os\n" + String(repeating: "lambda x=", count: 4000) + "1",
        "import os\n" + String(repeating: "[x for x in ", count: 4000) + "y" + String(repeating: "]", count: 4000),
        "import os\nx = " + String(repeating: "lambda: ", count: 20_000) + "os.system('id')",
        "import os\na0 = [os]\n" + (1...20_000).map { "a\($0) = [a\($0 - 1), a\($0 - 1)]\n" }.joined()
            + "a20000.system('id')\n",
        "import os\n" + (0..<2_000).map { "def f\($0)(m):\n  f\($0 + 1)(m)\n" }.joined()
            + "def f2000(m):\n  m.system('id')\nf0(os)\n",
        "import os\n" + (0..<50_000).map { "x\($0) = os\n" }.joined() + "x0.system('id')\n",
    ])
    func workIsBounded(_ source: String) {
        var report: FileReport?
        let seconds = ProcessorTime.seconds { report = scan(source) }
        #expect(report?.outcome != .clean && report?.outcome != .error)
        #expect(seconds < 10)
    }

    @Test(arguments: [
        "[c for c in object.__subclasses__() if c.__name__ == 'Popen'][0](['id'])",
        "x = ().__class__.__base__.__subclasses__()", "''.__class__.__mro__[-1].__subclasses__()",
        "{}.__class__.__bases__[0].__subclasses__()", "().__class__.mro()[1].__subclasses__()",
        "type.__subclasses__(object)", "exec('object.__subclasses__()')",
    ])
    func allClassesThatThereAreAreAWayToAny(_ source: String) {
        #expect(scan(source).severity >= .high, "\(source)")
    }

    @Test(arguments: [
        "def all(cls):\n  return cls.__subclasses__()", "Base.__subclasses__()", "type.__subclasses__(Base)",
        "self.object.__subclasses__()", "registry['a'].__subclasses__()", "[].__subclasses__", "__subclasses__()",
    ])
    func subclassesOfOneClassAreNot(_ source: String) {
        #expect(scan(source).severity < .medium, "\(source)")
    }
}
