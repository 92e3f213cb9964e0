// The exported symbol and the functions behind it: check, translate, catch. No logic.
#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

#include "infer_background_matting/task.hpp"
#include "infer_background_matting/version.h"
#include "plugin/abi_translation.hpp"
#include "plugin/task_description.hpp"
#include "workflow/plugin_abi.h"

// Threads that a host lends, as the pool of a ParallelRunner.
struct HostThreads {
  const wf_host* host = nullptr;
  const wf_threads_extension* threads = nullptr;
};

struct wf_instance {
  HostThreads lent;  // used by task
  matting::BackgroundMattingTask task;
};

namespace matting {
namespace {

// Runs body; whatever it throws becomes a status and a text.
template <typename Body>
wf_status guarded(wf_error* error, Body body) noexcept {
  try {
    body();
    return WF_OK;
  } catch (...) {
    return report_exception(error);
  }
}

void require(bool holds, const char* text) {
  if (!holds) throw Error(ErrorCode::kInvalidArgument, text);
}

// A table that the host offers under this id, or null; checked for its size.
template <typename Extension>
const Extension* host_extension(const wf_host* host, const char* id) {
  if (host == nullptr || host->get_extension == nullptr) return nullptr;
  const auto* extension = static_cast<const Extension*>(host->get_extension(host, id));
  return extension && extension->struct_size >= sizeof(Extension) ? extension : nullptr;
}

void connect_host(const wf_host* host, wf_instance* instance) {
  const auto* progress = host_extension<wf_progress_extension>(host, WF_EXT_PROGRESS);
  if (progress && progress->progress) {
    instance->task.set_progress([=](int step, int step_count, const char* stage) {
      progress->progress(host, instance, static_cast<std::uint32_t>(step),
                         static_cast<std::uint32_t>(step_count), stage);
    });
  }
  const auto* log = host_extension<wf_log_extension>(host, WF_EXT_LOG);
  if (log && log->log) {
    instance->task.set_log([=](int level, const std::string& text) {
      log->log(host, static_cast<std::uint32_t>(level), text.c_str());
    });
  }
}

void run_on_lent_threads(void* pool, std::uint32_t count, void (*work)(void*, std::uint32_t),
                         void* data) {
  const auto& lent = *static_cast<const HostThreads*>(pool);
  lent.threads->run(lent.host, count, work, data);
}

void borrow_threads(const wf_host* host, wf_instance* instance) {
  const auto* threads = host_extension<wf_threads_extension>(host, WF_EXT_THREADS);
  if (!threads || !threads->thread_count || !threads->run) return;
  constexpr std::uint32_t kMost = 1024;
  instance->lent = {host, threads};
  const auto count = static_cast<int>(std::min(threads->thread_count(host), kMost));
  instance->task.set_parallel_runner({count, run_on_lent_threads, &instance->lent});
}

const wf_task_info* get_task_info(std::uint32_t index) {
  return index == 0 ? &task_description() : nullptr;
}

wf_status create(const wf_host* host, const char* task, wf_instance** instance, wf_error* error) {
  return guarded(error, [&] {
    require(instance != nullptr, "create needs somewhere to put the instance");
    *instance = nullptr;
    require(task != nullptr, "create needs a task name");
    require(std::strcmp(task, BackgroundMattingTask::kName) == 0,
            "this plugin has one task: infer_background_matting");
    auto made = std::make_unique<wf_instance>();
    connect_host(host, made.get());
    borrow_threads(host, made.get());
    *instance = made.release();
  });
}

void destroy(wf_instance* instance) {
  delete instance;
}

wf_status set_parameters(wf_instance* instance, const char* const* keys, const char* const* values,
                         std::uint32_t count, wf_error* error) {
  return guarded(error, [&] {
    require(instance != nullptr, "set_parameters needs an instance");
    require(count == 0 || (keys != nullptr && values != nullptr),
            "set_parameters needs keys and values");
    ParameterMap map;
    for (std::uint32_t i = 0; i < count; ++i) {
      require(keys[i] != nullptr && values[i] != nullptr, "a parameter's key or value is null");
      map[keys[i]] = values[i];
    }
    instance->task.set_parameters(map);
  });
}

wf_status get_parameter(wf_instance* instance, const char* key, char* buffer, std::size_t capacity,
                        std::size_t* length, wf_error* error) {
  return guarded(error, [&] {
    require(instance != nullptr && key != nullptr, "get_parameter needs an instance and a key");
    const ParameterMap map = instance->task.parameters();
    const auto found = map.find(key);
    if (found == map.end()) {
      throw Error(ErrorCode::kUnknownParameter, std::string("unknown parameter '") + key + "'");
    }
    copy_text(found->second, buffer, capacity, length);
  });
}

wf_status prepare(wf_instance* instance, const wf_image* const* inputs, std::uint32_t input_count,
                  wf_image* const* outputs, std::uint32_t output_count, wf_error* error) {
  return guarded(error, [&] {
    require(instance != nullptr, "prepare needs an instance");
    const TaskInputs task_inputs = to_inputs(inputs, input_count, Pixels::kNotNeeded);
    instance->task.prepare(task_inputs);
    describe_outputs(instance->task.output_formats(task_inputs), task_inputs.image, outputs,
                     output_count);
  });
}

wf_status run(wf_instance* instance, const wf_image* const* inputs, std::uint32_t input_count,
              wf_image* const* outputs, std::uint32_t output_count, wf_error* error) {
  return guarded(error, [&] {
    require(instance != nullptr, "run needs an instance");
    instance->task.run(to_inputs(inputs, input_count, Pixels::kNeeded),
                       to_outputs(outputs, output_count));
  });
}

void cancel(wf_instance* instance) {
  if (instance != nullptr) instance->task.cancel();
}

wf_status get_json(wf_instance* instance, char* buffer, std::size_t capacity, std::size_t* length,
                   wf_error* error) {
  return guarded(error, [&] {
    require(instance != nullptr, "get_json needs an instance");
    copy_text(instance->task.to_json(), buffer, capacity, length);
  });
}

wf_status estimate_memory(wf_instance* instance, std::uint32_t width, std::uint32_t height,
                          std::uint64_t* bytes, wf_error* error) {
  return guarded(error, [&] {
    require(instance != nullptr && bytes != nullptr, "estimate needs an instance and a result");
    require(width <= kMaximumSide && height <= kMaximumSide, "estimate: the picture is too large");
    *bytes = instance->task.estimate_memory(static_cast<int>(width), static_cast<int>(height));
  });
}

constexpr wf_cancel_extension kCancel = {sizeof(wf_cancel_extension), 0, cancel};
constexpr wf_result_extension kResult = {sizeof(wf_result_extension), 0, get_json};
constexpr wf_memory_extension kMemory = {sizeof(wf_memory_extension), 0, estimate_memory};

const void* get_extension(const char* id) {
  if (id == nullptr) return nullptr;
  if (std::strcmp(id, WF_EXT_CANCEL) == 0) return &kCancel;
  if (std::strcmp(id, WF_EXT_RESULT) == 0) return &kResult;
  if (std::strcmp(id, WF_EXT_MEMORY) == 0) return &kMemory;
  return nullptr;
}

constexpr wf_plugin kPlugin = {
    sizeof(wf_plugin),
    WF_ABI_VERSION,
    BackgroundMattingTask::kName,
    INFER_BACKGROUND_MATTING_VERSION,
    1,
    0,
    get_task_info,
    create,
    destroy,
    set_parameters,
    get_parameter,
    prepare,
    run,
    get_extension,
};

// A host of another major version has other structs: nothing beyond the first two fields is read.
bool can_serve(const wf_host* host) {
  constexpr std::size_t kHostSize10 = sizeof(wf_host);
  return host != nullptr && host->struct_size >= kHostSize10 &&
         (host->abi_version >> 16) == WF_ABI_MAJOR;
}

}  // namespace
}  // namespace matting

extern "C" const wf_plugin* wf_plugin_entry(const wf_host* host) {
  return matting::can_serve(host) ? &matting::kPlugin : nullptr;
}
