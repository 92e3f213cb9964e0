/* The contract between a workflow host and a plugin. C99 and C++; only stdint and stddef.
 *
 * A plugin is a shared library with one exported function, wf_plugin_entry. It offers tasks: a task
 * takes images, gives images, and is configured with string parameters. What a task does is none of
 * this header's business.
 *
 * Growth: every struct begins with struct_size, set by the side that owns the memory to sizeof of
 * the struct that it was compiled with. The other side reads it first and touches no field beyond
 * it. Fields are only ever appended; each release's end is marked below. New abilities that not
 * every host or plugin has come as extensions: a table fetched by a string id that carries its
 * revision ("wf.cancel/1"). Hosts and plugins of one major version work together.
 *
 * Life of an instance:
 *   create -> [set_parameters | get_parameter]* -> prepare? -> run* -> destroy
 * Parameters may be changed between runs. One instance is used by one thread at a time, except
 * wf_cancel_extension::cancel. Different instances may be used by different threads at once.
 *
 * Nothing crosses but plain data: no exception, no abort, no print. Memory is freed by the side
 * that made it. Strings are UTF-8, end with NUL and, where a plugin hands them out, live as long as
 * the plugin is loaded.
 */
#ifndef WORKFLOW_PLUGIN_ABI_H
#define WORKFLOW_PLUGIN_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Version of this header: major in the upper 16 bits, minor in the lower 16. A major difference
 * means "cannot work together"; a higher minor version only has more fields or extensions. */
#define WF_ABI_MAJOR 1u
#define WF_ABI_MINOR 2u
#define WF_ABI_VERSION ((WF_ABI_MAJOR << 16) | WF_ABI_MINOR)

#if defined(__GNUC__)
#define WF_EXPORT __attribute__((visibility("default")))
#else
#define WF_EXPORT
#endif

/* ------------------------------------------------------------------------------------ status --- */

/* Result of a call. Numbers are never reused; a number that the caller does not know is a failure. */
typedef int32_t wf_status;

#define WF_OK 0                   /* the call did what it says */
#define WF_INVALID_ARGUMENT 1     /* a null pointer, a struct too small, a broken call order */
#define WF_UNKNOWN_PARAMETER 2    /* no parameter of that name; the text lists those there are */
#define WF_BAD_PARAMETER_VALUE 3  /* it does not parse or is out of range; the text says what is allowed */
#define WF_MISSING_INPUT 4        /* a required input was null */
#define WF_BAD_IMAGE 5            /* size, stride or format of an image is not usable */
#define WF_TOO_LARGE 6            /* beyond a limit on size, bytes or time */
#define WF_MODEL_NOT_FOUND 7      /* the model file is not there */
#define WF_MODEL_INVALID 8        /* the model file is damaged, of another kind, or does not fit */
#define WF_DEVICE_UNAVAILABLE 9   /* the device asked for by number is not there */
#define WF_NOT_SUPPORTED 10       /* a combination that this build or machine cannot run */
#define WF_OUT_OF_MEMORY 11       /* host or device memory */
#define WF_CANCELLED 12           /* stopped by wf_cancel_extension::cancel */
#define WF_READ_FAILED 13         /* a file or URL could not be read or decoded */
#define WF_WRITE_FAILED 14        /* a file could not be written; nothing stands under its name */
#define WF_PLUGIN_INVALID 15      /* not a plugin, or one of another major version */
#define WF_UNKNOWN_TASK 16        /* no loaded plugin offers that task */
#define WF_WORKFLOW_INVALID 17    /* a workflow that cannot be loaded or run (syntax, cycle, ...) */
#define WF_INDEX_OUT_OF_RANGE 18  /* an input, output or task number that does not exist */
#define WF_INTERNAL 19            /* a fault of the plugin or host itself; please report the text */

/* Where a failing call explains itself. Owned by the caller; pass NULL if the text is not wanted.
 * Written only on failure: what was wanted, what was found, what to do. Always NUL-terminated. */
typedef struct wf_error {
  uint32_t struct_size; /* in: sizeof(wf_error) */
  wf_status code;       /* out: the same value that the call returned */
  char text[1016];      /* out: one line of UTF-8, cut if it is longer */
  /* end of 1.0 */
} wf_error;

/* ------------------------------------------------------------------------------------- image --- */

/* Pixel format: channels in memory order, interleaved; 8: uint8_t, 16: uint16_t in native byte
 * order; values 0..255 or 0..65535 are sRGB-encoded colour or linear coverage (alpha). A (alpha) is
 * straight, never premultiplied. */
typedef uint32_t wf_format;

#define WF_FORMAT_NONE 0u
#define WF_FORMAT_GRAY8 1u
#define WF_FORMAT_RGB8 2u
#define WF_FORMAT_BGR8 3u
#define WF_FORMAT_RGBA8 4u
#define WF_FORMAT_BGRA8 5u
#define WF_FORMAT_GRAY16 6u
#define WF_FORMAT_RGB16 7u
#define WF_FORMAT_BGR16 8u
#define WF_FORMAT_RGBA16 9u
#define WF_FORMAT_BGRA16 10u

/* A picture in memory of the caller's. The callee reads (inputs) or writes (outputs) it during the
 * call and keeps no pointer to it afterwards. Rows may be padded; bytes between the last pixel of a
 * row and the next row are neither read nor written. Alignment: that of one channel value. */
typedef struct wf_image {
  uint32_t struct_size;  /* in: sizeof(wf_image) of its owner */
  wf_format format;      /* one of WF_FORMAT_* */
  uint32_t width;        /* pixels */
  uint32_t height;       /* pixels */
  int64_t stride_bytes;  /* from one row's start to the next one's; >= width * bytes per pixel */
  void* data;            /* first pixel of the top row */
  /* end of 1.0 */
  uint64_t generation;   /* 0: unknown. Else: two images with one non-zero number hold the same
                            pixels, so that what was derived from them may be kept. Hosts take each
                            number once per process, see workflow::next_generation(). */
  /* end of 1.1 */
} wf_image;

/* -------------------------------------------------------------------------- what a plugin has --- */

/* One input or output of a task. Owned by the plugin. */
typedef struct wf_port_info {
  uint32_t struct_size;
  uint32_t required;       /* inputs: 1 if it must be given. Outputs: always 0 */
  const char* name;        /* short, lower case, "plate" */
  const char* description; /* one sentence for people */
  /* end of 1.0 */
} wf_port_info;

/* One parameter of a task. Values are strings. Owned by the plugin. */
typedef struct wf_parameter_info {
  uint32_t struct_size;
  uint32_t reserved;         /* 0 */
  const char* key;           /* "model_type" */
  const char* type;          /* "choice", "integer", "number", "text" or "path" */
  const char* default_value; /* what holds until it is set */
  const char* allowed;       /* for people: choices separated by ", ", or a range */
  const char* help;          /* one sentence for people */
  /* end of 1.0 */
} wf_parameter_info;

/* A task that a plugin offers. Owned by the plugin. Text fields may be "" but are never null. */
typedef struct wf_task_info {
  uint32_t struct_size;
  uint32_t input_count;
  uint32_t output_count;
  uint32_t parameter_count;
  const wf_port_info* const* inputs;          /* input_count pointers, in input order */
  const wf_port_info* const* outputs;         /* output_count pointers, in output order */
  const wf_parameter_info* const* parameters; /* parameter_count pointers */
  const char* name;                           /* unique id, "infer_background_matting" */
  const char* description;                    /* a paragraph for people */
  const char* version;                        /* of the task, "1.0.0" */
  const char* authors;
  const char* article;                        /* title of the paper behind it */
  const char* journal;
  const char* licence;
  const char* keywords;                       /* separated by commas */
  uint32_t year;                              /* of the article, 0 if there is none */
  uint32_t step_count;                        /* progress steps that one run reports */
  /* end of 1.0 */
} wf_task_info;

typedef struct wf_instance wf_instance; /* one configured task; made and known by the plugin only */

/* What a host shows to plugins. Owned by the host; must outlive every instance made with it. */
typedef struct wf_host {
  uint32_t struct_size;
  uint32_t abi_version;    /* WF_ABI_VERSION that the host was compiled with */
  const char* name;
  const char* version;
  void* host_data;         /* the host's own; plugins do not touch it */
  /* Table of an extension that the host offers, or NULL. Any thread. */
  const void* (*get_extension)(const struct wf_host* host, const char* id);
  /* end of 1.0 */
} wf_host;

/* What a plugin shows to hosts: constant data, valid until the library is unloaded. */
typedef struct wf_plugin {
  uint32_t struct_size;
  uint32_t abi_version;    /* WF_ABI_VERSION that the plugin was compiled with */
  const char* name;
  const char* version;
  uint32_t task_count;
  uint32_t reserved;       /* 0 */

  /* Task number index (0 <= index < task_count), NULL beyond. Any thread. */
  const wf_task_info* (*get_task_info)(uint32_t index);

  /* Makes an instance of the named task with default parameters. Cheap: heavy things are loaded by
   * prepare or the first run. *instance is set to NULL on failure. Any thread. */
  wf_status (*create)(const wf_host* host, const char* task, wf_instance** instance,
                      wf_error* error);

  /* Ends an instance; NULL is allowed. Not while another call on it is running. */
  void (*destroy)(wf_instance* instance);

  /* Sets count parameters, all of them or, on any error, none. Keys that are not named keep their
   * values. */
  wf_status (*set_parameters)(wf_instance* instance, const char* const* keys,
                              const char* const* values, uint32_t count, wf_error* error);

  /* Reads one parameter. Copies at most capacity bytes, the NUL included, to buffer (may be NULL if
   * capacity is 0); *length is the full length without the NUL. */
  wf_status (*get_parameter)(wf_instance* instance, const char* key, char* buffer, size_t capacity,
                             size_t* length, wf_error* error);

  /* Loads what the parameters ask for and says what run will write. inputs: input_count pointers,
   * NULL for an input that is not given; their data may be NULL here, only format and size are
   * read. outputs: output_count pointers, NULL where it does not matter; format, width, height and
   * the smallest stride_bytes are filled in, data is not touched. */
  wf_status (*prepare)(wf_instance* instance, const wf_image* const* inputs, uint32_t input_count,
                       wf_image* const* outputs, uint32_t output_count, wf_error* error);

  /* Does the work. As many inputs and outputs as the task has (fewer: the rest is NULL). A NULL
   * output is not computed. An output must have the size and format that prepare named, and may not
   * overlap an input or another output. Calls prepare's work itself where it is still to do. On
   * failure the contents of the outputs are unspecified and the instance stays usable. */
  wf_status (*run)(wf_instance* instance, const wf_image* const* inputs, uint32_t input_count,
                   wf_image* const* outputs, uint32_t output_count, wf_error* error);

  /* Table of an extension that the plugin offers, or NULL. Any thread. */
  const void* (*get_extension)(const char* id);
  /* end of 1.0 */
} wf_plugin;

/* The one exported symbol. Gives the plugin's table, or NULL if it cannot serve a host of this
 * version (it reads host->struct_size and host->abi_version before anything else). May be called
 * more than once and from any thread. */
typedef const wf_plugin* (*wf_plugin_entry_function)(const wf_host* host);
#define WF_PLUGIN_ENTRY_SYMBOL "wf_plugin_entry"
WF_EXPORT const wf_plugin* wf_plugin_entry(const wf_host* host);

/* -------------------------------------------------------------------------------- extensions --- */

/* Offered by a host: hears of each step. Called on the thread that called run. step counts from 1
 * to step_count; stage is a short name of what begins now. */
#define WF_EXT_PROGRESS "wf.progress/1"
typedef struct wf_progress_extension {
  uint32_t struct_size;
  uint32_t reserved;
  void (*progress)(const wf_host* host, wf_instance* instance, uint32_t step, uint32_t step_count,
                   const char* stage);
  /* end of 1.0 */
} wf_progress_extension;

/* Offered by a host: takes a plugin's messages. Any thread. */
#define WF_EXT_LOG "wf.log/1"
#define WF_LOG_INFO 1u
#define WF_LOG_WARNING 2u
#define WF_LOG_ERROR 3u
typedef struct wf_log_extension {
  uint32_t struct_size;
  uint32_t reserved;
  void (*log)(const wf_host* host, uint32_t level, const char* text);
  /* end of 1.0 */
} wf_log_extension;

/* Offered by a plugin: stops the run that is under way in another thread at its next stage; that
 * run returns WF_CANCELLED. Does nothing when no run is under way. Any thread. */
#define WF_EXT_CANCEL "wf.cancel/1"
typedef struct wf_cancel_extension {
  uint32_t struct_size;
  uint32_t reserved;
  void (*cancel)(wf_instance* instance);
  /* end of 1.0 */
} wf_cancel_extension;

/* Offered by a plugin: a JSON object about the last successful run (parameters, times, warnings,
 * ...). Buffer rules as in get_parameter; {} before the first run. */
#define WF_EXT_RESULT "wf.result/1"
typedef struct wf_result_extension {
  uint32_t struct_size;
  uint32_t reserved;
  wf_status (*get_json)(wf_instance* instance, char* buffer, size_t capacity, size_t* length,
                        wf_error* error);
  /* end of 1.0 */
} wf_result_extension;

/* Offered by a plugin: bytes that an instance with its present parameters will hold while it runs
 * on images of this size, models included; an estimate. */
#define WF_EXT_MEMORY "wf.memory/1"
typedef struct wf_memory_extension {
  uint32_t struct_size;
  uint32_t reserved;
  wf_status (*estimate)(wf_instance* instance, uint32_t width, uint32_t height, uint64_t* bytes,
                        wf_error* error);
  /* end of 1.0 */
} wf_memory_extension;

/* Offered by a host: lends its threads, so that plugins need none of their own. A plugin calls run
 * from within wf_plugin::prepare or wf_plugin::run, on their thread. */
#define WF_EXT_THREADS "wf.threads/1"
typedef struct wf_threads_extension {
  uint32_t struct_size;
  uint32_t reserved;
  /* How many pieces of work are worth having at once, at least 1. The same for the life of the
   * host. Any thread. */
  uint32_t (*thread_count)(const wf_host* host);
  /* Calls work(data, piece) once for each piece in [0, count), in any order and on any threads, at
   * once or one after another, and returns when all have returned. Pieces do not wait for each
   * other, and do not call run. May be called by several threads at once, for different
   * instances. */
  void (*run)(const wf_host* host, uint32_t count, void (*work)(void* data, uint32_t piece),
              void* data);
  /* end of 1.2 */
} wf_threads_extension;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* WORKFLOW_PLUGIN_ABI_H */
