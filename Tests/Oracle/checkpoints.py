#!/usr/bin/env python3
"""checkpoints.py ASSAY [COUNT] [SEED]: TensorFlow writes checkpoints, `assay tensors` must list the same content.

Needs the PyPI package tensorflow-cpu. For random checkpoints (whole and partitioned tensors, one and several shards, text)
names, types, shapes, shards and sizes must be what TensorFlow's own reader says. Exits with 1 when anything differs.
"""
import glob, json, os, random, subprocess, sys, tempfile
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf

assay, count, seed = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 50, int(sys.argv[3]) if len(sys.argv) > 3 else 1
rnd = random.Random(seed)
TYPES = [tf.float32, tf.float64, tf.float16, tf.bfloat16, tf.int8, tf.uint8, tf.int16, tf.uint16, tf.int32, tf.uint32, tf.int64, tf.uint64, tf.bool, tf.complex64, tf.complex128, tf.string]


def tensor():
    shape = [rnd.choice([0, 1, 2, 3, 17]) for _ in range(rnd.randrange(4))]
    dtype = rnd.choice(TYPES)
    if dtype == tf.string: return tf.constant(np.full(shape, b"x" * rnd.randrange(40), dtype=object), dtype=tf.string)
    return tf.cast(tf.zeros(shape, tf.int32), dtype)


wrong = tensors = 0
with tempfile.TemporaryDirectory() as folder:
    for number in range(count):
        prefix = os.path.join(folder, "c%d" % number)
        parts = []
        for shard in range(rnd.choice([1, 1, 1, 3])):
            part = "%s_part%d" % (prefix, shard)
            named = {"s%d/%s%d" % (shard, "layer/größe/" * rnd.randrange(12), i): tensor() for i in range(rnd.choice([1, 5, 300]))}
            slices = [""] * len(named)
            if rnd.random() < .3:
                # Half of a tensor: the other half may be in another shard or missing.
                named["sliced%d" % shard] = tf.zeros([2, 4])
                slices.append("4 4 0,2:-")
            tf.raw_ops.SaveV2(prefix=part, tensor_names=list(named), shape_and_slices=slices, tensors=list(named.values()))
            parts.append(part)
        tf.raw_ops.MergeV2Checkpoints(checkpoint_prefixes=parts, destination_prefix=prefix)
        got = json.loads(subprocess.run([assay, "tensors", prefix + ".index"], capture_output=True, text=True, check=True).stdout)
        reader = tf.train.load_checkpoint(prefix)
        want = {}
        for name, shape in reader.get_variable_to_shape_map().items():
            want[name] = (reader.get_variable_to_dtype_map()[name].name, shape)
        names = {"string": "string", "bool": "bool"}
        have = {t["name"]: (t["type"], t["shape"]) for t in got.get("tensors", []) if not t["name"].startswith("\0")}
        sizes = [0] * got.get("shards", 0)
        for t in got.get("tensors", []): sizes[t["shard"]] += t["size"]
        files = [os.path.getsize(f) for f in sorted(glob.glob(prefix + ".data-*"))]
        tensors += len(want)
        if want != have or not got.get("accepted") or sizes != files:
            wrong += 1
            print("DIFFERS", number, got.get("accepted"), sizes, files)
            for name in sorted(set(want) | set(have)):
                if want.get(name) != have.get(name): print("   ", name, want.get(name), have.get(name))
print(count, "checkpoints,", tensors, "tensors,", wrong, "differ; TensorFlow", tf.__version__)
sys.exit(1 if wrong else 0)
