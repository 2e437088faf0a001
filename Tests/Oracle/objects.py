#!/usr/bin/env python3
"""Compares what Assay reads in HDF5 files with what h5py reads.

Seeded random files are written by h5py in old and new format versions: nested groups, few and many links, few, many and
large attributes, every layout and several filters, variable-length text, external links and storage, virtual datasets,
committed types and user blocks. `assay hdf5-list` must give the same groups, datasets, types, shapes, attribute texts
and links, and the same bytes for datasets of bytes.

usage: objects.py ASSAY [COUNT] [SEED]
"""
import ctypes, glob, json, os, random, subprocess, sys, tempfile
import h5py, numpy as np

# h5py has no call for filters on a group's own heap; the library that it brings has one.
LIBRARIES = glob.glob(os.path.join(os.path.dirname(h5py.__file__), "..", "h5py.libs", "libhdf5-*"))
LIBRARY = ctypes.CDLL(LIBRARIES[0]) if LIBRARIES else None

ALPHABET = "abcdefghijklmnopqrstuvwxyzäöü_-. 0123456789"


def word(r, most=12):
    return "".join(r.choice(ALPHABET[:26] + ALPHABET[-10:]) for _ in range(r.randint(1, most)))


def text(r, most=60):
    return "".join(r.choice(ALPHABET) for _ in range(r.randint(1, most)))


def attribute(r, target, name):
    kind = r.randrange(7)
    if kind == 0:
        target.attrs[name] = text(r)
    elif kind == 1:
        target.attrs[name] = np.bytes_(text(r, 40).encode())
    elif kind == 2:
        target.attrs[name] = np.array([text(r, 10).encode() for _ in range(r.randint(1, 5))], dtype="S32")
    elif kind == 3:
        target.attrs.create(name, [text(r) for _ in range(r.randint(1, 4))], dtype=h5py.string_dtype())
    elif kind == 4:
        target.attrs[name] = np.arange(r.randint(1, 20), dtype=r.choice(["<i4", ">i2", "<f8", "<u1", "<f2"]))
    elif kind == 5:
        target.attrs[name] = r.random()
    else:
        # Larger than any block that small ones share.
        target.attrs[name] = np.bytes_(("{" + text(r, 9) * r.randint(100, 1500)).encode()[:60000])


def dataset(r, group, name):
    dtype = r.choice(["u1", "u1", "i1", "<i4", ">i8", "<f4", "<f8", ">f4", "S7", "S40", "V9", "vlen", "vbytes", "bool"])
    rank = r.choice([0, 1, 1, 1, 2, 3])
    shape = tuple(r.randint(1, 9) for _ in range(rank))
    if dtype == "vlen":
        return group.create_dataset(
            name, data=np.array([text(r) for _ in range(max(1, shape[0] if shape else 1))], dtype=object),
            dtype=h5py.string_dtype())
    if dtype == "vbytes":
        out = group.create_dataset(name, (3,), dtype=h5py.vlen_dtype(np.uint8))
        for i in range(3):
            out[i] = np.frombuffer(r.randbytes(r.randint(1, 50)), np.uint8)
        return out
    if rank == 1 and r.random() < 0.5:
        shape = (r.randint(1, 5000),)
    count = int(np.prod(shape, dtype=int))
    if dtype == "V9":
        data = np.frombuffer(r.randbytes(9 * count), dtype="V9").reshape(shape)
    elif dtype.startswith("S"):
        data = np.array([word(r, 7).encode() for _ in range(count)], dtype=dtype).reshape(shape)
    elif dtype == "bool":
        data = np.array([r.random() < 0.5 for _ in range(count)]).reshape(shape)
    else:
        data = np.array([r.randint(0, 100) for _ in range(count)]).astype(dtype).reshape(shape)
    options = {}
    if rank == 1 and count > 1:
        how = r.randrange(8)
        if how == 1:
            options = dict(chunks=(r.randint(1, count),))
        elif how == 2:
            options = dict(chunks=(r.randint(max(1, count // 8), count),), compression="gzip")
        elif how == 3:
            options = dict(chunks=(r.randint(max(1, count // 8), count),), compression="gzip", shuffle=True, fletcher32=True)
        elif how == 4:
            options = dict(chunks=(r.randint(max(1, count // 8), count),), compression="lzf")
        elif how == 5:
            options = dict(chunks=(r.randint(max(1, count // 5), count),), maxshape=(None,))
        elif how == 6:
            options = dict(chunks=(r.randint(max(1, count // 5), count),), maxshape=(None,), compression="gzip")
    return group.create_dataset(name, data=data, **options)


def growing(r, group, name):
    """A dataset of many chunks that can grow, all or only some of them written."""
    chunk = r.choice([1, 2, 3, 64])
    chunks = r.choice([5, 300, 3000, 20000])
    options = r.choice([{}, {}, dict(compression="gzip"), dict(fletcher32=True)])
    if options:
        chunks = min(chunks, 3000)
    out = group.create_dataset(name, (chunk * chunks,), dtype="u1", chunks=(chunk,), maxshape=(None,), **options)
    if r.random() < 0.7:
        out[:] = np.frombuffer(r.randbytes(chunk * chunks), np.uint8)
    else:
        # Chunks that were never written have no place in the file, and their pages in the index may be unused too.
        for _ in range(r.randint(1, 20)):
            out[r.randrange(chunk * chunks)] = r.randint(1, 255)


def packed_group(r, parent, name):
    """A group with so many links that they go into a heap, whose blocks are compressed."""
    properties = h5py.h5p.create(h5py.h5p.GROUP_CREATE)
    if LIBRARY is not None and LIBRARY.H5Pset_deflate(ctypes.c_int64(properties.id), r.randint(1, 9)) >= 0:
        group = h5py.Group(h5py.h5g.create(parent.id, name.encode(), gcpl=properties))
        for i in range(r.choice([20, 300, 2000])):
            group[f"soft{i}{word(r, r.choice([5, 200]))}"] = h5py.SoftLink("/" + word(r))
        if r.random() < 0.5:
            # Larger than what a block takes: a huge object.
            group["huge"] = h5py.SoftLink("/" + "h" * 66000)


def write(path, r):
    libver = r.choice(["earliest", "latest", ("earliest", "v108"), ("v110", "latest")])
    block = r.choice([0, 0, 0, 512, 2048])
    with h5py.File(path, "w", libver=libver, userblock_size=block, track_order=r.random() < 0.2) as f:
        groups = [f]
        datasets = []
        for _ in range(r.randint(1, 12)):
            parent = r.choice(groups)
            groups.append(parent.create_group(word(r) + str(len(groups)), track_order=r.random() < 0.2))
        for i in range(r.choice([3, 10, 60])):
            datasets.append(dataset(r, r.choice(groups), f"d{i}{word(r)}"))
        if r.random() < 0.3:
            big = r.choice(groups)
            for i in range(r.choice([50, 400])):
                big.create_group(f"many{i}")
        for i in range(r.choice([0, 4, 40])):
            attribute(r, r.choice(groups + datasets), f"a{i}{word(r)}")
        if r.random() < 0.3:
            crowded = r.choice(groups)
            for i in range(r.choice([12, 300])):
                attribute(r, crowded, f"c{i}")
        if r.random() < 0.3:
            growing(r, r.choice(groups), "growing")
        if r.random() < 0.2 and libver == "latest":
            packed_group(r, r.choice(groups), "packed")
        for i in range(r.randint(0, 3)):
            r.choice(groups)[f"soft{i}"] = h5py.SoftLink("/" + word(r))
        for i in range(r.randint(0, 2)):
            r.choice(groups)[f"ext{i}"] = h5py.ExternalLink(word(r) + ".h5", "/" + word(r))
        if datasets and r.random() < 0.5:
            r.choice(groups)["hard"] = r.choice(datasets)
        if r.random() < 0.3:
            f.create_dataset("outside", (10,), dtype="u1", external=[(word(r) + ".bin", 0, 10)])
        if r.random() < 0.3 and libver in ("latest", ("v110", "latest")):
            layout = h5py.VirtualLayout(shape=(2, 10), dtype="u1")
            for i in range(2):
                layout[i] = h5py.VirtualSource(word(r) + ".h5", f"v{i}", shape=(10,))
            f.create_virtual_dataset("virtual", layout)
        if r.random() < 0.3:
            f["type"] = np.dtype("<f8")
            if r.random() < 0.5:
                f.create_dataset("typed", data=np.zeros(3), dtype=f["type"])


def dtype_name(t):
    """The same short names from the library's own type object."""
    kind, size = t.get_class(), t.get_size()
    if kind in (h5py.h5t.INTEGER, h5py.h5t.FLOAT):
        order = "|" if size == 1 else ">" if t.get_order() == h5py.h5t.ORDER_BE else "<"
        sign = "f" if kind == h5py.h5t.FLOAT else "i" if t.get_sign() == h5py.h5t.SGN_2 else "u"
        return f"{order}{sign}{size}"
    if kind == h5py.h5t.STRING:
        return "str" if t.is_variable_str() else f"|S{size}"
    if kind == h5py.h5t.OPAQUE:
        return f"|V{size}"
    if kind == h5py.h5t.VLEN:
        return "vlen"
    if kind == h5py.h5t.ENUM:
        return f"enum({t.get_nmembers()})"
    return str(kind)


def raw_values(value):
    if isinstance(value, (bytes, np.bytes_)):
        return [bytes(value)]
    if isinstance(value, str):
        return [value.encode()]
    value = np.asarray(value)
    if value.dtype == object:
        return [v.encode() if isinstance(v, str) else bytes(v) for v in value.ravel()]
    if value.dtype.kind == "S":
        return [bytes(v) for v in value.ravel()]
    if value.dtype.itemsize == 1 or value.dtype.kind == "V":
        return [value.tobytes()]
    return []


def truth(path):
    result = {}
    with h5py.File(path) as f:
        seen = {}

        def visit(name, obj):
            key = (h5py.h5o.get_info(obj.id).addr)
            if key in seen:
                return
            seen[key] = name
            entry = dict(attributes={}, links={})
            if isinstance(obj, h5py.Group):
                entry["kind"] = "group"
            elif isinstance(obj, h5py.Dataset):
                entry.update(kind="dataset", dtype=dtype_name(obj.id.get_type()), shape=list(obj.shape))
                plist = obj.id.get_create_plist()
                entry["layout"] = {0: "compact", 1: "contiguous", 2: "chunked", 3: "virtual"}[plist.get_layout()]
                entry["filters"] = [plist.get_filter(i)[0] for i in range(plist.get_nfilters())]
                entry["external"] = [e[0].rstrip("\0") for e in (obj.external or [])]
                if obj.is_virtual:
                    entry["virtual"] = [s.file_name + ":" + s.dset_name for s in obj.virtual_sources()]
                elif not obj.external:
                    entry["raw"] = b"".join(raw_values(obj[()]))
                    entry["is1d"] = len(obj.shape) <= 1 or entry["layout"] != "chunked"
            else:
                entry.update(kind="datatype")
            for n in obj.attrs:
                a = h5py.h5a.open(obj.id, n.encode())
                entry["attributes"][n] = dict(
                    dtype=dtype_name(a.get_type()), shape=list(a.shape), values=raw_values(obj.attrs[n]))
            if isinstance(obj, h5py.Group):
                for n in obj:
                    link = obj.get(n, getlink=True)
                    if isinstance(link, h5py.SoftLink):
                        entry["links"][n] = ("soft", link.path)
                    elif isinstance(link, h5py.ExternalLink):
                        entry["links"][n] = ("external", link.filename, link.path)
                    else:
                        entry["links"][n] = ("hard",)
            result[name] = entry
            if isinstance(obj, h5py.Group):
                for n in obj:
                    if isinstance(obj.get(n, getlink=True), h5py.HardLink):
                        visit((name if name != "/" else "") + "/" + n, obj[n])

        visit("/", f)
    return result


def compare(path, assay):
    out = subprocess.run([assay, "hdf5-list", path], capture_output=True, text=True)
    if out.returncode:
        return [f"exit {out.returncode}: {out.stderr[-300:]}"]
    ours = json.loads(out.stdout)
    if isinstance(ours, dict):
        return [ours["error"]]
    theirs = truth(path)
    wrong = []
    # The first path to an object depends on the order of links: compare objects by what they are.
    by_path = {o["path"]: o for o in ours}
    if len(ours) != len(theirs):
        wrong.append(f"{len(ours)} objects, h5py has {len(theirs)}")
    for name, want in theirs.items():
        got = by_path.get(name)
        if got is None:
            if not any(k.endswith("hard") for k in (name, *by_path)):
                wrong.append(f"{name}: missing")
            continue
        if got["failures"]:
            wrong.append(f"{name}: {got['failures']}")
        if got["kind"] != want["kind"]:
            wrong.append(f"{name}: kind {got['kind']} / {want['kind']}")
        if want["kind"] == "dataset":
            for key in ("dtype", "shape", "layout", "filters", "external"):
                if got.get(key) != want[key]:
                    wrong.append(f"{name}: {key} {got.get(key)} / {want[key]}")
            if "virtual" in want and got["virtual"] != want["virtual"]:
                wrong.append(f"{name}: virtual {got['virtual']} / {want['virtual']}")
            if want.get("raw") and want.get("is1d") and (want["dtype"][1] in "SV" or want["dtype"] in ("|u1", "|i1", "str", "vlen")):
                raw = b"".join(bytes.fromhex(v) for v in got["values"])
                # Long lists of texts are shown as lines; no text that is written here has one.
                if want["dtype"][1] == "S" and int(np.prod(want["shape"], dtype=int)) > 64:
                    raw = raw.replace(b"\n", b"")
                # Padding of text is taken off by one side or the other.
                if raw.replace(b"\0", b"") != want["raw"].replace(b"\0", b""):
                    wrong.append(f"{name}: {len(raw)} bytes of values / {len(want['raw'])}, {want['layout']} {want['filters']}")
        links = {}
        for l in got["links"]:
            links[l["name"]] = tuple(l[k] for k in ("kind", "file", "path") if k in l)
        if links != want["links"]:
            wrong.append(f"{name}: links {set(links.items()) ^ set(want['links'].items())}")
        attributes = {a["name"]: a for a in got["attributes"]}
        if set(attributes) != set(want["attributes"]):
            wrong.append(f"{name}: attributes {set(attributes) ^ set(want['attributes'])}")
            continue
        for key, a in want["attributes"].items():
            b = attributes[key]
            if (b["dtype"], b["shape"]) != (a["dtype"], a["shape"]):
                wrong.append(f"{name}@{key}: {b['dtype']}{b['shape']} / {a['dtype']}{a['shape']}")
            values = [bytes.fromhex(v) for v in b["values"]]
            if a["values"] and values != a["values"]:
                wrong.append(f"{name}@{key}: {values} / {a['values']}"[:300])
    return wrong


def main():
    assay = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    failed = objects = 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            r = random.Random(f"{seed}/{number}")
            path = os.path.join(folder, "x.h5")
            write(path, r)
            wrong = compare(path, assay)
            objects += len(truth(path))
            if wrong:
                failed += 1
                print(f"file {seed}/{number}:", *wrong[:6], sep="\n    ")
            os.remove(path)
    print(f"{count - failed} of {count} files ({objects} objects) read alike; seed {seed}, h5py {h5py.__version__}")
    sys.exit(1 if failed else 0)


main()
