#!/usr/bin/env python3
"""Whole frames, interleaved in one run: the native engine against other ways to run the network.

    compare.py --bench BUILD/bin/bench_engine --weights W.safetensors --images SRC.rgb PLATE.rgb
               [--size 1920x1080] [--rounds 15]

Prints a Markdown table: minimum and median milliseconds of each, and the reference's minimum and
median divided by them. Native engines are timed from bytes to bytes, all four outputs; the others
from tensor to tensor, which leaves out what they would need around them. Every engine has the same
number of threads and the same weights, and computes the refiner even if it only hands the coarse
matte on (bench_engine --convolve); --as-used adds the native engines without that, as they run
such a model. Engines that are not installed, or do not take the network,
are named with the reason. --cpu-time compares the CPU time of one thread, which other programs on
the machine disturb less. Needs torch and the package in models/.
"""

import argparse
import functools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

REPOSITORY = Path(__file__).resolve().parent.parent


class Native:
    """bench_engine --serve, in a process of its own."""

    def __init__(self, arguments, images, precision, isa="", convolve=True):
        command = [arguments.bench, arguments.weights, "--serve"]
        command += ["--convolve"] if convolve else []
        command += ["--precision", precision]
        command += ["--size", arguments.size, "--threads", str(arguments.threads)]
        command += ["--scale", str(arguments.scale), "--pixels", str(arguments.pixels)]
        command += ["--images", *images] + (["--cpu"] if arguments.cpu_time else [])
        command += ["--isa", isa] if isa else []
        environment = dict(os.environ, **({"MATTING_ISA": isa} if isa else {}))
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def __call__(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError("bench_engine ended; see its message above")
        return float(answer)


class Call:
    """A function of this process, timed around."""

    clock = time.perf_counter

    def __init__(self, function):
        self.function = function

    def __call__(self):
        start = Call.clock()
        self.function()
        return 1e3 * (Call.clock() - start)


def load_network(arguments):
    sys.path.insert(0, arguments.models)
    from matting_models.network import MattingRefine
    from safetensors.torch import load_file

    state = load_file(arguments.weights)
    state = {name: value for name, value in state.items() if not name.startswith("calibration.")}
    backbone = "mobilenetv2"
    if "backbone.layer3.22.conv1.weight" in state:
        backbone = "resnet101"
    elif "backbone.layer3.5.conv1.weight" in state:
        backbone = "resnet50"
    network = MattingRefine(backbone, arguments.scale)
    network.load_state_dict(state)
    network.refine_mode, network.refine_sample_pixels = "sampling", arguments.pixels
    return network.eval()


def to_tensor(path, width, height):
    pixels = np.fromfile(path, np.uint8).reshape(height, width, 3)
    return torch.from_numpy(pixels).permute(2, 0, 1)[None].float().div(255).contiguous()


def eager(network, src, bgr):
    return Call(lambda: network(src, bgr))


def eager_bf16(arguments, src, bgr):
    network = load_network(arguments).bfloat16().to(memory_format=torch.channels_last)
    src, bgr = (x.bfloat16().to(memory_format=torch.channels_last) for x in (src, bgr))
    return Call(lambda: network(src, bgr))


def torchscript(network, src, bgr):
    module = torch.jit.script(network)
    for _ in range(3):  # the profiling executor settles
        module(src, bgr)
    return Call(lambda: module(src, bgr))


class PlainOutputs(torch.nn.Module):
    """The network as exporters want it: two inputs, the two outputs of full size."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, src, bgr):
        return self.network(src, bgr)[:2]


def crop_by_index(x, index, size, border):
    """crop_patches in terms that the ONNX exporter knows: gathering by index instead of unfold."""
    x = torch.nn.functional.pad(x, (border,) * 4).permute(0, 2, 3, 1)
    window = torch.arange(size + 2 * border)
    rows = index[:, 1, None] * size + window
    columns = index[:, 2, None] * size + window
    batch = index[:, 0, None, None]
    return x[batch, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def export_onnx(network, src, bgr, folder):
    import matting_models.network.refiner as refiner

    refiner.crop_patches = crop_by_index
    path = os.path.join(folder, "network.onnx")
    names = {"input_names": ["src", "bgr"], "output_names": ["pha", "fgr"]}
    torch.onnx.export(
        PlainOutputs(network).eval(), (src, bgr), path, opset_version=17, dynamo=False, **names
    )
    return path


def onnx_runtime(path, arguments, src, bgr):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = arguments.threads
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    feed = {"src": src.numpy(), "bgr": bgr.numpy()}
    return Call(lambda: session.run(None, feed))


def openvino(path, arguments, src, bgr, precision):
    import openvino as ov

    settings = {
        "INFERENCE_NUM_THREADS": arguments.threads,
        "INFERENCE_PRECISION_HINT": precision,
        "PERFORMANCE_HINT": "LATENCY",
    }
    compiled = ov.Core().compile_model(path, "CPU", settings)
    feed = [src.numpy(), bgr.numpy()]
    return Call(lambda: compiled(feed))


def candidates(arguments, images, folder):
    """Name and maker of everything that is compared; the first is what ratios refer to."""
    width, height = map(int, arguments.size.split("x"))
    src, bgr = (to_tensor(path, width, height) for path in images)
    network = load_network(arguments)
    exported = []

    def onnx():  # once for all that read it
        if not exported:
            exported.append(export_onnx(network, src, bgr, folder))
        return exported[0]

    made = {
        "PyTorch eager fp32 (reference)": lambda: eager(network, src, bgr),
        "PyTorch eager bf16, channels last": lambda: eager_bf16(arguments, src, bgr),
        "TorchScript fp32": lambda: torchscript(network, src, bgr),
        "ONNX Runtime fp32": lambda: onnx_runtime(onnx(), arguments, src, bgr),
        "OpenVINO fp32": lambda: openvino(onnx(), arguments, src, bgr, "f32"),
        "OpenVINO bf16": lambda: openvino(onnx(), arguments, src, bgr, "bf16"),
    }
    for name, precision, isa in (
        ("native fp32", "fp32", ""),
        ("native bf16", "bf16", ""),
        ("native int8", "int8", ""),
        ("native int8, AVX-512-VNNI", "int8", "avx512_core_vnni"),
        ("native fp32, AVX2", "fp32", "avx2"),
        ("native int8, AVX2", "int8", "avx2"),
    ):
        native = functools.partial(Native, arguments, images, precision, isa)
        made[name] = native
        if arguments.as_used:
            made[name + ", as used"] = functools.partial(native, convolve=False)
    wanted = arguments.only.split(",") if arguments.only else list(made)
    return {name: make for name, make in made.items() if any(w in name for w in wanted)}


def measure(arguments, images):
    engines, times = {}, {}
    with tempfile.TemporaryDirectory() as folder, torch.inference_mode():
        for name, make in candidates(arguments, images, folder).items():
            try:
                engine = make()
                engine()
                engines[name], times[name] = engine, []
            except Exception as error:  # whatever an absent or foreign engine throws
                first = str(error).strip().splitlines()[0] if str(error).strip() else ""
                print(f"SKIPPED {name}: {type(error).__name__}: {first}", file=sys.stderr)
        for _ in range(arguments.rounds):
            for name, engine in engines.items():
                times[name].append(engine())
    return times


def print_table(times):
    reference = next(iter(times.values()))
    low, middle = min(reference), statistics.median(reference)
    print("| engine | min ms | median ms | times faster (min, median) |\n|---|---|---|---|")
    for name, values in times.items():
        a, b = min(values), statistics.median(values)
        print(f"| {name} | {a:.1f} | {b:.1f} | {low / a:.1f}, {middle / b:.1f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", required=True, help="the program bench_engine")
    parser.add_argument("--weights", required=True, help="safetensors with the published names")
    parser.add_argument("--images", nargs=2, required=True, help="raw RGB files: image, plate")
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("--scale", type=float, default=0.25)
    parser.add_argument("--pixels", type=int, default=80000)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", default="", help="parts of names, comma separated")
    parser.add_argument("--models", default=str(REPOSITORY / "models"))
    parser.add_argument(
        "--as-used", action="store_true", help="native also with a refiner left out that hands on"
    )
    parser.add_argument(
        "--cpu-time", action="store_true", help="one thread, its CPU time: for a busy machine"
    )
    arguments = parser.parse_args()
    if arguments.cpu_time:
        arguments.threads, Call.clock = 1, time.process_time
    torch.set_num_threads(arguments.threads)
    print_table(measure(arguments, arguments.images))


if __name__ == "__main__":
    main()
