#!/usr/bin/env python3
"""Models that are signed, changed, and verified: which changes are seen, which files count, and what is said of them.

usage: trees.py ASSAY [MODEL_SIGNING]
With MODEL_SIGNING (1.1.1), it has to answer alike where `peer` says so; where the two are known to differ, nobody asks it.
"""
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

ASSAY = str(Path(sys.argv[1]).absolute())
PEER = str(Path(sys.argv[2]).absolute()) if len(sys.argv) > 2 else None
MODEL = Path("model")
counts = {True: 0, False: 0}


def run(*words):
    return subprocess.run(list(map(str, words)), capture_output=True, text=True, errors="surrogateescape", timeout=60)


def write(name, data=b"data"):
    path = MODEL / name if isinstance(name, str) else os.fsencode(MODEL) + b"/" + name
    if isinstance(path, Path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


def remove(name):
    path = MODEL / name
    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def link(name, to):
    (MODEL / name).unlink(missing_ok=True)
    (MODEL / name).parent.mkdir(parents=True, exist_ok=True)
    (MODEL / name).symlink_to(to)


def base():
    """Weights in two folders, a configuration, an empty file, names that are easily confused."""
    for name, data in {"weights.bin": bytes(range(256)) * 40, "config.json": b"{}", "sub/part-1": b"one", "empty": b"",
                       "sub/part-2": b"two", "caf\u00e9": b"composed", "cafe\u0301": b"decomposed", "a b/c": b"1",
                       "a/b": b"2", "a-b": b"3", ".hidden": b"h", "sub/.gitignore": b"g"}.items():
        write(name, data)


def nothing():
    pass


def rewrite_same():
    data = (MODEL / "weights.bin").read_bytes()
    remove("weights.bin")
    write("weights.bin", data)


def swap(one, other):
    os.rename(MODEL / one, "held")
    os.rename(MODEL / other, MODEL / one)
    os.rename("held", MODEL / other)


def both_links():
    link("link", "weights.bin")
    link("sub/link", "../config.json")


def bind():
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(MODEL / "socket"))
    listener.close()


OK, NOT, UNDECIDED, UNSIGNED = 0, 1, 3, "not signed"
SHARDS = ["--serialization", "shards", "--shard-size", "1000"]
LINKS = ["--allow-symlinks"]
# (what, what is added before signing, flags of sign, the change, flags of verify, the answer, a word of it, does the peer
# answer alike?)
CASES = [
    ("unchanged", nothing, [], nothing, [], OK, "unchanged    12 files", True),
    ("written anew with the same bytes", nothing, [], rewrite_same, [], OK, "", True),
    ("mode and time changed", nothing, [], lambda: (os.chmod(MODEL / "weights.bin", 0o755), os.utime(MODEL / "a-b", (1, 1))),
     [], OK, "", True),
    ("byte changed at the end", nothing, [], lambda: write("weights.bin", bytes(range(256)) * 39 + bytes(256)), [], NOT,
     "changed      weights.bin", True),
    ("byte added", nothing, [], lambda: write("config.json", b"{}\n"), [], NOT, "changed      config.json", True),
    ("emptied", nothing, [], lambda: write("config.json", b""), [], NOT, "changed      config.json", True),
    ("empty file filled", nothing, [], lambda: write("empty", b"\0"), [], NOT, "changed      empty", True),
    ("empty file removed", nothing, [], lambda: remove("empty"), [], NOT, "removed      empty", True),
    ("empty file added", nothing, [], lambda: write("sub/new", b""), [], NOT, "added        sub/new", True),
    ("hidden file changed", nothing, [], lambda: write(".hidden", b"x"), [], NOT, "changed      .hidden", True),
    ("nested .gitignore changed", nothing, [], lambda: write("sub/.gitignore", b"x"), [], NOT,
     "changed      sub/.gitignore", True),
    ("moved to another folder", nothing, [], lambda: os.rename(MODEL / "sub/part-1", MODEL / "part-1"), [], NOT,
     "renamed      sub/part-1 is now part-1", True),
    ("name in another case", nothing, [], lambda: os.rename(MODEL / "config.json", MODEL / "Config.json"), [], NOT,
     "renamed      config.json is now Config.json", True),
    ("one of two normal forms gone", nothing, [], lambda: remove("caf\u00e9"), [], NOT, "removed", True),
    ("normal forms swapped", nothing, [], lambda: swap("caf\u00e9", "cafe\u0301"), [], NOT, "caf", True),
    ("two files swapped", nothing, [], lambda: swap("sub/part-1", "sub/part-2"), [], NOT, "sub/part-1", True),
    ("slash for a blank: folders merged", nothing, [], lambda: (remove("a b"), write("a/c", b"1")), [], NOT, "renamed      a b/c is now a/c", True),
    ("file to folder", nothing, [], lambda: (remove("a-b"), write("a-b/x", b"3")), [], NOT, "a-b", True),
    ("folder to file", nothing, [], lambda: (remove("a"), write("a", b"2")), [], NOT, "a/b", True),
    ("copied beside", nothing, [], lambda: write("sub/copy", b"one"), [], NOT, "added        sub/copy", True),
    ("empty folder added", nothing, [], lambda: (MODEL / "new").mkdir(), [], OK, "", True),
    ("FIFO added", nothing, [], lambda: os.mkfifo(MODEL / "fifo"), [], NOT, "fifo", True),
    ("socket added", nothing, [], bind, [], NOT, "socket", True),
    ("name with a line end added", nothing, [], lambda: write("two\nlines"), [], NOT, "added", True),
    ("name with an escape sequence added", nothing, [], lambda: write("\x1b[2Jx"), [], NOT, "added", True),
    ("name that is not UTF-8 added", nothing, [], lambda: write(b"bad\xff"), [], NOT, "not UTF-8", True),
    ("the whole model renamed", nothing, [], lambda: None, ["rename"], OK, "", True),
    # What is left out.
    ("top .gitattributes added", nothing, [], lambda: write(".gitattributes"), [], OK, "not covered  .gitattributes", True),
    ("top .github changed", lambda: write(".github/w.yml"), [], lambda: write(".github/w.yml", b"x"), [], OK,
     "not covered  .github/w.yml", True),
    ("like .git, and not", nothing, [], lambda: write(".gitx"), [], NOT, "added        .gitx", True),
    (".gitmodules is no default", nothing, [], lambda: write(".gitmodules"), [], NOT, "added", True),
    ("git paths signed", lambda: write(".git/config"), ["--no-ignore-git-paths"], nothing, ["--no-ignore-git-paths"], OK,
     "unchanged    13 files", True),
    ("git paths signed and changed", lambda: write(".git/config"), ["--no-ignore-git-paths"],
     lambda: write(".git/config", b"x"), ["--no-ignore-git-paths"], NOT, "changed      .git/config", True),
    ("git paths signed, ignored by the verifier", lambda: write(".git/config"), ["--no-ignore-git-paths"], nothing, [], NOT,
     "signed but ignored", True),
    ("ignored folder grows", lambda: write("cache/x"), ["--ignore-paths", "model/cache"], lambda: write("cache/y/z"), [], OK,
     "not covered  cache/y/z", True),
    ("ignored folder goes", lambda: write("cache/x"), ["--ignore-paths", "model/cache"], lambda: remove("cache"), [], OK, "",
     True),
    ("like the ignored folder, and not", nothing, ["--ignore-paths", "model/cache"], lambda: write("cache2/x"), [], NOT,
     "added        cache2/x", True),
    ("the ignored name further below", nothing, ["--ignore-paths", "model/cache"], lambda: write("sub/cache/x"), [], NOT,
     "added        sub/cache/x", True),
    ("ignored in another case", nothing, ["--ignore-paths", "model/cache"], lambda: write("Cache/x"), [], NOT, "added", True),
    ("the verifier ignores more", nothing, [], lambda: write("log/x"), ["--ignore-paths", "model/log"], OK,
     "not covered  log/x", True),
    ("the verifier ignores what was signed", nothing, [], nothing, ["--ignore-paths", "model/sub"], NOT, "signed but ignored",
     True),
    ("unsigned files let pass", nothing, [], lambda: write("new"), ["--ignore-unsigned-files"], OK, "not covered  new", None),
    ("unsigned files let pass, a signed one changed", nothing, [], lambda: (write("new"), write("a-b", b"x")),
     ["--ignore-unsigned-files"], NOT, "changed      a-b", None),
    ("unsigned files let pass, a signed one gone", nothing, [], lambda: (write("new"), remove("a-b")),
     ["--ignore-unsigned-files"], NOT, "removed      a-b", None),
    ("unsigned link let pass", nothing, [], lambda: link("new", "/etc/hostname"), ["--ignore-unsigned-files"], OK,
     "not covered  new", None),
    ("the model itself ignored: nothing is left out", nothing, ["--ignore-paths", "model"], nothing, [], OK,
     "unchanged    12 files", None),
    ("pattern as an ignored path", nothing, ["--ignore-paths", "model/*.bin"], nothing, [], UNSIGNED, "no patterns", None),
    # Links.
    ("link where none may be", lambda: link("link", "weights.bin"), [], nothing, [], UNSIGNED, "link", None),
    ("links allowed", both_links, LINKS, nothing, [], OK, "leads to", None),
    ("link to another file of the same bytes", lambda: (write("twin", b"one"), link("link", "sub/part-1")), LINKS,
     lambda: link("link", "twin"), [], OK, "", None),
    ("link to other bytes", both_links, LINKS, lambda: link("link", "config.json"), [], NOT, "changed      link", None),
    ("link to nothing", both_links, LINKS, lambda: link("link", "gone"), [], NOT, "link", None),
    ("link to itself", both_links, LINKS, lambda: link("link", "link"), [], NOT, "link", None),
    ("link to a folder", both_links, LINKS, lambda: link("link", "sub"), [], NOT, "link", None),
    ("link out of the model", both_links, LINKS, lambda: link("link", "../outside"), [], NOT, "outside", None),
    ("link made a file", both_links, LINKS,
     lambda: (remove("link"), write("link", bytes(range(256)) * 40)), [], OK, "", None),
    ("file made a link", nothing, [], lambda: (shutil.copy(MODEL / "a-b", "outside"), link("a-b", "../outside")), [], NOT,
     "a-b", True),
    ("file made a link, the verifier allows", nothing, [], lambda: (write("twin", b"3"), link("a-b", "twin")), LINKS, NOT,
     "a-b", None),
    ("folder made a link", nothing, [], lambda: (shutil.move(MODEL / "sub", "moved"), link("sub", "../moved")), [], NOT, "sub",
     True),
    ("link to a folder signed", lambda: link("link", "sub"), LINKS, nothing, [], UNSIGNED, "folder", None),
    ("link out of the model signed", lambda: link("link", "../outside"), LINKS, nothing, [], UNSIGNED, "outside", None),
    ("FIFO signed", lambda: os.mkfifo(MODEL / "fifo"), [], nothing, [], UNSIGNED, "fifo", None),
    ("name that is not UTF-8 signed", lambda: write(b"bad\xff"), [], nothing, [], UNSIGNED, "not UTF-8", None),
    # Shards.
    ("shards", nothing, SHARDS, nothing, [], OK, "in shards of 1000 bytes", None),
    ("shards: byte changed in the third", nothing, SHARDS, lambda: write("weights.bin", bytes(2500) + bytes(7740)), [], NOT,
     "changed      weights.bin", None),
    ("shards: cut at an edge", nothing, SHARDS, lambda: write("weights.bin", (bytes(range(256)) * 40)[:10000]), [], NOT,
     "weights.bin", None),
    ("shards: grown", nothing, SHARDS, lambda: write("weights.bin", bytes(range(256)) * 40 + b"\0"), [], NOT, "weights.bin",
     None),
    ("shards: empty file added", nothing, SHARDS, lambda: write("sub/new", b""), [], OK, "not covered  sub/new", None),
    ("shards: colon in a name", lambda: write("a:1:2", b"x" * 2500), SHARDS, nothing, [], OK, "", None),
    ("shards: colon names swapped", lambda: write("a:1:2", b"x" * 2500), SHARDS,
     lambda: os.rename(MODEL / "a:1:2", MODEL / "a:1:3"), [], NOT, "a:1:", None),
    ("BLAKE2b", nothing, ["--hash", "blake2b"], lambda: write("a-b", b"x"), [], NOT, "changed      a-b", None),
    ("BLAKE3 in shards", nothing, ["--hash", "blake3", *SHARDS], nothing, [], OK, "blake3", None),
]


def labelled(text):
    """The answer with its label on every line: it says a label once for the lines that follow each other."""
    lines, label = [], ""
    for line in text.splitlines():
        label = line[:15] if line[:15].strip() else label
        lines.append(label + line[15:])
    return "\n".join(lines)


def outcome(case):
    what, prepare, sign, change, verify, wanted, word, peer = case
    for path in ("model", "moved", "other", "outside", "sig"):
        if os.path.lexists(path):
            shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.unlink(path)
    Path("outside").write_bytes(b"outside")
    base()
    prepare()
    signed = run(ASSAY, "sign", MODEL, "--private-key", "key.pem", "--signature", "sig", *sign)
    if wanted == UNSIGNED:
        return signed.returncode == 1 and word in signed.stdout + signed.stderr and not os.path.exists("sig"), signed
    if signed.returncode:
        return False, signed
    change()
    target = MODEL
    if "rename" in verify:
        os.rename("model", "other")
        target, verify = Path("other"), []
    answer = run(ASSAY, "verify", target, "--public-key", "key.pub", "--signature", "sig", *verify)
    if answer.returncode != wanted or word not in labelled(answer.stdout) or "\x1b" in answer.stdout:
        return False, answer
    if PEER and peer:
        flags = [{"--allow-symlinks": "--allow_symlinks"}.get(flag, flag) for flag in verify]
        theirs = run(PEER, "verify", "key", target, "--public_key", "key.pub", "--signature", "sig", *flags)
        if (theirs.returncode == 0) != (wanted == OK):
            return False, theirs
    return True, answer


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "key.pem")
        run("openssl", "ec", "-in", "key.pem", "-pubout", "-out", "key.pub")
        for case in CASES:
            is_right, answer = outcome(case)
            counts[is_right] += 1
            if not is_right:
                print(f"WRONG {case[0]}: {' '.join(answer.args)}: status {answer.returncode}\n{answer.stdout}{answer.stderr}")
    print(f"{counts[True]} passed, {counts[False]} failed")
    sys.exit(1 if counts[False] else 0)


main()
