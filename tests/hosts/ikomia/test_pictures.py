"""What comes out for what goes in, and that it is what the command line writes."""

import gzip
import itertools
import os
import subprocess
from pathlib import Path

import numpy
import pytest

from conftest import ROOT, cv2, images_of

OUTPUTS = ("composite", "alpha", "foreground", "error")


@pytest.mark.parametrize("with_background", [False, True])
def test_outputs_equal_the_command_lines(make_task, scene, command, tmp_path, with_background):
    pictures = [scene.image, scene.plate] + [scene.background] * with_background
    arguments = [command, "image", "-o", tmp_path, "--set", "cuda=cpu", "plate_projection_passes=1"]
    for name in ("image", "plate", "background")[: len(pictures)]:
        arguments += [f"--{name}", scene.path(name)]
    subprocess.run(arguments, check=True, capture_output=True)
    workflow, task = make_task(*pictures, cuda="cpu")
    workflow.run()
    for name, ours in zip(OUTPUTS, images_of(task), strict=True):
        written = cv2.imread(str(tmp_path / f"{name}.png"), cv2.IMREAD_UNCHANGED)
        if written.ndim == 2:
            written = written[..., None]
        else:
            written = written[..., [2, 1, 0, 3][: written.shape[2]]]  # cv2 has blue first
        assert ours.dtype == written.dtype and numpy.array_equal(ours, written), name


def test_shapes_and_the_composites_rules(make_task, scene):
    workflow, task = make_task(scene.image, scene.plate, cuda="cpu")
    workflow.run()
    cut_out, alpha, foreground, error = images_of(task)
    assert [a.shape for a in images_of(task)] == [
        (93, 161, 4), (93, 161, 1), (93, 161, 3), (93, 161, 1)]  # fmt: skip
    assert all(a.dtype == numpy.uint8 for a in images_of(task))
    assert (cut_out[..., 3:] == alpha).all()
    assert (cut_out[..., :3] == numpy.where(alpha != 0, foreground, 0)).all()

    workflow, task = make_task(scene.image, scene.plate, scene.background, cuda="cpu")
    workflow.run()
    composite, again = images_of(task)[0], images_of(task)[1:]
    assert composite.shape == (93, 161, 3)
    share = alpha / 255.0
    mixed = foreground * share + scene.background * (1 - share)
    assert numpy.abs(composite - mixed).max() <= 1.5  # of 255: both are rounded
    for without, with_one in zip((alpha, foreground, error), again, strict=True):
        assert (without == with_one).all()


@pytest.mark.parametrize("width, height", [(16, 16), (17, 19), (161, 93), (250, 37), (64, 320)])
def test_any_size_keeps_its_size(make_task, scene, width, height):
    image, plate = (cv2.resize(p, (width, height)) for p in (scene.image, scene.plate))
    workflow, task = make_task(image, plate, cuda="cpu")
    workflow.run()
    assert all(array.shape[:2] == (height, width) for array in images_of(task))


@pytest.mark.parametrize("kind", ["grey", "RGBA", "16 bit", "plate of another size"])
def test_other_pictures(make_task, scene, kind):
    def convert(array):
        return {
            "grey": lambda: numpy.ascontiguousarray(array[..., 0]),
            "RGBA": lambda: numpy.dstack([array, numpy.full(array.shape[:2], 255, numpy.uint8)]),
            "16 bit": lambda: array.astype(numpy.uint16) * 257,
        }.get(kind, lambda: array)()

    image, plate = convert(scene.image), convert(scene.plate)
    if kind == "plate of another size":
        plate = numpy.ascontiguousarray(plate[::2])
    workflow, task = make_task(image, plate, cuda="cpu")
    workflow.run()
    alpha = images_of(task)[1]
    assert alpha.shape == (93, 161, 1) and alpha.dtype == image.dtype
    assert alpha[46, 80, 0] > 0.8 * numpy.iinfo(image.dtype).max


@pytest.mark.parametrize(
    "model, mode",
    list(itertools.product(("mattingrefine", "mattingbase"), ("sampling", "thresholding", "full"))),
)
def test_every_type_and_mode_runs_the_same_twice(make_task, scene, model, mode):
    workflow, task = make_task(
        scene.image, scene.plate, cuda="cpu", model_type=model, model_refine_mode=mode,
        model_refine_threshold="0.1")  # fmt: skip
    workflow.run()
    first = images_of(task)
    kept = [array.copy() for array in first]
    workflow.run()
    for before, copy, after in zip(first, kept, images_of(task), strict=True):
        assert (copy == after).all()
        assert (copy == before).all() and not numpy.shares_memory(before, after)


def test_resnet50_by_a_file_of_ones_own(make_task, scene, tmp_path):
    packed = Path(os.environ.get("MATTING_SHARED", ROOT.parent / "shared"))
    packed = packed / "fixtures/resnet50_random.safetensors.gz"
    if not packed.exists():
        pytest.skip(f"no {packed}: set MATTING_SHARED")
    model = tmp_path / "resnet50.safetensors"
    model.write_bytes(gzip.decompress(packed.read_bytes()))
    own = {"model_backbone": "resnet50", "model_path": model}
    workflow, task = make_task(scene.image, scene.plate, cuda="cpu", **own)
    workflow.run()
    assert task.result()["parameters"]["model_backbone"] == "resnet50"
    assert images_of(task)[1].shape == (93, 161, 1)


def test_inputs_stay_as_they_are(make_task, scene):
    pictures = [scene.image.copy(), scene.plate.copy(), scene.background.copy()]
    workflow, _ = make_task(*pictures, cuda="cpu")
    workflow.run()
    for picture, original in zip(
        pictures, (scene.image, scene.plate, scene.background), strict=True
    ):
        assert (picture == original).all()
