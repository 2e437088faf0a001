#!/usr/bin/env python3
"""Signing and verifying beside the tools that only hash: CPU time, wall time and memory on 2 GiB, page cache warm.

usage: signing.py ASSAY DATA [--peer MODEL_SIGNING] [--runs N] [--size MIB]
DATA gets a folder of four files and one single file of --size MiB each, of random bytes, and keeps them. Rounds of all
tools follow each other, so that whatever else the machine does meets all of them; the table has each tool's best round,
and the ratio of wall times is the best of the rounds' own ratios to `openssl dgst -sha256`.
"""
import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("assay")
parser.add_argument("data")
parser.add_argument("--peer")
parser.add_argument("--runs", type=int, default=5)
parser.add_argument("--size", type=int, default=2048)
options = parser.parse_args()
data = Path(options.data)


def make():
    parts = [data / "folder" / f"part{n}.bin" for n in range(4)]
    single = [data / "single.bin"]
    for files in (parts, single):
        each = options.size // len(files)
        for path in files:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists() or path.stat().st_size != each << 20:
                with open(path, "wb") as file:
                    for _ in range(each):
                        file.write(os.urandom(1 << 20))
            with open(path, "rb", buffering=0) as file:
                while file.read(1 << 24):
                    pass
    return [str(path) for path in parts], [str(path) for path in single]


def measure(command):
    """CPU seconds (user and system, with children), wall seconds, and peak memory in MB."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{' '.join(command)} failed: {process.stderr.read().decode()}")
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024


def main():
    parts, single = make()
    key, public = str(data / "key.pem"), str(data / "key.pub")
    if not os.path.exists(public):
        run = lambda *words: subprocess.run(["openssl", *words], check=True, capture_output=True)
        run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key)
        run("ec", "-in", key, "-pubout", "-out", public)
    tools = {}
    for shape, files, path in (("4 files", parts, str(data / "folder")), ("1 file", single, single[0])):
        tools[f"openssl dgst -sha256, {shape}"] = ["openssl", "dgst", "-sha256", *files]
        tools[f"sha256sum, {shape}"] = ["sha256sum", *files]
        if shutil.which("b3sum"):
            tools[f"b3sum, {shape}"] = ["b3sum", *files]
        kinds = [("", [])]
        if shape == "1 file":
            kinds += [(" in shards", ["--serialization", "shards"])]
        kinds += [(", BLAKE3", ["--hash", "blake3"])]
        for name, flags in kinds:
            signature = str(data / f"{shape}{name}.sig".replace(" ", "-").replace(",", ""))
            tools[f"assay sign, {shape}{name}"] = [
                options.assay, "sign", path, "--private-key", key, "--signature", signature, *flags]
            tools[f"assay verify, {shape}{name}"] = [
                options.assay, "verify", path, "--public-key", public, "--signature", signature]
        if options.peer:
            signature = str(data / f"peer-{shape}.sig".replace(" ", "-"))
            tools[f"model_signing sign, {shape}"] = [
                options.peer, "sign", "key", path, "--private_key", key, "--signature", signature]
            tools[f"model_signing verify, {shape}"] = [
                options.peer, "verify", "key", path, "--public_key", public, "--signature", signature]
    rounds = {name: [] for name in tools}
    for _ in range(options.runs):
        for name, command in tools.items():
            rounds[name].append(measure(command))
    print(f"{options.size} MiB, {options.runs} rounds, {os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f}")
    print("\n| what | CPU s | to openssl | wall s | to openssl | memory MB |\n|---|---|---|---|---|---|")
    best = {}
    for name, results in rounds.items():
        base = rounds[next(other for other in rounds if other.startswith("openssl") and shape_of(other) == shape_of(name))]
        cpu, wall = min(r[0] for r in results), min(r[1] for r in results)
        cpu_ratio = cpu / min(r[0] for r in base)
        wall_ratio = min(r[1] / b[1] for r, b in zip(results, base))
        best[name] = (cpu, cpu_ratio, wall_ratio, max(r[2] for r in results))
        print(f"| `{name}` | {cpu:.2f} | {cpu_ratio:.2f} | {wall:.2f} | {wall_ratio:.2f} | {best[name][3]:.0f} |")
    judge(best)


def shape_of(name):
    return "4 files" if "4 files" in name else "1 file"


def judge(best):
    print()
    for name, (cpu, cpu_ratio, wall_ratio, memory) in best.items():
        if not name.startswith("assay") or "BLAKE3" in name:
            continue
        goals = [("CPU at most 1.1 of openssl's", cpu_ratio <= 1.1), ("memory under 64 MB", memory < 64)]
        if "4 files" in name or "shards" in name:
            goals.append(("wall under 0.6 of openssl's", wall_ratio < 0.6))
        peer = best.get(name.replace("assay", "model_signing").replace(" in shards", ""))
        if peer:
            goals.append(("half of model_signing's CPU", cpu * 2 <= peer[0]))
        print(f"{name}: " + ", ".join(("" if met else "NOT ") + goal for goal, met in goals))


main()
