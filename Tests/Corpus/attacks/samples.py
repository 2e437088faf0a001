"""Collects labelled samples in a folder with a manifest.jsonl, as Tests/Corpus/corpus.py reads it."""
import gzip
import io
import json
import os
import struct
import tarfile
import zipfile


class Samples:
    """A folder that samples are written to; `close` writes the manifest."""

    def __init__(self, folder):
        self.folder = folder
        self.rows = []

    def write(self, path, data):
        """Writes a file that is part of a sample, and gives no label."""
        full = os.path.join(self.folder, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as file:
            file.write(data.encode() if isinstance(data, str) else data)

    def attack(self, path, data, technique, severity="critical", format=None):
        self.add("malicious/" + path, data, "malicious", technique, severity, format)

    def benign(self, path, data, technique, format=None):
        self.add("benign/" + path, data, "benign", technique, "none", format)

    def add(self, path, data, label, technique, severity, format=None):
        if data is not None:
            self.write(path, data)
        self.rows.append({"path": path, "label": label, "technique": technique, "expected_min_severity": severity,
                          "format": format or path.split("/")[1]})

    def close(self):
        paths = [row["path"] for row in self.rows]
        assert len(paths) == len(set(paths)), sorted(path for path in paths if paths.count(path) > 1)
        with open(os.path.join(self.folder, "manifest.jsonl"), "w", encoding="utf-8") as file:
            for row in self.rows:
                file.write(json.dumps(row, sort_keys=True) + "\n")


DATE = (2024, 1, 1, 0, 0, 0)


def zipped(members, method=zipfile.ZIP_STORED):
    """A zip archive of (name, bytes)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, DATE)
            info.compress_type = method
            archive.writestr(info, data)
    return buffer.getvalue()


def tarred(members, mode="w"):
    """A tar archive of (name, bytes) or TarInfo."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, data in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def gzipped(data):
    return gzip.compress(data, mtime=0)


def torch_zip(pickle, name="archive", extra=(), method=zipfile.ZIP_STORED):
    """The layout of torch.save around a pickle of one's own."""
    members = [(f"{name}/data.pkl", pickle), (f"{name}/byteorder", b"little"), (f"{name}/data/0", b"\0" * 16),
               (f"{name}/version", b"3\n")]
    return zipped(members + list(extra), method)


def npy(pickle=None, data=b"", dtype="|O", shape=(1,), version=1):
    """A .npy file; an object array when a pickle is given."""
    header = repr({"descr": dtype, "fortran_order": False, "shape": shape}).encode() + b"\n"
    size = struct.pack("<H" if version == 1 else "<I", len(header))
    return b"\x93NUMPY" + bytes([version, 0]) + size + header + (pickle if pickle is not None else data)


def safetensors(header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def gguf(pairs, version=3, tensors=0):
    """A GGUF file of text, number and text-list values."""
    def text(value):
        raw = value.encode() if isinstance(value, str) else value
        return struct.pack("<Q", len(raw)) + raw

    out = b"GGUF" + struct.pack("<IQQ", version, tensors, len(pairs))
    for key, value in pairs:
        out += text(key)
        if isinstance(value, (str, bytes)):
            out += struct.pack("<I", 8) + text(value)
        elif isinstance(value, int):
            out += struct.pack("<II", 4, value)
        else:
            out += struct.pack("<IIQ", 9, 8, len(value)) + b"".join(text(item) for item in value)
    return out


# Protobuf wire format.
def varint(value):
    out = b""
    while True:
        byte, value = value & 0x7F, value >> 7
        out += bytes([byte | (0x80 if value else 0)])
        if not value:
            return out


def field(number, value):
    """One field: an int as varint, text, bytes or a list of encoded fields as length-delimited."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    if isinstance(value, (list, tuple)):
        value = b"".join(value)
    raw = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(raw)) + raw
