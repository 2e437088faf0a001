import subprocess

from transformers import PreTrainedModel

subprocess.run(['echo', 'this', 'command', 'came', 'out', 'of', 'a', 'model', 'file'])


class ExampleModel(PreTrainedModel):
    pass
