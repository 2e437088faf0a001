"""Tar archives assembled header by header: links, pax and GNU records, sizes, and compressed streams around them."""
import bz2
import gzip
import lzma
import struct
import zlib

from assembly import Call, Name, dump
from samples import tarred, torch_zip

EVIL = dump(Call(Name("posix", "system"), "echo assay"))
EVIL0 = dump(Call(Name("os", "system"), "echo assay"), 0)
PLAIN = dump({"weight": [1.0, 2.0], "name": "plain"})


def number(value, width):
    if value >= 8 ** (width - 1) or value < 0:
        return (value & (1 << 8 * width) - 1 | 1 << 8 * width - 1).to_bytes(width, "big")
    return f"{value:0{width - 1}o}".encode() + b"\0"


def header(name, size=0, kind=b"0", link="", mode=0o644, magic=b"ustar\00000", prefix="", major=0, minor=0, checksum=None, raw_size=None):
    encoded = name.encode() if isinstance(name, str) else name
    out = bytearray(512)
    out[0:100] = encoded[:100].ljust(100, b"\0")
    out[100:108] = number(mode, 8)
    out[108:116] = out[116:124] = number(1000, 8)
    out[124:136] = number(size, 12) if raw_size is None else raw_size.ljust(12, b"\0")
    out[136:148] = number(1700000000, 12)
    out[148:156] = b" " * 8
    out[156:157] = kind
    out[157:257] = link.encode()[:100].ljust(100, b"\0")
    out[257:265] = magic
    out[329:337], out[337:345] = number(major, 8), number(minor, 8)
    out[345:500] = prefix.encode().ljust(155, b"\0")
    total = sum(out) if checksum is None else checksum
    out[148:156] = f"{total:06o}".encode() + b"\0 "
    return bytes(out)


def padded(data):
    return data + bytes(-len(data) % 512)


def member(name, data=b"", **options):
    return header(name, len(data), **options) + padded(data)


def pax(records, kind=b"x"):
    lines = b""
    for key, value in records:
        value = value.encode() if isinstance(value, str) else value
        body = b" " + key.encode() + b"=" + value + b"\n"
        length = len(body)
        while len(str(length)) + len(body) != length:
            length = len(str(length)) + len(body)
        lines += str(length).encode() + body
    return member("PaxHeaders/x", lines, kind=kind)


def gnu(kind, text):
    return member("././@LongLink", text.encode() + b"\0", kind=kind, magic=b"ustar  \0")


END = bytes(1024)


def build(samples):
    def add(name, data, technique, severity="critical"):
        samples.attack("tars/" + name, data, technique, severity)

    add("v7.tar", member("model.pkl", EVIL, magic=bytes(8)) + END, "old tar without a magic number")
    add("no_end.tar", member("a", b"x") + member("model.pkl", EVIL), "no end mark")
    add("checksum_spaces.tar", member("model.pkl", EVIL) + END, "plain ustar")
    add("signed_checksum.tar", _signed(), "checksum over signed bytes")
    add("base256_size.tar", header("model.pkl", len(EVIL), raw_size=(len(EVIL) | 1 << 95).to_bytes(12, "big")) + padded(EVIL) + END, "size in base 256")
    add("size_spaces.tar", header("model.pkl", 0, raw_size=f"{len(EVIL):o}".rjust(11).encode()) + padded(EVIL) + END, "size with leading spaces")
    add("prefix_split.tar", member("data.pkl", EVIL, prefix="archive/very/deep") + END, "name in two parts")
    add("prefix_escape.tar", member("x.py", b"x", prefix="../../..") + END, "prefix leaves the folder", "high")
    add("pax_size.tar", pax([("size", str(len(EVIL)))]) + header("model.pkl", 0) + padded(EVIL) + END, "size in a pax header alone")
    add("pax_size_smaller.tar", pax([("size", "0")]) + header("a", len(padded(b"x" * 512))) + member("model.pkl", EVIL) + END, "pax size hides a member in another's data")
    add("pax_global_path.tar", pax([("path", "../../evil.py")], b"g") + member("a", b"x") + END, "path in a global pax header", "high")
    add("pax_linkpath.tar", pax([("linkpath", "/etc/passwd")]) + header("a", kind=b"2", link="b") + END, "link target in a pax header", "high")
    add("pax_nul_path.tar", pax([("path", b"a\0/../../x")]) + member("a", b"x") + END, "NUL in a pax path", "medium")
    add("pax_twice.tar", pax([("path", "a.txt"), ("path", "../../x")]) + member("a", b"x") + END, "a path given twice", "high")
    add("pax_hidden_payload.tar", pax([("comment", EVIL)]) + member("a", b"x") + END, "pickle in a pax record", "medium")
    add("gnu_long_name.tar", gnu(b"L", "../" * 60 + "etc/x") + member("a", b"x") + END, "GNU long name leaves the folder", "high")
    add("gnu_long_link.tar", gnu(b"K", "/" + "e" * 120) + header("a", kind=b"2", link="b", magic=b"ustar  \0") + END, "GNU long link leaves the folder", "high")
    add("gnu_then_pax.tar", gnu(b"L", "safe.txt") + pax([("path", "../../x")]) + member("a", b"x") + END, "GNU and pax names disagree", "high")
    for kind, name in [(b"1", "hard"), (b"2", "symbolic")]:
        for target, place in [("/etc/passwd", "absolute"), ("../../x", "relative"), ("a/../../../x", "inside")]:
            add(f"link_{name}_{place}.tar", header("b/c" if place != "absolute" else "b", kind=kind, link=target) + END, f"{name} link, {place} target", "high")
    add("link_chain.tar", header("a", kind=b"2", link=".") + header("a/b", kind=b"2", link="..") + member("a/b/x", b"x") + END, "a chain of links that leaves together", "high")
    add("link_with_data.tar", header("a", len(EVIL), kind=b"2", link="b") + padded(EVIL) + member("c", b"x") + END, "a link that has data", "medium")
    add("link_then_member.tar", header("d", kind=b"2", link="/tmp") + member("d/run.sh", b"#!/bin/sh\n") + END, "member behind a link", "high")
    add("hardlink_then_overwrite.tar", header("d", kind=b"1", link="/etc/crontab") + member("d", b"* * * * * root id\n") + END, "hard link, then written through", "high")
    add("folder_replaced.tar", header("d/", kind=b"5") + header("d", kind=b"2", link="..") + member("d/x", b"x") + END, "folder replaced by a link", "high")
    for kind, name in [(b"3", "character device"), (b"4", "block device"), (b"6", "pipe")]:
        add(f"special_{name.split()[0]}.tar", header("dev", kind=kind, major=1, minor=3) + END, name, "medium")
    add("contiguous.tar", member("model.pkl", EVIL, kind=b"7") + END, "contiguous file")
    add("unknown_kind.tar", member("model.pkl", EVIL, kind=b"Z") + END, "kind of a vendor")
    add("nul_kind.tar", member("model.pkl", EVIL, kind=b"\0") + END, "kind NUL")
    add("folder_with_data.tar", member("model/", EVIL, kind=b"5") + END, "folder with data", "medium")
    add("sparse_gnu.tar", _sparse(), "GNU sparse file", "critical")
    add("sparse_pax.tar", _sparse_pax(), "pax sparse file 1.0", "critical")
    add("multi_volume.tar", member("model.pkl", EVIL, kind=b"M", magic=b"ustar  \0") + END, "part of a multi-volume archive", "critical")
    add("bad_checksum_second.tar", member("a", b"x") + header("model.pkl", len(EVIL), checksum=0) + padded(EVIL) + END, "second header with a wrong checksum", "high")
    add("zero_block_between.tar", member("a", b"x") + bytes(512) + member("model.pkl", EVIL) + END, "a single block of zeros between members")
    add("after_end.tar", member("a", b"x") + END + member("model.pkl", EVIL) + END, "member behind the end mark")
    add("garbage_before.tar", b"x" * 512 + member("model.pkl", EVIL) + END, "a block of garbage in front", "medium")
    add("padding_payload.tar", header("a", 1) + (b"x" + EVIL).ljust(512, b"\0") + END, "pickle in the padding of a member", "medium")
    add("negative_size.tar", header("a", raw_size=b"\xff" * 12) + member("model.pkl", EVIL) + END, "negative size", "medium")
    add("duplicate.tar", member("model.pkl", PLAIN) + member("model.pkl", EVIL) + END, "two members of one name")
    add("duplicate_dot.tar", member("model.pkl", PLAIN) + member("./model.pkl", EVIL) + END, "two names for one path")
    add("pth_tar.pth.tar", torch_zip(EVIL), "torch zip named .pth.tar")
    add("tgz_nested.tgz", gzip.compress(tarred([("m/inner.tar.xz", lzma.compress(tarred([("w.pt", torch_zip(EVIL))])))]), mtime=0), "tar.xz in tgz")
    add("setgid.tar", member("run", b"#!/bin/sh\nid\n", mode=0o2755) + END, "set-group-ID script", "medium")

    # Compressed streams.
    def stream(name, data, technique, severity="critical"):
        samples.attack("streams/" + name, data, technique, severity)

    stream("gzip_name.gz", b"\x1f\x8b\x08\x08\0\0\0\0\0\xff" + b"../../evil.py\0" + zlib.compress(b"x")[2:-4] + struct.pack("<II", zlib.crc32(b"x"), 1), "stored name leaves the folder", "low")
    stream("gzip_extra.gz", b"\x1f\x8b\x08\x04\0\0\0\0\0\xff" + struct.pack("<H", len(EVIL)) + EVIL + zlib.compress(b"x")[2:-4] + struct.pack("<II", zlib.crc32(b"x"), 1), "pickle in the extra field of gzip", "medium")
    stream("gzip_comment.pkl.gz", b"\x1f\x8b\x08\x10\0\0\0\0\0\xff" + b"comment\0" + _raw(EVIL), "gzip with a comment")
    stream("gzip_bad_crc.gz", gzip.compress(EVIL, mtime=0)[:-8] + bytes(8), "wrong checksum")
    stream("gzip_no_trailer.gz", gzip.compress(EVIL, mtime=0)[:-8], "trailer cut off")
    stream("gzip_zero_padding.gz", gzip.compress(PLAIN, mtime=0) + bytes(512) + gzip.compress(EVIL, mtime=0), "second member behind zeros")
    stream("gzip_many.gz", gzip.compress(b"", mtime=0) * 200 + gzip.compress(EVIL, mtime=0), "payload in the 201st member")
    stream("gzip_split.pkl.gz", b"".join(gzip.compress(EVIL[at:at + 5], mtime=0) for at in range(0, len(EVIL), 5)), "a pickle in many gzip members")
    stream("zlib_level.zlib", zlib.compress(EVIL, 1), "zlib level 1")
    stream("zlib_twice.zlib", zlib.compress(zlib.compress(EVIL)), "zlib in zlib")
    stream("zlib_tail.zlib", zlib.compress(PLAIN) + zlib.compress(EVIL), "second zlib stream", "high")
    stream("bz2_two.bz2", bz2.compress(PLAIN) + bz2.compress(EVIL), "second bzip2 stream")
    stream("bz2_tail.bz2", bz2.compress(PLAIN) + EVIL, "pickle behind bzip2")
    stream("xz_two.xz", lzma.compress(PLAIN) + bytes(8) + lzma.compress(EVIL), "second xz stream behind padding")
    stream("xz_delta.xz", lzma.compress(EVIL, lzma.FORMAT_XZ, filters=[{"id": lzma.FILTER_DELTA, "dist": 4}, {"id": lzma.FILTER_LZMA2}]), "xz with a delta filter")
    stream("xz_x86.xz", lzma.compress(EVIL, lzma.FORMAT_XZ, filters=[{"id": lzma.FILTER_X86}, {"id": lzma.FILTER_LZMA2}]), "xz with an x86 filter")
    stream("xz_sha.xz", lzma.compress(EVIL, lzma.FORMAT_XZ, check=lzma.CHECK_SHA256), "xz with SHA-256")
    stream("xz_none.xz", lzma.compress(EVIL, lzma.FORMAT_XZ, check=lzma.CHECK_NONE), "xz without a checksum")
    stream("lzma_sized.lzma", _lzma_sized(EVIL), "lzma with a stated size")
    stream("lzma_tail.lzma", lzma.compress(PLAIN, lzma.FORMAT_ALONE) + EVIL, "pickle behind lzma")
    stream("joblib_old.pkl.z", b"ZF" + hex(len(EVIL)).encode().ljust(19) + zlib.compress(EVIL), "joblib before 0.10")
    stream("bomb.bz2", bz2.compress(bytes(1 << 27)), "bzip2 bomb", "medium")
    stream("bomb.xz", lzma.compress(bytes(1 << 27)), "xz bomb", "medium")
    stream("bomb_twice.gz.gz", gzip.compress(gzip.compress(bytes(1 << 26), mtime=0), mtime=0), "gzip bomb in gzip", "medium")
    stream("bomb_then_pickle.gz", gzip.compress(bytes(1 << 26) + EVIL, mtime=0), "pickle behind 64 MiB of zeros", "medium")
    try:
        import zstandard
        skippable = struct.pack("<II", 0x184D2A53, 8) + b"assay!!!"
        stream("zstd.pkl.zst", zstandard.compress(EVIL), "zstd")
        stream("zstd_skippable.zst", skippable + zstandard.compress(EVIL), "zstd behind a skippable frame")
        stream("zstd_skippable_payload.zst", struct.pack("<II", 0x184D2A50, len(EVIL)) + EVIL + zstandard.compress(PLAIN), "pickle in a skippable frame", "medium")
        stream("zstd_two.zst", zstandard.compress(PLAIN) + zstandard.compress(EVIL), "second zstd frame")
        stream("zstd_unsized.zst", zstandard.ZstdCompressor(write_content_size=False, write_checksum=True).compress(EVIL), "zstd without a stated size")
        stream("zstd_dictionary.zst", zstandard.ZstdCompressor(dict_data=zstandard.train_dictionary(1024, [EVIL * 3 + bytes([i]) * 20 for i in range(200)])).compress(EVIL * 3), "zstd that needs a dictionary", "low")
        stream("zstd_tail.zst", zstandard.compress(PLAIN) + EVIL, "pickle behind zstd")
        stream("tar_zst.tar.zst", zstandard.compress(tarred([("m.pt", torch_zip(EVIL))])), "torch zip in tar.zst")
        stream("bomb.zst", zstandard.compress(bytes(1 << 28)), "zstd bomb", "medium")
    except ImportError:
        pass
    try:
        import lz4.frame
        stream("lz4.pkl.lz4", lz4.frame.compress(EVIL), "lz4")
        stream("lz4_skippable.lz4", struct.pack("<II", 0x184D2A51, 4) + b"skip" + lz4.frame.compress(EVIL), "lz4 behind a skippable frame")
        stream("lz4_two.lz4", lz4.frame.compress(PLAIN) + lz4.frame.compress(EVIL), "second lz4 frame")
        stream("lz4_linked.lz4", lz4.frame.compress(EVIL * 5000, block_linked=True, block_size=4, content_checksum=True), "lz4 with linked blocks")
        import lz4.block
        raw = lz4.block.compress(EVIL, store_size=False)
        stream("lz4_legacy.lz4", struct.pack("<II", 0x184C2102, len(raw)) + raw, "lz4 legacy frame")
    except ImportError:
        pass
    try:
        import brotli
        stream("brotli.pkl.br", brotli.compress(EVIL), "pickle in brotli", "medium")
        stream("brotli.tar.br", brotli.compress(tarred([("m.pt", torch_zip(EVIL))])), "torch zip in tar.br", "medium")
    except ImportError:
        pass
    rar5 = b"Rar!\x1a\x07\x01\0" + _rar5()
    stream("rar5.rar", rar5, "RAR 5 with a stored pickle", "critical")
    stream("rar4.rar", _rar4(), "RAR 4 with a stored pickle", "critical")
    stream("rar_slip.rar", b"Rar!\x1a\x07\x01\0" + _rar5("../../../evil.py"), "RAR 5 whose member leaves the folder", "high")
    stream("rar_encrypted.rar", b"Rar!\x1a\x07\x01\0" + _rar_block(4, 0, b"\0\0\x0f" + bytes(16) + bytes(12)) + bytes(range(64)), "RAR 5 with encrypted headers", "medium")
    stream("rar_sfx.exe", b"MZ" + bytes(126) + rar5, "RAR behind a stub", "medium")
    stream("cab.cab", b"MSCF" + bytes(4) + struct.pack("<I", 100) + bytes(4) + struct.pack("<I", 44) + bytes(4) + b"\3\1" + struct.pack("<HHHHH", 1, 1, 0, 0, 0) + bytes(60), "Windows cabinet", "medium")
    stream("ar.a", b"!<arch>\n" + b"model.pkl/      0           0     0     644     " + str(len(EVIL)).encode().ljust(10) + b"`\n" + EVIL, "pickle in an ar archive", "medium")
    name = b"model.pkl\0"
    entry = b"070701" + b"".join(f"{value:08x}".encode() for value in [1, 0o100644, 0, 0, 1, 0, len(EVIL), 0, 0, 0, 0, len(name), 0]) + name
    stream("cpio.cpio", entry + bytes(-len(entry) % 4) + EVIL, "pickle in cpio", "medium")
    stream("lzip.lz", b"LZIP\1\x0c" + lzma.compress(EVIL, lzma.FORMAT_ALONE)[13:] + bytes(20), "pickle in lzip", "medium")
    stream("compress.Z", b"\x1f\x9d\x90" + bytes(range(40)), "compress(1)", "medium")


def _raw(data):
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    return engine.compress(data) + engine.flush() + struct.pack("<II", zlib.crc32(data), len(data))



def _lzma_sized(data):
    raw = lzma.compress(data, lzma.FORMAT_ALONE)
    return raw[:5] + struct.pack("<Q", len(data)) + raw[13:]


def _signed():
    name = "mod\u00e9l.pkl".encode()
    plain = bytearray(header(name, len(EVIL)))
    plain[148:156] = b" " * 8
    total = sum(byte - 256 if byte > 127 else byte for byte in plain)
    plain[148:156] = f"{total:06o}".encode() + b"\0 "
    return bytes(plain) + padded(EVIL) + END


def _sparse():
    head = bytearray(header("model.pkl", len(EVIL), kind=b"S", magic=b"ustar  \0"))
    head[345:500] = bytes(155)
    head[386:398], head[398:410] = number(0, 12), number(len(EVIL), 12)
    head[483:495] = number(len(EVIL), 12)
    head[148:156] = b" " * 8
    head[148:156] = f"{sum(head):06o}".encode() + b"\0 "
    return bytes(head) + padded(EVIL) + END


def _sparse_pax():
    shape = b"1\n0\n" + str(len(EVIL)).encode() + b"\n"
    records = [("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", "model.pkl"), ("GNU.sparse.realsize", str(len(EVIL)))]
    return pax(records) + member("GNUSparseFile.0/model.pkl", padded(shape) + EVIL) + END


def _vint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def _rar_block(kind, flags, body, data=b"", extra=0):
    content = _vint(kind) + _vint(flags) + (_vint(extra) if flags & 1 else b"") + (_vint(len(data)) if flags & 2 else b"") + body
    sized = _vint(len(content)) + content
    return struct.pack("<I", zlib.crc32(sized)) + sized + data


def _rar5(name="model.pkl"):
    raw = name.encode()
    file = _vint(0) + _vint(len(EVIL)) + _vint(0o644) + _vint(0) + _vint(1) + _vint(len(raw)) + raw
    return _rar_block(1, 0, _vint(0)) + _rar_block(2, 2, file, EVIL) + _rar_block(5, 0, _vint(0))


def _rar4(name=b"model.pkl"):
    def block(kind, flags, body, data=b""):
        content = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
        return struct.pack("<H", zlib.crc32(content) & 0xFFFF) + content + data
    file = struct.pack("<IIBIIBBHI", len(EVIL), len(EVIL), 3, zlib.crc32(EVIL), 0, 29, 0x30, len(name), 0o644) + name
    return b"Rar!\x1a\x07\0" + block(0x73, 0, bytes(6)) + block(0x74, 0x8000, file, EVIL) + block(0x7B, 0x4000, b"")
