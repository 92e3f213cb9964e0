"""The shared library behind its C interface: one table, and instances that run on numpy arrays."""

import ctypes
import functools
import json
from pathlib import Path

import numpy

from . import plugin_abi as abi

LIBRARY = "libinfer_background_matting.so.1"
TASK = b"infer_background_matting"


class MattingError(RuntimeError):
    """Says what was wanted, what was found and what to do; `code` is a WF_* of plugin_abi.h."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


@functools.cache
def plugin():
    """The library's table of functions; loaded once in a process."""
    try:
        library = ctypes.CDLL(_library_path())
    except OSError as error:
        raise MattingError(
            abi.Status.NOT_SUPPORTED,
            f"{LIBRARY} cannot be loaded, neither from {_own_library()} nor from the system "
            f"({error}): install the plugin with `cmake --install build --component ikomia`",
        ) from None
    entry = library.wf_plugin_entry
    entry.restype = ctypes.POINTER(abi.wf_plugin)
    table = entry(ctypes.byref(_host(abi.wf_host_get_extension(0))))
    if not table:
        raise MattingError(
            abi.Status.NOT_SUPPORTED, f"{LIBRARY} is of another major version than this plugin"
        )
    return table.contents


@functools.cache
def task_info():
    """What the task is called, who made it, its ports: a wf_task_info."""
    return plugin().get_task_info(0).contents


@functools.cache
def parameter_infos():
    """A wf_parameter_info of each parameter, by key."""
    info = task_info()
    rows = (info.parameters[i].contents for i in range(info.parameter_count))
    return {row.key.decode(): row for row in rows}


def checked_parameters(texts):
    """All parameters as the library prints them, after it has taken these; MattingError if not."""
    instance = Instance()
    instance.set_parameters(texts)
    return {key: instance.get_parameter(key) for key in parameter_infos()}


class Instance:
    """One configured task, for one thread at a time; cancel() is for any other."""

    def __init__(self):
        self._listener = _Listener()
        self._handle = ctypes.c_void_p()
        _call(plugin().create, ctypes.byref(self._listener.host), TASK, ctypes.byref(self._handle))

    def __del__(self):
        if self._handle:
            plugin().destroy(self._handle)

    def set_parameters(self, texts):
        """All of them or, with a MattingError, none."""
        keys = (ctypes.c_char_p * len(texts))(*(key.encode() for key in texts))
        values = (ctypes.c_char_p * len(texts))(*(text.encode() for text in texts.values()))
        _call(plugin().set_parameters, self._handle, keys, values, len(texts))

    def get_parameter(self, key):
        return _read(plugin().get_parameter, self._handle, key.encode())

    def prepare(self, width, height):
        """Loads the model for RGB pictures of this size."""
        shape = abi.wf_image(
            format=abi.FORMATS[3, 1], width=width, height=height, stride_bytes=3 * width
        )
        _call(plugin().prepare, self._handle, *_pointers([shape, shape]), *_pointers([]))

    def run(self, pictures, on_step):
        """New arrays (height, width, channels), one for each output; absent pictures are None.

        on_step is called without arguments for each of the task's progress steps.
        """
        inputs = [_image(index, array) for index, array in enumerate(pictures)]
        outputs = [abi.wf_image() for _ in range(task_info().output_count)]
        _call(plugin().prepare, self._handle, *_pointers(inputs), *_pointers(outputs))
        arrays = [_array_for(image) for image in outputs]
        self._listener.steps.append(on_step)
        try:
            _call(plugin().run, self._handle, *_pointers(inputs), *_pointers(outputs))
        finally:
            self._listener.steps.clear()
        return arrays

    def cancel(self):
        """Ends the run under way at its next stage; does nothing without one. Any thread."""
        _extension(abi.wf_cancel_extension).cancel(self._handle)

    def result(self):
        """A dict about the last run: model, engine, device, times, warnings."""
        return json.loads(_read(_extension(abi.wf_result_extension).get_json, self._handle))


class _Listener:
    """The host as the library sees it. No part of it points to an instance: no cycles."""

    def __init__(self):
        self.steps = steps = []  # what hears of each step, during a run

        def progress(*_step):
            for step in steps:
                step()

        self._progress = abi.wf_progress_extension(progress=abi.wf_progress(progress))
        address = ctypes.addressof(self._progress)

        def get_extension(_host, name):
            return address if name == abi.wf_progress_extension.id else None

        self.host = _host(abi.wf_host_get_extension(get_extension))


def _own_library():
    return Path(__file__).parent / "lib" / LIBRARY


def _library_path():
    return str(_own_library()) if _own_library().exists() else LIBRARY


def _host(get_extension):
    return abi.wf_host(
        abi_version=abi.ABI_VERSION, name=b"ikomia", version=b"", get_extension=get_extension
    )


def _extension(kind):
    return kind.from_address(plugin().get_extension(kind.id))


def _call(function, *arguments):
    error = abi.wf_error()
    code = function(*arguments, ctypes.byref(error))
    if code != abi.Status.OK:
        raise MattingError(code, error.text.decode(errors="replace"))


def _read(function, *arguments):
    """Text of a function that fills a buffer; asks for the length first."""
    length = ctypes.c_size_t()
    _call(function, *arguments, None, 0, ctypes.byref(length))
    buffer = ctypes.create_string_buffer(length.value + 1)
    _call(function, *arguments, buffer, len(buffer), ctypes.byref(length))
    return buffer.value.decode(errors="replace")


def _pointers(images):
    """An array of pointers, and its length."""
    pointers = [ctypes.pointer(i) if i else ctypes.POINTER(abi.wf_image)() for i in images]
    return (ctypes.POINTER(abi.wf_image) * len(images))(*pointers), len(images)


def _image(index, array):
    """The array as the library reads it; None stays None."""
    if array is None:
        return None
    channels = array.shape[2] if array.ndim == 3 else 1
    if array.dtype.kind != "u" or (channels, array.itemsize) not in abi.FORMATS:
        name = task_info().inputs[index].contents.name.decode()
        raise MattingError(
            abi.Status.BAD_IMAGE,
            f"input {index} ({name}) has values of {array.dtype} in the shape {array.shape}: "
            "wanted uint8 or uint16 in (height, width) or (height, width, channels) with 1, 3 or "
            "4 channels",
        )
    array = numpy.ascontiguousarray(array)
    image = abi.wf_image(
        format=abi.FORMATS[channels, array.itemsize],
        width=array.shape[1],
        height=array.shape[0],
        stride_bytes=array.strides[0],
        data=array.ctypes.data,
    )
    image.array = array  # lives as long as what points into it
    return image


def _array_for(image):
    """A new array of the format that prepare named; the image points to it."""
    channels, size = next(key for key, value in abi.FORMATS.items() if value == image.format)
    array = numpy.empty((image.height, image.width, channels), f"u{size}")
    image.data, image.stride_bytes = array.ctypes.data, array.strides[0]
    return array
