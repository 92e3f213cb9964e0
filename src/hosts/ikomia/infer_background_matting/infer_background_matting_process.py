"""The task, its parameters and its factory, as Ikomia wants them; the library does the work."""

import logging

from ikomia import core, dataprocess
from ikomia.core.task import TaskParam

from .matting_library import Instance, MattingError, checked_parameters, parameter_infos, task_info
from .plugin_abi import Status

logger = logging.getLogger(__name__)

NAME = "infer_background_matting"
# Stock text of the host follows each.
INPUTS = ("Img - ", "Bck - ", "Bck to integrate on the image - ", "Trimap - ")
OUTPUTS = ("Composite output - ", "Alpha output - ", "Foreground output - ", "Error output - ")
IMAGE, PLATE, MASK = 0, 1, 3
TRUE, FALSE = ("1", "true", "t", "yes", "y", "on"), ("0", "false", "f", "no", "n", "off")


class MattingParam(TaskParam):
    """`cfg` holds the library's parameters, typed, and `update`, which old workflows set."""

    def __init__(self):
        TaskParam.__init__(self)
        defaults = {key: row.default_value.decode() for key, row in parameter_infos().items()}
        self.cfg = {**_typed(defaults), "update": False}

    def set_values(self, params):
        """Takes those that are named; all of them or, with a MattingError that names one, none."""
        texts = {key: str(value) for key, value in dict(params).items()}
        update = _switch("update", texts.pop("update", str(self.cfg["update"])))
        checked = checked_parameters({**self.texts(), **texts})
        self.cfg = {**_typed(checked), "update": update}

    def texts(self):
        """The library's parameters as it takes them."""
        return {key: str(value) for key, value in self.cfg.items() if key != "update"}


class MattingTask(core.CWorkflowTask):
    """Inputs: image, plate, new background (optional), trimap (optional, a binary image)."""

    def __init__(self, name, param):
        core.CWorkflowTask.__init__(self, name)
        self._instance = Instance()
        self._told = set()
        for index, text in enumerate(INPUTS):
            # A type of its own keeps the host's auto_connect from taking an image for the trimap.
            kind = core.IODataType.IMAGE_BINARY if index == MASK else core.IODataType.IMAGE
            self.add_input(_described(text, dataprocess.CImageIO(kind)))
        for text in OUTPUTS:
            self.add_output(_described(text, dataprocess.CImageIO()))
        own = MattingParam()
        if param is not None:
            own.set_values(param.get_values())
        self.set_param_object(own)

    def get_progress_steps(self):
        return task_info().step_count

    def init_long_process(self):
        super().init_long_process()
        self._instance.set_parameters(self.get_param_object().texts())
        self._instance.prepare(256, 256)

    def run(self):
        self.begin_task_run()
        outputs = [self.get_output(index) for index in range(len(OUTPUTS))]
        for output in outputs:
            output.clear_data()
        param = self.get_param_object()
        self._instance.set_parameters(param.texts())
        arrays = self._instance.run(self._pictures(), self.emit_step_progress)
        for output, array in zip(outputs, arrays, strict=True):
            output.set_image(array)
        param.cfg["update"] = False
        self._report()
        self.end_task_run()

    def stop(self):
        super().stop()
        self._instance.cancel()

    def result(self):
        """A dict about the last run: model, engine, device, times, warnings."""
        return self._instance.result()

    def _pictures(self):
        """An array or None for each input; the host passes what it has, asked for or not."""
        inputs = [self.get_input(index) for index in range(len(INPUTS))]
        arrays = [io.get_image() if io and io.is_data_available() else None for io in inputs]
        image, plate = arrays[IMAGE], arrays[PLATE]
        if image is not None and plate is not None and _same_memory(image, plate):
            raise MattingError(
                Status.MISSING_INPUT,
                "input 1 (plate) is connected to the same picture as input 0 (image): wanted a "
                "picture of the same scene without the subject, as the workflow's second input",
            )
        return arrays

    def _report(self):
        """Each warning once in a task's life."""
        new = [warning for warning in self.result()["warnings"] if warning not in self._told]
        self._told.update(new)
        for warning in new:
            logger.warning(warning)
        if any(warning.startswith("cuda is not available") for warning in new):
            print("cuda is not available on your machine, we pass in cpu")


class MattingFactory(dataprocess.CTaskFactory):
    def __init__(self):
        dataprocess.CTaskFactory.__init__(self)
        library = task_info()
        info = self.info
        info.name = NAME
        info.short_description = library.article.decode()
        info.description = library.description.decode()
        info.authors = library.authors.decode()
        info.article = library.article.decode()
        info.article_url = info.documentation_link = "https://arxiv.org/abs/2012.07810"
        info.journal = library.journal.decode()
        info.year = library.year
        info.license = library.licence.decode()
        info.original_repository = "https://github.com/PeterL1n/BackgroundMattingV2"
        info.version = library.version.decode()
        info.keywords = library.keywords.decode()
        info.path = "Plugins/Python/Background"
        info.algo_type = core.AlgoType.INFER
        info.algo_tasks = "IMAGE_MATTING"

    def create(self, param=None):
        return MattingTask(self.info.name, param)


class MattingParamFactory(dataprocess.CTaskParamFactory):
    def __init__(self):
        dataprocess.CTaskParamFactory.__init__(self)
        self.name = NAME

    def create(self):
        return MattingParam()


def _typed(texts):
    kinds = {"integer": int, "number": float}
    infos = parameter_infos()
    return {key: kinds.get(infos[key].type.decode(), str)(text) for key, text in texts.items()}


def _switch(key, text):
    if text.strip().lower() in TRUE + FALSE:
        return text.strip().lower() in TRUE
    raise MattingError(
        Status.BAD_PARAMETER_VALUE, f"{key}: '{text}' is neither of {', '.join(TRUE + FALSE)}"
    )


def _described(text, io):
    io.description = text + io.description
    return io


def _same_memory(first, second):
    return first.shape == second.shape and first.ctypes.data == second.ctypes.data
