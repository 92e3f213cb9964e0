// The plugin under test, called as a host calls it, with nothing of the host's own code between.
#ifndef CONFORMANCE_SUBJECT_HPP
#define CONFORMANCE_SUBJECT_HPP

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "conformance/picture.hpp"
#include "workflow/plugin_abi.h"

namespace conformance {

// What one call said.
struct Answer {
  wf_status status = WF_OK;
  wf_status error_code = WF_OK;
  std::string text;

  bool ok() const noexcept { return status == WF_OK; }
  // A failure explains itself: a text, and the same code in the struct.
  bool explains_failure() const noexcept {
    return status != WF_OK && error_code == status && !text.empty();
  }
};
std::string text_of(const Answer& answer);  // "status 5: ..."

// A host that writes down what it hears.
class RecordingHost {
 public:
  struct Step {
    const wf_host* host;
    wf_instance* instance;
    std::uint32_t step, step_count;
    std::string stage;
    std::thread::id thread;
  };

  RecordingHost();
  RecordingHost(const RecordingHost&) = delete;
  RecordingHost& operator=(const RecordingHost&) = delete;

  wf_host host;
  std::vector<Step> steps;
  std::function<void(const Step&)> on_step;
  std::uint32_t lent_threads = 0;  // 0: none are lent
  std::uint32_t lent_pieces = 0;   // of work that ran on them
};

// An open library with its table. Throws std::runtime_error.
class Subject {
 public:
  Subject(const std::string& path, const std::string& task);

  wf_plugin_entry_function entry() const noexcept { return entry_; }
  const wf_plugin& table() const noexcept { return *table_; }
  const wf_task_info& task() const noexcept { return *task_; }

  template <typename Extension>
  const Extension* extension(const char* id) const {
    return static_cast<const Extension*>(table_->get_extension(id));
  }

 private:
  std::shared_ptr<void> library_;
  wf_plugin_entry_function entry_ = nullptr;
  const wf_plugin* table_ = nullptr;
  const wf_task_info* task_ = nullptr;
};

// Runs call(wf_error*) with a fresh error.
template <typename Call>
Answer ask(Call call) {
  wf_error error = {sizeof(wf_error), WF_OK, {}};
  Answer answer;
  answer.status = call(&error);
  answer.error_code = error.code;
  error.text[sizeof error.text - 1] = '\0';
  answer.text = error.text;
  return answer;
}

// One instance of the task. Throws std::runtime_error if there is none.
class TaskInstance {
 public:
  explicit TaskInstance(const Subject& subject);
  TaskInstance(const Subject& subject, RecordingHost& host);
  ~TaskInstance();
  TaskInstance(const TaskInstance&) = delete;
  TaskInstance& operator=(const TaskInstance&) = delete;

  wf_instance* get() const noexcept { return instance_; }
  RecordingHost& host() noexcept { return *host_; }

  Answer set(const std::vector<std::pair<std::string, std::string>>& parameters);
  std::string parameter(const char* key);
  std::vector<std::string> parameters();

  Answer prepare(const PictureList& inputs, const PictureList& outputs);
  Answer run(const PictureList& inputs, const PictureList& outputs);

  // prepare, allocate with that much padding, run. Outputs are empty after a failure.
  struct Result {
    Answer answer;
    std::vector<Picture> outputs;
  };
  Result process(std::vector<Picture>& inputs, std::uint32_t padding_values = 0,
                 std::uint32_t poison = 1);

 private:
  void create();

  const Subject& subject_;
  std::unique_ptr<RecordingHost> own_host_;
  RecordingHost* host_;
  wf_instance* instance_ = nullptr;
};

// Inputs with random pixels: all required ones (null descriptors are not made for the rest).
std::vector<Picture> random_inputs(const wf_task_info& task, const Shape& shape, std::uint32_t seed,
                                   std::uint32_t padding_values = 0, std::uint32_t poison = 1);

// Empty descriptors for prepare to fill.
PictureList empty_outputs(const wf_task_info& task);

// Pixels of every picture, one behind the other.
std::vector<std::uint8_t> pixels_of(const std::vector<Picture>& pictures);

}  // namespace conformance

#endif  // CONFORMANCE_SUBJECT_HPP
