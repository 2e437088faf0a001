"""The primitives that the analysis starts from, and how far it follows each kind.

Each primitive is written once, by its defining or usual name; aliases are followed by the analysis.
"""

SEEDS = {
    # Runs commands or source code.
    "x": """
        os.system os.popen os.startfile os.execl os.execle os.execlp os.execlpe os.execv os.execve os.execvp os.execvpe
        os.spawnl os.spawnle os.spawnlp os.spawnlpe os.spawnv os.spawnve os.spawnvp os.spawnvpe os.posix_spawn
        os.posix_spawnp subprocess.Popen subprocess.call subprocess.run subprocess.check_call subprocess.check_output
        subprocess.getoutput subprocess.getstatusoutput pty.spawn builtins.eval builtins.exec builtins.execfile
        asyncio.create_subprocess_exec asyncio.create_subprocess_shell _posixsubprocess.fork_exec runpy.run_path
        runpy.run_module _interpreters.exec _xxsubinterpreters.run_string _winapi.CreateProcess _testcapi.run_in_subinterp
        code.interact commands.getoutput commands.getstatusoutput pexpect.spawn pexpect.run numexpr.evaluate
        importlib.util.spec_from_file_location importlib.machinery.SourceFileLoader zipimport.zipimporter
        imp.load_source IPython.get_ipython webbrowser.open posix.system nt.system _tkinter.create
        paramiko.SSHClient docker.from_env invoke.run fabric.Connection sh.Command
    """,
    # Loads native code.
    "n": """
        ctypes.CDLL ctypes.PyDLL ctypes.WinDLL ctypes.OleDLL ctypes.cdll.LoadLibrary ctypes.pydll.LoadLibrary
        _ctypes.dlopen _imp.create_dynamic imp.load_dynamic importlib.machinery.ExtensionFileLoader
        torch.ops.load_library torch.classes.load_library cffi.FFI.dlopen
    """,
    # Turns a string into a module or object.
    "i": """
        builtins.__import__ importlib.import_module importlib.__import__ importlib.reload _frozen_importlib._gcd_import
        imp.load_module imp.find_module pkgutil.resolve_name pydoc.locate
    """,
    # Loads with a loader that can itself run code.
    "l": """
        pickle.load pickle.loads pickle.Unpickler _pickle.load _pickle.loads _pickle.Unpickler cPickle.load cPickle.loads
        cloudpickle.load cloudpickle.loads dill.load dill.loads joblib.load torch.load numpy.load yaml.load
        yaml.load_all yaml.unsafe_load yaml.unsafe_load_all yaml.full_load yaml.full_load_all shelve.open jsonpickle.decode
        shelve.Shelf srsly.pickle_loads torch.hub.load torch.jit.load keras.models.load_model
    """,
    # Builds code objects and functions.
    "c": "builtins.compile types.FunctionType types.CodeType types.LambdaType marshal.loads marshal.load",
    # Reads, writes, lists or removes files.
    "f": """
        builtins.open io.open codecs.open io.FileIO _io.open _io.FileIO os.open os.remove os.unlink os.rename os.replace
        os.rmdir os.removedirs os.makedirs os.mkdir os.chmod os.chown os.link os.symlink os.truncate os.listdir
        os.scandir os.walk shutil.rmtree shutil.move shutil.copy shutil.copy2 shutil.copyfile shutil.copytree
        shutil.make_archive shutil.unpack_archive zipfile.ZipFile tarfile.open tarfile.TarFile gzip.open gzip.GzipFile
        bz2.open bz2.BZ2File lzma.open lzma.LZMAFile sqlite3.connect numpy.fromfile numpy.memmap h5py.File
        PIL.Image.open mmap.mmap linecache.getline linecache.getlines
        tensorflow.python.ops.gen_io_ops.read_file tensorflow.python.ops.gen_io_ops.write_file
        tensorflow.python.ops.gen_io_ops.matching_files safetensors.safe_open
    """,
    # Opens network connections.
    "w": """
        socket.create_connection socket.create_server urllib.request.urlopen urllib.request.urlretrieve
        urllib.request.URLopener urllib.urlopen urllib.urlretrieve urllib2.urlopen http.client.HTTPConnection
        http.client.HTTPSConnection requests.get requests.post requests.put requests.patch requests.delete requests.head
        requests.request requests.options httpx.get httpx.post httpx.put httpx.request httpx.stream aiohttp.request
        ftplib.FTP smtplib.SMTP telnetlib.Telnet xmlrpc.client.ServerProxy huggingface_hub.file_download.http_get
        huggingface_hub.hf_hub_download huggingface_hub.snapshot_download boto3.client boto3.resource
        websocket.create_connection asyncio.open_connection fsspec.open wget.download gdown.download
    """,
    # Takes an attribute by a name that the caller chose, of an object that the caller chose.
    "a": "builtins.getattr operator.attrgetter operator.methodcaller",
}

# Steps from a name to the primitive that still count.
REACH = {"x": 4, "n": 4, "i": 4, "l": 4, "c": 3, "f": 2, "w": 3, "a": 1}

# Worst first: the entry of a name that reaches several is the worst one.
ORDER = "xnilcfwasukp"

# Steps from a class to the primitive that still count: a constructor that gets there by detours is rather configured
# to than made to.
CLASS_REACH = 2

# Where the analysis stops: what these do with strings is known and harmless, or is written in the table by hand
# (`sympy.sympify` evaluates strings, and all of SymPy hands it its arguments).
BARRIERS = """
    ast. sympy.core.sympify. inspect. traceback. warnings. linecache. functools. typing. dataclasses. enum. collections.
    logging. re. tokenize. abc. contextlib. textwrap. gettext. locale. threading. tempfile. random. string. copy.
    unittest. torch_geometric.template.module_from_template
""".split()

# Modules whose names are imported everywhere: that an attribute leads there tells nothing.
ORDINARY = (
    "ast abc collections contextlib copy dataclasses enum functools inspect itertools locale logging operator re string "
    "textwrap threading time traceback types typing unittest warnings weakref builtins typing_extensions").split()

# What a path object's methods do, when the path is built in place: `Path(name).write_text(…)`.
PATH_METHODS = set(
    "open read_text read_bytes write_text write_bytes unlink rmdir mkdir rename replace symlink_to touch chmod".split())

# Methods that a loader of pickles calls on an instance that it made without `__init__`, or that the interpreter calls
# on it afterwards: state that the file chose is all they need.
STATE_METHODS = (
    "__new__ __setstate__ __del__ __hash__ __eq__ __setitem__ append extend add __getattr__ __getattribute__ "
    "__setattr__").split()

PRIMITIVES = {name: code for code, names in SEEDS.items() for name in names.split()}
