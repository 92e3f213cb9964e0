#include "conformance/subject.hpp"

#include <dlfcn.h>

#include <cstring>
#include <stdexcept>

namespace conformance {
namespace {

void record(const wf_host* host, wf_instance* instance, std::uint32_t step,
            std::uint32_t step_count, const char* stage) {
  auto* recorder = static_cast<RecordingHost*>(host->host_data);
  const RecordingHost::Step heard = {host,       instance,           step,
                                     step_count, stage ? stage : "", std::this_thread::get_id()};
  recorder->steps.push_back(heard);
  if (recorder->on_step) recorder->on_step(heard);
}

void ignore_log(const wf_host*, std::uint32_t, const char*) {}

std::uint32_t count_lent(const wf_host* host) {
  return static_cast<RecordingHost*>(host->host_data)->lent_threads;
}

// One thread after another would be allowed, too; at once finds more.
void run_lent(const wf_host* host, std::uint32_t count, void (*work)(void*, std::uint32_t),
              void* data) {
  static_cast<RecordingHost*>(host->host_data)->lent_pieces += count;
  std::vector<std::thread> threads;
  for (std::uint32_t piece = 0; piece < count; ++piece) threads.emplace_back(work, data, piece);
  for (std::thread& thread : threads) thread.join();
}

const void* host_extension(const wf_host* host, const char* id) {
  static constexpr wf_threads_extension threads = {sizeof(wf_threads_extension), 0, count_lent,
                                                   run_lent};
  if (std::strcmp(id, WF_EXT_THREADS) == 0) return count_lent(host) > 0 ? &threads : nullptr;
  static constexpr wf_progress_extension progress = {sizeof(wf_progress_extension), 0, record};
  static constexpr wf_log_extension log = {sizeof(wf_log_extension), 0, ignore_log};
  if (std::strcmp(id, WF_EXT_PROGRESS) == 0) return &progress;
  if (std::strcmp(id, WF_EXT_LOG) == 0) return &log;
  return nullptr;
}

const wf_task_info* find_task(const wf_plugin& table, const std::string& name) {
  for (std::uint32_t i = 0; i < table.task_count; ++i) {
    const wf_task_info* info = table.get_task_info(i);
    if (info && (name.empty() || name == info->name)) return info;
  }
  throw std::runtime_error("the plugin has no task '" + name + "'");
}

// As large as hosts make images at all.
bool can_be_allocated(const wf_image& image) {
  return workflow::pixel_bytes(image.format) > 0 && image.width <= 16384 && image.height <= 16384;
}

}  // namespace

std::string text_of(const Answer& answer) {
  return "status " + std::to_string(answer.status) +
         (answer.text.empty() ? "" : " (" + answer.text + ")");
}

RecordingHost::RecordingHost()
    : host{sizeof(wf_host), WF_ABI_VERSION, "wf_conformance", "1", this, host_extension} {}

Subject::Subject(const std::string& path, const std::string& task) {
  void* handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) throw std::runtime_error(::dlerror());
  library_.reset(handle, [](void* library) { ::dlclose(library); });
  entry_ = reinterpret_cast<wf_plugin_entry_function>(::dlsym(handle, WF_PLUGIN_ENTRY_SYMBOL));
  if (entry_ == nullptr) throw std::runtime_error("no symbol " WF_PLUGIN_ENTRY_SYMBOL);
  static RecordingHost asking;
  table_ = entry_(&asking.host);
  if (table_ == nullptr) throw std::runtime_error("the entry returned NULL for this ABI version");
  task_ = find_task(*table_, task);
}

TaskInstance::TaskInstance(const Subject& subject)
    : subject_(subject), own_host_(std::make_unique<RecordingHost>()), host_(own_host_.get()) {
  create();
}

TaskInstance::TaskInstance(const Subject& subject, RecordingHost& host)
    : subject_(subject), host_(&host) {
  create();
}

void TaskInstance::create() {
  const Answer answer = ask([&](wf_error* error) {
    return subject_.table().create(&host_->host, subject_.task().name, &instance_, error);
  });
  if (!answer.ok() || !instance_) throw std::runtime_error("create: " + text_of(answer));
}

TaskInstance::~TaskInstance() {
  subject_.table().destroy(instance_);
}

Answer TaskInstance::set(const std::vector<std::pair<std::string, std::string>>& parameters) {
  std::vector<const char*> keys, values;
  for (const auto& [key, value] : parameters) {
    keys.push_back(key.c_str());
    values.push_back(value.c_str());
  }
  return ask([&](wf_error* error) {
    return subject_.table().set_parameters(instance_, keys.data(), values.data(),
                                           static_cast<std::uint32_t>(keys.size()), error);
  });
}

std::string TaskInstance::parameter(const char* key) {
  std::string buffer(4096, '\0');
  std::size_t length = 0;
  const Answer answer = ask([&](wf_error* error) {
    return subject_.table().get_parameter(instance_, key, buffer.data(), buffer.size(), &length,
                                          error);
  });
  if (!answer.ok()) throw std::runtime_error(std::string("get_parameter: ") + text_of(answer));
  return buffer.substr(0, length);
}

std::vector<std::string> TaskInstance::parameters() {
  std::vector<std::string> values;
  for (std::uint32_t i = 0; i < subject_.task().parameter_count; ++i) {
    values.push_back(parameter(subject_.task().parameters[i]->key));
  }
  return values;
}

Answer TaskInstance::prepare(const PictureList& inputs, const PictureList& outputs) {
  return ask([&](wf_error* error) {
    return subject_.table().prepare(instance_, inputs.inputs(), inputs.count(), outputs.outputs(),
                                    outputs.count(), error);
  });
}

Answer TaskInstance::run(const PictureList& inputs, const PictureList& outputs) {
  return ask([&](wf_error* error) {
    return subject_.table().run(instance_, inputs.inputs(), inputs.count(), outputs.outputs(),
                                outputs.count(), error);
  });
}

TaskInstance::Result TaskInstance::process(std::vector<Picture>& inputs,
                                           std::uint32_t padding_values, std::uint32_t poison) {
  const PictureList input_list(inputs);
  PictureList wanted = empty_outputs(subject_.task());
  Result result;
  result.answer = prepare(input_list, wanted);
  if (!result.answer.ok()) return result;
  for (std::uint32_t i = 0; i < wanted.count(); ++i) {
    if (!can_be_allocated(wanted[i])) {
      result.answer = {WF_INTERNAL, WF_OK,
                       "prepare asks for output " + std::to_string(i) + " of " +
                           text_of(Shape{wanted[i].width, wanted[i].height, wanted[i].format})};
      result.outputs.clear();
      return result;
    }
    result.outputs.emplace_back(Shape{wanted[i].width, wanted[i].height, wanted[i].format},
                                padding_values, poison);
  }
  const PictureList output_list(result.outputs);
  result.answer = run(input_list, output_list);
  if (!result.answer.ok()) result.outputs.clear();
  return result;
}

std::vector<Picture> random_inputs(const wf_task_info& task, const Shape& shape, std::uint32_t seed,
                                   std::uint32_t padding_values, std::uint32_t poison) {
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < task.input_count; ++i) {
    if (task.inputs[i]->required) count = i + 1;
  }
  std::vector<Picture> inputs(count, Picture(shape, padding_values, poison));
  for (std::uint32_t i = 0; i < count; ++i) inputs[i].fill_randomly(seed + i);
  return inputs;
}

PictureList empty_outputs(const wf_task_info& task) {
  return PictureList(std::vector<wf_image>(
      task.output_count, {sizeof(wf_image), WF_FORMAT_NONE, 0, 0, 0, nullptr, 0}));
}

std::vector<std::uint8_t> pixels_of(const std::vector<Picture>& pictures) {
  std::vector<std::uint8_t> all;
  for (const Picture& picture : pictures) {
    const auto pixels = picture.pixels();
    all.insert(all.end(), pixels.begin(), pixels.end());
  }
  return all;
}

}  // namespace conformance
