/* Every release's structs, as offsets: a field that moves breaks plugins that are out there. Lines
 * are added at the end of a release and never changed. Included by a C11 and by a C++17 file. */
#ifndef TESTS_ABI_FROZEN_LAYOUT_H
#define TESTS_ABI_FROZEN_LAYOUT_H

#include <stddef.h>

#include "workflow/plugin_abi.h"

#ifdef __cplusplus
#define FROZEN(condition) static_assert(condition, #condition)
#else
#define FROZEN(condition) _Static_assert(condition, #condition)
#endif
#define FROZEN_AT(type, field, offset) FROZEN(offsetof(type, field) == (offset))

FROZEN(sizeof(void*) == 8); /* the numbers below are those of 64-bit machines */

/* ---- 1.0: values */
FROZEN(sizeof(wf_status) == 4 && sizeof(wf_format) == 4);
FROZEN(WF_OK == 0 && WF_INVALID_ARGUMENT == 1 && WF_UNKNOWN_PARAMETER == 2);
FROZEN(WF_BAD_PARAMETER_VALUE == 3 && WF_MISSING_INPUT == 4 && WF_BAD_IMAGE == 5);
FROZEN(WF_TOO_LARGE == 6 && WF_MODEL_NOT_FOUND == 7 && WF_MODEL_INVALID == 8);
FROZEN(WF_DEVICE_UNAVAILABLE == 9 && WF_NOT_SUPPORTED == 10 && WF_OUT_OF_MEMORY == 11);
FROZEN(WF_CANCELLED == 12 && WF_READ_FAILED == 13 && WF_WRITE_FAILED == 14);
FROZEN(WF_PLUGIN_INVALID == 15 && WF_UNKNOWN_TASK == 16 && WF_WORKFLOW_INVALID == 17);
FROZEN(WF_INDEX_OUT_OF_RANGE == 18 && WF_INTERNAL == 19);
FROZEN(WF_FORMAT_NONE == 0 && WF_FORMAT_GRAY8 == 1 && WF_FORMAT_RGB8 == 2 && WF_FORMAT_BGR8 == 3);
FROZEN(WF_FORMAT_RGBA8 == 4 && WF_FORMAT_BGRA8 == 5 && WF_FORMAT_GRAY16 == 6);
FROZEN(WF_FORMAT_RGB16 == 7 && WF_FORMAT_BGR16 == 8 && WF_FORMAT_RGBA16 == 9);
FROZEN(WF_FORMAT_BGRA16 == 10);
FROZEN(WF_LOG_INFO == 1 && WF_LOG_WARNING == 2 && WF_LOG_ERROR == 3);

/* ---- 1.0: structs */
FROZEN_AT(wf_error, struct_size, 0);
FROZEN_AT(wf_error, code, 4);
FROZEN_AT(wf_error, text, 8);
FROZEN(sizeof(wf_error) >= 1024);

FROZEN_AT(wf_image, struct_size, 0);
FROZEN_AT(wf_image, format, 4);
FROZEN_AT(wf_image, width, 8);
FROZEN_AT(wf_image, height, 12);
FROZEN_AT(wf_image, stride_bytes, 16);
FROZEN_AT(wf_image, data, 24);

FROZEN_AT(wf_port_info, required, 4);
FROZEN_AT(wf_port_info, name, 8);
FROZEN_AT(wf_port_info, description, 16);
FROZEN(sizeof(wf_port_info) >= 24);

FROZEN_AT(wf_parameter_info, reserved, 4);
FROZEN_AT(wf_parameter_info, key, 8);
FROZEN_AT(wf_parameter_info, type, 16);
FROZEN_AT(wf_parameter_info, default_value, 24);
FROZEN_AT(wf_parameter_info, allowed, 32);
FROZEN_AT(wf_parameter_info, help, 40);
FROZEN(sizeof(wf_parameter_info) >= 48);

FROZEN_AT(wf_task_info, input_count, 4);
FROZEN_AT(wf_task_info, output_count, 8);
FROZEN_AT(wf_task_info, parameter_count, 12);
FROZEN_AT(wf_task_info, inputs, 16);
FROZEN_AT(wf_task_info, outputs, 24);
FROZEN_AT(wf_task_info, parameters, 32);
FROZEN_AT(wf_task_info, name, 40);
FROZEN_AT(wf_task_info, description, 48);
FROZEN_AT(wf_task_info, version, 56);
FROZEN_AT(wf_task_info, authors, 64);
FROZEN_AT(wf_task_info, article, 72);
FROZEN_AT(wf_task_info, journal, 80);
FROZEN_AT(wf_task_info, licence, 88);
FROZEN_AT(wf_task_info, keywords, 96);
FROZEN_AT(wf_task_info, year, 104);
FROZEN_AT(wf_task_info, step_count, 108);
FROZEN(sizeof(wf_task_info) >= 112);

FROZEN_AT(wf_host, abi_version, 4);
FROZEN_AT(wf_host, name, 8);
FROZEN_AT(wf_host, version, 16);
FROZEN_AT(wf_host, host_data, 24);
FROZEN_AT(wf_host, get_extension, 32);
FROZEN(sizeof(wf_host) >= 40);

FROZEN_AT(wf_plugin, abi_version, 4);
FROZEN_AT(wf_plugin, name, 8);
FROZEN_AT(wf_plugin, version, 16);
FROZEN_AT(wf_plugin, task_count, 24);
FROZEN_AT(wf_plugin, reserved, 28);
FROZEN_AT(wf_plugin, get_task_info, 32);
FROZEN_AT(wf_plugin, create, 40);
FROZEN_AT(wf_plugin, destroy, 48);
FROZEN_AT(wf_plugin, set_parameters, 56);
FROZEN_AT(wf_plugin, get_parameter, 64);
FROZEN_AT(wf_plugin, prepare, 72);
FROZEN_AT(wf_plugin, run, 80);
FROZEN_AT(wf_plugin, get_extension, 88);
FROZEN(sizeof(wf_plugin) >= 96);

FROZEN_AT(wf_progress_extension, progress, 8);
FROZEN_AT(wf_log_extension, log, 8);
FROZEN_AT(wf_cancel_extension, cancel, 8);
FROZEN_AT(wf_result_extension, get_json, 8);
FROZEN_AT(wf_memory_extension, estimate, 8);

/* ---- 1.1 */
FROZEN_AT(wf_image, generation, 32);
FROZEN(sizeof(wf_image) >= 40);

/* ---- 1.2 */
FROZEN_AT(wf_threads_extension, thread_count, 8);
FROZEN_AT(wf_threads_extension, run, 16);
FROZEN(sizeof(wf_threads_extension) >= 24);

#endif /* TESTS_ABI_FROZEN_LAYOUT_H */
