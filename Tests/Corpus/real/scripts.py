"""Scripts, build files and notebooks as they lie beside models, and the modelling code of real architectures as a repository
with code of its own would carry it."""
import glob
import os


def scripts(files):
    def text(name, content, technique):
        files.text("scripts/" + name, content, technique)

    def notebook(*cells):
        return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
            {"cell_type": "code", "source": cell, "outputs": [], "metadata": {}, "execution_count": None} for cell in cells]}

    text("s1/install.sh","#!/usr/bin/env bash\nset -euo pipefail\nexport CUDA_VISIBLE_DEVICES=0,1\nif ! command -v uv &>/dev/null; then\n  curl -LsSf https://astral.sh/uv/install.sh | sh\nfi\nsource .venv/bin/activate\npip install -r requirements.txt\necho 'export PATH=$HOME/.local/bin:$PATH' >> ~/.bashrc\n","installer")
    text("s2/train.sh","#!/bin/bash\n#SBATCH --gres=gpu:8\nmodule load cuda/12.1\nexport MASTER_ADDR=$(scontrol show hostnames $SLURM_JOB_NODELIST | head -n 1)\nexport MASTER_PORT=$(shuf -i 10000-65000 -n 1)\ntorchrun --nproc_per_node=8 \\\n  --master_port $MASTER_PORT train.py --lr 1e-4 --output_dir out/$(date +%Y%m%d) 2>&1 | tee log.txt\npython -c \"import torch; print(torch.__version__)\"\nrm -rf ./cache/*\n","slurm training script")
    text("s3/download.sh","#!/bin/bash\nDIR=${1:-data}\nmkdir -p \"$DIR\" && cd \"$DIR\" || exit 1\nwget -c http://images.cocodataset.org/zips/train2017.zip\nunzip -q train2017.zip && rm train2017.zip\ncurl -L https://huggingface.co/org/m/resolve/main/model.safetensors -o model.safetensors\ncurl -s -H \"Authorization: Bearer $HF_TOKEN\" https://huggingface.co/api/whoami-v2 | jq .name\nfor f in *.tar; do tar xf \"$f\"; done\n","download data")
    text("s4/Dockerfile","FROM nvidia/cuda:12.1.0-cudnn8-devel-ubuntu22.04\nRUN apt-get update && apt-get install -y curl git && rm -rf /var/lib/apt/lists/*\nRUN curl -fsSL https://deb.nodesource.com/setup_20.x | bash -\nRUN wget -qO- https://repo.anaconda.com/miniconda/Miniconda3-latest-Linux-x86_64.sh > m.sh && bash m.sh -b -p /opt/conda\nRUN pip install --no-cache-dir torch --index-url https://download.pytorch.org/whl/cu121\nCOPY . /app\nENTRYPOINT [\"python\", \"serve.py\"]\n","Dockerfile")
    text("s5/Makefile",".PHONY: test\ntest:\n\tpython -m pytest tests/ -q\nquality:\n\truff check src\nstyle: \n\t@echo done && rm -rf build dist *.egg-info\n","Makefile")
    text("s6/run.bat","@echo off\r\ncd /d %~dp0\r\nIF NOT EXIST venv (\r\n  python -m venv venv\r\n)\r\ncall venv\\Scripts\\activate.bat\r\npip install -r requirements.txt\r\nset COMMANDLINE_ARGS=--xformers\r\npython launch.py %*\r\npause\r\n","webui batch")
    text("s7/setup.ps1","param([string]$Path = '.')\n$ErrorActionPreference = 'Stop'\n# download model\nInvoke-WebRequest -Uri https://huggingface.co/org/m/resolve/main/m.gguf -OutFile $Path\\m.gguf\nif (-not (Test-Path venv)) { python -m venv venv }\n. .\\venv\\Scripts\\Activate.ps1\npip install torch\nStart-Process http://localhost:7860\n","setup PowerShell")
    text("s8/convert.sh","#!/bin/sh\nset -e\npython3 llama.cpp/convert_hf_to_gguf.py . --outfile m.gguf\n./llama-quantize m.gguf m-Q4_K_M.gguf Q4_K_M\nsha256sum m-*.gguf > SHA256SUMS\necho \"$(cat SHA256SUMS | wc -l) files\"\neval \"$(conda shell.bash hook)\"\nconda activate x\n","convert script")
    text("s9/serve.sh","#!/bin/bash\nexec vllm serve \"$MODEL\" --port ${PORT:-8000} --trust-remote-code &\nPID=$!\nuntil curl -sf http://localhost:8000/health; do sleep 1; done\ncurl http://localhost:8000/v1/chat/completions -H 'Content-Type: application/json' -d '{\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}'\nkill $PID\n","serve")
    text("s10/entrypoint.sh","#!/bin/bash\nif [ -n \"$AWS_ACCESS_KEY_ID\" ]; then\n  aws s3 sync s3://bucket/models /models\nfi\nenv | grep CUDA\nexec \"$@\"\n","entrypoint")
    text("s11/env.sh","export HF_HOME=/data/hf\nexport WANDB_PROJECT=x\nsource /opt/intel/oneapi/setvars.sh\n. ~/.bashrc\n","env")
    text("s12/get_data.sh","#!/usr/bin/env bash\nfileid=1abc\ncurl -c ./cookie -s -L \"https://drive.google.com/uc?export=download&id=${fileid}\" > /dev/null\ncurl -Lb ./cookie \"https://drive.google.com/uc?export=download&confirm=`awk '/download/ {print $NF}' ./cookie`&id=${fileid}\" -o data.zip\ngit clone https://github.com/org/repo.git && cd repo && bash scripts/setup.sh\n","gdrive")
    text("s13/build.sh","#!/bin/bash\nmkdir -p build && cd build && cmake .. -DCMAKE_BUILD_TYPE=Release && make -j$(nproc)\nsudo cp lib*.so /usr/local/lib && sudo ldconfig\necho 'build done' | mail -s build user@example.org\n","build")
    text("s14/lint.js","const { execSync } = require('child_process');\nconst out = execSync('git rev-parse HEAD').toString();\nconsole.log(out);\n","node")
    text("s15/train.lua","require 'torch'\nrequire 'nn'\nos.execute('mkdir -p ' .. opt.checkpoint)\nlocal f = io.popen('ls data')\n","lua torch")
    text("s16/push.sh","#!/bin/sh\nhuggingface-cli upload org/m . --token $HF_TOKEN\ngit add -A && git commit -m 'x' && git push https://user:$HF_TOKEN@huggingface.co/org/m main\nscp -r out user@cluster.example.org:/data/\nrsync -av out/ user@host.example.org:/backup/\n","push")
    text("s17/cleanup.sh","#!/bin/bash\nrm -rf \"$TMPDIR\" ~/.cache/huggingface/hub/tmp* /tmp/ray\nfind . -name '*.pyc' -delete\nps aux | grep python | awk '{print $2}' | xargs kill -9\n","cleanup")
    text("nb/colab.ipynb",notebook("%%capture\n!pip install \"unsloth[colab-new] @ git+https://github.com/unslothai/unsloth.git\"\n!pip install --no-deps xformers trl peft accelerate bitsandbytes","from unsloth import FastLanguageModel\nimport torch\nmodel, tok = FastLanguageModel.from_pretrained('unsloth/x', load_in_4bit=True)","!curl -fsSL https://ollama.com/install.sh | sh\nimport subprocess\nsubprocess.Popen(['ollama','serve'])","!nvidia-smi\n!git clone https://github.com/org/repo\n%cd repo\n!pip install -q -r requirements.txt --extra-index-url https://download.pytorch.org/whl/cu121\n!wget -q https://raw.githubusercontent.com/org/repo/main/a.py\n!python a.py --x 1","files = !ls\nprint(files)\n%%time\nx=1","from google.colab import userdata\nimport os\nos.environ['HF_TOKEN'] = userdata.get('HF_TOKEN')\n!huggingface-cli login --token $HF_TOKEN"),"Colab notebook")
    text("nb/kaggle.ipynb",notebook("import os\nfor d, _, fs in os.walk('/kaggle/input'):\n    for f in fs: print(os.path.join(d, f))","%%bash\nset -e\npip install -q timm\npython train.py --epochs 1\n","%%writefile app.py\nimport os\nos.system('ls')\n","%load_ext tensorboard\n%tensorboard --logdir runs"),"Kaggle notebook")
    text("nb/gradio.ipynb",notebook("!apt-get -qq install ffmpeg\n!npm install -g localtunnel\n!wget -q -O - ipv4.icanhazip.com\n!streamlit run app.py &>/content/logs.txt & npx localtunnel --port 8501"),"tunnel notebook")


def modelling_code(files):
    """Every fifth architecture of transformers, its relative imports made absolute as publishing a model does."""
    import transformers

    models = os.path.join(os.path.dirname(transformers.__file__), "models")
    for path in sorted(glob.glob(models + "/*/modeling_*.py"))[::5]:
        name = os.path.basename(os.path.dirname(path))
        for source in sorted(glob.glob(os.path.dirname(path) + "/*.py")):
            if os.path.basename(source) == "__init__.py":
                continue
            with open(source, encoding="utf-8") as file:
                code = file.read().replace("from ...", "from transformers.")
            files.text(f"modelling/{name}/{os.path.basename(source)}", code, "modelling code of a real architecture")
        maps = {"AutoConfig": f"configuration_{name}.Config", "AutoModel": f"modeling_{name}.Model"}
        files.text(f"modelling/{name}/config.json", {"model_type": name, "auto_map": maps}, "configuration beside its code")


BUILDERS = [scripts, modelling_code]
