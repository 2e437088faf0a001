"""Every module, optimiser and scheduler of PyTorch as a file of its own, in several protocols, and values of Python's own types
as dill and cloudpickle keep them."""
import functools
import operator
import pickle
import types


def modules(files):
    import torch
    from torch import nn

    for name in dir(nn):
        kind = getattr(nn, name)
        if not (isinstance(kind, type) and issubclass(kind, nn.Module)):
            continue
        for arguments in [(), (2,), (2, 2), (2, 2, 2), (1, 1, 1, 1), (4, 2)]:
            try:
                module = kind(*arguments)
            except Exception:
                continue
            torch.save(module, files.path(f"modules/{name}.pt", f"whole module: {name}"))
            break
    linear = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
    torch.save(linear, files.path("modules/legacy.pt", "whole module, legacy layout"), _use_new_zipfile_serialization=False)
    # The archive takes the file's name: offsets move with its length.
    for length in range(1, 60):
        torch.save({"w": torch.ones(1)}, files.path(f"modules/{'n' * length}.pt", f"name of {length} characters"))


def optimisers(files):
    import torch

    linear = torch.nn.Linear(2, 2)
    for name in dir(torch.optim):
        kind = getattr(torch.optim, name)
        if not (isinstance(kind, type) and issubclass(kind, torch.optim.Optimizer)):
            continue
        try:
            optimiser = kind(linear.parameters(), lr=0.01)
            linear(torch.ones(1, 2)).sum().backward()
            optimiser.step()
        except Exception:
            continue
        torch.save(optimiser, files.path(f"optimisers/{name}.pt", f"optimiser: {name}"))
        torch.save(optimiser.state_dict(), files.path(f"optimisers/{name}_state.pt", f"optimiser's state: {name}"))
    arguments = {"StepLR": (2,), "MultiStepLR": ([1, 2],), "ExponentialLR": (0.9,), "CosineAnnealingLR": (5,), "ReduceLROnPlateau": (),
                 "CyclicLR": (0.01, 0.1), "OneCycleLR": (0.1, 10), "CosineAnnealingWarmRestarts": (3,), "ConstantLR": (), "LinearLR": (),
                 "PolynomialLR": ()}
    for name, given in arguments.items():
        scheduler = getattr(torch.optim.lr_scheduler, name)(torch.optim.SGD(linear.parameters(), lr=0.1), *given)
        torch.save(scheduler, files.path(f"schedulers/{name}.pt", f"scheduler: {name}"))
        for protocol in (2, 5):
            with open(files.path(f"schedulers/{name}.p{protocol}.pkl", f"scheduler by plain pickle: {name}"), "wb") as file:
                pickle.dump(scheduler, file, protocol)


def values(files):
    import cloudpickle
    import dill

    kept = {"list_type": list, "errors": [ValueError("x"), FileNotFoundError(2, "No such file", "x")], "slice": slice(1, 2), "range": range(3),
            "complex": 1j, "ellipsis": ..., "not_implemented": NotImplemented, "itemgetter": operator.itemgetter(1, 2),
            "attrgetter": operator.attrgetter("name"), "partial": functools.partial(int, base=2), "types": [int, str, dict, Exception],
            "namespace": types.SimpleNamespace(a=1)}
    for name, value in kept.items():
        with open(files.path(f"values/{name}.dill", f"dill: {name}"), "wb") as file:
            dill.dump(value, file)
        with open(files.path(f"values/{name}.cloudpickle.pkl", f"cloudpickle: {name}"), "wb") as file:
            cloudpickle.dump(value, file)


BUILDERS = [modules, optimisers, values]
