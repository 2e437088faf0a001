"""7z archives. Needs py7zr."""
import io

import py7zr

from assembly import Call, Name, dump
from samples import torch_zip

EVIL = dump(Call(Name("posix", "system"), "echo assay"))


def packed(members, **options):
    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", **options) as archive:
        for name, data in members:
            archive.writef(io.BytesIO(data), name)
    return buffer.getvalue()


def build(samples):
    add = samples.attack
    copy = [{"id": py7zr.FILTER_COPY}]
    add("archive/pickle.7z", packed([("model.pkl", EVIL)]), "pickle in 7z")
    add("archive/stored.7z", packed([("a.bin", torch_zip(EVIL))], filters=copy), "torch zip stored in 7z")
    add("archive/solid.7z", packed([("readme", b"x" * 5000), ("b", EVIL), ("c", b"y")]), "second member of a solid 7z")
    add("archive/bzip2.7z", packed([("model", EVIL)], filters=[{"id": py7zr.FILTER_BZIP2}]), "pickle in 7z by bzip2")
    add("archive/deflate.7z", packed([("model", EVIL)], filters=[{"id": py7zr.FILTER_DEFLATE}]), "pickle in 7z by deflate")
    add("archive/delta.7z", packed([("model", EVIL)], filters=[{"id": py7zr.FILTER_DELTA}, {"id": py7zr.FILTER_LZMA2, "preset": 7}]), "pickle in 7z behind a delta filter")
    add("archive/encrypted.7z", packed([("model.pkl", EVIL)], password="assay"), "encrypted 7z", "medium")
