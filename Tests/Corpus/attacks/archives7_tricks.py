"""7z archives with every filter, names that leave, links and encrypted parts. Needs py7zr; 7-Zip where it is installed."""
import io
import os
import shutil
import subprocess
import tempfile

import py7zr

from archives7 import EVIL, packed
from samples import tarred, torch_zip, zipped

LZMA2 = {"id": py7zr.FILTER_LZMA2, "preset": 6}


def tool(files, *options, links=()):
    """What 7-Zip writes of a folder, or nil without it."""
    if not shutil.which("7z"):
        return None
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files:
            full = os.path.join(folder, "m", name)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "wb") as file:
                file.write(data)
        for name, target in links:
            os.symlink(target, os.path.join(folder, "m", name))
        path = os.path.join(folder, "a.7z")
        if subprocess.run(["7z", "a", *options, path, "m"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
            return None
        with open(path, "rb") as file:
            return file.read()


def build(samples):
    def add(name, data, technique, severity="critical"):
        if data is not None:
            samples.attack("7zb/" + name, data, technique, severity)

    for name, kind in {"x86": py7zr.FILTER_X86, "arm": py7zr.FILTER_ARM, "armthumb": py7zr.FILTER_ARMTHUMB, "ppc": py7zr.FILTER_POWERPC, "sparc": py7zr.FILTER_SPARC}.items():
        add(f"filter_{name}.7z", packed([("model.pkl", EVIL * 3)], filters=[{"id": kind}, LZMA2]), f"pickle behind the {name} filter")
    add("lzma.7z", packed([("model", EVIL)], filters=[{"id": py7zr.FILTER_LZMA}]), "pickle by LZMA")
    add("zstd.7z", packed([("model", EVIL)], filters=[{"id": py7zr.FILTER_ZSTD, "level": 3}]), "pickle by zstd")
    add("brotli.7z", packed([("model", EVIL)], filters=[{"id": py7zr.FILTER_BROTLI, "level": 5}]), "pickle by Brotli", "medium")
    add("ppmd.7z", packed([("model", EVIL)], filters=[{"id": py7zr.FILTER_PPMD, "order": 6, "mem": 24}]), "pickle by PPMd", "medium")
    add("torch.7z", packed([("a/model.pt", torch_zip(EVIL))]), "torch zip in 7z")
    add("nested.7z", packed([("inner.7z", packed([("inner.zip", zipped([("x.tar", tarred([("m.pkl", EVIL)]))]))]))]), "four containers")
    add("many.7z", packed([(f"f{i:03}", b"x" * 50) for i in range(200)] + [("model.pkl", EVIL)]), "the last of 201 files")
    add("empty_first.7z", packed([("empty", b""), ("model.pkl", EVIL)]), "a file behind an empty one")
    add("unicode.7z", packed([("модель/权重.bin", EVIL)]), "names in other scripts")
    add("encrypted_names.7z", _encrypted(), "encrypted names", "medium")
    add("tail.7z", packed([("a.txt", b"hello")]) + EVIL, "pickle behind 7z", "high")
    add("prefixed.exe", b"MZ" + bytes(200) + packed([("model.pkl", EVIL)]), "7z behind a stub", "low")
    for name, options in {"deflate64": ["-m0=Deflate64"], "bcj2": ["-m0=BCJ2", "-m1=LZMA", "-m2=LZMA", "-m3=LZMA", "-mb0:1", "-mb0s1:2", "-mb0s2:3"], "copy": ["-mx0"], "no_solid": ["-ms=off"], "plain_header": ["-mhc=off"], "delta": ["-m0=Delta:2", "-m1=LZMA2"]}.items():
        add(f"tool_{name}.7z", tool([("model.pkl", EVIL), ("b.txt", b"hello")], *options), f"7-Zip, {name}")
    add("tool_link.7z", tool([("a.txt", b"x")], "-snl", links=[("weights.bin", "/etc/passwd")]), "absolute link", "high")
    bomb = packed([("zeros", bytes(1 << 27))])
    add("bomb.7z", bomb, "7z bomb", "medium")
    whole = packed([("model.txt", b"hello" * 1000)])
    for part in (0.3, 0.6, 0.9):
        samples.add(f"malformed/7zb/cut_{int(part * 100)}.7z", whole[:int(len(whole) * part)], "malformed", f"7z cut at {int(part * 100)} %", "none", "7z")


def _encrypted():
    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", password="assay", header_encryption=True) as archive:
        archive.writef(io.BytesIO(EVIL), "model.pkl")
    return buffer.getvalue()
