/* The smallest plugin that uses all of workflow/plugin_abi.h: copy it and replace blend_row.
 *
 * Its task template_blend mixes an 8-bit image with another of the same size and format, or, if
 * none is given, with its own negative: result = image + (other - image) * amount / 100. */
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "workflow/plugin_abi.h"

enum { kStepCount = 4, kMostSide = 16384 };

struct wf_instance {
  const wf_host* host;
  const wf_progress_extension* progress; /* NULL: the host does not listen */
  int amount;                            /* percent, 0 to 100 */
  atomic_bool cancelled;
  char result[96]; /* JSON of the last run */
};

static wf_status fail(wf_error* error, wf_status code, const char* format, ...) {
  if (error == NULL || error->struct_size < sizeof(wf_error)) return code;
  va_list arguments;
  va_start(arguments, format);
  error->code = code;
  vsnprintf(error->text, sizeof error->text, format, arguments);
  va_end(arguments);
  return code;
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

/* What the task is, for hosts and people. */
/* clang-format off */
static const wf_port_info kImage = {sizeof(wf_port_info), 1, "image", "the picture to change"};
static const wf_port_info kOther = {sizeof(wf_port_info), 0, "other", "mixed in; if not given, the negative"};
static const wf_port_info kResult = {sizeof(wf_port_info), 0, "result", "the mixture"};
static const wf_parameter_info kAmount = {sizeof(wf_parameter_info), 0, "amount", "integer", "50",
    "0 to 100", "how much of the other picture, in percent"};
static const wf_port_info* const kInputs[] = {&kImage, &kOther};
static const wf_port_info* const kOutputs[] = {&kResult};
static const wf_parameter_info* const kParameters[] = {&kAmount};
static const wf_task_info kTask = {sizeof(wf_task_info), 2, 1, 1, kInputs, kOutputs, kParameters,
    "template_blend", "Mixes two pictures. A pattern for plugins of your own.", "1.0.0",
    "", "", "", "MIT", "template,blend", 0, kStepCount};
/* clang-format on */

static const wf_task_info* get_task_info(uint32_t index) {
  return index == 0 ? &kTask : NULL;
}

static wf_status create(const wf_host* host, const char* task, wf_instance** instance,
                        wf_error* error) {
  if (instance == NULL) return fail(error, WF_INVALID_ARGUMENT, "wanted a place for the instance");
  *instance = NULL;
  if (host == NULL || task == NULL || strcmp(task, kTask.name) != 0) {
    return fail(error, WF_UNKNOWN_TASK, "wanted a host and task '%s', found '%s'", kTask.name,
                task ? task : "");
  }
  wf_instance* made = calloc(1, sizeof *made);
  if (made == NULL) return fail(error, WF_OUT_OF_MEMORY, "no memory for an instance");
  made->host = host;
  made->amount = atoi(kAmount.default_value);
  strcpy(made->result, "{}");
  if (host->get_extension) made->progress = host->get_extension(host, WF_EXT_PROGRESS);
  *instance = made;
  return WF_OK;
}

static void destroy(wf_instance* instance) {
  free(instance);
}

static wf_status check_key(const wf_instance* instance, const char* key, wf_error* error) {
  if (!instance || !key) return fail(error, WF_INVALID_ARGUMENT, "wanted an instance and a key");
  if (strcmp(key, kAmount.key) == 0) return WF_OK;
  return fail(error, WF_UNKNOWN_PARAMETER, "no parameter '%s': there is '%s'", key, kAmount.key);
}

static wf_status set_parameters(wf_instance* instance, const char* const* keys,
                                const char* const* values, uint32_t count, wf_error* error) {
  if (instance == NULL || (count > 0 && (keys == NULL || values == NULL))) {
    return fail(error, WF_INVALID_ARGUMENT, "wanted an instance, keys and values");
  }
  long amount = instance->amount;
  for (uint32_t i = 0; i < count; ++i) {
    const wf_status status = check_key(instance, keys[i], error);
    if (status != WF_OK) return status;
    if (values[i] == NULL) return fail(error, WF_INVALID_ARGUMENT, "a value is null");
    char* end = NULL;
    amount = strtol(values[i], &end, 10);
    if (end == values[i] || *end != '\0' || amount < 0 || amount > 100) {
      return fail(error, WF_BAD_PARAMETER_VALUE, "%s is '%s': wanted an integer, %s", keys[i],
                  values[i], kAmount.allowed);
    }
  }
  instance->amount = (int)amount;
  return WF_OK;
}

static wf_status get_parameter(wf_instance* instance, const char* key, char* buffer,
                               size_t capacity, size_t* length, wf_error* error) {
  const wf_status status = check_key(instance, key, error);
  if (status != WF_OK) return status;
  char text[16];
  snprintf(text, sizeof text, "%d", instance->amount);
  return copy_text(text, buffer, capacity, length, error);
}

/* Bytes of a pixel: WF_FORMAT_GRAY8 to WF_FORMAT_BGRA8; 0 for the rest. */
static int64_t pixel_bytes(wf_format format) {
  static const int kBytes[] = {0, 1, 3, 3, 4, 4};
  return format <= WF_FORMAT_BGRA8 ? kBytes[format] : 0;
}

static int has_size(const wf_image* image) {
  return image->struct_size >= offsetof(wf_image, generation) && pixel_bytes(image->format) > 0 &&
         image->width > 0 && image->height > 0 && image->width <= kMostSide &&
         image->height <= kMostSide;
}

static int has_pixels(const wf_image* image) {
  return has_size(image) && image->data != NULL &&
         image->stride_bytes >= image->width * pixel_bytes(image->format);
}

static int are_alike(const wf_image* a, const wf_image* b) {
  return a->format == b->format && a->width == b->width && a->height == b->height;
}

/* The pictures of one call; NULL for what is not given, however short the list is. */
struct pictures {
  const wf_image *image, *other;
  wf_image* result;
};

static wf_status take_pictures(struct pictures* taken, const wf_instance* instance,
                               const wf_image* const* inputs, uint32_t input_count,
                               wf_image* const* outputs, uint32_t output_count, wf_error* error) {
  if (instance == NULL || input_count > 2 || output_count > 1 || (input_count > 0 && !inputs) ||
      (output_count > 0 && !outputs)) {
    return fail(error, WF_INVALID_ARGUMENT, "wanted an instance, at most 2 inputs and 1 output");
  }
  taken->image = input_count > 0 ? inputs[0] : NULL;
  taken->other = input_count > 1 ? inputs[1] : NULL;
  taken->result = output_count > 0 ? outputs[0] : NULL;
  if (taken->image == NULL) return fail(error, WF_MISSING_INPUT, "input 0 (image) is missing");
  if (!has_size(taken->image)) {
    return fail(error, WF_BAD_IMAGE, "image: wanted 8 bit and 1 to %d pixels a side", kMostSide);
  }
  if (taken->other && (!has_size(taken->other) || !are_alike(taken->image, taken->other))) {
    return fail(error, WF_BAD_IMAGE, "other: wanted the size and format of the image");
  }
  return WF_OK;
}

static wf_status prepare(wf_instance* instance, const wf_image* const* inputs, uint32_t input_count,
                         wf_image* const* outputs, uint32_t output_count, wf_error* error) {
  struct pictures call = {NULL, NULL, NULL};
  const wf_status status =
      take_pictures(&call, instance, inputs, input_count, outputs, output_count, error);
  if (status != WF_OK || call.result == NULL) return status;
  call.result->format = call.image->format;
  call.result->width = call.image->width;
  call.result->height = call.image->height;
  call.result->stride_bytes = call.image->width * pixel_bytes(call.image->format);
  return WF_OK;
}

static void blend_row(const struct pictures* call, uint32_t y, int amount) {
  const int64_t count = call->image->width * pixel_bytes(call->image->format);
  const uint8_t* image = (const uint8_t*)call->image->data + y * call->image->stride_bytes;
  const uint8_t* other =
      call->other ? (const uint8_t*)call->other->data + y * call->other->stride_bytes : NULL;
  uint8_t* result = (uint8_t*)call->result->data + y * call->result->stride_bytes;
  for (int64_t i = 0; i < count; ++i) {
    const int mixed_in = other ? other[i] : 255 - image[i];
    result[i] = (uint8_t)((image[i] * (100 - amount) + mixed_in * amount + 50) / 100);
  }
}

/* One strip of rows, told to the host first; 0 when the run was cancelled. */
static int blend_strip(wf_instance* instance, const struct pictures* call, uint32_t step) {
  if (instance->progress) {
    instance->progress->progress(instance->host, instance, step + 1, kStepCount, "blend");
  }
  if (atomic_load(&instance->cancelled)) return 0;
  const uint32_t end = call->image->height * (step + 1) / kStepCount;
  for (uint32_t y = call->image->height * step / kStepCount; call->result && y < end; ++y) {
    blend_row(call, y, instance->amount);
  }
  return 1;
}

static wf_status run(wf_instance* instance, const wf_image* const* inputs, uint32_t input_count,
                     wf_image* const* outputs, uint32_t output_count, wf_error* error) {
  struct pictures call = {NULL, NULL, NULL};
  const wf_status status =
      take_pictures(&call, instance, inputs, input_count, outputs, output_count, error);
  if (status != WF_OK) return status;
  if (!has_pixels(call.image) || (call.other && !has_pixels(call.other))) {
    return fail(error, WF_BAD_IMAGE, "an input has no pixels or a stride shorter than a row");
  }
  if (call.result && (!has_pixels(call.result) || !are_alike(call.image, call.result))) {
    return fail(error, WF_BAD_IMAGE, "output 0 (result): wanted the image's size and format");
  }
  atomic_store(&instance->cancelled, 0);
  for (uint32_t step = 0; step < kStepCount; ++step) {
    if (!blend_strip(instance, &call, step)) return fail(error, WF_CANCELLED, "cancelled");
  }
  snprintf(instance->result, sizeof instance->result, "{\"amount\": %d, \"size\": [%u, %u]}",
           instance->amount, call.image->width, call.image->height);
  return WF_OK;
}

/* -------- Extensions. */

static void cancel(wf_instance* instance) {
  if (instance != NULL) atomic_store(&instance->cancelled, 1);
}

static wf_status get_json(wf_instance* instance, char* buffer, size_t capacity, size_t* length,
                          wf_error* error) {
  if (instance == NULL) return fail(error, WF_INVALID_ARGUMENT, "wanted an instance");
  return copy_text(instance->result, buffer, capacity, length, error);
}

/* Rows go straight from the host's pictures to the host's picture: nothing grows with their size.
 */
static wf_status estimate(wf_instance* instance, uint32_t width, uint32_t height, uint64_t* bytes,
                          wf_error* error) {
  (void)width, (void)height;
  if (!instance || !bytes) return fail(error, WF_INVALID_ARGUMENT, "wanted a place for the bytes");
  *bytes = sizeof *instance;
  return WF_OK;
}

static const wf_cancel_extension kCancel = {sizeof(wf_cancel_extension), 0, cancel};
static const wf_result_extension kJson = {sizeof(wf_result_extension), 0, get_json};
static const wf_memory_extension kMemory = {sizeof(wf_memory_extension), 0, estimate};

static const void* get_extension(const char* id) {
  if (id == NULL) return NULL;
  if (strcmp(id, WF_EXT_CANCEL) == 0) return &kCancel;
  if (strcmp(id, WF_EXT_RESULT) == 0) return &kJson;
  return strcmp(id, WF_EXT_MEMORY) == 0 ? &kMemory : NULL;
}

/* clang-format off */
static const wf_plugin kPlugin = {sizeof(wf_plugin), WF_ABI_VERSION, "template_plugin", "1.0.0", 1, 0,
    get_task_info, create, destroy, set_parameters, get_parameter, prepare, run, get_extension};
/* clang-format on */

const wf_plugin* wf_plugin_entry(const wf_host* host) {
  const size_t size_of_1_0 = offsetof(wf_host, get_extension) + sizeof host->get_extension;
  if (host == NULL || host->struct_size < size_of_1_0) return NULL;
  return host->abi_version >> 16 == WF_ABI_MAJOR ? &kPlugin : NULL;
}
