"""Keras models in HDF5, and what HDF5 itself lets a file refer to. Needs h5py."""
import base64
import json
import os
import tempfile

import h5py
import numpy as np

from assembly import Call, Name, dump
from objects import CODE, DENSE, function, layer, sequential

EVIL = dump(Call(Name("posix", "system"), "echo assay"))
LAMBDA = layer("Lambda", config={"function": CODE})
OLD = {"class_name": "Sequential", "config": {"layers": [{"class_name": "Lambda", "config": {"function": [base64.b64encode(b"\xe3\x01\0").decode(), None, None], "function_type": "lambda"}}]}}


def written(fill, **options):
    path = tempfile.mktemp(suffix=".h5")
    with h5py.File(path, "w", **options) as file:
        fill(file)
    with open(path, "rb") as file:
        data = file.read()
    os.remove(path)
    return data


def configured(config, more=None):
    def fill(file):
        file.attrs["keras_version"] = "2.15.0"
        file.attrs["backend"] = "tensorflow"
        file.attrs["model_config"] = json.dumps(config)
        file.create_group("model_weights")
        if more:
            more(file)
    return fill


def build(samples):
    def add(name, fill, technique, severity="critical", **options):
        samples.attack(f"hdf5/{name}.h5", written(fill, **options), technique, severity)

    add("lambda_keras2", configured(OLD), "Lambda of Keras 2")
    add("lambda_nested", configured(sequential(sequential(layer("TimeDistributed", config={"layer": LAMBDA})))), "Lambda in a wrapper in a model")
    add("function_module", configured(sequential(layer("Dense", config={"activation": function("os", "system")}))), "activation from os")
    add("latest_format", configured(sequential(LAMBDA)), "Lambda, latest file format", libver="latest")
    add("dense_attributes", configured(sequential(LAMBDA), lambda file: [file.attrs.__setitem__(f"a{i}", "x" * 100) for i in range(60)]), "Lambda among many attributes", libver="latest")
    add("user_block", configured(sequential(LAMBDA)), "Lambda behind a user block", userblock_size=1024)
    add("training_config", configured(sequential(DENSE), lambda file: file.attrs.__setitem__("training_config", json.dumps({"loss": CODE, "optimizer_config": {"class_name": "Adam"}}))), "code in the training configuration")
    add("training_metrics", configured(sequential(DENSE), lambda file: file.attrs.__setitem__("training_config", json.dumps({"metrics": [function("subprocess", "getoutput")]}))), "metric from subprocess")
    add("config_as_bytes", lambda file: file.attrs.__setitem__("model_config", np.bytes_(json.dumps(sequential(LAMBDA)))), "configuration as bytes")
    add("config_as_object", lambda file: file.attrs.__setitem__("model_config", np.array([json.dumps(sequential(LAMBDA))], dtype=h5py.string_dtype())), "configuration as an array of texts")
    add("config_in_dataset", lambda file: file.create_dataset("model_config", data=json.dumps(sequential(LAMBDA))), "configuration in a data set", "high")
    add("config_in_group", lambda file: file.create_group("inner/model").attrs.__setitem__("model_config", json.dumps(sequential(LAMBDA))), "configuration in a group")
    add("external_link", lambda file: file.__setitem__("model_weights", h5py.ExternalLink("/etc/passwd", "/x")), "external link", "high")
    add("external_relative", lambda file: file.create_group("a").__setitem__("b", h5py.ExternalLink("../../secret.h5", "/x")), "external link out of the folder", "high")
    add("external_storage", lambda file: file.create_dataset("w", (16,), "u1", external=[("/etc/passwd", 0, 16)]), "data in another file", "high")

    def virtual(file):
        layout = h5py.VirtualLayout((4,), "f4")
        layout[:] = h5py.VirtualSource("/etc/shadow.h5", "x", (4,))
        file.create_virtual_dataset("v", layout)
    add("virtual_source", virtual, "virtual data set over another file", "high", libver="latest")
    add("pickle_dataset", lambda file: file.create_dataset("blob", data=np.frombuffer(EVIL, np.uint8)), "pickle in a data set", "medium")
    add("pickle_opaque", lambda file: file.attrs.__setitem__("state", np.void(EVIL)), "pickle in an opaque attribute", "medium")
    add("pickle_chunked", lambda file: file.create_dataset("blob", data=np.frombuffer(EVIL * 4, np.uint8), chunks=(16,), compression="gzip"), "pickle in compressed chunks", "medium")
    add("custom_class", configured(sequential(layer("Mine", module="mine", registered="mine>Mine"))), "class of a package of one's own", "medium")
