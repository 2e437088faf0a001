"""The same file in archives and compressed streams, one in another."""
import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib


def zipped(members, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return buffer.getvalue()


def tarred(members):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def streamed(name, data):
    """A ZIP whose sizes stand behind the data, as a pipe gets it."""
    class Pipe(io.RawIOBase):
        def __init__(self):
            self.parts = []

        def writable(self):
            return True

        def write(self, part):
            self.parts.append(bytes(part))
            return len(part)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return b"".join(pipe.parts)


def around(data, name):
    note = ("NOTES.md", b"Some notes.\n")
    yield "gzip", (name + ".gz", gzip.compress(data, mtime=0))
    yield "gzip twice", (name + ".gz.gz", gzip.compress(gzip.compress(data, mtime=0), mtime=0))
    yield "zlib", (name + ".z", zlib.compress(data))
    yield "bzip2", (name + ".bz2", bz2.compress(data))
    yield "xz", (name + ".xz", lzma.compress(data))
    yield "lzma", (name + ".lzma", lzma.compress(data, format=lzma.FORMAT_ALONE))
    yield "stored zip", (name + ".zip", zipped([(name, data)], zipfile.ZIP_STORED))
    for method, word in ((zipfile.ZIP_DEFLATED, "deflated"), (zipfile.ZIP_BZIP2, "bzip2"), (zipfile.ZIP_LZMA, "lzma")):
        yield f"{word} zip", (name + ".zip", zipped([note, (name, data)], method))
    yield "streamed zip", (name + ".zip", streamed(name, data))
    inner = zipped([(name, data)])
    yield "zip in zip", (name + ".outer.zip", zipped([("inner.zip", inner), note]))
    yield "stored zip in zip", (name + ".outer.zip", zipped([("inner.zip", inner), note], zipfile.ZIP_STORED))
    yield "tar", (name + ".tar", tarred([(name, data)]))
    yield "tar behind a file", (name + ".tar", tarred([("weights.bin", bytes(range(200)) * 3), (name, data)]))
    yield "tar.gz", (name + ".tgz", gzip.compress(tarred([("model/" + name, data), note]), mtime=0))
    yield "tar in zip", (name + ".zip", zipped([("model.tar", tarred([(name, data)]))]))
    yield "zip in tar", (name + ".tar", tarred([("a.zip", inner), ("b.zip", inner)]))
    yield "tar in tar", (name + ".tar", tarred([("a.tar", tarred([(name, data)])), note]))
