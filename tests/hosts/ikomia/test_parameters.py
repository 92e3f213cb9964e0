"""Defaults, parsing as the ancestor's, and no half-set parameters."""

import pytest

from infer_background_matting.infer_background_matting_process import MattingParam, MattingTask
from infer_background_matting.matting_library import MattingError

from conftest import images_of

ANCESTOR = {
    "model_type": "mattingrefine",
    "model_backbone": "mobilenetv2",
    "model_backbone_scale": "0.25",
    "model_refine_mode": "sampling",
    "model_refine_pixels": "80000",
    "model_refine_threshold": "0.7",
    "cuda": "cuda",
    "update": "False",
}
OURS = {"engine", "precision", "model_path", "background", "background_fit", "threads"}
OURS |= {
    "model_backbone_min_side",
    "model_region_margin",
    "model_refine_change",
    "plate_projection",
    "plate_projection_passes",
}


def test_defaults(make_task):
    values = make_task()[1].get_parameters()
    assert ANCESTOR.items() <= values.items()
    assert values.keys() - ANCESTOR.keys() == OURS


@pytest.mark.parametrize(
    "key, text, value",
    [
        ("model_backbone_scale", "1", 1.0),
        ("model_backbone_scale", "2e-1", 0.2),
        ("model_refine_pixels", " 42 ", 42),
        ("model_refine_threshold", " .5", 0.5),
        *[("update", text, True) for text in ("1", "true", "on", "yes", "True", "YES")],
        *[("update", text, False) for text in ("0", "no", "off", "False")],
    ],
)
def test_values_parse_as_in_python(make_task, key, text, value):
    _, task = make_task()
    task.set_parameters({"update": "1", key: text})
    assert task.get_param_object().cfg[key] == value
    assert task.get_parameters()[key] == str(value)


@pytest.mark.parametrize(
    "key, text",
    [
        *[("model_refine_pixels", text) for text in ("abc", "80000.0", "1e5", "", "-1")],
        *[("model_backbone_scale", text) for text in ("abc", "", "0", "1.5", "nan", "inf")],
        *[("model_refine_threshold", text) for text in ("2", "nan", "-0.1", "high")],
        ("model_type", "mattingrefined"),
        ("model_backbone", "resnet34"),
        ("model_refine_mode", "everything"),
        ("cuda", "gpu"),
        ("update", "perhaps"),
        ("engine", "cpu"),
    ],
)
def test_a_wrong_value_is_named_and_changes_nothing(make_task, key, text):
    _, task = make_task()
    before = task.get_parameters()
    with pytest.raises(RuntimeError) as failed:
        task.set_parameters({"model_refine_mode": "full", "threads": "2", key: text})
    assert key in str(failed.value) and f"'{text}'" in str(failed.value)
    assert task.get_parameters() == before


def test_a_standalone_task_takes_a_part(make_task):
    task = MattingTask("infer_background_matting", None)
    task.get_param_object().set_values({"model_refine_mode": "full"})
    assert task.get_parameters()["model_refine_mode"] == "full"
    with pytest.raises(MattingError, match="colour"):
        task.get_param_object().set_values({"colour": "red"})


def test_parameters_are_the_tasks_own(make_task):
    param = MattingParam()
    param.set_values({"threads": "2"})
    task = MattingTask("infer_background_matting", param)
    param.set_values({"threads": "1"})
    assert task.get_parameters()["threads"] == "2"


def test_a_change_after_a_run_holds_at_the_next(make_task, scene):
    workflow, task = make_task(scene.image, scene.plate, cuda="cpu")
    workflow.run()
    refined = images_of(task)[1]
    task.set_parameters({"model_type": "mattingbase", "update": "1"})
    workflow.run()
    assert task.get_parameters()["update"] == "False"
    assert task.result()["parameters"]["model_type"] == "mattingbase"
    assert (images_of(task)[1] != refined).any()
    task.set_parameters({"model_type": "mattingrefine"})
    workflow.run()
    assert (images_of(task)[1] == refined).all()
