"""Harmless models in archives and streams, as command-line tools and libraries write them."""
import bz2
import gzip
import io
import json
import lzma
import os
import pickle
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
import zlib


def model_folder(folder):
    """A small repository of a model: weights, configuration, card, code."""
    import numpy
    from safetensors.numpy import save_file
    os.makedirs(os.path.join(folder, "onnx"), exist_ok=True)
    state = {"layer.weight": numpy.random.default_rng(1).standard_normal((64, 64)).astype("f4"), "layer.bias": numpy.zeros(64, "f4")}
    save_file(state, os.path.join(folder, "model.safetensors"))
    numpy.savez(os.path.join(folder, "weights.npz"), **state)
    numpy.savez_compressed(os.path.join(folder, "weights_c.npz"), **state)
    numpy.save(os.path.join(folder, "weights.npy"), state["layer.weight"])
    texts = {"config.json": json.dumps({"model_type": "bert", "hidden_size": 64}), "README.md": "# Model\n\n```\npip install x\n```\n", "vocab.txt": "a\nb\n", "onnx/labels.txt": "cat\ndog\n",
             "modeling.py": "import torch\n\n\nclass M(torch.nn.Module):\n    def forward(self, x):\n        return x\n"}
    for name, text in texts.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    with open(os.path.join(folder, "state.pkl"), "wb") as file:
        pickle.dump(state, file)
    return state


def command(line, cwd):
    if not shutil.which(line[0]):
        return False
    return subprocess.run(line, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def tools(files):
    with tempfile.TemporaryDirectory() as folder:
        model_folder(os.path.join(folder, "m"))
        os.symlink("model.safetensors", os.path.join(folder, "m", "latest.safetensors"))
        os.link(os.path.join(folder, "m", "vocab.txt"), os.path.join(folder, "m", "vocab_copy.txt"))
        lines = {"zip_plain.zip": ["zip", "-r", "{}", "m"], "zip_stored.zip": ["zip", "-0", "-r", "{}", "m"], "zip_best.zip": ["zip", "-9", "-r", "{}", "m"], "zip_links.zip": ["zip", "-y", "-r", "{}", "m"], "zip_flat.zip": ["zip", "-j", "-r", "{}", "m"],
                 "zip_bzip2.zip": ["zip", "-Z", "bzip2", "-r", "{}", "m"], "zip_no_extra.zip": ["zip", "-X", "-r", "{}", "m"], "zip_streamed.zip": ["sh", "-c", "zip -r - m > {}"], "zip_stdin.zip": ["sh", "-c", "cat m/state.pkl | zip {} -"], "zip_zip64.zip": ["zip", "-fz", "-r", "{}", "m"],
                 "7z_lzma2.7z": ["7z", "a", "{}", "m"], "7z_lzma.7z": ["7z", "a", "-m0=LZMA", "{}", "m"], "7z_bzip2.7z": ["7z", "a", "-m0=BZip2", "{}", "m"], "7z_deflate.7z": ["7z", "a", "-m0=Deflate", "{}", "m"], "7z_deflate64.7z": ["7z", "a", "-m0=Deflate64", "{}", "m"], "7z_copy.7z": ["7z", "a", "-mx0", "{}", "m"],
                 "7z_not_solid.7z": ["7z", "a", "-ms=off", "{}", "m"], "7z_delta.7z": ["7z", "a", "-m0=Delta:4", "-m1=LZMA2", "{}", "m"], "7z_bcj2.7z": ["7z", "a", "-m0=BCJ2", "-m1=LZMA", "-m2=LZMA", "-m3=LZMA", "-mb0:1", "-mb0s1:2", "-mb0s2:3", "{}", "m"], "7z_header_plain.7z": ["7z", "a", "-mhc=off", "{}", "m"],
                 "7z_zip.zip": ["7z", "a", "-tzip", "{}", "m"], "7z_zip_deflate64.zip": ["7z", "a", "-tzip", "-mm=Deflate64", "{}", "m"], "7z_zip_lzma.zip": ["7z", "a", "-tzip", "-mm=LZMA", "{}", "m"], "7z_zip_bzip2.zip": ["7z", "a", "-tzip", "-mm=BZip2", "{}", "m"], "7z_tar.tar": ["7z", "a", "-ttar", "{}", "m"], "7z_gzip.gz": ["7z", "a", "-tgzip", "{}", "m/state.pkl"], "7z_xz.xz": ["7z", "a", "-txz", "{}", "m/state.pkl"], "7z_bz2.bz2": ["7z", "a", "-tbzip2", "{}", "m/state.pkl"],
                 "jar.jar": ["jar", "cf", "{}", "m"], "jar_stored.jar": ["jar", "cf0", "{}", "m"]}
        for kind in ["gnu", "ustar", "posix", "v7", "oldgnu"]:
            lines[f"tar_{kind}.tar"] = ["tar", f"--format={kind}", "-cf", "{}", "m"]
        for name, flag in {"gz": "z", "bz2": "j", "xz": "J"}.items():
            lines[f"tar.tar.{name}"] = ["tar", f"-c{flag}f", "{}", "m"]
        lines |= {"tar.tar.zst": ["tar", "--zstd", "-cf", "{}", "m"], "tar.tar.lz4": ["sh", "-c", "tar -cf - m | lz4 > {}"], "tar_sparse.tar": ["sh", "-c", "truncate -s 1M m/sparse.bin && tar -S -cf {} m"], "tar_sparse_pax.tar": ["sh", "-c", "tar --format=posix -S -cf {} m"], "tar_long.tar": ["sh", "-c", "mkdir -p m/" + "d" * 90 + "/" + "e" * 90 + " && cp m/vocab.txt m/" + "d" * 90 + "/" + "e" * 90 + "/" + "f" * 90 + ".txt && tar -cf {} m"],
                  "tar_relative.tar": ["tar", "-cf", "{}", "-C", "m", "."], "tar_xattrs.tar": ["tar", "--xattrs", "--acls", "--selinux", "--format=posix", "-cf", "{}", "m"], "tar_blocking.tar": ["tar", "-b", "1", "-cf", "{}", "m"], "tar_labelled.tar": ["tar", "-V", "backup", "-cf", "{}", "m"], "tar_incremental.tar": ["tar", "--listed-incremental=/dev/null", "-cf", "{}", "m"],
                  "gzip_1.pkl.gz": ["sh", "-c", "gzip -1 -c m/state.pkl > {}"], "gzip_n.pkl.gz": ["sh", "-c", "gzip -n9c m/state.pkl > {}"], "xz_e.pkl.xz": ["sh", "-c", "xz -9e -c m/state.pkl > {}"], "xz_blocks.pkl.xz": ["sh", "-c", "xz --block-size=4096 -c m/state.pkl > {}"], "lzma.pkl.lzma": ["sh", "-c", "xz --format=lzma -c m/state.pkl > {}"], "bzip2.pkl.bz2": ["sh", "-c", "bzip2 -c m/state.pkl > {}"],
                  "zstd_1.pkl.zst": ["sh", "-c", "zstd -1 -c m/state.pkl > {}"], "zstd_19.pkl.zst": ["sh", "-c", "zstd -19 -c m/state.pkl > {}"], "zstd_long.safetensors.zst": ["sh", "-c", "zstd --long=27 -c m/model.safetensors > {}"], "zstd_threads.pkl.zst": ["sh", "-c", "zstd -T0 --check -c m/state.pkl > {}"], "lz4_1.pkl.lz4": ["sh", "-c", "lz4 -1 -c m/state.pkl > {}"], "lz4_9.pkl.lz4": ["sh", "-c", "lz4 -9 --content-size -c m/state.pkl > {}"], "lz4_legacy.pkl.lz4": ["sh", "-c", "lz4 -l -c m/state.pkl > {}"],
                  "gzip_members.pkl.gz": ["sh", "-c", "(head -c 5000 m/state.pkl | gzip; tail -c +5001 m/state.pkl | gzip) > {}"], "zip_prefix.bin": ["sh", "-c", "zip -r x.zip m && (printf '#!/bin/sh\\n' ; cat x.zip) > x && zip -A x && mv x {}"]}
        for name, line in lines.items():
            if "prefix" in name:
                continue
            path = files.path("packed/" + name, "archive by " + line[0])
            if not command([part.replace("{}", path) for part in line], folder) and os.path.exists(path):
                os.remove(path)


def libraries(files):
    with tempfile.TemporaryDirectory() as folder:
        state = model_folder(folder)
        members = []
        for root, _, names in os.walk(folder):
            for name in sorted(names):
                full = os.path.join(root, name)
                with open(full, "rb") as file:
                    members.append((os.path.relpath(full, folder), file.read()))
    for method, name in [(zipfile.ZIP_STORED, "stored"), (zipfile.ZIP_DEFLATED, "deflated"), (zipfile.ZIP_BZIP2, "bzip2"), (zipfile.ZIP_LZMA, "lzma")]:
        with zipfile.ZipFile(files.path(f"packed/python_{name}.zip", "Python's zipfile"), "w", method) as archive:
            for path, data in members:
                archive.writestr(path, data)

    class Pipe(io.RawIOBase):
        """A stream that cannot seek: zipfile then writes data descriptors."""

        def __init__(self):
            self.data = bytearray()

        def writable(self):
            return True

        def write(self, data):
            self.data += data
            return len(data)
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in members:
            archive.writestr(path, data)
    with open(files.path("packed/python_streamed.zip", "zipfile to a pipe"), "wb") as file:
        file.write(pipe.data)
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for path, data in members:
            with archive.open(path, "w", force_zip64=True) as member:
                member.write(data)
    with open(files.path("packed/python_streamed_zip64.zip", "zipfile to a pipe with ZIP64"), "wb") as file:
        file.write(pipe.data)
    with zipfile.ZipFile(files.path("packed/python_appended.zip", "zipfile, appended to"), "w") as archive:
        archive.writestr("a.txt", "a")
    with zipfile.ZipFile(files.path("packed/python_appended2.zip", "zipfile, appended to"), "w") as archive:
        archive.writestr("a.txt", "a")
        archive.comment = b"made by hand"
    with zipfile.ZipFile(files.rows[-1] and os.path.join(files.folder, files.rows[-1]["path"]), "a") as archive:
        archive.writestr("b.bin", b"\0" * 100)
    with zipfile.ZipFile(files.path("packed/mac_finder.zip", "zip of macOS, with AppleDouble files"), "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in members:
            archive.writestr("model/" + path, data)
            archive.writestr("__MACOSX/model/._" + os.path.basename(path), b"\0\5\x16\7\0\2\0\0Mac OS X        \0\2\0\0\0\x09\0\0\0\x32\0\0\0\xb0" + bytes(150))
        archive.writestr("model/.DS_Store", b"\0\0\0\1Bud1" + bytes(400))
    with zipfile.ZipFile(files.path("packed/unicode_names.zip", "names in other scripts"), "w") as archive:
        for name in ["модель.bin", "模型/权重.txt", "modèle.txt", "emoji_🙂.txt"]:
            archive.writestr(name, "x")
    with zipfile.ZipFile(files.path("packed/windows_backslash.zip", "backslashes as an old .NET writes them"), "w") as archive:
        for path, data in members:
            info = zipfile.ZipInfo("x")
            info.filename = "model\\" + path.replace("/", "\\")
            info.create_system = 0
            archive.writestr(info, data)
    for mode in ["w", "w:gz", "w:bz2", "w:xz"]:
        for form, number in {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}.items():
            extension = ".tar" + ("." + mode[2:] if ":" in mode else "")
            with tarfile.open(files.path(f"packed/python_{form}{extension}", f"Python's tarfile, {form}"), mode, format=number) as archive:
                for path, data in members:
                    info = tarfile.TarInfo("./" + path)
                    info.size = len(data)
                    info.mtime = 1700000000.25
                    archive.addfile(info, io.BytesIO(data))
    raw = pickle.dumps(state)
    for name, data in {"gzip.pkl.gz": gzip.compress(raw), "bz2.pkl.bz2": bz2.compress(raw), "xz.pkl.xz": lzma.compress(raw), "alone.pkl.lzma": lzma.compress(raw, lzma.FORMAT_ALONE), "zlib.pkl.zlib": zlib.compress(raw), "zlib9.pkl.z": zlib.compress(raw, 9)}.items():
        with open(files.path("packed/python_" + name, "Python's streams"), "wb") as file:
            file.write(data)
    digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    for packed in (False, True):
        layer = io.BytesIO()
        with tarfile.open(fileobj=layer, mode="w:gz" if packed else "w") as archive:
            for path, data in [("app/", None), ("app/model.safetensors", members[0][1]), ("etc/passwd", b"root:x:0:0:root:/root:/bin/bash\n"), ("usr/bin/.wh.old", b"")]:
                info = tarfile.TarInfo(path)
                info.type = tarfile.DIRTYPE if data is None else tarfile.REGTYPE
                info.size = len(data or b"")
                archive.addfile(info, io.BytesIO(data or b""))
            link = tarfile.TarInfo("bin")
            link.type, link.linkname = tarfile.SYMTYPE, "usr/bin"
            archive.addfile(link)
        outer = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}', "index.json": json.dumps({"schemaVersion": 2, "manifests": [{"digest": "sha256:" + digest}]}).encode(), "blobs/sha256/" + digest: layer.getvalue()}
        with tarfile.open(files.path(f"packed/image_{packed}.tar", "image layout"), "w") as archive:
            for path, data in outer.items():
                info = tarfile.TarInfo(path)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))


def more_libraries(files):
    import lz4.frame
    import py7zr
    import zstandard
    raw = pickle.dumps({"w": [0.1] * 1000, "name": "model"})
    streams = {"zstd.pkl.zst": zstandard.compress(raw), "zstd_nosize.pkl.zst": zstandard.ZstdCompressor(write_content_size=False).compress(raw), "zstd_check.pkl.zst": zstandard.ZstdCompressor(write_checksum=True).compress(raw), "lz4.pkl.lz4": lz4.frame.compress(raw), "lz4_linked.pkl.lz4": lz4.frame.compress(raw * 300, block_linked=True), "lz4_stored.pkl.lz4": lz4.frame.compress(raw, store_size=True, content_checksum=True)}
    streams["zstd_frames.bin.zst"] = zstandard.compress(b"\0" * 100) + zstandard.compress(b"\0" * 100)
    for name, data in streams.items():
        with open(files.path("packed/library_" + name, "compressed stream"), "wb") as file:
            file.write(data)
    for name, filters in {"lzma2": [{"id": py7zr.FILTER_LZMA2, "preset": 6}], "lzma": [{"id": py7zr.FILTER_LZMA}], "delta": [{"id": py7zr.FILTER_DELTA}, {"id": py7zr.FILTER_LZMA2, "preset": 6}], "x86": [{"id": py7zr.FILTER_X86}, {"id": py7zr.FILTER_LZMA2, "preset": 6}], "arm": [{"id": py7zr.FILTER_ARM}, {"id": py7zr.FILTER_LZMA2, "preset": 6}],
                          "bzip2": [{"id": py7zr.FILTER_BZIP2}], "deflate": [{"id": py7zr.FILTER_DEFLATE}], "zstd": [{"id": py7zr.FILTER_ZSTD, "level": 3}], "copy": [{"id": py7zr.FILTER_COPY}]}.items():
        with py7zr.SevenZipFile(files.path(f"packed/py7zr_{name}.7z", f"7z by {name}"), "w", filters=filters) as archive:
            archive.writef(io.BytesIO(raw), "m/state.pkl")
            archive.writef(io.BytesIO(b"# Model\n"), "m/README.md")


BUILDERS = [tools, libraries, more_libraries]
