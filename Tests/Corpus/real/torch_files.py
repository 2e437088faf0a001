"""What PyTorch and its ecosystem write: state dicts, whole modules, TorchScript, exports, optimizers, distributed shards."""
import argparse
import collections
import functools
import io
import pickle
import random

import numpy as np
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.norm = nn.BatchNorm2d(4)
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        return self.fc(torch.relu(self.norm(self.conv(x))).mean((2, 3)))


def save(files, name, value, technique, **options):
    torch.save(value, files.path("torch/" + name, technique), **options)


def state_dicts(files):
    net = Net()
    save(files, "state.pt", net.state_dict(), "state dict")
    save(files, "state_legacy.pth", net.state_dict(), "state dict, legacy format", _use_new_zipfile_serialization=False)
    save(files, "pytorch_model.bin", collections.OrderedDict(net.state_dict()), "state dict named as Hugging Face does")
    save(files, "protocol4.pt", net.state_dict(), "state dict, protocol 4", pickle_protocol=4)
    kinds = {"half": torch.float16, "bfloat": torch.bfloat16, "int8": torch.int8, "bool": torch.bool, "complex": torch.complex64,
             "float8": torch.float8_e4m3fn, "double": torch.float64}
    save(files, "dtypes.pt", {name: torch.zeros(4).to(kind) for name, kind in kinds.items()}, "tensors of all types")
    views = torch.arange(100.0)
    save(files, "views.pt", {"a": views[::2], "b": views.view(10, 10).t(), "c": views[5:6], "scalar": torch.tensor(1), "empty": torch.zeros(0)}, "views of one storage")
    save(files, "sparse.pt", {"coo": torch.eye(3).to_sparse(), "csr": torch.eye(3).to_sparse_csr()}, "sparse tensors")
    save(files, "quantised.pt", torch.quantize_per_tensor(torch.zeros(4), 0.1, 0, torch.qint8), "quantised tensor")
    save(files, "quantised_channel.pt", torch.quantize_per_channel(torch.zeros(2, 4), torch.tensor([0.1, 0.2]), torch.tensor([0, 0]), 0, torch.qint8), "tensor quantised by channel")
    save(files, "nested.pt", {"module": {"encoder": net.state_dict()}, "meta": {"epoch": 3, "names": ["a", "b"]}}, "nested dictionaries")
    save(files, "parameter.pt", [nn.Parameter(torch.zeros(2)), torch.Size([1, 2]), torch.device("cpu"), torch.float32, torch.strided], "parameters, devices and types")
    save(files, "storage.pt", torch.zeros(4).untyped_storage(), "a storage")
    with open(files.path("torch/tensor.pkl", "plain pickle of a tensor"), "wb") as file:
        pickle.dump({"x": torch.zeros(2), "device": torch.device("cpu")}, file)


def modules(files):
    save(files, "linear.pt", nn.Linear(2, 2), "whole module")
    layers = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(4, 2), nn.Dropout(), nn.Softmax(1))
    save(files, "sequential.pt", layers, "whole Sequential")
    save(files, "transformer.pt", nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2), 1), "whole transformer encoder")
    save(files, "lstm.pt", nn.LSTM(2, 2, bidirectional=True), "whole LSTM")
    save(files, "module_list.pt", nn.ModuleDict({"a": nn.ModuleList([nn.Embedding(3, 2)]), "b": nn.ParameterList([nn.Parameter(torch.zeros(1))])}), "module containers")
    save(files, "own_class.pt", Net(), "whole module of the project's own class")
    save(files, "weight_norm.pt", nn.utils.parametrizations.weight_norm(nn.Linear(2, 2)).state_dict(), "weight norm state")
    save(files, "loss.pt", nn.CrossEntropyLoss(weight=torch.ones(2)), "loss module")
    quantised = torch.ao.quantization.quantize_dynamic(nn.Sequential(nn.Linear(2, 2)), {nn.Linear}, dtype=torch.qint8)
    save(files, "dynamic_quantised.pt", quantised.state_dict(), "state of a dynamically quantised module")
    save(files, "dynamic_quantised_whole.pt", quantised, "whole dynamically quantised module")
    save(files, "activations.pt", {"act": torch.nn.functional.relu, "norm": functools.partial(nn.LayerNorm, eps=1e-6)}, "functions as values")


def checkpoints(files):
    net = Net()
    optimizer = torch.optim.AdamW(net.parameters(), 1e-3)
    net(torch.zeros(1, 3, 8, 8)).sum().backward()
    optimizer.step()
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 10)
    save(files, "checkpoint.pth.tar", {"epoch": 1, "state_dict": net.state_dict(), "optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict(), "best": 0.5, "args": argparse.Namespace(lr=0.1, arch="resnet")}, "checkpoint of a training script")
    save(files, "optimizer.pt", optimizer.state_dict(), "optimizer state")
    save(files, "optimizer_whole.pt", optimizer, "whole optimizer")
    save(files, "scheduler.pt", scheduler.state_dict(), "scheduler state")
    save(files, "one_cycle.pt", torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=10).state_dict(), "OneCycleLR state")
    save(files, "scaler.pt", torch.amp.GradScaler("cpu").state_dict(), "gradient scaler")
    save(files, "rng_state.pth", {"python": random.getstate(), "numpy": np.random.get_state(), "cpu": torch.get_rng_state()}, "random states")
    save(files, "lightning.ckpt", {"epoch": 1, "global_step": 10, "pytorch-lightning_version": "2.2.0", "state_dict": net.state_dict(), "loops": {"fit_loop": {"state_dict": {}}}, "callbacks": {"ModelCheckpoint{'monitor': 'val_loss'}": {"best_model_score": torch.tensor(0.1), "dirpath": "/runs/ckpt"}}, "optimizer_states": [optimizer.state_dict()], "lr_schedulers": [scheduler.state_dict()], "hparams_name": "kwargs", "hyper_parameters": {"lr": 0.1, "act": nn.ReLU, "config": argparse.Namespace(a=1)}}, "Lightning checkpoint")
    save(files, "swa.pt", torch.optim.swa_utils.AveragedModel(nn.Linear(2, 2)).state_dict(), "averaged model")
    save(files, "dataset.pt", torch.utils.data.TensorDataset(torch.zeros(2), torch.zeros(2)), "TensorDataset")
    save(files, "subset.pt", torch.utils.data.Subset(torch.utils.data.TensorDataset(torch.zeros(4)), [0, 1]), "subset of a data set")
    save(files, "distribution.pt", torch.distributions.Normal(0.0, 1.0), "distribution")
    save(files, "generator.pt", torch.Generator().get_state(), "generator state")


def scripts(files):
    script = torch.jit.script(Net())
    script.save(files.path("torchscript/scripted.pt", "scripted module"))
    torch.jit.trace(Net().eval(), torch.zeros(1, 3, 8, 8)).save(files.path("torchscript/traced.pt", "traced module"))

    class Text(nn.Module):
        def forward(self, words: list[str], scores: dict[str, float]) -> list[float]:
            out: list[float] = []
            for word in words:
                if word in scores:
                    out.append(scores[word])
                else:
                    print("missing " + word.lower().strip())
            return out
    torch.jit.script(Text()).save(files.path("torchscript/strings.pt", "scripted module of texts"))
    frozen = torch.jit.freeze(torch.jit.script(Net().eval()))
    frozen.save(files.path("torchscript/frozen.pt", "frozen module"))


def exports(files):
    program = torch.export.export(Net().eval(), (torch.zeros(1, 3, 8, 8),))
    torch.export.save(program, files.path("export/model.pt2", "exported program"))


def distributed(files):
    import torch.distributed.checkpoint as checkpoint
    folder = files.folder_of("distributed/step_10", "distributed checkpoint")
    checkpoint.save({"model": Net().state_dict(), "step": 10}, checkpoint_id=folder)
    files.enter("distributed/step_10", "distributed checkpoint")


def packages(files):
    from torch.package import PackageExporter
    with PackageExporter(files.path("torch/package.pt", "torch package of weights")) as exporter:
        exporter.extern("**")
        exporter.save_pickle("model", "model.pkl", nn.Linear(2, 2))
        exporter.save_text("model", "note.txt", "hello")


def vision(files):
    import torchvision
    save(files, "resnet.pt", torchvision.models.resnet18().state_dict(), "torchvision state dict")
    save(files, "transforms.pt", torchvision.transforms.Compose([torchvision.transforms.Resize(8), torchvision.transforms.ToTensor(), torchvision.transforms.Normalize([0.5], [0.5])]), "torchvision transforms")
    save(files, "mobilenet_whole.pt", torchvision.models.mobilenet_v3_small(), "whole torchvision module")


def fx_graph(files):
    buffer = io.BytesIO()
    torch.save(torch.fx.symbolic_trace(nn.Sequential(nn.Linear(2, 2))).state_dict(), buffer)
    with open(files.path("torch/fx_state.pt", "state of a traced graph"), "wb") as file:
        file.write(buffer.getvalue())


def jax_files(files):
    import flax.serialization
    import jax.numpy as jnp
    params = {"Dense_0": {"kernel": jnp.ones((2, 2)), "bias": jnp.zeros(2)}}
    with open(files.path("flax/flax_model.msgpack", "Flax parameters"), "wb") as file:
        file.write(flax.serialization.to_bytes(params))
    with open(files.path("flax/params.pkl", "pickle of JAX arrays"), "wb") as file:
        pickle.dump(params, file)


def optax_state(files):
    import jax.numpy as jnp
    import optax
    with open(files.path("flax/opt_state.pkl", "optax state"), "wb") as file:
        pickle.dump(optax.adam(1e-3).init({"w": jnp.zeros(2)}), file)


BUILDERS = [state_dicts, modules, checkpoints, scripts, exports, distributed, packages, vision, fx_graph, jax_files, optax_state]
