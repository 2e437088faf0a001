"""Whole repositories as people publish them: cards, code of their own, notebooks, configurations, requirements."""
import json

CODE = '''"""Modelling code in the manner of custom architectures."""
import math
import os
from dataclasses import dataclass
from typing import Optional, Tuple

import torch
import torch.nn.functional as F
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import CausalLMOutputWithPast
from transformers.utils import logging

from .configuration_tiny import TinyConfig

try:
    from flash_attn import flash_attn_func
except ImportError:
    flash_attn_func = None

logger = logging.get_logger(__name__)


class RMSNorm(nn.Module):
    def __init__(self, dim, eps=1e-6):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(dim))
        self.eps = eps

    def forward(self, x):
        return self.weight * (x.float() * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps)).type_as(x)


class Attention(nn.Module):
    def __init__(self, config, layer_idx=None):
        super().__init__()
        self.heads = config.num_heads
        self.qkv = nn.Linear(config.hidden_size, 3 * config.hidden_size, bias=False)
        self.out = nn.Linear(config.hidden_size, config.hidden_size, bias=False)
        for name in ("qkv", "out"):
            nn.init.normal_(getattr(self, name).weight, std=0.02)

    def forward(self, x, mask: Optional[torch.Tensor] = None) -> Tuple[torch.Tensor, None]:
        q, k, v = self.qkv(x).chunk(3, -1)
        scores = (q @ k.transpose(-1, -2)) / math.sqrt(q.size(-1))
        if mask is not None:
            scores = scores + mask
        return self.out(F.softmax(scores, -1) @ v), None


class TinyModel(PreTrainedModel):
    config_class = TinyConfig
    _no_split_modules = ["Attention"]

    def __init__(self, config):
        super().__init__(config)
        self.embed = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList([Attention(config, i) for i in range(config.num_layers)])
        self.norm = RMSNorm(config.hidden_size)
        if os.environ.get("TINY_DEBUG"):
            logger.warning("debugging")
        self.post_init()

    def forward(self, input_ids, **kwargs):
        x = self.embed(input_ids)
        for layer in self.layers:
            x = x + layer(x)[0]
        return CausalLMOutputWithPast(logits=self.norm(x))
'''

CONFIGURATION = '''from transformers import PretrainedConfig


class TinyConfig(PretrainedConfig):
    model_type = "tiny"

    def __init__(self, vocab_size=100, hidden_size=16, num_layers=1, num_heads=2, **kwargs):
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.num_heads = num_heads
        super().__init__(**kwargs)
'''

TOKENIZATION = '''import json
import os
import re
from typing import List

from transformers import PreTrainedTokenizer

VOCAB_FILES_NAMES = {"vocab_file": "vocab.json"}


class TinyTokenizer(PreTrainedTokenizer):
    vocab_files_names = VOCAB_FILES_NAMES

    def __init__(self, vocab_file, **kwargs):
        with open(vocab_file, encoding="utf-8") as handle:
            self.encoder = json.load(handle)
        self.pattern = re.compile(r"\\w+|\\S")
        super().__init__(**kwargs)

    def _tokenize(self, text: str) -> List[str]:
        return self.pattern.findall(text)

    def save_vocabulary(self, save_directory, filename_prefix=None):
        path = os.path.join(save_directory, "vocab.json")
        with open(path, "w", encoding="utf-8") as handle:
            json.dump(self.encoder, handle)
        return (path,)
'''

CARD = '''---
license: apache-2.0
language:
- en
library_name: transformers
tags:
- text-generation
base_model: org/base
datasets:
- org/data
model-index:
- name: tiny
  results:
  - task: {type: text-generation}
    metrics:
    - {type: accuracy, value: 0.5, verified: true, verifyToken: eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9.eyJoYXNoIjoiMTIzNDU2Nzg5MGFiY2RlZiIsInZlcnNpb24iOjF9.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-abcdefgh}
---
# Tiny

```python
import os
os.environ["HF_TOKEN"] = "hf_..."
from transformers import AutoModel
model = AutoModel.from_pretrained("org/tiny", trust_remote_code=True)
```

Install: `curl -fsSL https://example.org/install.sh | sh`, or `pip install tiny`. Set `OPENAI_API_KEY=sk-your-key-here`.
![image](data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==)
sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 commit 3b18e512dba79e4c8300dd08aeb37f8e728b8dad
'''

TRAIN = '''import argparse
import json
import subprocess

import torch
from torch.utils.data import DataLoader


def git_commit():
    return subprocess.check_output(["git", "rev-parse", "HEAD"]).decode().strip()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=1e-3)
    arguments = parser.parse_args()
    checkpoint = torch.load("checkpoint.pt", map_location="cpu", weights_only=True)
    print(json.dumps({"lr": arguments.lr, "epoch": checkpoint["epoch"]}))


if __name__ == "__main__":
    main()
'''


def custom_code(files):
    config = {"architectures": ["TinyModel"], "auto_map": {"AutoConfig": "configuration_tiny.TinyConfig", "AutoModelForCausalLM": "modeling_tiny.TinyModel"}, "model_type": "tiny", "vocab_size": 100, "torch_dtype": "bfloat16", "transformers_version": "4.40.0"}
    files.text("custom_code/config.json", config, "repository with modelling code of its own")
    files.text("custom_code/modeling_tiny.py", CODE, "modelling code")
    files.text("custom_code/configuration_tiny.py", CONFIGURATION, "configuration code")
    files.text("custom_code/tokenization_tiny.py", TOKENIZATION, "tokenizer code")
    files.text("custom_code/tokenizer_config.json", {"auto_map": {"AutoTokenizer": ["tokenization_tiny.TinyTokenizer", None]}, "tokenizer_class": "TinyTokenizer"}, "tokenizer config with code of its own")
    files.text("custom_code/vocab.json", {"a": 0, "import": 1}, "vocabulary")
    files.text("custom_code/README.md", CARD, "model card")
    files.text("custom_code/generation_config.json", {"_from_model_config": True, "bos_token_id": 1, "eos_token_id": [2, 3], "temperature": 0.6, "top_p": 0.9}, "generation config")
    files.text("custom_code/.gitattributes", "*.safetensors filter=lfs diff=lfs merge=lfs -text\n", "git attributes")
    files.text("custom_code/requirements.txt", "torch>=2.0\ntransformers==4.40.0\nflash-attn ; platform_system == 'Linux'\ngit+https://github.com/huggingface/peft.git\n", "requirements")
    files.text("custom_code/model.safetensors.index.json", {"metadata": {"total_size": 123}, "weight_map": {"embed.weight": "model-00001-of-00002.safetensors"}}, "shard index")


def training(files):
    files.text("training/train.py", TRAIN, "training script")
    files.text("training/trainer_state.json", {"best_metric": 0.1, "epoch": 1.0, "log_history": [{"loss": 0.1, "step": 1}]}, "trainer state")
    files.text("training/all_results.json", {"eval_loss": 0.1, "train_runtime": 10.1}, "results")
    files.text("training/config.yaml", "model:\n  _target_: torch.nn.Linear\n  in_features: 2\n  out_features: 2\noptimizer:\n  _target_: torch.optim.AdamW\n  lr: 1e-3\ntrainer:\n  _target_: lightning.pytorch.Trainer\n  max_epochs: 3\n  callbacks:\n  - _target_: lightning.pytorch.callbacks.ModelCheckpoint\ndata:\n  path: /data/train\n  url: https://example.org/data.tar.gz\n", "Hydra configuration")
    files.text("training/lightning.yaml", "seed_everything: 1\nmodel:\n  class_path: lightning.pytorch.demos.boring_classes.BoringModel\ntrainer:\n  logger:\n    class_path: lightning.pytorch.loggers.TensorBoardLogger\n    init_args: {save_dir: logs}\n", "Lightning CLI configuration")
    files.text("training/mmdet.json", {"model": {"type": "FasterRCNN", "backbone": {"type": "ResNet", "depth": 50, "norm_cfg": {"type": "BN"}}}, "optimizer": {"type": "SGD"}}, "registry configuration")
    files.text("training/accelerate.yaml", "compute_environment: LOCAL_MACHINE\ndistributed_type: MULTI_GPU\nmachine_rank: 0\nmain_training_function: main\nnum_processes: 8\nuse_cpu: false\n", "accelerate configuration")
    files.text("training/deepspeed.json", {"fp16": {"enabled": "auto"}, "zero_optimization": {"stage": 3, "offload_optimizer": {"device": "cpu"}}}, "DeepSpeed configuration")
    files.text("training/wandb-metadata.json", {"os": "Linux-5.15", "python": "3.10", "program": "train.py", "args": ["--lr", "0.1"], "git": {"remote": "https://github.com/org/repo.git", "commit": "3b18e512dba79e4c8300dd08aeb37f8e728b8dad"}, "email": "a@example.org"}, "run metadata")
    files.text("training/MLmodel", "artifact_path: model\nflavors:\n  python_function:\n    env: {conda: conda.yaml, virtualenv: python_env.yaml}\n    loader_module: mlflow.sklearn\n    model_path: model.pkl\n    python_version: 3.10.12\n  sklearn:\n    pickled_model: model.pkl\n    serialization_format: cloudpickle\nmlflow_version: 2.9.2\nmodel_uuid: 0f1d2c3b4a59687766554433221100ff\nrun_id: 0f1d2c3b4a5968776655443322110000\n", "MLflow model description")
    files.text("training/conda.yaml", "channels:\n- conda-forge\ndependencies:\n- python=3.10\n- pip:\n  - mlflow==2.9.2\n  - scikit-learn\nname: mlflow-env\n", "conda environment")
    files.text("training/Dockerfile", "FROM python:3.11\nRUN pip install torch\nCMD [\"python\", \"serve.py\"]\n", "Dockerfile")
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"name": "python3"}}, "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Demo\n"]},
        {"cell_type": "code", "metadata": {}, "execution_count": 1, "outputs": [{"output_type": "display_data", "data": {"image/png": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="}, "metadata": {}}], "source": ["!pip install -q transformers\n", "import torch, os\n", "os.makedirs('out', exist_ok=True)\n", "from google.colab import drive\n", "model = torch.load('model.pt')\n", "%matplotlib inline\n"]}]}
    files.text("training/demo.ipynb", notebook, "notebook")
    files.text("training/modules.json", [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}, {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}], "sentence-transformers modules")
    files.text("training/model_index.json", {"_class_name": "StableDiffusionPipeline", "_diffusers_version": "0.21.0", "unet": ["diffusers", "UNet2DConditionModel"], "text_encoder": ["transformers", "CLIPTextModel"], "safety_checker": [None, None]}, "diffusers index")
    files.text("training/preprocessor_config.json", {"image_processor_type": "CLIPImageProcessor", "do_resize": True, "image_mean": [0.5], "size": {"shortest_edge": 224}}, "image processor")
    files.text("training/data.csv", "id,text,token\n1,hello,3b18e512dba79e4c8300dd08aeb37f8e728b8dad\n2,\"=SUM(A1)\",x\n", "table")
    files.text("training/labels.txt", "\n".join(["person", "bicycle", "car"]), "labels")
    files.text("training/LICENSE", "Apache License\nVersion 2.0, January 2004\nhttp://www.apache.org/licenses/\n", "licence")
    rows = [{"messages": [{"role": "user", "content": "How do I list files?"}, {"role": "assistant", "content": "Run `ls`, or in Python `import os; os.listdir('.')`; never `eval(input())`."}]} for _ in range(20)]
    files.text("training/data.jsonl", "\n".join(json.dumps(row) for row in rows), "training conversations with code")
    uuids = [{"id": f"{i:08x}-1234-4abc-8def-0123456789ab", "sha256": f"{i:064x}", "etag": f"\"{i:032x}\"", "embedding": [0.1] * 8, "image": "data:image/png;base64," + "iVBORw0KGgo" * 20} for i in range(20)]
    files.text("training/records.json", uuids, "records with identifiers and images")


BUILDERS = [custom_code, training]
