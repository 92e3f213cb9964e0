"""The plugin itself: what it tells of itself, its view of the C interface, and that it holds on."""

import re
from pathlib import Path

import pytest
from ikomia.core import AlgoType
from ikomia.dataprocess.registry import ik_registry
from memory_growth import growth_mib

from infer_background_matting import infer_background_matting_process as process
from infer_background_matting import plugin_abi as abi

from conftest import PLUGIN, ROOT


def test_information(make_task):
    make_task()  # loads the plugin
    info = ik_registry.get_algorithm_info("infer_background_matting")
    assert info.authors.startswith("Shanchuan Lin, Andrey Ryabtsev")
    assert info.article == "Real-Time High-Resolution Background Matting"
    assert info.year == 2020 and info.license == "MIT" and "arXiv" in info.journal
    assert {"background", "matting"} <= set(info.keywords.split(","))
    assert info.algo_type == AlgoType.INFER and info.algo_tasks == "IMAGE_MATTING"
    assert not info.internal


def test_seven_steps_are_declared_and_emitted(make_task, scene):
    workflow, task = make_task(scene.image, scene.plate, cuda="cpu")
    emitted = []
    task.emit_step_progress = lambda: emitted.append(1)
    workflow.run()
    assert task.get_progress_steps() == len(emitted) == 7


def test_the_library_is_the_plugins_own(make_task):
    make_task()
    assert (
        str(PLUGIN / "lib/libinfer_background_matting.so.1") in Path("/proc/self/maps").read_text()
    )


def test_the_structs_are_those_of_the_header():
    """tests/abi/frozen_layout.h has the offsets that shipped; the compiler checks them there."""
    text = (ROOT / "tests/abi/frozen_layout.h").read_text()
    offsets = re.findall(r"FROZEN_AT\((\w+), (\w+), (\d+)\)", text)
    known = [(getattr(abi, name, None), field, int(at)) for name, field, at in offsets]
    checked = [row for row in known if row[0] is not None]
    assert len(checked) > 40
    for struct, field, offset in checked:
        assert getattr(struct, field).offset == offset, (struct, field)


def test_a_task_by_hand_in_a_workflow(scene):
    from ikomia.dataprocess.workflow import Workflow

    workflow = Workflow()
    for index, name in enumerate(("image", "plate")):
        workflow.set_image_input(path=scene.path(name), index=index)
    task = process.MattingFactory().create()
    workflow.add_task(task=task)
    workflow.connect_tasks(workflow.root(), task, [(0, 0), (1, 1)])
    task.init_long_process()
    workflow.run()
    assert task.get_output(0).get_image().shape == (93, 161, 4)


def test_a_thousand_workflows_do_not_grow(make_task, scene):
    from ikomia.dataprocess.workflow import Workflow

    image, plate = scene.image[:32, :48].copy(), scene.plate[:32, :48].copy()

    def one_round():
        workflow = Workflow()
        workflow.set_image_input(array=image, index=0)
        workflow.set_image_input(array=plate, index=1)
        task = workflow.add_task(name="infer_background_matting")
        workflow.connect_tasks(workflow.root(), task, [(0, 0), (1, 1)])
        task.set_parameters({"cuda": "cpu", "threads": "1"})
        workflow.run()
        return workflow

    kept = one_round()  # keeps the model, which the others share
    # A run in this host keeps 2.8 KB; memory_test finds nothing of the kind in the library alone.
    assert growth_mib(100, 1000, one_round) < 4
    del kept


def test_the_widget_in_the_host(make_task):
    try:
        from PyQt6 import QtWidgets
    except ImportError as error:
        pytest.skip(f"no PyQt6 of the host's Qt version: {error}")
    application = QtWidgets.QApplication.instance() or QtWidgets.QApplication([])
    from infer_background_matting.infer_background_matting import IkomiaPlugin

    _, task = make_task()
    widget = IkomiaPlugin().get_widget_factory().create(task.get_param_object())
    fields = widget.form.fields

    def shown():
        return {key for key, field in fields.items() if not field.isHidden()}

    refining = {"model_backbone_scale", "model_refine_mode"}
    assert shown() & set(task.get_parameters()) == shown()
    assert refining | {"model_refine_pixels"} <= shown()
    fields["model_refine_mode"].setCurrentText("thresholding")
    assert "model_refine_pixels" not in shown() and "model_refine_threshold" in shown()
    fields["model_refine_mode"].setCurrentText("full")
    assert not {"model_refine_pixels", "model_refine_threshold"} & shown() and refining <= shown()
    fields["model_type"].setCurrentText("mattingbase")
    assert not refining & shown()

    fields["threads"].setText("-3")
    widget.on_apply()
    assert "threads" in widget.form.problem.text() and task.get_parameters()["threads"] == "0"
    fields["threads"].setText("3")
    widget.on_apply()
    values = task.get_parameters()
    assert widget.form.problem.text() == "" and values["threads"] == "3"
    assert values["model_type"] == "mattingbase" and values["update"] == "True"
    application.processEvents()
