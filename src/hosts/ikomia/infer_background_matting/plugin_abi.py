"""The structs of workflow/plugin_abi.h for ctypes; that header explains them.

Of version 1.1; what 1.2 added is not used.
"""

import ctypes
from ctypes import (
    CFUNCTYPE,
    POINTER,
    c_char,
    c_char_p,
    c_int32,
    c_int64,
    c_size_t,
    c_uint32,
    c_uint64,
    c_void_p,
)
from enum import IntEnum

ABI_VERSION = 1 << 16 | 1


class Status(IntEnum):
    """Results of calls that this host tells apart."""

    OK = 0
    BAD_PARAMETER_VALUE = 3
    MISSING_INPUT = 4
    BAD_IMAGE = 5
    MODEL_NOT_FOUND = 7
    NOT_SUPPORTED = 10
    CANCELLED = 12


# (channels, bytes of a channel) -> WF_FORMAT_*, with red first.
FORMATS = {(1, 1): 1, (3, 1): 2, (4, 1): 4, (1, 2): 6, (3, 2): 7, (4, 2): 9}


class Struct(ctypes.Structure):
    """Begins with its own size, as every struct of the interface does."""

    def __init__(self, **fields):
        super().__init__(struct_size=ctypes.sizeof(self), **fields)


class wf_error(Struct):
    _fields_ = [("struct_size", c_uint32), ("code", c_int32), ("text", c_char * 1016)]


class wf_image(Struct):
    _fields_ = [
        ("struct_size", c_uint32),
        ("format", c_uint32),
        ("width", c_uint32),
        ("height", c_uint32),
        ("stride_bytes", c_int64),
        ("data", c_void_p),
        ("generation", c_uint64),
    ]


class wf_port_info(Struct):
    _fields_ = [
        ("struct_size", c_uint32),
        ("required", c_uint32),
        ("name", c_char_p),
        ("description", c_char_p),
    ]


class wf_parameter_info(Struct):
    _fields_ = [
        ("struct_size", c_uint32),
        ("reserved", c_uint32),
        ("key", c_char_p),
        ("type", c_char_p),
        ("default_value", c_char_p),
        ("allowed", c_char_p),
        ("help", c_char_p),
    ]


class wf_task_info(Struct):
    _fields_ = [
        ("struct_size", c_uint32),
        ("input_count", c_uint32),
        ("output_count", c_uint32),
        ("parameter_count", c_uint32),
        ("inputs", POINTER(POINTER(wf_port_info))),
        ("outputs", POINTER(POINTER(wf_port_info))),
        ("parameters", POINTER(POINTER(wf_parameter_info))),
        ("name", c_char_p),
        ("description", c_char_p),
        ("version", c_char_p),
        ("authors", c_char_p),
        ("article", c_char_p),
        ("journal", c_char_p),
        ("licence", c_char_p),
        ("keywords", c_char_p),
        ("year", c_uint32),
        ("step_count", c_uint32),
    ]


wf_host_get_extension = CFUNCTYPE(c_void_p, c_void_p, c_char_p)


class wf_host(Struct):
    _fields_ = [
        ("struct_size", c_uint32),
        ("abi_version", c_uint32),
        ("name", c_char_p),
        ("version", c_char_p),
        ("host_data", c_void_p),
        ("get_extension", wf_host_get_extension),
    ]


Images = POINTER(POINTER(wf_image))
Texts = POINTER(c_char_p)
Run = CFUNCTYPE(c_int32, c_void_p, Images, c_uint32, Images, c_uint32, POINTER(wf_error))


class wf_plugin(Struct):
    _fields_ = [
        ("struct_size", c_uint32),
        ("abi_version", c_uint32),
        ("name", c_char_p),
        ("version", c_char_p),
        ("task_count", c_uint32),
        ("reserved", c_uint32),
        ("get_task_info", CFUNCTYPE(POINTER(wf_task_info), c_uint32)),
        (
            "create",
            CFUNCTYPE(c_int32, POINTER(wf_host), c_char_p, POINTER(c_void_p), POINTER(wf_error)),
        ),
        ("destroy", CFUNCTYPE(None, c_void_p)),
        (
            "set_parameters",
            CFUNCTYPE(c_int32, c_void_p, Texts, Texts, c_uint32, POINTER(wf_error)),
        ),
        (
            "get_parameter",
            CFUNCTYPE(
                c_int32,
                c_void_p,
                c_char_p,
                c_char_p,
                c_size_t,
                POINTER(c_size_t),
                POINTER(wf_error),
            ),
        ),
        ("prepare", Run),
        ("run", Run),
        ("get_extension", CFUNCTYPE(c_void_p, c_char_p)),
    ]


wf_progress = CFUNCTYPE(None, c_void_p, c_void_p, c_uint32, c_uint32, c_char_p)


class wf_progress_extension(Struct):
    id = b"wf.progress/1"
    _fields_ = [("struct_size", c_uint32), ("reserved", c_uint32), ("progress", wf_progress)]


class wf_cancel_extension(Struct):
    id = b"wf.cancel/1"
    _fields_ = [
        ("struct_size", c_uint32),
        ("reserved", c_uint32),
        ("cancel", CFUNCTYPE(None, c_void_p)),
    ]


class wf_result_extension(Struct):
    id = b"wf.result/1"
    _fields_ = [
        ("struct_size", c_uint32),
        ("reserved", c_uint32),
        (
            "get_json",
            CFUNCTYPE(c_int32, c_void_p, c_char_p, c_size_t, POINTER(c_size_t), POINTER(wf_error)),
        ),
    ]
