#!/usr/bin/env python3
"""Scans damaged copies of real files: none may crash, hang or exceed the bounds, and none that breaks off may read as clean.

    property.py SCAN-MUTATIONS --count 200 --seed 1 [--jobs 2] FOLDER...

Each file is damaged COUNT times by a seeded generator (truncations, flips, numbers, removals, repetitions) and scanned by
the release build's scanner, in a process that is started again after a crash. Bounds for each input: 1 CPU second and
64 MiB of peak resident memory; an input over one is measured again in a process of its own before it counts.

What a truncation must not be is clean, where a loader would notice it too: that is the rule for every format that says
how long it is or how it ends. Formats whose prefixes are whole files again are in WHOLE_PREFIXES, with the reason; and
where a cut happens to fall behind a whole tar archive or a whole pickle, Python's own tarfile and pickletools say so.
Exit status 1 on any violation.
"""
import argparse
import collections
import io
import json
import os
import pickletools
import queue
import select
import struct
import subprocess
import sys
import tarfile
import tempfile
import threading
import time

SECONDS, KIBIBYTES, PATIENCE = 1.0, 64 << 10, 120

# Formats in which what is left of a truncated file can be a whole file.
WHOLE_PREFIXES = {
    "text": "any prefix of text is text",
    "python": "any prefix is source; what does not parse does not run",
    "yaml": "a document ends anywhere",
    "jinja": "a template ends anywhere; an open block is a syntax error that no renderer passes",
    "graph-text": "fields end anywhere",
    "triton-config": "fields end anywhere",
    "build-file": "instructions end anywhere",
    "commands": "commands end anywhere",
    "tf-checkpoint-state": "fields end anywhere",
    "coreml-program": "only looked through for the names of files",
    "script-objects": "only looked through for the names of classes",
    "java-objects": "only looked through for the names of classes",
    "dotnet-objects": "only looked through for the names of classes",
    "xml": "only unclosed elements are malformed",
    "onnx": "protocol buffers have no end: a message may stop after any field",
    "tf-graphdef": "protocol buffers have no end",
    "tf-savedmodel": "protocol buffers have no end",
    "tf-metagraph": "protocol buffers have no end",
    "tf-keras-metadata": "protocol buffers have no end",
    "coreml": "protocol buffers have no end",
    "paddle-program": "protocol buffers have no end",
    "tensorrt": "the structure of engines is not public",
    "rknn": "the structure of engines is not public",
    "cntk": "the structure of engines is not public",
    "onnxruntime": "the structure of engines is not public",
    "unknown": "no reader takes it",
}


LEGACY = bytes.fromhex("80028a0a6cfc9c46f9206aa850192e")
ELEMENT = {"Double": 8, "Long": 8, "Float": 4, "Int": 4, "Half": 2, "Short": 2, "BFloat16": 2}


def has_storages(data):
    """Whether a file in PyTorch's format before zip has its five pickles and the storages that they name."""
    stream, needed, name, number = io.BytesIO(data), {}, "", 0
    try:
        for _ in range(5):
            strings = []
            for opcode, argument, _ in pickletools.genops(stream):
                if opcode.name == "GLOBAL" and argument.endswith("Storage"):
                    name = argument.split()[-1][:-len("Storage")]
                elif isinstance(argument, str):
                    strings.append(argument)
                elif opcode.name.startswith("BININT"):
                    number = argument
                elif opcode.name == "BINPERSID":
                    needed[strings[-2]] = 8 + number * ELEMENT.get(name, 1)
    except Exception:
        return False
    return stream.tell() + sum(needed.values()) <= len(data)


def r_object(data, at):
    """Where the R object at `at` ends: constants, symbols, text, and lists as R reads them (R Internals, 1.8)."""
    flags, = struct.unpack_from(">i", data, at)
    kind, at = flags & 0xFF, at + 4
    if kind in (241, 242, 251, 252, 253, 254):
        return at
    if kind == 1:
        return r_object(data, at)
    if kind == 9:
        return at + 4 + max(0, struct.unpack_from(">i", data, at)[0])
    if kind == 16:
        count, = struct.unpack_from(">i", data, at)
        at += 4
        for _ in range(count):
            at = r_object(data, at)
        return at
    if kind in (2, 3, 5, 6, 17):
        for _ in range(2 + bool(flags & 0x200) + bool(flags & 0x400)):
            at = r_object(data, at)
        return at
    raise ValueError


def is_whole(left, data):
    """Why what is left of a file is whole, by another reader than ours, or None."""
    if left in ("tar", "nemo", "pytorch-tar"):
        try:
            with tarfile.open(fileobj=io.BytesIO(data)) as archive:
                for member in archive:
                    if member.isreg():
                        archive.extractfile(member).read()
            return "tarfile reads a whole archive"
        except (tarfile.TarError, EOFError):
            return None
    if left == "pickle":
        stream = io.BytesIO(data)
        try:
            while data[stream.tell():].strip(b"\0"):
                for _ in pickletools.genops(stream):
                    pass
            return "pickletools reads whole pickles"
        except Exception:  # genops raises anything that a damaged argument leads to
            if data.startswith(LEGACY) and has_storages(data):
                return "PyTorch does not look behind the storages of a legacy file"
            return None
    if left == "safetensors" and len(data) >= 8:
        length = struct.unpack_from("<Q", data)[0]
        try:
            header = json.loads(data[8:8 + length])
            ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
        except (ValueError, KeyError, TypeError):
            return None
        return "every tensor is there" if 8 + length + max(ends, default=0) == len(data) else None
    if left == "r-data" and data.startswith(b"X\n\0\0\0\2"):
        try:
            # R reads one object; fewer than four bytes behind it begin no other.
            return "an R object ends here" if 0 <= len(data) - r_object(data, 14) < 4 else None
        except (struct.error, ValueError):
            return None
    if left == "text":
        return "what is left is text, and the name promises nothing else"
    return None


class Work:
    """The files, handed out to threads that each keep one scanning process."""

    def __init__(self, options, files):
        self.options, self.queue, self.lock = options, queue.Queue(), threading.Lock()
        for item in files:
            self.queue.put(item)
        self.done, self.clean, self.over, self.dead = [], [], [], []

    def run(self):
        threads = [threading.Thread(target=self.loop) for _ in range(self.options.jobs)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def loop(self):
        with tempfile.TemporaryDirectory() as folder:
            progress = os.path.join(folder, "progress")
            process = None
            while True:
                try:
                    path, name = self.queue.get_nowait()
                except queue.Empty:
                    break
                first = 0
                while first < self.options.count:
                    process = process or start(self.options, progress)
                    reached, why = self.ask(process, progress, path, name, first)
                    if why is None:
                        break
                    process = None
                    with self.lock:
                        self.dead.append((path, name, reached, why))
                    first = reached + 1
            if process:
                process.stdin.close()
                process.wait()

    def ask(self, process, progress, path, name, first):
        """Returns (number, reason) when the process ended before its task did."""
        task = "%s\t%s\t%d\t%d\n" % (path, name, first, self.options.count - first)
        try:
            process.stdin.write(task.encode())
            process.stdin.flush()
        except BrokenPipeError:
            return position(progress), "ended"
        seen, since = None, time.monotonic()
        while True:
            ready, _, _ = select.select([process.stdout], [], [], 5)
            if ready:
                line = process.stdout.readline()
                if not line:
                    return position(progress), "ended with %d" % process.wait()
                fields = line.decode().rstrip("\n").split("\t")
                with self.lock:
                    if fields[0] == "done":
                        self.done.append(fields[1:])
                        return None, None
                    if fields[0] == "clean":
                        self.clean.append(fields[1:])
                    else:
                        self.over.append((path, name, int(fields[2]), fields[0], int(fields[3])))
            elif position(progress) != seen:
                seen, since = position(progress), time.monotonic()
            elif time.monotonic() - since > PATIENCE:
                process.kill()
                process.wait()
                return position(progress), "took more than %d seconds" % PATIENCE


def start(options, progress):
    return subprocess.Popen(
        [options.binary, progress, str(options.seed)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
        # What the allocator would keep must not be counted against the next input.
        env=dict(os.environ, SWIFT_BACKTRACE="enable=no", MALLOC_TRIM_THRESHOLD_="131072", MALLOC_MMAP_THRESHOLD_="131072"))


def position(progress):
    with open(progress, "rb") as file:
        return struct.unpack("<i", file.read(4).ljust(4, b"\0"))[0]


def alone(options, path, name, number):
    """Milliseconds and KiB of one input in a process of its own: the lines it is over the bounds by."""
    with tempfile.TemporaryDirectory() as folder:
        process = start(options, os.path.join(folder, "progress"))
        out, _ = process.communicate(("%s\t%s\t%d\t1\n" % (path, name, number)).encode())
    fields = [line.split("\t") for line in out.decode().splitlines()]
    return {field[0]: int(field[3]) for field in fields if field[0] in ("slow", "large")}, process.returncode


def save(options, path, name, number):
    os.makedirs(options.keep, exist_ok=True)
    target = os.path.join(options.keep, "%s-%d" % (name.replace("/", "_"), number))
    with open(target, "wb") as file:
        subprocess.run([options.binary, "write", str(options.seed), path, name, str(number)], stdout=file, check=True)
    return target


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", default=".build-release/property", help="where inputs that violate are written")
    options = parser.parse_args()
    files = []
    for folder in options.folders:
        for root, _, names in sorted(os.walk(folder)):
            for name in sorted(names):
                path = os.path.join(root, name)
                files.append((path, os.path.relpath(path, folder)))
    started = time.monotonic()
    work = Work(options, files)
    work.run()
    elapsed = time.monotonic() - started

    violations = []
    for path, name, number, why in work.dead:
        violations.append("%s: the scanner %s (%s)" % (name, why, save(options, path, name, number)))
    for path, name, number, kind, value in work.over:
        again, status = alone(options, path, name, number)
        if status != 0 or kind in again:
            unit = "ms" if kind == "slow" else "KiB"
            violations.append("%s: %s, %d and again %d %s (%s)" % (
                name, kind, value, again.get(kind, -1), unit, save(options, path, name, number)))
    formats = {fields[0]: fields[1] for fields in work.done}
    paths = {name: path for path, name in files}
    allowed = collections.Counter()
    for name, number, offset, count, left in work.clean:
        with open(paths[name], "rb") as file:
            reason = WHOLE_PREFIXES.get(formats.get(name, "unknown")) or is_whole(left, file.read(int(offset)))
        if reason:
            allowed[formats.get(name, "unknown"), reason] += 1
        else:
            violations.append("%s: cut at %s of %s bytes, %s reads as clean %s (%s)" % (
                name, offset, count, formats.get(name), left, save(options, paths[name], name, int(number))))
    for violation in violations:
        print("VIOLATION", violation)
    runs = sum(int(fields[3]) for fields in work.done)
    print("%d files, %d damaged copies in %.0f s (%.0f/s), seed %d" % (
        len(files), runs, elapsed, runs / elapsed, options.seed))
    for label, value, number, unit in (("slowest", 4, 5, "ms of CPU"), ("largest", 6, 7, "KiB")):
        for fields in sorted(work.done, key=lambda fields: -int(fields[value]))[:3]:
            print("  %s: %s %s, %s number %s" % (label, fields[value], unit, fields[0], fields[number]))
    for (name, reason), count in sorted(allowed.items()):
        print("  %d truncations of %s may be clean: %s" % (count, name, reason))
    print("%d violations" % len(violations))
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
