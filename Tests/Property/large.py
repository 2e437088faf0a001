#!/usr/bin/env python3
"""large.py ASSAY FOLDER [NAME...]: files with very many parts, each scanned within bounds of memory and time.

Writes each file into FOLDER when it isn't there yet (some gigabytes in all), scans it with the release build and prints the
peak resident memory of the largest process and the CPU seconds. Ends with 1 when an item takes more than 64 MiB or 5 CPU
seconds, or when its outcome is none of those that it may have: an entry over a limit makes it `incomplete`, never clean.
"""
import io
import json
import os
import struct
import subprocess
import sys
import tarfile
import zipfile
import zlib

MEMORY, SECONDS = 64 << 10, 5.0


def archive(count, local=lambda index, name: (name, 0x8CDC1683, 1, 0)):
    """A ZIP archive of members of one byte; `local` may say something else in the local headers."""
    data, directory = bytearray(), bytearray()
    for index in range(count):
        name = b"f%07d" % index
        other, crc, size, method = local(index, name)
        place = len(data)
        data += struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, method, 0, 33, crc, size, size, len(other), 0) + other + b"x"
        directory += struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 0, 0, 33, 0x8CDC1683, 1, 1, len(name), 0, 0, 0,
                                 0, 0, place) + name
    start = len(data)
    data += directory
    if count > 0xFFFF:
        place = len(data)
        data += struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, len(directory), start)
        data += struct.pack("<4sIQI", b"PK\6\7", 0, place, 1)
        return data + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return data + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, len(directory), start, 0)


def zip_names(file): file.write(archive(70_000, lambda index, name: (b"g" + name[1:], 0x8CDC1683, 1, 0)))
def zip_sums(file): file.write(archive(70_000, lambda index, name: (name, index, 1, 0)))
def zip_sizes(file): file.write(archive(70_000, lambda index, name: (name, 0x8CDC1683, 5, 0)))
def zip_everything(file): file.write(archive(70_000, lambda index, name: (b"g" + name[1:], index, 5, 8)))
def zip_whole(file): file.write(archive(70_000))
def zip_million(file): file.write(archive(1_000_000))


def zip_cut(file):
    data = archive(70_000)
    file.write(data[:data.index(b"PK\1\2")])


def zip_offsets(file):
    data = archive(70_000)
    at = data.index(b"PK\1\2")
    while data[at:at + 4] == b"PK\1\2":
        struct.pack_into("<I", data, at + 42, struct.unpack_from("<I", data, at + 42)[0] + 3)
        at += 54
    file.write(data)


def zip_nested(file):
    def make(depth):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as target:
            for index in range(12):
                target.writestr("a/b/%d.zip" % index if depth else "%d.txt" % index, make(depth - 1) if depth else b"x%d" % index)
        return out.getvalue()
    file.write(make(4))


def zip_ends(file): file.write(b"PK\3\4" + bytes(100) + (b"PK\5\6" + bytes(18)) * 100_000)


def tar(file, count, make):
    for index in range(count):
        member, data = make(index)
        file.write(member.tobuf(tarfile.PAX_FORMAT) + data)
    file.write(bytes(10240))


def tar_members(file):
    def make(index):
        member = tarfile.TarInfo("f%07d" % index)
        member.size = 1
        return member, b"x" + bytes(511)
    tar(file, 200_000, make)


def tar_links(file):
    def make(index):
        member = tarfile.TarInfo("../f%07d" % index)
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/%d" % index
        return member, b""
    tar(file, 200_000, make)


def seven_zip(file):
    """100,000 empty files, their header packed by LZMA2 alone."""
    import lzma
    def number(value): return b"\xff" + struct.pack("<Q", value)
    count = 100_000
    names = b"".join(("f%06d" % index).encode("utf-16le") + b"\0\0" for index in range(count))
    bits = b"\xff" * (count // 8)
    header = (b"\x01\x05" + number(count) + b"\x0e" + number(len(bits)) + bits + b"\x0f" + number(len(bits)) + bits
              + b"\x11" + number(len(names) + 1) + b"\0" + names + b"\0\0")
    packed = lzma.compress(header, lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}])
    outer = (b"\x17\x06\x00\x01\x09" + number(len(packed)) + b"\0\x07\x0b\x01\0\x01\x21\x21\x01\x10\x0c" + number(len(header))
             + b"\0\0")
    start = struct.pack("<QQI", len(packed), len(outer), zlib.crc32(outer))
    file.write(b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<I", zlib.crc32(start)) + start + packed + outer)


def gguf_keys(file):
    file.write(b"GGUF" + struct.pack("<IQQ", 3, 0, 1_000_000))
    for index in range(1_000_000):
        file.write(struct.pack("<Q", 9) + b"k.%07d" % index + struct.pack("<II", 4, index))


def gguf_texts(file):
    file.write(b"GGUF" + struct.pack("<IQQ", 3, 0, 1_000_000))
    for index in range(1_000_000):
        value = b"value %d https://x.example/%d" % (index, index)
        file.write(struct.pack("<Q", 9) + b"k.%07d" % index + struct.pack("<IQ", 8, len(value)) + value)


def gguf_array(file):
    name = b"tokenizer.ggml.tokens"
    file.write(b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, len(name)) + name + struct.pack("<IIQ", 9, 8, 5_000_000))
    for index in range(5_000_000):
        value = b"tok%d" % index
        file.write(struct.pack("<Q", len(value)) + value)


def safetensors_text(file):
    header = b'{"__metadata__":{"a":"' + b"import os; os.system('x'); " * 3_000_000 + b'"}}'
    file.write(struct.pack("<Q", len(header)) + header)


def safetensors_header(file):
    entries = b",".join(b'"t%07d":{"dtype":"F32","shape":[1],"data_offsets":[%d,%d]}' % (index, 4 * index, 4 * index + 4)
                        for index in range(1_350_000))
    file.write(struct.pack("<Q", len(entries) + 2) + b"{" + entries + b"}" + bytes(4 * 1_350_000))


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def field(number, data): return varint(number << 3 | 2) + varint(len(data)) + data


def onnx(file, part):
    graph = b"".join(part(index) for index in range(1_000_000)) + field(2, b"g")
    file.write(b"\x08\x08" + field(2, b"x") + field(8, b"\x0a\x00\x10\x12") + field(7, graph))


def onnx_nodes(file):
    onnx(file, lambda n: field(1, field(1, b"a%d" % n) + field(2, b"a%d" % (n + 1)) + field(3, b"n%d" % n) + field(4, b"Relu")))


def onnx_domains(file):
    onnx(file, lambda n: field(1, field(3, b"n%d" % n) + field(4, b"Op%d" % n) + field(7, b"dom%d" % n)))


def onnx_external(file):
    onnx(file, lambda n: field(5, b"\x08\x01\x10\x01" + field(8, b"w%d" % n)
                               + field(13, field(1, b"location") + field(2, b"../../w%d" % n))))


def graph_nodes(file):
    for index in range(1_000_000): file.write(field(1, field(1, b"n%d" % index) + field(2, b"Relu")))


def pickle_long_name(file): file.write(b"c" + b"A" * (100 << 20) + b"\nx\n)R.")
def pickle_escapes(file): file.write(b"S'" + b"\\x41" * (25 << 20) + b"'\n.")
def pickle_search(file): file.write(b"\x80\x04N." + b"\x80\x04c" * (20 << 20))


def pickle_findings(file):
    file.write(b"\x80\x04")
    for index in range(1_000_000): file.write(b"cos\nsystem\nX\x0a\0\0\0%010d\x85R0" % index)
    file.write(b"N.")


def pickle_memo(file): file.write(b"\x80\x04" + b"N\x940" * 10_000_000 + b"N.")
def pickle_stack(file): file.write(b"\x80\x04](" + b"K\x01" * 10_000_000 + b"e.")
def pickle_calls(file): file.write(b"\x80\x04" + b"cbuiltins\nint\n)R0" * 3_000_000 + b"N.")


def pickle_sparse_memo(file):
    file.write(b"\x80\x02")
    for index in range(10_000_000): file.write(b"Nr" + struct.pack("<I", index * 400 % 4294967291) + b"0")
    file.write(b"N.")


def pickle_names(file):
    file.write(b"\x80\x04")
    for index in range(1_000_000): file.write(b"cm%d\nf%d\n)R0" % (index, index))
    file.write(b"N.")


def hdf5_groups(file):
    import h5py
    name = file.name + ".part"
    with h5py.File(name, "w") as target:
        for index in range(100_000): target.create_group("g%06d" % index)
    with open(name, "rb") as source: file.write(source.read())
    os.unlink(name)


def json_list(file): file.write(b"[" + b",".join(b'{"a%d":[%d,"x%d"]}' % (n, n, n) for n in range(700_000)) + b"]")


def json_text(file): file.write(b'{"a":"' + b"y" * (100 << 20) + b'"}')
def json_template(file): file.write(b'{"chat_template":"' + b"{{ a.b.c['d'] }}" * (1 << 20) + b'"}')


def xml_elements(file):
    file.write(b"<?xml version='1.0'?><net name='a' version='10'><layers>")
    for index in range(500_000): file.write(b"<layer id='%d' name='n%d' type='Relu'><data a='b'/></layer>" % (index, index))
    file.write(b"</layers></net>")


def gzip_lines(file):
    import gzip
    with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1) as target:
        for index in range(3_000_000): target.write(b"line %d of some text that is long enough\n" % index)


def table_py(file): file.write(b"data = [\n" + b"[1, 'a', {2: None}],\n" * 450_000 + b"]\n")


def keys_yaml(file):
    for index in range(1_000_000): file.write(b"k%d: v%d\n" % (index, index))


ITEMS = {
    "zip_whole": "clean", "zip_names": "incomplete", "zip_sums": "incomplete", "zip_sizes": "incomplete",
    "zip_everything": "incomplete", "zip_offsets": "incomplete", "zip_cut": "incomplete", "zip_million": "incomplete",
    "zip_nested": "clean", "tar_members": "incomplete", "tar_links": "incomplete", "seven_zip": "clean",
    "gguf_keys": "incomplete", "gguf_texts": "incomplete", "safetensors_header": "incomplete", "onnx_nodes": "clean",
    "onnx_domains": "incomplete", "onnx_external": "incomplete", "pickle_memo": "incomplete", "pickle_stack": "incomplete",
    "pickle_calls": "clean", "pickle_sparse_memo": "incomplete", "pickle_names": "incomplete", "hdf5_groups": "clean",
    "json_list": "incomplete", "keys_yaml": "incomplete",
    "zip_ends": "flagged", "gguf_array": "clean", "safetensors_text": "incomplete", "graph_nodes": "clean",
    "pickle_long_name": "flagged", "pickle_escapes": "clean", "pickle_search": "incomplete", "pickle_findings": "incomplete",
    "json_text": "incomplete", "json_template": "incomplete", "xml_elements": "clean", "gzip_lines": "clean",
    "table_py": "clean",
}


def make(name, path):
    try:
        with open(path + ".new", "wb") as file: globals()[name](file)
    except ImportError as error:
        print(error, flush=True)
        os.unlink(path + ".new")
        return 1
    os.rename(path + ".new", path)
    return 0


def main():
    assay, folder = sys.argv[1:3]
    os.makedirs(folder, exist_ok=True)
    failed = []
    for name in sys.argv[3:] or ITEMS:
        path = os.path.join(folder, name.replace("_yaml", ".yaml").replace("_py", ".py"))
        if not os.path.exists(path):
            # In a process of its own: what this one has used counts as used by the program that it starts.
            child = os.fork()
            if child == 0: os._exit(make(name, path))
            if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0:
                print("%-20s left out" % name)
                continue
        process = subprocess.Popen([assay, "scan", "--no-policy", "--no-progress", "--format", "json", path],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        report = process.stdout.read()
        _, _, usage = os.wait4(process.pid, 0)
        outcome = json.loads(report)["files"][0]["outcome"]
        seconds = usage.ru_utime + usage.ru_stime
        isFine = usage.ru_maxrss <= MEMORY and seconds <= SECONDS and outcome == ITEMS[name]
        if not isFine: failed.append(name)
        print("%-20s %6.1f MB  %5.2f s  %s%s" % (name, usage.ru_maxrss / 1024, seconds, outcome, "" if isFine else "  FAILED"), flush=True)
    print("%d of %d items over their bounds" % (len(failed), len(sys.argv[3:] or ITEMS)) if failed else "all items within their bounds")
    return 1 if failed else 0


if __name__ == "__main__": sys.exit(main())
