"""What users of the ancestor type: its README's snippets, saved workflows, connections."""

import base64
import json

import numpy
import pytest
from ikomia.core import IODataType
from ikomia.dataprocess.workflow import Workflow
from ikomia.utils.displayIO import display

from conftest import connections_of, cv2, images_of

NAMES = ("Composite", "Alpha", "Foreground", "Error")


def three_files(scene):
    workflow = Workflow()
    for index, name in enumerate(("image", "plate", "background")):
        workflow.set_image_input(path=scene.path(name), index=index)
    return workflow, workflow.add_task(name="infer_background_matting", auto_connect=True)


def test_the_first_snippet(scene):
    workflow, task = three_files(scene)
    workflow.run()
    display(task.get_output(0).get_image())
    assert task.get_output(0).get_image().shape == (93, 161, 3)


def test_the_snippet_with_parameters(scene):
    workflow, task = three_files(scene)
    task.set_parameters(
        {
            "model_type": "mattingrefine",
            "model_backbone": "mobilenetv2",
            "model_backbone_scale": "0.25",
            "model_refine_mode": "sampling",
            "model_refine_pixels": "80000",
            "model_refine_threshold": "0.7",
            "cuda": "cuda",
        }
    )
    workflow.run()
    assert task.get_output(1).is_data_available()


def test_the_snippet_with_outputs(scene):
    workflow, task = three_files(scene)
    assert not any(output.is_data_available() for output in task.get_outputs())
    workflow.run()
    assert task.get_output_count() == 4
    for output, name in zip(task.get_outputs(), NAMES, strict=True):
        text = str(output)
        assert f"Description: {name} output - 2D or 3D images.\nCan be single frame" in text
        for line in ("I/O: ImageIO", "Data type: image", "Save format: .png", "Auto-save: 0",
                     "Dimension count: 2", "Displayable: 1", "Data available: 1"):  # fmt: skip
            assert line in text
        image = json.loads(output.to_json(["image_format", "png"]))["image"]
        decoded = cv2.imdecode(
            numpy.frombuffer(base64.b64decode(image), numpy.uint8), cv2.IMREAD_UNCHANGED
        )
        assert decoded.shape[:2] == (93, 161)


def test_inputs_are_described():
    task = Workflow().add_task(name="infer_background_matting")
    texts = [io.description for io in task.get_inputs()]
    starts = ("Img - ", "Bck - ", "Bck to integrate on the image - ", "Trimap - ")
    assert all(text.startswith(start) for text, start in zip(texts, starts, strict=True))


@pytest.mark.parametrize(
    "count, pairs",
    [(3, [(0, 0), (1, 1), (2, 2)]), (2, [(0, 0), (0, 2), (1, 1)]), (1, [(0, 0), (0, 1), (0, 2)])],
)
def test_auto_connect_leaves_the_trimap_alone(scene, tmp_path, count, pairs):
    workflow = Workflow()
    for index, name in enumerate(("image", "plate", "background")[:count]):
        workflow.set_image_input(path=scene.path(name), index=index)
    workflow.add_task(name="infer_background_matting", auto_connect=True)
    assert connections_of(workflow, tmp_path) == pairs


def test_a_binary_image_becomes_the_trimap(scene):
    workflow, task = three_files(scene)
    workflow.set_image_input(array=scene.trimap, index=3, datatype=IODataType.IMAGE_BINARY)
    workflow.connect_tasks(workflow.root(), task, [(3, 3)])
    workflow.run()
    composite, alpha = images_of(task)[:2]
    outside = scene.trimap == 0
    assert (alpha[outside] == 0).all() and (composite[outside] == scene.background[outside]).all()


def test_a_saved_workflow_comes_back(scene, tmp_path):
    workflow, task = three_files(scene)
    task.set_parameters({"model_refine_mode": "full", "threads": "1", "cuda": "cpu"})
    workflow.run()
    workflow.save(str(tmp_path / "flow.json"))
    again = Workflow()
    again.load(str(tmp_path / "flow.json"))
    for index, name in enumerate(("image", "plate", "background")):
        again.set_image_input(path=scene.path(name), index=index)
    loaded = again.find_task("infer_background_matting", 0)
    assert loaded.get_parameters() == task.get_parameters()
    again.run()
    assert all(
        numpy.array_equal(a, b) for a, b in zip(images_of(task), images_of(loaded), strict=True)
    )


def test_a_workflow_of_the_ancestor_loads(scene, tmp_path):
    """It has update, and in old versions kernel_size; it has none of our keys."""
    workflow, _ = three_files(scene)
    workflow.save(str(tmp_path / "flow.json"))
    saved = json.loads((tmp_path / "flow.json").read_text())
    theirs = {
        "model_type": "mattingbase", "model_backbone": "mobilenetv2", "update": "False",
        "model_backbone_scale": "0.5", "model_refine_mode": "sampling", "kernel_size": "3",
        "model_refine_pixels": "80000", "model_refine_threshold": "0.7", "cuda": "cpu",
    }  # fmt: skip
    parameters = [{"name": key, "value": value} for key, value in theirs.items()]
    saved["tasks"][0]["task_data"]["parameters"] = parameters
    (tmp_path / "flow.json").write_text(json.dumps(saved))
    again = Workflow()
    again.load(str(tmp_path / "flow.json"))
    values = again.find_task("infer_background_matting", 0).get_parameters()
    assert values["model_type"] == "mattingbase" and values["model_backbone_scale"] == "0.5"
    assert values["engine"] == "auto"


def test_a_task_follows_another(scene):
    workflow, first = three_files(scene)
    second = workflow.add_task(name="infer_background_matting")
    workflow.connect_tasks(first, second, [(0, 0)])
    workflow.connect_tasks(workflow.root(), second, [(2, 1)])
    workflow.run()
    assert images_of(second)[1].shape == (93, 161, 1)
