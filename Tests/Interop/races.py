#!/usr/bin/env python3
"""A file that changes while `assay verify` reads it: at every one of its calls of the system, and back at any later one.

usage: races.py ASSAY [COUNT] [SEED]
Linux, with a C compiler. The program runs with a library before it (races.c) that makes the change just before the call of a given
number, so that no moment is left out and none is left to luck. Verified may come out only when nothing had changed between the
first look at the model and the last one: then the change came before or after the verification. COUNT pairs of calls are drawn
for changes that are taken back; and changes in the same tick of the clock as one before, which leave the times as they were.
"""
import collections
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ASSAY = str(Path(sys.argv[1]).absolute())
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 300
RANDOM = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
SOURCE = Path(__file__).with_name("races.c")
CHANGES = ["swap", "folder", "poke", "hidden", "shorter"]


class Place:
    """A model of its own, so that several run at a time."""

    def __init__(self, name, size):
        self.folder = Path(name).absolute()
        self.folder.mkdir()
        self.good = os.urandom(size)
        self.bad = bytearray(self.good)
        self.bad[size // 2] ^= 1
        self.reset()

    def reset(self):
        for part in ("m", "n", "other"):
            path = self.folder / part
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        for part, data in (("m", self.good), ("n", self.bad)):
            (self.folder / part / "sub").mkdir(parents=True)
            for name in ("a", "sub/b", "sub/c"):
                (self.folder / part / name).write_bytes(data if name == "sub/b" else self.good)
                os.utime(self.folder / part / name, (1, 1))
        (self.folder / "other").write_bytes(self.bad)

    def verify(self, change=None, at=0, back=0, first=0, jobs=1):
        log = self.folder / "log"
        log.unlink(missing_ok=True)
        environment = dict(os.environ, LD_PRELOAD=str(Path("races.so").absolute()), RACE_LOG=str(log),
                           RACE_FILE=str(self.folder / ("m/sub" if change == "folder" else "m/sub/b")),
                           RACE_OTHER=str(self.folder / ("n/sub" if change == "folder" else "other")))
        if change:
            environment.update(RACE_DO=change, RACE_AT=str(at))
        if back:
            environment["RACE_BACK"] = str(back)
        if first:
            environment["RACE_FIRST"] = str(first)
        done = subprocess.run([ASSAY, "verify", self.folder / "m", "--signature", "s" + self.folder.name, "--public-key", "k.pub",
                               "--jobs", str(jobs)], capture_output=True, text=True, env=environment, timeout=60)
        lines = [line.split(" ") for line in log.read_text().splitlines()]
        return done, [(int(number), name, path) for number, name, path in lines]


def looks(calls, change):
    """The numbers of the first and the last call that looks at the file, or at its folder.

    What was changed just before is listed once more before anything is read, and the first list counts for nothing."""
    looked_at = "sub" if change == "folder" else "b"
    listed = [number for number, name, path in calls if name == "fstatat" and path == looked_at]
    seen = [number for number, name, path in calls if name in ("fstatat", "openat") and path == looked_at]
    return listed[1] if len(listed) == 3 else min(seen), max(seen)


def main():
    failures, seen = 0, collections.Counter()
    with tempfile.TemporaryDirectory(dir=os.environ.get("RACES_FOLDER")) as folder:
        os.chdir(folder)
        subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-O1", "-o", "races.so", SOURCE, "-ldl"], check=True)
        subprocess.run("openssl ecparam -name prime256v1 -genkey -noout -out k.pem && openssl pkey -in k.pem -pubout -out k.pub",
                       shell=True, check=True, capture_output=True)
        work, places = [], {}
        for name, size in (("short", 20_000), ("long", 9 << 20)):
            place = places[name] = Place(name, size)
            subprocess.run([ASSAY, "sign", place.folder / "m", "--private-key", "k.pem", "--signature", "s" + name], check=True,
                           capture_output=True)
            done, calls = place.verify()
            assert done.returncode == 0, done
            total = calls[-1][0]
            for change in CHANGES:
                work += [(name, change, at, 0, 0) for at in range(1, total + 2)]
            # What shortens a file cannot be taken back.
            for _ in range(COUNT):
                at, back = sorted(RANDOM.sample(range(1, total + 2), 2))
                work.append((name, RANDOM.choice(CHANGES[:-1]), at, back, 0))
            for at in range(1, total + 2):
                work.append((name, "hidden", at, 0, 1))
        def judge(job):
            name, change, at, back, first = job
            place = places[name]
            place.reset()
            done, calls = place.verify(change, at, back, first)
            start, end = looks(calls, change)
            return done, (back or 1 << 30) <= start or at > end, (start, end)

        for job in work:
            done, is_outside, span = judge(job)
            status = done.returncode
            seen[(job[1] + (", back" if job[3] else ", after a touch" if job[4] else ""), status)] += 1
            if status not in (0, 1, 3) or status == 0 and not is_outside:
                failures += 1
                print(f"FAIL {job}, looks {span}: status {status}\n  {done.stdout[:200]} {done.stderr[:200]}")
    for (what, status), count in sorted(seen.items()):
        print(f"  {what}: {['verified', 'not verified', '', 'could not decide'][status] if 0 <= status < 4 else status}, {count}")
    print(f"races: {sum(seen.values())} changes, {failures} wrong")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
