"""Every truncation and every flipped byte of a card ends in messages with lines, or in a sound card; never in a crash.

usage: card_damage.py ASSAY CARD [CARD...]
"""

import json
import pathlib
import subprocess
import sys
import tempfile


def main():
    assay = sys.argv[1]
    total = sound = 0
    with tempfile.TemporaryDirectory() as folder:
        for card in sys.argv[2:]:
            data = pathlib.Path(card).read_bytes()
            damaged = [data[:end] for end in range(len(data))]
            for position in range(len(data)):
                flipped = bytearray(data)
                flipped[position] ^= 1 << position % 8
                damaged.append(bytes(flipped))
            for start in range(0, len(damaged), 2000):
                paths = []
                for number, text in enumerate(damaged[start:start + 2000]):
                    path = pathlib.Path(folder) / f"{number}.card"
                    path.write_bytes(text)
                    paths.append(str(path))
                run = subprocess.run([assay, "card", "check", "--today", "2026-11-26", "--format", "json", *paths],
                                     capture_output=True, text=True)
                if run.returncode not in (0, 1):
                    sys.exit(f"{card}: status {run.returncode} between {start} and {start + 2000}: {run.stderr[-500:]}")
                for one in json.loads(run.stdout)["cards"]:
                    total += 1
                    sound += not one["issues"]
                    for issue in one["issues"]:
                        if issue["line"] < 1 or not issue["message"]:
                            sys.exit(f"{card}: no line in {issue}")
    print(f"{total} damaged cards, {sound} of them still sound: every issue has a line")


main()
