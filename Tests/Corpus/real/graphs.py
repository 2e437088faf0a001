"""ONNX, CoreML, OpenVINO, Paddle, safetensors and GGUF."""
import os
import sys

import numpy as np


def onnx_files(files):
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 4]) for name in "xy")
    weight = numpy_helper.from_array(np.eye(4, dtype=np.float32), "w")
    graph = helper.make_graph([helper.make_node("MatMul", ["x", "w"], ["h"]), helper.make_node("Relu", ["h"], ["y"])], "g", [x], [y], [weight])
    model = helper.make_model(graph, producer_name="pytorch", opset_imports=[helper.make_opsetid("", 17)])
    onnx.save(model, files.path("onnx/plain.onnx", "ONNX"))
    helper.set_model_props(model, {"description": "adds numbers", "license": "MIT", "names": "{0: 'person', 1: 'bicycle'}", "stride": "32", "url": "https://github.com/ultralytics/ultralytics"})
    onnx.save(model, files.path("onnx/metadata.onnx", "ONNX with metadata"))
    then = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "then", [], [y])
    branch = helper.make_node("If", ["c"], ["y"], then_branch=then, else_branch=then)
    condition = helper.make_tensor_value_info("c", TensorProto.BOOL, [])
    onnx.save(helper.make_model(helper.make_graph([branch], "g", [x, condition], [y])), files.path("onnx/branches.onnx", "ONNX with subgraphs"))
    function = helper.make_function("local", "Twice", ["a"], ["b"], [helper.make_node("Add", ["a", "a"], ["b"])], [helper.make_opsetid("", 17)])
    calling = helper.make_graph([helper.make_node("Twice", ["x"], ["y"], domain="local")], "g", [x], [y])
    onnx.save(helper.make_model(calling, functions=[function], opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("local", 1)]), files.path("onnx/function.onnx", "ONNX with a function of its own"))
    fused = helper.make_graph([helper.make_node("FusedMatMul", ["x", "w"], ["h"], domain="com.microsoft"), helper.make_node("Gelu", ["h"], ["y"], domain="com.microsoft")], "g", [x], [y], [weight])
    onnx.save(helper.make_model(fused, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]), files.path("onnx/contrib.onnx", "ONNX with onnxruntime's operators"))
    large = helper.make_model(helper.make_graph([helper.make_node("MatMul", ["x", "w"], ["y"])], "g", [x], [y], [weight]))
    onnx.save(large, files.path("onnx/external/model.onnx", "ONNX with external data"), save_as_external_data=True, location="model.onnx_data", size_threshold=0)


def exported(files):
    import onnxruntime.quantization as quantization
    from skl2onnx import to_onnx
    from sklearn.ensemble import RandomForestClassifier
    x = np.random.default_rng(0).normal(size=(20, 4)).astype(np.float32)
    model = to_onnx(RandomForestClassifier(3).fit(x, np.arange(20) % 2), x[:1])
    with open(files.path("onnx/forest.onnx", "ONNX of scikit-learn"), "wb") as file:
        file.write(model.SerializeToString())
    plain = os.path.join(files.folder, "benign/onnx/plain.onnx")
    if os.path.exists(plain):
        quantization.quantize_dynamic(plain, files.path("onnx/quantised.onnx", "ONNX, quantised"))


def coreml(files):
    # Two frameworks with an LLVM each do not live in one process.
    sys.modules["tensorflow"] = None
    import coremltools
    import torch
    net = torch.jit.trace(torch.nn.Linear(2, 2).eval(), torch.zeros(1, 2))
    model = coremltools.convert(net, inputs=[coremltools.TensorType(shape=(1, 2))], convert_to="neuralnetwork")
    model.save(files.path("coreml/network.mlmodel", "CoreML neural network"))
    program = coremltools.convert(net, inputs=[coremltools.TensorType(shape=(1, 2))], convert_to="mlprogram")
    folder = files.folder_of("coreml", "")
    program.save(os.path.join(folder, "program.mlpackage"))
    files.enter("coreml/program.mlpackage", "CoreML program")


def openvino_files(files):
    import openvino
    import torch
    model = openvino.convert_model(torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.ReLU()), example_input=torch.zeros(1, 2))
    openvino.save_model(model, files.path("openvino/model.xml", "OpenVINO"))
    files.path("openvino/model.bin", "OpenVINO weights")


def paddle_files(files):
    import paddle
    net = paddle.nn.Linear(2, 2)
    paddle.save(net.state_dict(), files.path("paddle/model.pdparams", "Paddle parameters"))
    paddle.save(paddle.optimizer.Adam(parameters=net.parameters()).state_dict(), files.path("paddle/model.pdopt", "Paddle optimizer"))


def paddle_program(files):
    import paddle
    net = paddle.jit.to_static(paddle.nn.Linear(2, 2), input_spec=[paddle.static.InputSpec([None, 2])])
    folder = files.folder_of("paddle/inference", "")
    paddle.jit.save(net, os.path.join(folder, "model"))
    files.enter("paddle/inference", "Paddle inference program")


def tensors(files):
    import safetensors.numpy
    import safetensors.torch
    import torch
    safetensors.numpy.save_file({"a": np.eye(3, dtype=np.float32), "b": np.arange(4)}, files.path("safetensors/numpy.safetensors", "safetensors of NumPy"))
    metadata = {"format": "pt", "modelspec.title": "My LoRA", "ss_training_comment": "trained with --optimizer_args \"weight_decay=0.1\"", "ss_tag_frequency": "{\"1_style\": {\"a photo\": 3, \"eval\": 1}}", "ss_sd_model_hash": "a1b2c3d4e5f60718293a4b5c6d7e8f90", "modelspec.hash_sha256": "0x" + "ab12" * 16, "ss_session_id": "3141592653"}
    safetensors.torch.save_file({"lora.weight": torch.randn(4, 4), "empty": torch.zeros(0), "scalar": torch.tensor(1.0), "half": torch.zeros(2, dtype=torch.bfloat16)}, files.path("safetensors/lora.safetensors", "safetensors with training metadata"), metadata)
    safetensors.torch.save_file({"noise": torch.randint(0, 256, (200000,), dtype=torch.uint8)}, files.path("safetensors/noise.safetensors", "safetensors of random bytes"))


def gguf_files(files):
    import gguf
    import language_models
    for name, template in language_models.TEMPLATES.items():
        writer = gguf.GGUFWriter(files.path(f"gguf/{name}.gguf", f"GGUF with the template {name}"), "llama")
        writer.add_name("My model")
        writer.add_description("A small model. See https://huggingface.co/org/model for how to run it with `llama-cli -m model.gguf`.")
        writer.add_block_count(1)
        writer.add_context_length(128)
        writer.add_embedding_length(4)
        writer.add_tokenizer_model("gpt2")
        writer.add_token_list(["<s>", "</s>", "import", "os.system(", "eval(", "__import__", "<script", "http://", "sk-", "{{", "{%"])
        writer.add_token_types([3, 3] + [1] * 9)
        writer.add_chat_template(template)
        writer.add_tensor("token_embd.weight", np.random.default_rng(0).normal(size=(11, 4)).astype(np.float32))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()


def executorch_program(files):
    import torch
    from executorch.exir import to_edge
    program = to_edge(torch.export.export(torch.nn.Linear(2, 2).eval(), (torch.zeros(1, 2),))).to_executorch()
    with open(files.path("executorch/linear.pte", "ExecuTorch program"), "wb") as file:
        file.write(program.buffer)


BUILDERS = [onnx_files, exported, coreml, openvino_files, paddle_files, paddle_program, tensors, gguf_files, executorch_program]
