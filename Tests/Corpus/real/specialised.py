"""Models of libraries with ways of their own to pickle: bound methods, classes made while loading, pickles in JSON."""
import pickle
import sys

import numpy as np

X = np.random.default_rng(0).random((60, 4))
Y = X[:, 0] * 2 + X[:, 1]


def dump(files, name, value, technique):
    import cloudpickle
    for suffix, write in {"pkl": pickle.dumps, "cloud.pkl": cloudpickle.dumps}.items():
        with open(files.path(f"specialised/{name}.{suffix}", technique), "wb") as file:
            file.write(write(value))


def agents(files):
    sys.modules["tensorboard"] = None  # Its logger would bring TensorFlow in, which does not get along with Torch.
    import stable_baselines3
    for kind in (stable_baselines3.PPO, stable_baselines3.DQN):
        model = kind("MlpPolicy", "CartPole-v1")
        model.save(files.path(f"specialised/{kind.__name__}.zip", "agent: a zip with pickles in JSON"))


def environments(files):
    import gymnasium
    spaces = gymnasium.spaces
    dump(files, "spaces", spaces.Dict({"a": spaces.Box(0, 1, (3,)), "b": spaces.Discrete(4)}), "observation spaces")
    dump(files, "spec", gymnasium.spec("CartPole-v1"), "specification of an environment")


def graphs(files):
    import torch
    from torch_geometric.data import Batch, Data
    from torch_geometric.nn import GATConv
    data = Data(x=torch.rand(4, 3), edge_index=torch.tensor([[0, 1], [1, 2]]))
    batch = Batch.from_data_list([data, data])
    torch.save(batch, files.path("specialised/batch.pt", "batch of graphs, whose class is made while loading"))
    torch.save(GATConv(3, 2), files.path("specialised/gat.pt", "layer with a generated method"))


def survival(files):
    import lifelines
    import pandas
    frame = pandas.DataFrame(X, columns=list("abcd"))
    frame["T"], frame["E"] = Y + 1, (X[:, 0] > 0.5).astype(int)
    dump(files, "aft", lifelines.WeibullAFTFitter().fit(frame, "T", "E"), "survival regression with bound methods")


def experiments(files):
    import torch
    from mmengine.config import ConfigDict
    from mmengine.logging import HistoryBuffer
    history = HistoryBuffer([1.0, 2.0], [1, 1])
    torch.save({"state_dict": {"w": torch.ones(2)}, "meta": {"cfg": ConfigDict(a={"type": "X"})}, "message_hub": {"loss": history}},
               files.path("specialised/mmengine.pth", "checkpoint of MMEngine"))


def processes(files):
    import gpytorch
    kernel = gpytorch.kernels.ScaleKernel(gpytorch.kernels.RBFKernel(lengthscale_prior=gpytorch.priors.GammaPrior(3, 6)))
    dump(files, "kernel", kernel, "kernel with a prior, whose setter is a bound method")


def images(files):
    import timm
    dump(files, "efficientnet", timm.create_model("efficientnet_b0", pretrained=False), "module with hundreds of tensors")


BUILDERS = [agents, environments, graphs, survival, experiments, processes, images]
