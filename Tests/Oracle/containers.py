#!/usr/bin/env python3
"""containers.py ASSAY [COUNT] [SEED]: other programs write archives, `assay members` must list the same content.

Python's zipfile, tarfile, gzip, zlib, bz2 and lzma write; so do py7zr, zstandard, lz4 and the program 7z where they are
installed.
For each archive the members' names, sizes and SHA-256 digests must be equal. Empty members are not compared: they hold
nothing to scan. Prints one line a kind and exits with 1 when anything differs.
"""
import bz2, collections, gzip, hashlib, io, lzma, os, random, shutil, subprocess, sys, tarfile, tempfile, zipfile, zlib

try:
    import py7zr
except ImportError:
    py7zr = None
try:
    import zstandard
except ImportError:
    zstandard = None
try:
    import lz4.frame
except ImportError:
    lz4 = None

WORDS = ["data", "weights", "model", "version", "byteorder", "größe", "模型", "a b", "x..y", ".hidden", "config.json", "0", "L" * 120]


def content(rnd):
    kind = rnd.randrange(5)
    size = rnd.choice([1, 7, 100, 5000, 70000, rnd.randrange(1, 300000)])
    if kind == 0: return b"\xc1" + rnd.randbytes(size)  # a first byte that no format has
    if kind == 1: return b"\xc1" + bytes(size)
    if kind == 2: return ("some text, line %d\n" % rnd.randrange(99)).encode() * (size // 20 + 1)
    if kind == 3: return b"".join(b"\xc1" + rnd.randbytes(8) + b"ab" * rnd.randrange(40) for _ in range(size // 60 + 1))
    return bytes([0xC1]) * size


def names(rnd, count):
    seen = {}
    while len(seen) < count:
        name = "/".join(rnd.choice(WORDS) for _ in range(rnd.randrange(1, 4))) + str(len(seen))
        seen[name] = content(rnd)
    return list(seen.items())


class Unseekable(io.RawIOBase):
    """A pipe: writers have to put sizes behind the data."""
    def __init__(self): self.parts = []
    def writable(self): return True
    def write(self, data): self.parts.append(bytes(data)); return len(data)
    def value(self): return b"".join(self.parts)


def zip_archive(rnd):
    members = names(rnd, rnd.randrange(0, 12))
    out = Unseekable() if rnd.random() < .4 else io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, data in members:
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            info.compress_type = rnd.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
            if rnd.random() < .3: info.extra = b"\xfe\xca\x04\x00abcd"
            if rnd.random() < .3: info.comment = b"a comment"
            with z.open(info, "w", force_zip64=rnd.random() < .3) as f: f.write(data)
            if rnd.random() < .1: z.writestr(name + "-folder/", b"")
        if rnd.random() < .3: z.comment = b"about this archive"
    value = out.value() if isinstance(out, Unseekable) else out.getvalue()
    return "x.zip", value, [((name,), data) for name, data in members]


def tar_archive(rnd):
    members = names(rnd, rnd.randrange(1, 12))
    mode, wrap = rnd.choice([("w", ()), ("w:gz", ("x.tar",)), ("w:bz2", ("x.tar",)), ("w:xz", ("x.tar",))])
    form = rnd.choice([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
    out, kept = io.BytesIO(), []
    with tarfile.open(fileobj=out, mode=mode, format=form) as t:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), rnd.choice([0, 1.5 if form == tarfile.PAX_FORMAT else 1, 1 << 33 if form != tarfile.USTAR_FORMAT else 2])
            if form == tarfile.PAX_FORMAT and rnd.random() < .3: info.pax_headers = {"comment": "größer"}
            try: t.addfile(info, io.BytesIO(data))
            except ValueError: continue  # too long for ustar
            kept.append((wrap + (name,), data))
            if rnd.random() < .2:
                link = tarfile.TarInfo(name + "-link")
                link.type, link.linkname = tarfile.SYMTYPE, "elsewhere"
                try: t.addfile(link)
                except ValueError: pass
    return "x.tar" if mode == "w" else "x.tar." + mode[2:], out.getvalue(), kept


def stream(rnd):
    parts = [content(rnd) for _ in range(rnd.choice([1, 1, 1, 3]))]
    kinds = ["gz", "bz2", "xz", "zlib", "lzma"] + (["zst"] if zstandard else []) + (["lz4"] if lz4 else [])
    kind = rnd.choice(kinds)
    if kind in ("zlib", "lzma"): parts = parts[:1]
    def pack(data):
        if kind == "gz": return gzip.compress(data, rnd.randrange(0, 10), mtime=0)
        if kind == "bz2": return bz2.compress(data, rnd.randrange(1, 10))
        if kind == "xz": return lzma.compress(data, check=rnd.choice([lzma.CHECK_NONE, lzma.CHECK_CRC32, lzma.CHECK_CRC64, lzma.CHECK_SHA256]))
        if kind == "zlib": return zlib.compress(data, rnd.randrange(0, 10))
        if kind == "lzma": return lzma.compress(data, format=lzma.FORMAT_ALONE)
        if kind == "zst": return zstandard.ZstdCompressor(level=rnd.randrange(1, 12), write_checksum=rnd.random() < .5, write_content_size=rnd.random() < .5).compress(data)
        return lz4.frame.compress(data, content_checksum=rnd.random() < .5, block_linked=rnd.random() < .5)
    return "thing." + kind, b"".join(map(pack, parts)), [(("thing",), b"".join(parts))]


def seven_zip(rnd):
    F = py7zr
    filters = rnd.choice([None, [{"id": F.FILTER_LZMA}], [{"id": F.FILTER_LZMA2, "preset": 1}], [{"id": F.FILTER_X86}, {"id": F.FILTER_LZMA2, "preset": 1}],
        [{"id": F.FILTER_X86}, {"id": F.FILTER_LZMA}], [{"id": F.FILTER_DELTA}, {"id": F.FILTER_LZMA2, "preset": 1}], [{"id": F.FILTER_BZIP2}], [{"id": F.FILTER_DEFLATE}],
        [{"id": F.FILTER_COPY}], [{"id": F.FILTER_ZSTD}], [{"id": F.FILTER_ARM}, {"id": F.FILTER_LZMA2, "preset": 1}]])
    members = names(rnd, rnd.randrange(1, 8))
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", filters=filters) as z:
        for name, data in members:
            z.writestr(data, name)
            if rnd.random() < .2: z.writestr(b"", name + "-empty")
    return "x.7z", out.getvalue(), [((name,), data) for name, data in members]


def tool(rnd):
    """Archives of 7-Zip, whose methods Python's libraries do not all write."""
    kind, options = rnd.choice([("zip", ["-mm=Deflate64"]), ("zip", ["-mm=Deflate64", "-mx=9"]), ("zip", ["-mm=Deflate64", "-mx=1"]), ("zip", ["-mm=XZ"]),
        ("zip", ["-mm=LZMA"]), ("7z", ["-m0=Deflate64"]), ("7z", ["-m0=LZMA2", "-ms=on"]), ("7z", ["-m0=BCJ", "-m1=LZMA"]), ("7z", ["-m0=BCJ2", "-m1=LZMA", "-m2=LZMA", "-m3=LZMA", "-mb0:1", "-mb0s1:2", "-mb0s2:3"]),
        ("7z", ["-m0=Delta:4", "-m1=LZMA2"]), ("7z", ["-m0=ARM64", "-m1=LZMA2"]), ("7z", ["-m0=BZip2"]), ("7z", ["-mhc=off"])])
    members = names(rnd, rnd.randrange(1, 8))
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "source")
        for name, data in members:
            os.makedirs(os.path.dirname(os.path.join(source, name)), exist_ok=True)
            with open(os.path.join(source, name), "wb") as f: f.write(data)
        target = os.path.join(folder, "x." + kind)
        run = subprocess.run(["7z", "a", "-bd", "-t" + kind, *options, target, "."], cwd=source, capture_output=True, text=True)
        if run.returncode: sys.exit("7z %s ended with %d: %s%s" % (options, run.returncode, run.stdout[-500:], run.stderr[-500:]))
        with open(target, "rb") as f: value = f.read()
    return "x." + kind, value, [((name,), data) for name, data in members]


def main():
    assay, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 200
    rnd = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    makers = [zip_archive, tar_archive, stream] + ([seven_zip] if py7zr else []) + ([tool] if shutil.which("7z") else [])
    if not py7zr or not zstandard or not lz4: print("not all of py7zr, zstandard, lz4 are installed: their kinds are left out")
    wrong, total, items = 0, collections.Counter(), 0
    with tempfile.TemporaryDirectory() as folder:
        cases = {}
        for index in range(count):
            maker = makers[index % len(makers)]
            name, value, members = maker(rnd)
            os.mkdir(os.path.join(folder, str(index)))
            path = os.path.join(folder, str(index), name)
            with open(path, "wb") as f: f.write(value)
            cases[path] = (maker.__name__, members)
        listed, incomplete, current = {p: [] for p in cases}, collections.defaultdict(list), None
        paths = list(cases)
        for at in range(0, len(paths), 100):
            run = subprocess.run([assay, "members", *paths[at:at + 100]], capture_output=True, text=True)
            if run.returncode != 0: sys.exit("assay members ended with %d: %s" % (run.returncode, run.stderr[-500:]))
            for line in run.stdout.splitlines():
                kind, *rest = line.split("\t")
                if kind == "file": current = rest[0]
                elif kind == "member": listed[current].append((tuple(rest[2:]), int(rest[1]), rest[0]))
                else: incomplete[current].append(rest[0])
        for path, (kind, members) in cases.items():
            total[kind] += 1
            want = sorted((n, len(d), hashlib.sha256(d).hexdigest()) for n, d in members if d)
            depth = len(want[0][0]) if want else 1
            have = sorted(m for m in listed[path] if len(m[0]) == depth and m[1] and m[0][-1] not in ("(archive comment)", "(member comment)"))
            items += len(want)
            if want != have or incomplete[path]:
                wrong += 1
                print("DIFFERS", kind, path, incomplete[path])
                for m in sorted(set(want) ^ set(have))[:6]: print("   ", "expected" if m in want else "listed", m)
    print(", ".join("%s %d" % pair for pair in sorted(total.items())), "archives,", items, "members,", wrong, "differ")
    sys.exit(1 if wrong else 0)


main()
