"""HDF5 once more: what PyTables and Keras read, and every way in which values may be stored. Needs h5py."""
import base64
import json

import h5py
import numpy as np

from assembly import Call, Name, dump
from hdf5 import configured, written
from objects import CODE, DENSE, function, layer, sequential
from samples import zipped

EVIL = dump(Call(Name("posix", "system"), "echo assay"))
EVIL0 = dump(Call(Name("os", "system"), "echo assay"), 0)
LAMBDA = layer("Lambda", config={"function": CODE})


def build(samples):
    def add(name, fill, technique, severity="critical", **options):
        samples.attack(f"hdf5b/{name}.h5", written(fill, **options), technique, severity)

    def tables(fill):
        def inner(file):
            file.attrs["TITLE"], file.attrs["CLASS"], file.attrs["VERSION"], file.attrs["PYTABLES_FORMAT_VERSION"] = b"", b"GROUP", b"1.0", b"2.1"
            fill(file)
        return inner

    add("pytables_attribute", tables(lambda file: file.attrs.__setitem__("meta", np.bytes_(EVIL0))), "pickled attribute, which PyTables loads", "medium")
    add("pytables_attribute_binary", tables(lambda file: file.attrs.__setitem__("meta", np.void(EVIL))), "pickled attribute of protocol 4", "medium")

    def objects(file):
        data = file.create_dataset("objs", (2,), dtype=h5py.vlen_dtype(np.uint8))
        data[0] = np.frombuffer(EVIL, np.uint8)
        data[1] = np.frombuffer(EVIL0, np.uint8)
        data.attrs["CLASS"], data.attrs["PSEUDOATOM"] = b"VLARRAY", b"object"
    add("pytables_objects", tables(objects), "rows of objects, which PyTables loads", "medium")
    texts = json.dumps(sequential(LAMBDA))
    add("config_scalar_dataset", lambda file: file.create_dataset("model_config", data=np.bytes_(texts)), "configuration as a scalar data set", "high")
    add("config_fixed", lambda file: file.attrs.create("model_config", np.bytes_(texts.ljust(60000))), "configuration of fixed length, padded")
    add("config_utf8_bom", configured(sequential(LAMBDA), lambda file: file.attrs.__setitem__("model_config", "\ufeff" + texts)), "configuration behind a byte order mark")
    add("config_twice", configured(sequential(DENSE), lambda file: file["model_weights"].attrs.__setitem__("model_config", texts)), "second configuration in a group")
    add("compile_optimizer", configured(sequential(DENSE), lambda file: file.attrs.__setitem__("training_config", json.dumps({"optimizer_config": {"class_name": "system", "module": "os", "config": {}}}))), "optimizer from os")
    add("track_order", configured(sequential(LAMBDA)), "attributes in order of creation", track_order=True)
    add("core_layout", configured(sequential(LAMBDA)), "file of the core driver", driver="core", backing_store=True)
    for version in ["v108", "v110", "v112", "v114"]:
        add(f"format_{version}", configured(sequential(LAMBDA)), f"file format {version}", libver=("earliest", version))
    add("paged", configured(sequential(LAMBDA)), "paged file space", fs_strategy="page", fs_page_size=4096)
    for size in [512, 2048, 65536]:
        add(f"user_block_{size}", configured(sequential(LAMBDA)), f"user block of {size} bytes", userblock_size=size)
    add("many_groups", configured(sequential(LAMBDA), lambda file: [file.create_group(f"g{i:04}/h") for i in range(800)]), "Lambda among 800 groups")
    add("external_soft_chain", lambda file: (file.__setitem__("a", h5py.SoftLink("/b")), file.__setitem__("b", h5py.ExternalLink("//host/share/x.h5", "/x"))), "soft link to an external link on a share", "high")
    add("external_url", lambda file: file.__setitem__("a", h5py.ExternalLink("http://198.51.100.7/x.h5", "/x")), "external link to an address", "medium")
    add("external_storage_offset", lambda file: file.create_dataset("w", (16,), "u1", external=[("../../../proc/self/environ", 0, 8), ("b.bin", 0, 8)]), "data in two other files", "high")

    def virtual(file):
        layout = h5py.VirtualLayout((4, 4), "f4")
        for row in range(4):
            layout[row] = h5py.VirtualSource(f"/home/user{row}/secret.h5", "x", (4,))
        file.create_virtual_dataset("v", layout)
    add("virtual_pattern", virtual, "virtual data set over four files", "high", libver="latest")
    add("pickle_compact", lambda file: file.attrs.__setitem__("state", np.frombuffer(EVIL, np.uint8)), "pickle as an array of an attribute", "medium")
    add("pickle_shuffled", lambda file: file.create_dataset("blob", data=np.frombuffer(EVIL * 20, np.uint8), chunks=(64,), compression="lzf", shuffle=True), "pickle behind LZF and shuffle", "medium")
    add("pickle_base64", lambda file: file.attrs.__setitem__("state", base64.b64encode(EVIL).decode()), "base64 pickle in an attribute", "medium")
    add("pickle_void", lambda file: file.create_dataset("blob", data=np.void(EVIL)), "pickle as opaque data", "medium")
    add("pickle_strings", lambda file: file.create_dataset("blob", data=np.array([base64.b64encode(EVIL).decode()], dtype=h5py.string_dtype())), "base64 pickle in a text data set", "medium")
    add("template_attribute", lambda file: file.attrs.__setitem__("chat_template", "{{ lipsum.__globals__['os'].popen('id').read() }}"), "template in an attribute", "low")
    add("secret_attribute", lambda file: file.attrs.__setitem__("token", "hf_" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xYzC"), "token in an attribute", "medium")
    plain = written(configured(sequential(DENSE)))
    samples.attack("hdf5b/tail_pickle.h5", plain + EVIL, "pickle behind HDF5", "medium")
    samples.attack("hdf5b/tail_zip.h5", plain + zipped([("archive/data.pkl", EVIL)]), "zip behind HDF5", "high")
    samples.attack("hdf5b/named.keras", written(configured(sequential(layer("Dense", config={"activation": function("os", "system")})))), "HDF5 named .keras", "critical")
    for name, data in {"cut_half": plain[:len(plain) // 2], "cut_end": plain[:-200], "no_root": plain[:96] + bytes(len(plain) - 96)}.items():
        samples.add(f"malformed/hdf5b/{name}.h5", data, "malformed", f"HDF5: {name}", "none", "hdf5")
    samples.attack("zarr/.zarray", json.dumps({"zarr_format": 2, "shape": [1], "chunks": [1], "dtype": "|O", "compressor": None, "fill_value": None, "order": "C", "filters": [{"id": "pickle", "protocol": 5}]}), "Zarr array of pickles", "medium")
    samples.attack("zarr/0", EVIL, "chunk of a Zarr array", "critical")
    samples.attack("zarr3/zarr.json", json.dumps({"zarr_format": 3, "node_type": "array", "codecs": [{"name": "numcodecs.pickle", "configuration": {}}]}), "Zarr 3 array of pickles", "medium")
