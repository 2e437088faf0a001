"""Credentials, addresses and programs where a model's files should hold none. All values are invented."""
import json
import random
import string

from samples import gguf, safetensors
from graphs import onnx_model, op


def text(alphabet, length, seed):
    chance = random.Random(seed)
    return "".join(chance.choice(alphabet) for _ in range(length))


WORD = string.ascii_letters + string.digits
LOWER = string.ascii_lowercase + string.digits
HEX = "0123456789abcdef"
TOKENS = {
    "openai": "sk-proj-" + text(WORD, 48, 1), "anthropic": "sk-ant-api03-" + text(WORD + "-_", 93, 2) + "AA", "github": "ghp_" + text(WORD, 36, 3),
    "github_fine": "github_pat_" + text(WORD, 22, 4) + "_" + text(WORD, 59, 5), "gitlab": "glpat-" + text(WORD, 20, 6), "slack": "xoxb-" + text(string.digits, 12, 7) + "-" + text(string.digits, 12, 8) + "-" + text(WORD, 24, 9),
    "google": "AIza" + text(WORD + "-_", 35, 10), "stripe": "sk_live_" + text(WORD, 24, 11), "aws": "AKIA" + text(string.ascii_uppercase + "234567", 16, 12), "npm": "npm_" + text(WORD, 36, 13),
    "pypi": "pypi-AgEIcHlwaS5vcmc" + text(WORD + "-_", 80, 14), "sendgrid": "SG." + text(WORD, 22, 15) + "." + text(WORD, 43, 16), "twilio": "SK" + text(HEX, 32, 17), "digitalocean": "dop_v1_" + text(HEX, 64, 18),
    "databricks": "dapi" + text(HEX, 32, 19), "telegram": text(string.digits, 10, 20) + ":A" + text(WORD + "-_", 34, 21), "azure": text(WORD, 3, 22) + "8Q~" + text(WORD + "-_.", 34, 23),
    "jwt": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0." + text(WORD + "-_", 43, 24), "groq": "gsk_" + text(WORD, 52, 25), "replicate": "r8_" + text(WORD, 37, 26), "nvidia": "nvapi-" + text(WORD + "-_", 64, 27),
    "huggingface": "hf_" + text(string.ascii_letters, 34, 28), "postgres": "postgresql://svc:" + text(WORD, 14, 29) + "@db.internal.net:5432/ml", "bearer": "Authorization: Bearer " + text(WORD, 40, 30),
    "password": "password = \"" + text(WORD + "!#%", 16, 31) + "\"", "wandb": "WANDB_API_KEY=" + text(HEX, 40, 32), "datadog": "DATADOG_API_KEY: " + text(LOWER, 40, 33), "cohere": "cohere_key = '" + text(WORD, 40, 34) + "'",
    "heroku": "HEROKU_API_KEY=0344d945-6ad0-4e97-8e89-d3588f9c0aea", "curl": "curl -u admin:" + text(WORD, 12, 35) + " https://registry.internal.net/v2/",
    "pem": "-----BEGIN RSA PRIVATE KEY-----\n" + "\n".join(text(WORD + "+/", 64, 40 + line) for line in range(12)) + "\n-----END RSA PRIVATE KEY-----\n",
    "openssh": "-----BEGIN OPENSSH PRIVATE KEY-----\n" + "\n".join(text(WORD + "+/", 70, 60 + line) for line in range(6)) + "\n-----END OPENSSH PRIVATE KEY-----\n",
}


def build(samples):
    def add(path, data, technique, severity="medium"):
        samples.attack("secrets/" + path, data, technique, severity)

    carriers = [
        lambda name, value: (f"{name}/config.json", json.dumps({"model_type": "bert", "note": value})),
        lambda name, value: (f"{name}/README.md", f"# Model\n\nRun it so:\n\n    {value}\n"),
        lambda name, value: (f"{name}.gguf", gguf([("general.architecture", "llama"), ("general.description", value)])),
        lambda name, value: (f"{name}.safetensors", safetensors({"__metadata__": {"comment": value}, "a": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}}, b"\0")),
        lambda name, value: (f"{name}.onnx", onnx_model([op("Relu")], metadata=[("owner", value)])),
        lambda name, value: (f"{name}/train.py", f"import torch\n\nVALUE = '''{value}'''\n"),
        lambda name, value: (f"{name}/params.yaml", f"model: bert\nnotes: |\n  {value.replace(chr(10), chr(10) + '  ')}\n"),
        lambda name, value: (f"{name}/.env", value + "\n"),
    ]
    for number, (name, value) in enumerate(TOKENS.items()):
        path, data = carriers[number % len(carriers)](name, value)
        add(path, data, f"{name} credential in {path.split('/')[-1]}")
    addresses = {"collector": ("https://webhook.site/6f1c2d", "medium"), "raw_ip": ("http://198.51.100.23:8080/x", "low"), "onion": ("http://abcdefghijklmnopqrstuvwxyz234567.onion/", "medium"),
                 "disguised": ("http://0xC6336417/a", "medium"), "program": ("http://198.51.100.23/run.sh", "medium"), "telegram": ("https://api.telegram.org/bot1/sendMessage", "medium"),
                 "paste": ("https://pastebin.com/raw/abcdefgh", "low")}
    for name, (address, severity) in addresses.items():
        add(f"address_{name}.gguf", gguf([("general.architecture", "llama"), ("general.source.url", address)]), f"address: {address}", severity)
        add(f"address_{name}/config.json", json.dumps({"callback": address}), f"address in a config: {address}", severity)
