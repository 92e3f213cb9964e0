#include "host/host_interface.hpp"

#include <cstring>

#include "threads/shared_threads.hpp"

namespace workflow {
namespace {

InstanceListener* listener_of(const wf_host* host) {
  return host != nullptr ? static_cast<InstanceListener*>(host->host_data) : nullptr;
}

void progress(const wf_host* host, wf_instance*, std::uint32_t step, std::uint32_t step_count,
              const char* stage) {
  InstanceListener* listener = listener_of(host);
  if (listener) listener->on_progress(step, step_count, stage != nullptr ? stage : "");
}

void log(const wf_host* host, std::uint32_t level, const char* text) {
  InstanceListener* listener = listener_of(host);
  if (listener) listener->on_log(level, text != nullptr ? text : "");
}

// One for the process: instances that run at once share its threads.
ThreadPool& lent_threads() {
  static const SharedThreads threads;
  return threads.pool();
}

std::uint32_t thread_count(const wf_host*) {
  return lent_threads().thread_count();
}

void run_pieces(const wf_host*, std::uint32_t count, void (*work)(void* data, std::uint32_t piece),
                void* data) {
  lent_threads().run(count, work, data);
}

constexpr wf_progress_extension kProgress = {sizeof(wf_progress_extension), 0, progress};
constexpr wf_log_extension kLog = {sizeof(wf_log_extension), 0, log};
constexpr wf_threads_extension kThreads = {sizeof(wf_threads_extension), 0, thread_count,
                                           run_pieces};

const void* get_extension(const wf_host*, const char* id) {
  if (id == nullptr) return nullptr;
  if (std::strcmp(id, WF_EXT_PROGRESS) == 0) return &kProgress;
  if (std::strcmp(id, WF_EXT_LOG) == 0) return &kLog;
  if (std::strcmp(id, WF_EXT_THREADS) == 0) return &kThreads;
  return nullptr;
}

wf_host host_with(void* host_data) {
  return {sizeof(wf_host), WF_ABI_VERSION, "workflow", WORKFLOW_VERSION, host_data, get_extension};
}

}  // namespace

wf_host make_host(InstanceListener& listener) {
  return host_with(&listener);
}

const wf_host& anonymous_host() {
  static const wf_host host = host_with(nullptr);
  return host;
}

}  // namespace workflow
