/* The smallest plugin that uses all of workflow/plugin_abi.h: copy it and replace blend_rows.
 *
 * Its task template_blend mixes an image with another of the same size and format, or, if there is
 * none, with the image's own negative: result = image + (other - image) * amount / 100. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "workflow/plugin_abi.h"

#define STEP_COUNT 4u
#define DEFAULT_AMOUNT 50

struct wf_instance {
  const wf_host* host;
  const wf_progress_extension* progress; /* NULL: the host does not listen */
  int amount;                            /* percent, 0 to 100 */
  atomic_bool cancelled;
  char result[96]; /* JSON of the last run */
};

static wf_status fail(wf_error* error, wf_status code, const char* text) {
  if (error != NULL && error->struct_size >= sizeof(wf_error)) {
    error->code = code;
    snprintf(error->text, sizeof error->text, "%s", text);
  }
  return code;
}

static wf_status fail_with(wf_error* error, wf_status code, const char* format, const char* key,
                           const char* value) {
  char text[sizeof error->text];
  snprintf(text, sizeof text, format, key, value);
  return fail(error, code, text);
}

/* The ABI's rule for texts that are read. */
static wf_status copy_text(const char* text, char* buffer, size_t capacity, size_t* length,
                           wf_error* error) {
  if (length == NULL || (buffer == NULL && capacity > 0)) {
    return fail(error, WF_INVALID_ARGUMENT, "wanted a length to fill and a buffer of the capacity");
  }
  *length = strlen(text);
  if (capacity > 0) snprintf(buffer, capacity, "%s", text);
  return WF_OK;
}

/* ------------------------------------------------------------------------------------ images ---
 */

/* Bytes of a channel and of a pixel, by WF_FORMAT_*. */
static const int kChannelBytes[] = {0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2};
static const int kPixelBytes[] = {0, 1, 3, 3, 4, 4, 2, 6, 6, 8, 8};

static int is_known(wf_format format) {
  return format > WF_FORMAT_NONE && format <= WF_FORMAT_BGRA16;
}

static int has_size(const wf_image* image) {
  return image->struct_size >= offsetof(wf_image, generation) && is_known(image->format) &&
         image->width > 0 && image->height > 0 && image->width <= 16384 && image->height <= 16384;
}

static int is_usable(const wf_image* image) {
  return has_size(image) && image->data != NULL &&
         image->stride_bytes >= (int64_t)image->width * kPixelBytes[image->format] &&
         ((uintptr_t)image->data | (uintptr_t)image->stride_bytes) %
                 (uintptr_t)kChannelBytes[image->format] ==
             0;
}

static int are_alike(const wf_image* a, const wf_image* b) {
  return a->format == b->format && a->width == b->width && a->height == b->height;
}

static int mixed(int image, int other, int amount) {
  return image + ((other - image) * amount + (other > image ? 50 : -50)) / 100;
}

/* Row y of the result; other may be NULL. */
static void blend_row(const wf_image* image, const wf_image* other, wf_image* result, uint32_t y,
                      int amount) {
  const size_t count =
      (size_t)image->width * kPixelBytes[image->format] / kChannelBytes[image->format];
  const char* src = (const char*)image->data + (int64_t)y * image->stride_bytes;
  const char* mix = other ? (const char*)other->data + (int64_t)y * other->stride_bytes : NULL;
  char* dst = (char*)result->data + (int64_t)y * result->stride_bytes;
  for (size_t i = 0; i < count; ++i) {
    if (kChannelBytes[image->format] == 1) {
      const int value = ((const uint8_t*)src)[i];
      ((uint8_t*)dst)[i] =
          (uint8_t)mixed(value, mix ? ((const uint8_t*)mix)[i] : 255 - value, amount);
    } else {
      const int value = ((const uint16_t*)src)[i];
      ((uint16_t*)dst)[i] =
          (uint16_t)mixed(value, mix ? ((const uint16_t*)mix)[i] : 65535 - value, amount);
    }
  }
}

/* ------------------------------------------------------------------- the task and its functions
 * --- */

static const wf_port_info kImage = {sizeof(wf_port_info), 1, "image", "the picture to change"};
static const wf_port_info kOther = {sizeof(wf_port_info), 0, "other",
                                    "mixed in; the image's negative if it is not given"};
static const wf_port_info kResult = {sizeof(wf_port_info), 0, "result", "the mixture"};
static const wf_parameter_info kAmount = {sizeof(wf_parameter_info),
                                          0,
                                          "amount",
                                          "integer",
                                          "50",
                                          "0 to 100",
                                          "how much of the other picture, in percent"};
static const wf_port_info* const kInputs[] = {&kImage, &kOther};
static const wf_port_info* const kOutputs[] = {&kResult};
static const wf_parameter_info* const kParameters[] = {&kAmount};
static const wf_task_info kTask = {sizeof(wf_task_info),
                                   2,
                                   1,
                                   1,
                                   kInputs,
                                   kOutputs,
                                   kParameters,
                                   "template_blend",
                                   "Mixes two pictures. A pattern for plugins of your own.",
                                   "1.0.0",
                                   "",
                                   "",
                                   "",
                                   "MIT",
                                   "template,blend",
                                   0,
                                   STEP_COUNT};

static const wf_task_info* get_task_info(uint32_t index) {
  return index == 0 ? &kTask : NULL;
}

static wf_status create(const wf_host* host, const char* task, wf_instance** instance,
                        wf_error* error) {
  if (instance == NULL) return fail(error, WF_INVALID_ARGUMENT, "wanted a place for the instance");
  *instance = NULL;
  if (host == NULL || task == NULL || strcmp(task, kTask.name) != 0) {
    return fail_with(error, WF_UNKNOWN_TASK, "wanted a host and task '%s', found '%s'", kTask.name,
                     task ? task : "");
  }
  wf_instance* made = calloc(1, sizeof *made);
  if (made == NULL) return fail(error, WF_OUT_OF_MEMORY, "no memory for an instance");
  made->host = host;
  made->amount = DEFAULT_AMOUNT;
  strcpy(made->result, "{}");
  if (host->get_extension) made->progress = host->get_extension(host, WF_EXT_PROGRESS);
  *instance = made;
  return WF_OK;
}

static void destroy(wf_instance* instance) {
  free(instance);
}

static wf_status parse_amount(const char* key, const char* text, int* amount, wf_error* error) {
  if (strcmp(key, kAmount.key) != 0) {
    return fail_with(error, WF_UNKNOWN_PARAMETER, "unknown parameter '%s': there is '%s'", key,
                     kAmount.key);
  }
  char* end = NULL;
  const long number = strtol(text, &end, 10);
  if (end == text || *end != '\0' || number < 0 || number > 100) {
    return fail_with(error, WF_BAD_PARAMETER_VALUE, "%s is '%s': wanted an integer, 0 to 100", key,
                     text);
  }
  *amount = (int)number;
  return WF_OK;
}

static wf_status set_parameters(wf_instance* instance, const char* const* keys,
                                const char* const* values, uint32_t count, wf_error* error) {
  if (instance == NULL || (count > 0 && (keys == NULL || values == NULL))) {
    return fail(error, WF_INVALID_ARGUMENT, "wanted an instance, keys and values");
  }
  int amount = instance->amount;
  for (uint32_t i = 0; i < count; ++i) {
    if (keys[i] == NULL || values[i] == NULL) {
      return fail(error, WF_INVALID_ARGUMENT, "a key or value is null");
    }
    const wf_status status = parse_amount(keys[i], values[i], &amount, error);
    if (status != WF_OK) return status;
  }
  instance->amount = amount;
  return WF_OK;
}

static wf_status get_parameter(wf_instance* instance, const char* key, char* buffer,
                               size_t capacity, size_t* length, wf_error* error) {
  if (instance == NULL || key == NULL) return fail(error, WF_INVALID_ARGUMENT, "wanted a key");
  if (strcmp(key, kAmount.key) != 0) {
    return fail_with(error, WF_UNKNOWN_PARAMETER, "unknown parameter '%s': there is '%s'", key,
                     kAmount.key);
  }
  char text[16];
  snprintf(text, sizeof text, "%d", instance->amount);
  return copy_text(text, buffer, capacity, length, error);
}

/* Null where the caller gave none, however short its list is. */
static const wf_image* picture(const wf_image* const* list, uint32_t count, uint32_t index) {
  return index < count ? list[index] : NULL;
}

static wf_status check_call(wf_instance* instance, const wf_image* const* inputs,
                            uint32_t input_count, wf_image* const* outputs, uint32_t output_count,
                            wf_error* error) {
  if (instance == NULL || input_count > 2 || output_count > 1 || (input_count > 0 && !inputs) ||
      (output_count > 0 && !outputs)) {
    return fail(error, WF_INVALID_ARGUMENT, "wanted an instance, at most 2 inputs and 1 output");
  }
  const wf_image* image = picture(inputs, input_count, 0);
  const wf_image* other = picture(inputs, input_count, 1);
  if (image == NULL) return fail(error, WF_MISSING_INPUT, "input 0 (image) is missing");
  if (!has_size(image))
    return fail(error, WF_BAD_IMAGE, "image: wanted a known format, 1 to 16384 a side");
  if (other && (!has_size(other) || !are_alike(image, other))) {
    return fail(error, WF_BAD_IMAGE, "other: wanted the size and format of the image");
  }
  return WF_OK;
}

static wf_status prepare(wf_instance* instance, const wf_image* const* inputs, uint32_t input_count,
                         wf_image* const* outputs, uint32_t output_count, wf_error* error) {
  const wf_status status = check_call(instance, inputs, input_count, outputs, output_count, error);
  if (status != WF_OK || output_count == 0 || outputs[0] == NULL) return status;
  outputs[0]->format = inputs[0]->format;
  outputs[0]->width = inputs[0]->width;
  outputs[0]->height = inputs[0]->height;
  outputs[0]->stride_bytes = (int64_t)inputs[0]->width * kPixelBytes[inputs[0]->format];
  return WF_OK;
}

/* One of STEP_COUNT strips of rows, told to the host first; 0 when the run was cancelled. */
static int blend_strip(wf_instance* instance, const wf_image* image, const wf_image* other,
                       wf_image* result, uint32_t step) {
  if (instance->progress) {
    instance->progress->progress(instance->host, instance, step + 1, STEP_COUNT, "blend");
  }
  if (atomic_load(&instance->cancelled)) return 0;
  const uint32_t end = image->height * (step + 1) / STEP_COUNT;
  for (uint32_t y = image->height * step / STEP_COUNT; result && y < end; ++y) {
    blend_row(image, other, result, y, instance->amount);
  }
  return 1;
}

static wf_status run(wf_instance* instance, const wf_image* const* inputs, uint32_t input_count,
                     wf_image* const* outputs, uint32_t output_count, wf_error* error) {
  const wf_status status = check_call(instance, inputs, input_count, outputs, output_count, error);
  if (status != WF_OK) return status;
  const wf_image* other = picture(inputs, input_count, 1);
  wf_image* result = output_count > 0 ? outputs[0] : NULL;
  if (!is_usable(inputs[0]) || (other && !is_usable(other))) {
    return fail(error, WF_BAD_IMAGE, "an input has no pixels, a short stride or an odd address");
  }
  if (result && (!is_usable(result) || !are_alike(inputs[0], result))) {
    return fail(error, WF_BAD_IMAGE, "output 0 (result): wanted the image's size and format");
  }
  atomic_store(&instance->cancelled, 0);
  for (uint32_t step = 0; step < STEP_COUNT; ++step) {
    if (!blend_strip(instance, inputs[0], other, result, step)) {
      return fail(error, WF_CANCELLED, "the run was cancelled");
    }
  }
  snprintf(instance->result, sizeof instance->result, "{\"amount\": %d, \"size\": [%u, %u]}",
           instance->amount, inputs[0]->width, inputs[0]->height);
  return WF_OK;
}

/* -------------------------------------------------------------------------------- extensions ---
 */

static void cancel(wf_instance* instance) {
  if (instance != NULL) atomic_store(&instance->cancelled, 1);
}

static wf_status get_json(wf_instance* instance, char* buffer, size_t capacity, size_t* length,
                          wf_error* error) {
  if (instance == NULL) return fail(error, WF_INVALID_ARGUMENT, "wanted an instance");
  return copy_text(instance->result, buffer, capacity, length, error);
}

static wf_status estimate(wf_instance* instance, uint32_t width, uint32_t height, uint64_t* bytes,
                          wf_error* error) {
  (void)width;
  (void)height;
  if (instance == NULL || bytes == NULL) return fail(error, WF_INVALID_ARGUMENT, "wanted a result");
  *bytes = sizeof *instance; /* rows go straight from the host's pictures to the host's picture */
  return WF_OK;
}

static const wf_cancel_extension kCancel = {sizeof(wf_cancel_extension), 0, cancel};
static const wf_result_extension kJson = {sizeof(wf_result_extension), 0, get_json};
static const wf_memory_extension kMemory = {sizeof(wf_memory_extension), 0, estimate};

static const void* get_extension(const char* id) {
  if (id == NULL) return NULL;
  if (strcmp(id, WF_EXT_CANCEL) == 0) return &kCancel;
  if (strcmp(id, WF_EXT_RESULT) == 0) return &kJson;
  if (strcmp(id, WF_EXT_MEMORY) == 0) return &kMemory;
  return NULL;
}

static const wf_plugin kPlugin = {sizeof(wf_plugin),
                                  WF_ABI_VERSION,
                                  "template_plugin",
                                  "1.0.0",
                                  1,
                                  0,
                                  get_task_info,
                                  create,
                                  destroy,
                                  set_parameters,
                                  get_parameter,
                                  prepare,
                                  run,
                                  get_extension};

const wf_plugin* wf_plugin_entry(const wf_host* host) {
  if (host == NULL || host->struct_size < sizeof(wf_host)) return NULL;
  return host->abi_version >> 16 == WF_ABI_MAJOR ? &kPlugin : NULL;
}
