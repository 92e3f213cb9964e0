"""The real Ikomia, in a home of its own with our plugin folder as the build installs it."""

import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BUILD = Path(os.environ.get("MATTING_BUILD", ROOT / "build"))
HOME = Path(tempfile.mkdtemp(prefix="matting-ikomia-"))
PLUGIN = HOME / "Ikomia/Plugins/Python/infer_background_matting"
# Before the first import of ikomia, which reads them; it asks a server for completions otherwise.
os.environ.update(HOME=str(HOME), IKOMIA_AUTO_COMPLETION="0", MPLBACKEND="Agg")
os.environ.update(QT_QPA_PLATFORM="offscreen", XDG_RUNTIME_DIR=str(HOME))
subprocess.run(
    ["cmake", "--install", BUILD, "--component", "ikomia", "--prefix", PLUGIN.parent],
    check=True,
    stdout=subprocess.DEVNULL,
)

sys.path.insert(0, str(ROOT / "tests/hosts"))

import pytest  # noqa: E402
from ikomia.dataprocess.workflow import Workflow  # noqa: E402

from scene import Scene  # noqa: E402

# Ikomia's own, which its import has put into the path.
cv2 = importlib.import_module("cv2")


def pytest_sessionfinish():
    shutil.rmtree(HOME, ignore_errors=True)


class SceneInFiles(Scene):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        for name in ("image", "plate", "background"):
            assert cv2.imwrite(self.path(name), getattr(self, name)[..., ::-1])

    def path(self, name: str) -> str:
        return str(self.folder / f"{name}.png")


@pytest.fixture(scope="session")
def scene(tmp_path_factory) -> SceneInFiles:
    return SceneInFiles(tmp_path_factory.mktemp("scene"))


@pytest.fixture
def make_task():
    """make_task(picture, ...): a workflow's task with these arrays as inputs 0, 1, ..."""

    workflows = []

    def make(*pictures, connections=None, **parameters):
        workflow = Workflow()
        workflows.append(workflow)
        for index, picture in enumerate(pictures):
            workflow.set_image_input(array=picture, index=index)
        task = workflow.add_task(name="infer_background_matting", auto_connect=not pictures)
        pairs = connections or [(index, index) for index in range(len(pictures))]
        if pictures:
            workflow.connect_tasks(workflow.root(), task, pairs)
        if parameters:
            task.set_parameters({key: str(value) for key, value in parameters.items()})
        return workflow, task

    return make


@pytest.fixture(scope="session")
def command() -> str:
    path = BUILD / "bin/matting"
    if not os.access(path, os.X_OK):
        pytest.skip(f"no command line at {path}: build it, or set MATTING_BUILD")
    return str(path)


def images_of(task) -> list:
    return [output.get_image() for output in task.get_outputs()]


def connections_of(workflow, folder: Path) -> list:
    workflow.save(str(folder / "saved.json"))
    saved = json.loads((folder / "saved.json").read_text())
    return sorted((c["source_index"], c["target_index"]) for c in saved["connections"])
