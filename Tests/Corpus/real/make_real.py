#!/usr/bin/env python3
"""Writes harmless model files as the frameworks themselves write them: make_real.py FOLDER.

Each file is made by the newest release of its framework (see requirements.txt) in the way its users do. A framework that is
not installed is named and left out. `corpus.py` then checks that no file reaches the default threshold.
"""
import importlib
import json
import os
import shutil
import subprocess
import sys
import traceback
import warnings

MODULES = ["python_objects", "arrays", "estimators", "boosting", "torch_files", "keras_models", "graphs", "language_models",
           "repositories", "scripts", "many_objects", "other_formats", "packed", "surroundings", "columns", "java_objects",
           "specialised"]


class Files:
    def __init__(self, folder):
        self.folder = folder
        self.rows = []

    def path(self, name, technique, label="benign", severity="none"):
        """The path of a file to be written, which is entered in the manifest."""
        full = os.path.join(self.folder, "benign", name)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        self.rows.append({"path": "benign/" + name, "label": label, "technique": technique, "expected_min_severity": severity,
                          "format": name.split("/")[0]})
        return full

    def folder_of(self, name, technique):
        """A folder that a framework fills; `enter` puts its files into the manifest."""
        full = os.path.join(self.folder, "benign", name)
        os.makedirs(full, exist_ok=True)
        return full

    def enter(self, name, technique):
        for root, _, files in os.walk(os.path.join(self.folder, "benign", name)):
            for file in sorted(files):
                path = os.path.relpath(os.path.join(root, file), self.folder)
                self.rows.append({"path": path, "label": "benign", "technique": technique, "expected_min_severity": "none",
                                  "format": name.split("/")[0]})

    def text(self, name, text, technique):
        with open(self.path(name, technique), "w", encoding="utf-8") as file:
            file.write(text if isinstance(text, str) else json.dumps(text, indent=2))

    def kept(self):
        return [row for row in self.rows if os.path.exists(os.path.join(self.folder, row["path"]))]


def run(folder, module, builder):
    """Runs one builder in this process: frameworks that do not get along with each other never meet."""
    files = Files(folder)
    try:
        getattr(importlib.import_module(module), builder)(files)
    except ImportError as error:
        print(f"left out: {module}.{builder}: {error}")
    except Exception as error:
        print(f"failed: {module}.{builder}: {type(error).__name__}: {error}")
        if os.environ.get("TRACE"):
            traceback.print_exc()
    with open(os.path.join(folder, f".{module}.{builder}.rows"), "w", encoding="utf-8") as file:
        json.dump(files.kept(), file)


def builders(module):
    """Names in a module's BUILDERS, read without importing it."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), module + ".py")
    with open(path, encoding="utf-8") as file:
        line = [line for line in file if line.startswith("BUILDERS")][0]
    return [name.strip() for name in line.split("[")[1].rstrip("]\n ").split(",")]


def main():
    warnings.simplefilter("ignore")
    os.environ.update(KERAS_BACKEND="torch", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="", HF_HUB_OFFLINE="1",
                      TOKENIZERS_PARALLELISM="false", PYTHONWARNINGS="ignore")
    folder = os.path.abspath(sys.argv[1])
    if "--builder" in sys.argv:
        return run(folder, *sys.argv[3:])
    only = sys.argv[2:]
    if not only:
        shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder, exist_ok=True)
    for module in only or MODULES:
        for builder in builders(module):
            ended = subprocess.run([sys.executable, os.path.abspath(__file__), folder, "--builder", module, builder], stderr=subprocess.PIPE)
            if ended.returncode:
                last = ended.stderr.decode(errors="replace").strip().splitlines()[-1:]
                print(f"failed: {module}.{builder}: status {ended.returncode}: {last}")
    rows = []
    for name in sorted(os.listdir(folder)):
        if name.endswith(".rows"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                rows += json.load(file)
    with open(os.path.join(folder, "manifest.jsonl"), "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, sort_keys=True) + "\n" for row in rows)
    kinds = {row["format"] for row in rows}
    print(f"{folder}: {len(rows)} files of {len(kinds)} kinds")


if __name__ == "__main__":
    main()
