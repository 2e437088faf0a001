#!/usr/bin/env python3
"""Writes labelled attacks of this project's own into a folder: make_attacks.py FOLDER.

Files are put together byte by byte from what public advisories and the formats' specifications say; nothing is ever loaded
or run, and every payload is inert. `corpus.py` compares the verdicts with the labels.
"""
import shutil
import sys

import samples as writer

MODULES = ["gadgets", "gadget_names", "indirections", "pickle_tricks", "python_source", "python_flow", "template_forms",
           "repository_files", "containers", "graphs", "templates", "objects", "secrets_files",
           "programs", "zips", "tars", "graph_tricks", "tensor_tricks", "packaging", "malformed", "object_streams",
           "demands", "tools", "lesser_runtimes", "overlooked"]
OPTIONAL = ["hdf5", "archives7", "hdf5_tricks", "archives7_tricks"]


def main():
    folder = sys.argv[1]
    shutil.rmtree(folder, ignore_errors=True)
    samples = writer.Samples(folder)
    for module in MODULES:
        __import__(module).build(samples)
    for module in OPTIONAL:
        try:
            __import__(module).build(samples)
        except ImportError as error:
            print(f"left out: {module}: {error}")
    samples.close()
    print(f"{folder}: {len(samples.rows)} samples")


if __name__ == "__main__":
    main()
