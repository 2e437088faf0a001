"""Trains the example model and measures it: a small network that reads digits of 8x8 pixels.

The images are drawn here: a 5x7 digit at a random place, with random strength, blur and noise. Everything comes from one
seed, and weights are rounded, so that every machine gets the same model. Needs numpy alone.

usage: train.py FOLDER    writes FOLDER/model (the model) and FOLDER/measurements (predicates for `assay attest`)
"""

import hashlib
import json
import math
import pathlib
import sys

import numpy as np

FONT = [
    "01110 10001 10011 10101 11001 10001 01110", "00100 01100 00100 00100 00100 00100 01110",
    "01110 10001 00001 00110 01000 10000 11111", "11110 00001 00001 01110 00001 00001 11110",
    "00010 00110 01010 10010 11111 00010 00010", "11111 10000 11110 00001 00001 10001 01110",
    "00110 01000 10000 11110 10001 10001 01110", "11111 00001 00010 00100 01000 01000 01000",
    "01110 10001 10001 01110 10001 10001 01110", "01110 10001 10001 01111 00001 00010 01100",
]
GLYPHS = np.array([[[int(dot) for dot in row] for row in glyph.split()] for glyph in FONT], dtype=float)
MEASURED = "2026-11-25T12:00:00Z"
HIDDEN = 32


def draw(random, count):
    """Images of 64 pixels between 0 and 1, and which digit each shows."""
    labels = random.integers(0, 10, count)
    images = np.zeros((count, 8, 8))
    for image, label in zip(images, labels):
        top, left = random.integers(0, 2), random.integers(0, 4)
        image[top:top + 7, left:left + 5] = GLYPHS[label] * random.uniform(0.6, 1.0)
    blur = random.uniform(0, 0.15, (count, 1, 1))
    images += blur * (np.roll(images, 1, 1) + np.roll(images, -1, 1) + np.roll(images, 1, 2) + np.roll(images, -1, 2))
    images += random.normal(0, 0.12, images.shape)
    return np.clip(images, 0, 1).reshape(count, 64), labels


def forward(weights, images):
    hidden = np.maximum(images @ weights["hidden.weight"].T + weights["hidden.bias"], 0)
    scores = hidden @ weights["output.weight"].T + weights["output.bias"]
    scores -= scores.max(axis=1, keepdims=True)
    probabilities = np.exp(scores)
    return hidden, probabilities / probabilities.sum(axis=1, keepdims=True)


def train(random, images, labels):
    weights = {
        "hidden.weight": random.normal(0, math.sqrt(2 / 64), (HIDDEN, 64)), "hidden.bias": np.zeros(HIDDEN),
        "output.weight": random.normal(0, math.sqrt(2 / HIDDEN), (10, HIDDEN)), "output.bias": np.zeros(10),
    }
    momentum = {name: np.zeros_like(value) for name, value in weights.items()}
    for epoch in range(40):
        order = random.permutation(len(images))
        for start in range(0, len(order), 50):
            batch = order[start:start + 50]
            hidden, probabilities = forward(weights, images[batch])
            error = probabilities.copy()
            error[np.arange(len(batch)), labels[batch]] -= 1
            error /= len(batch)
            back = (error @ weights["output.weight"]) * (hidden > 0)
            slopes = {
                "output.weight": error.T @ hidden, "output.bias": error.sum(axis=0),
                "hidden.weight": back.T @ images[batch], "hidden.bias": back.sum(axis=0),
            }
            for name, slope in slopes.items():
                momentum[name] = 0.9 * momentum[name] - 0.05 * (slope + 1e-4 * weights[name])
                weights[name] += momentum[name]
    # Rounding hides the last digits, in which processors differ.
    return {name: np.round(value, 3).astype(np.float32) for name, value in weights.items()}


def predict(weights, images):
    return forward(weights, images)[1].argmax(axis=1)


def attack(weights, images, labels, size, steps):
    """Projected gradient descent (Madry et al. 2018) within `size` of every pixel."""
    changed = images.copy()
    for _ in range(steps):
        hidden, probabilities = forward(weights, changed)
        error = probabilities.copy()
        error[np.arange(len(labels)), labels] -= 1
        slope = ((error @ weights["output.weight"]) * (hidden > 0)) @ weights["hidden.weight"]
        changed = changed + size / 4 * np.sign(slope)
        changed = np.clip(np.clip(changed, images - size, images + size), 0, 1)
    return changed


def black_box(random, weights, images, labels, size, queries):
    """Random corners of the box around each image; one that is read wrongly is enough."""
    fooled = predict(weights, images) != labels
    for _ in range(queries):
        corner = np.clip(images + size * random.choice([-1.0, 1.0], images.shape), 0, 1)
        fooled |= predict(weights, corner) != labels
    return fooled


def wilson(successes, count):
    """Wilson's 95 % interval of a share."""
    share, z = successes / count, 1.959964
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return [round(max(0, middle - half), 4), round(min(1, middle + half), 4)]


def area(members, others):
    """How often a member of the training data has the lower loss: 0.5 is guessing."""
    return float(np.mean(members[:, None] < others[None, :]) + 0.5 * np.mean(members[:, None] == others[None, :]))


def membership(random, weights, inside, outside):
    def losses(images, labels):
        return -np.log(forward(weights, images)[1][np.arange(len(labels)), labels] + 1e-12)

    members, others = losses(*inside), losses(*outside)
    estimate = area(members, others)
    bootstrap = [area(random.choice(members, len(members)), random.choice(others, len(others))) for _ in range(200)]
    return round(estimate, 4), [round(float(end), 4) for end in np.quantile(bootstrap, [0.025, 0.975])], len(members) + len(others)


def safetensors(tensors):
    header, data = {"__metadata__": {"format": "np"}}, b""
    for name, value in sorted(tensors.items()):
        raw = value.astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + data


CARD = """---
license: apache-2.0
pipeline_tag: image-classification
library_name: numpy
model_name: glyphs
datasets:
  - glyphs-train
metrics:
  - accuracy
model-index:
  - name: glyphs
    results:
      - task:
          type: image-classification
        dataset:
          type: glyphs-test
          name: glyphs-test
        metrics:
          - type: accuracy
            value: {accuracy}
---

# glyphs

Reads one digit from a picture of 8x8 pixels. It is the example of Assay's documentation, and no use beside that.
"""


def digest(images, labels):
    return {"sha256": hashlib.sha256(np.round(images, 6).astype("<f4").tobytes() + labels.astype("<i4").tobytes()).hexdigest()}


def main(folder):
    random = np.random.Generator(np.random.PCG64(20261125))
    images, labels = draw(random, 4000)
    test_images, test_labels = draw(random, 1000)
    weights = train(random, images, labels)
    right = predict(weights, test_images) == test_labels
    count = len(right)
    accuracy = round(float(right.mean()), 4)

    model = folder / "model"
    model.mkdir(parents=True, exist_ok=True)
    (model / "model.safetensors").write_bytes(safetensors(weights))
    (model / "config.json").write_text(json.dumps({
        "model_type": "mlp", "architectures": ["DigitNetwork"], "input_size": 64, "hidden_size": HIDDEN,
        "num_labels": 10}, indent=2) + "\n")
    (model / "README.md").write_text(CARD.format(accuracy=accuracy))

    def share(successes):
        return {"value": round(float(successes.mean()), 4), "n": count, "interval": wilson(int(successes.sum()), count), "confidence": 0.95}

    strong = predict(weights, attack(weights, test_images, test_labels, 0.1, 10)) == test_labels
    weak = predict(weights, attack(weights, test_images, test_labels, 0.03, 10)) == test_labels
    corners = ~black_box(random, weights, test_images, test_labels, 0.1, 50)
    held_out = draw(random, 1000)
    estimate, interval, compared = membership(random, weights, (images[:1000], labels[:1000]), held_out)

    metrics = [{"name": "accuracy", "value": accuracy, "n": count, "interval": wilson(int(right.sum()), count)}]
    for number in range(10):
        mine = right[test_labels == number]
        metrics.append({"name": "recall", "slice": f"digit {number}", "value": round(float(mine.mean()), 4),
                        "n": len(mine), "interval": wilson(int(mine.sum()), len(mine))})
    data = [{"name": "glyphs-test", "digest": digest(test_images, test_labels)}]
    tool = {"name": "Examples/glyphs/train.py"}
    at_least = lambda threshold: {"threshold": threshold, "comparison": ">="}
    predicates = {
        "evaluation": {"metrics": metrics, "data": data, "finished": MEASURED, "tool": tool,
                       "limitations": ["Test images are drawn by the same program as training images."]},
        "robustness": {
            "kind": "robustness-test", "title": "Evasion: white-box and black-box", "outcome": "failed", "tool": tool,
            "samples": count, "finished": MEASURED, "data": data,
            "metrics": [{"name": "accuracy under PGD, eps 0.1", **share(strong)}],
            "results": [
                {"attack": "NISTAML.022", "metric": "accuracy under PGD, eps 0.03", "method": "PGD, 10 steps, L-infinity",
                 "dataset": "glyphs-test", **share(weak), **at_least(0.9)},
                {"attack": "NISTAML.022", "metric": "accuracy under PGD, eps 0.1", "method": "PGD, 10 steps, L-infinity",
                 "dataset": "glyphs-test", **share(strong), **at_least(0.5)},
                {"attack": "NISTAML.025", "metric": "accuracy under 50 random corners, eps 0.1",
                 "method": "50 queries an image, decision only", "dataset": "glyphs-test", **share(corners), **at_least(0.9)},
            ]},
        "privacy": {
            "kind": "privacy-test", "title": "Membership inference by loss", "outcome": "passed", "tool": tool,
            "samples": compared, "finished": MEASURED,
            "metrics": [{"name": "membership inference AUC", "value": estimate, "n": compared, "interval": interval}],
            "results": [
                {"attack": "NISTAML.033", "metric": "membership inference AUC", "method": "loss threshold (Yeom et al. 2018)",
                 "value": estimate, "n": compared, "interval": interval, "confidence": 0.95,
                 "threshold": 0.6, "comparison": "<="},
            ]},
    }
    for name in ("robustness", "privacy"):
        holds = {">=": lambda one, two: one >= two, "<=": lambda one, two: one <= two}
        passed = all(holds[r["comparison"]](r["value"], r["threshold"]) for r in predicates[name]["results"])
        predicates[name]["outcome"] = "passed" if passed else "failed"
    (folder / "measurements").mkdir(exist_ok=True)
    for name, predicate in predicates.items():
        (folder / "measurements" / f"{name}.json").write_text(json.dumps(predicate, indent=2) + "\n")
    print(f"accuracy {accuracy}, PGD 0.03 {weak.mean():.3f}, PGD 0.1 {strong.mean():.3f}, corners {corners.mean():.3f}, AUC {estimate} {interval}")


main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "."))
