#include "host/instance.hpp"

namespace workflow {
namespace {

[[noreturn]] void throw_failure(const std::string& task, wf_status status, wf_error& error) {
  error.text[sizeof error.text - 1] = '\0';
  const std::string text =
      error.text[0] != '\0' ? error.text
                            : "the plugin gave no reason (status " + std::to_string(status) + ")";
  throw Error(status, task + ": " + text);
}

// Makes one call into a plugin. The border: whatever comes out of it is an Error. Plugins in C++
// can break the rule that nothing is thrown across.
template <typename Call>
void call_plugin(const std::string& task, Call call) {
  wf_error error = {sizeof(wf_error), WF_OK, {}};
  wf_status status = WF_OK;
  try {
    status = call(&error);
  } catch (...) {
    throw Error(WF_INTERNAL, task + ": the plugin threw an exception, which the ABI forbids");
  }
  if (status != WF_OK) throw_failure(task, status, error);
}

// Reads a text of unknown length: call(buffer, capacity, length, error) follows the ABI's rule.
template <typename Call>
std::string read_text(const std::string& task, Call call) {
  std::string buffer(256, '\0');
  for (;;) {
    std::size_t length = 0;
    call_plugin(
        task, [&](wf_error* error) { return call(buffer.data(), buffer.size(), &length, error); });
    const bool complete = length < buffer.size();
    buffer.resize(complete ? length : length + 1);
    if (complete) return buffer;
  }
}

}  // namespace

Instance::Instance(std::shared_ptr<const Plugin> plugin, const std::string& task,
                   InstanceListener& listener)
    : plugin_(std::move(plugin)), info_(plugin_->find_task(task)), host_(make_host(listener)) {
  call_plugin(task, [&](wf_error* error) {
    return plugin_->table().create(&host_, task.c_str(), &instance_, error);
  });
  if (instance_ == nullptr) throw Error(WF_INTERNAL, task + ": the plugin made no instance");
}

Instance::~Instance() {
  plugin_->table().destroy(instance_);
}

void Instance::set_parameters(const ParameterMap& parameters) {
  std::vector<const char*> keys, values;
  for (const auto& [key, value] : parameters) {
    keys.push_back(key.c_str());
    values.push_back(value.c_str());
  }
  call_plugin(info_->name, [&](wf_error* error) {
    return plugin_->table().set_parameters(instance_, keys.data(), values.data(),
                                           static_cast<std::uint32_t>(keys.size()), error);
  });
}

std::string Instance::parameter(const char* key) const {
  return read_text(
      info_->name, [&](char* buffer, std::size_t capacity, std::size_t* length, wf_error* error) {
        return plugin_->table().get_parameter(instance_, key, buffer, capacity, length, error);
      });
}

ParameterMap Instance::parameters() const {
  ParameterMap map;
  for (std::uint32_t i = 0; i < info_->parameter_count; ++i) {
    const char* key = info_->parameters[i]->key;
    map[key] = parameter(key);
  }
  return map;
}

void Instance::prepare(const std::vector<const wf_image*>& inputs,
                       const std::vector<wf_image*>& outputs) {
  call_plugin(info_->name, [&](wf_error* error) {
    return plugin_->table().prepare(instance_, inputs.data(), info_->input_count, outputs.data(),
                                    info_->output_count, error);
  });
}

void Instance::run(const std::vector<const wf_image*>& inputs,
                   const std::vector<wf_image*>& outputs) {
  call_plugin(info_->name, [&](wf_error* error) {
    return plugin_->table().run(instance_, inputs.data(), info_->input_count, outputs.data(),
                                info_->output_count, error);
  });
}

void Instance::cancel() noexcept {
  const auto* extension = plugin_->extension<wf_cancel_extension>(WF_EXT_CANCEL);
  if (extension && extension->cancel) extension->cancel(instance_);
}

std::string Instance::result_json() const {
  const auto* extension = plugin_->extension<wf_result_extension>(WF_EXT_RESULT);
  if (extension == nullptr || extension->get_json == nullptr) return "{}";
  return read_text(info_->name,
                   [&](char* buffer, std::size_t capacity, std::size_t* length, wf_error* error) {
                     return extension->get_json(instance_, buffer, capacity, length, error);
                   });
}

std::uint64_t Instance::memory_estimate(std::uint32_t width, std::uint32_t height) const {
  const auto* extension = plugin_->extension<wf_memory_extension>(WF_EXT_MEMORY);
  if (extension == nullptr || extension->estimate == nullptr) return 0;
  std::uint64_t bytes = 0;
  call_plugin(info_->name, [&](wf_error* error) {
    return extension->estimate(instance_, width, height, &bytes, error);
  });
  return bytes;
}

}  // namespace workflow
