"""Every failure says what is wrong, leaves no half results, and the next run is none the worse."""

import shutil
import subprocess
import sys
import threading

import numpy
import pytest

from conftest import PLUGIN, images_of


def error_of(workflow):
    with pytest.raises(RuntimeError) as failed:
        workflow.run()
    return str(failed.value)


def test_no_inputs(make_task):
    assert (
        "Invalid input for task infer_background_matting. Please check connections and data type. "
        "(Code 6)" in error_of(make_task()[0])
    )


def test_a_missing_plate_is_called_missing(make_task, scene):
    alone, _ = make_task(scene.image)
    assert "input 1 (plate) is missing" in error_of(alone)
    # What auto_connect makes of a single picture.
    twice, _ = make_task(scene.image, connections=[(0, 0), (0, 1)])
    assert "input 1 (plate) is connected to the same picture" in error_of(twice)


@pytest.mark.parametrize(
    "change, says",
    [
        (lambda a: a[:2, :2], "2x2"),
        (lambda a: a.astype(numpy.float32) / 255, "values of float32"),
        (lambda a: numpy.repeat(a[:16], 110, axis=1), "17710"),
    ],
    ids=["2x2", "float", "too wide"],
)
@pytest.mark.parametrize("which", [0, 1])
def test_pictures_that_cannot_be(make_task, scene, change, says, which):
    pictures = [scene.image, scene.plate]
    pictures[which] = numpy.ascontiguousarray(change(pictures[which]))
    text = error_of(make_task(*pictures, cuda="cpu")[0])
    assert says in text and f"input {which}" in text


def test_a_missing_model_fails_each_time_and_then_not(make_task, scene):
    workflow, task = make_task(scene.image, scene.plate, cuda="cpu")
    workflow.run()
    good = images_of(task)[1].copy()
    for parameters, says in (
        ({"model_path": "/no/such/model.safetensors"}, "/no/such/model.safetensors"),
        ({"model_path": "", "model_backbone": "resnet101"}, "no model with the backbone resnet101"),
    ):
        task.set_parameters(parameters)
        for _ in range(2):
            assert says in error_of(workflow)
            assert not any(output.is_data_available() for output in task.get_outputs())
    task.set_parameters({"model_backbone": "mobilenetv2"})
    workflow.run()
    assert (images_of(task)[1] == good).all()


def test_without_a_gpu_it_says_so_and_goes_on(make_task, scene, capfd):
    workflow, task = make_task(scene.image, scene.plate)
    workflow.run()
    if task.result()["device"] != "cpu":
        pytest.skip("this machine has a GPU")
    workflow.run()
    said = capfd.readouterr().out
    assert said.count("cuda is not available on your machine, we pass in cpu") == 1
    task.set_parameters({"cuda": "cuda:7"})
    assert "cuda:7" in error_of(workflow)


def test_stop_ends_a_run(make_task, scene):
    workflow, task = make_task(scene.image, scene.plate, cuda="cpu")
    inside, stopped = threading.Event(), threading.Event()
    steps = []

    def wait():
        steps.append(1)
        if len(steps) == 3:
            inside.set()
            assert stopped.wait(60)

    def stop():
        assert inside.wait(60)
        task.stop()
        stopped.set()

    task.emit_step_progress = wait
    thread = threading.Thread(target=stop)
    thread.start()
    text = error_of(workflow)
    thread.join()
    assert "cancelled" in text and len(steps) < 7
    assert not any(output.is_data_available() for output in task.get_outputs())
    del task.emit_step_progress
    task.stop()  # without a run: forgotten
    workflow.run()
    assert task.get_output(1).is_data_available()


def test_a_plugin_without_its_library_says_what_to_do(tmp_path):
    folder = tmp_path / "infer_background_matting"
    shutil.copytree(PLUGIN, folder, ignore=shutil.ignore_patterns("lib", "__pycache__"))
    code = "from infer_background_matting.matting_library import plugin; plugin()"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    if done.returncode == 0:
        pytest.skip("the library is installed on this machine")
    assert "cmake --install build --component ikomia" in done.stderr
