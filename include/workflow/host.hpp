// Load plugins, build a graph of their tasks, run it. The host knows no task by name.
#ifndef WORKFLOW_HOST_HPP
#define WORKFLOW_HOST_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "workflow/error.hpp"
#include "workflow/export.hpp"
#include "workflow/image.hpp"

namespace workflow {

using ParameterMap = std::map<std::string, std::string>;

// Plugins that are loaded, and the tasks they offer. Safe to use from several threads. A plugin
// stays loaded until the registry and every Workflow made from it are gone.
class WORKFLOW_API PluginRegistry {
 public:
  PluginRegistry();
  ~PluginRegistry();
  PluginRegistry(const PluginRegistry&) = delete;
  PluginRegistry& operator=(const PluginRegistry&) = delete;

  // A registry that has loaded every plugin of default_folders().
  static std::shared_ptr<PluginRegistry> with_default_plugins();

  // $WF_PLUGIN_PATH (separated by ':'), else the folder of this library and its "workflow" folder.
  static std::vector<std::string> default_folders();

  // Loads one plugin file. Throws Error WF_PLUGIN_INVALID with the loader's text, or with both ABI
  // versions where they do not fit; nothing stays loaded then. Loading a file again does nothing.
  void load(const std::string& path);

  // Loads every shared library of a folder that exports WF_PLUGIN_ENTRY_SYMBOL; other files are
  // passed over without running any of their code. Returns a line for each plugin that was refused;
  // a folder that is not there has no plugins.
  std::vector<std::string> load_folder(const std::string& folder);

  // The lines of all load_folder calls so far.
  std::vector<std::string> refused() const;

  struct PluginDescription {
    std::string name, version, path;
    std::uint32_t abi_version = 0;
    std::vector<std::string> tasks;
  };
  std::vector<PluginDescription> plugins() const;

  // The task's own description; valid as long as the registry. Throws Error WF_UNKNOWN_TASK with
  // the names that there are.
  const wf_task_info& task_info(const std::string& task) const;

 private:
  friend class Workflow;
  struct WORKFLOW_LOCAL State;
  std::shared_ptr<State> state_;
};

// The workflow's own end of a connection, where its input images come from: task number kRoot.
constexpr int kRoot = -1;

// An output of a task (or, with task kRoot, an input image of the workflow).
struct OutputId {
  int task = kRoot;
  int output = 0;
};

// From output `output` of task `source` to input `input` of task `target`.
struct Connection {
  int source = kRoot;
  int output = 0;
  int target = 0;
  int input = 0;
};

// One step of one task. Steps count from 1; total_* count over all tasks of the run.
struct Progress {
  int task = 0;
  const char* stage = "";  // valid during the call
  std::uint32_t step = 0;
  std::uint32_t step_count = 0;
  std::uint32_t total_step = 0;
  std::uint32_t total_step_count = 0;
};

struct JsonOptions {
  bool png = false;       // images as PNG always; else JPEG where that holds the format
  bool indented = false;  // for people
};

// One output of the workflow. image is empty before a run, after a failed one, and when the output
// was not wanted. Copies share the pixels and stay valid whatever becomes of the workflow.
struct WORKFLOW_API Output {
  int task = 0;
  int index = 0;  // of the task's outputs
  std::string task_name;
  std::string name;
  std::string description;
  Image image;

  // {"image": "<base64>"}: a JPEG file (quality 95) for 8 bit with 1 or 3 channels, else a PNG
  // file. null instead of the text without an image.
  std::string to_json(const JsonOptions& options = {}) const;
};

// A few lines for people: what it is, its format and size, whether it holds data.
WORKFLOW_API std::ostream& operator<<(std::ostream& stream, const Output& output);

// A graph of tasks with input images at its root. Tasks are numbered from 0 in the order in which
// they were added. One thread at a time, except cancel(). Every function throws Error; what threw
// changed nothing, and the workflow can be used and run again.
class WORKFLOW_API Workflow {
 public:
  // Of the plugins of this registry; the default one loads PluginRegistry::default_folders().
  Workflow();
  explicit Workflow(std::shared_ptr<PluginRegistry> registry);
  ~Workflow();
  Workflow(Workflow&&) noexcept;
  Workflow& operator=(Workflow&&) noexcept;

  // ---- Input images. index counts from 0, at most 255; gaps are inputs that are not given.
  // An input keeps its generation number until it is set again, so that plugins keep what they
  // derived from it between runs. An image or view that has a number of its own keeps that one.

  // A file's path, or an address that begins with http:// or https://. Throws WF_READ_FAILED, ...
  void set_image_input(const std::string& path_or_url, std::size_t index = 0);
  void set_image_input(const char* path_or_url, std::size_t index = 0);
  // Shares the pixels; they may not be changed before the input is set again.
  void set_image_input(const Image& image, std::size_t index = 0);
  // Borrows the pixels until the input is set again or cleared, or the workflow is gone.
  void set_image_input(const wf_image& view, std::size_t index = 0);
  void clear_image_input(std::size_t index);
  std::size_t input_count() const noexcept;     // 1 + the highest index that was set
  const Image& input(std::size_t index) const;  // empty if it is not given

  // ---- Tasks and connections.

  // Adds a task and returns its number. With auto_connect the first task gets input image i at its
  // input i, whether that image is set yet or not (an optional input without an image is not
  // given). A later task takes from the task added before it: each of its required inputs, in
  // order, gets the output with the fewest connections so far, the first of equals; optional inputs
  // stay open. Throws WF_UNKNOWN_TASK.
  int add_task(const std::string& name, bool auto_connect = true);
  int task_count() const noexcept;
  const wf_task_info& task_info(int task) const;

  // Sets the keys that are named; on an error none. The text names key, value and what is allowed.
  void set_parameters(int task, const ParameterMap& parameters);
  ParameterMap parameters(int task) const;

  // Connects; an input that was connected before is connected anew. Throws WF_INDEX_OUT_OF_RANGE,
  // and WF_WORKFLOW_INVALID with the tasks on the way where it would close a cycle.
  void connect(int source, int output, int target, int input);
  void connect(const Connection& connection);
  void disconnect(int target, int input);
  std::vector<Connection> connections() const;  // in the order of target, input

  // ---- Running.

  // Runs, in order, every task that the wanted outputs need. Outputs are allocated anew, but for
  // reuse_output: images of an earlier run stay as they are. Throws WF_MISSING_INPUT, WF_CANCELLED, or what a plugin says,
  // with the task's name in the text; there are no outputs then.
  void run();

  // What run() computes: these and what they need. Empty (the default): all outputs of the final
  // tasks, which are those that no other task takes from.
  void set_wanted_outputs(const std::vector<OutputId>& outputs);

  // The next run writes this output over image's pixels, and shares them, if size and format are
  // those that the task gives; else it allocates as always. Nobody may read the pixels during that
  // run. For hosts that run frame after frame: a ring of images instead of an allocation each.
  void reuse_output(const OutputId& output, const Image& image);

  // Stops the run that is under way in another thread, at its next stage or task. Any thread; does
  // nothing when none is under way.
  void cancel() noexcept;

  // Hears of each step, on the thread that called run(). What it throws ends the run and comes out
  // of run(). An empty function: nobody listens.
  void set_progress(std::function<void(const Progress&)> progress);

  // Takes the plugins' messages (level: WF_LOG_*). May be called from any thread.
  void set_log(std::function<void(std::uint32_t level, const std::string& text)> log);

  // ---- Results.

  // All outputs of the final tasks, in order. Valid until the next run or change of the graph.
  const std::vector<Output>& outputs() const noexcept;
  std::vector<Output>::const_iterator begin() const noexcept;
  std::vector<Output>::const_iterator end() const noexcept;
  // Image of outputs()[index]. Throws WF_INDEX_OUT_OF_RANGE.
  const Image& get_output(std::size_t index) const;
  // Any task's output; empty unless the last run computed it.
  const Image& get_task_output(int task, int output) const;

  // The task's own words on the last run, a JSON object; "{}" from a plugin without them.
  std::string result_json(int task) const;

  // {"tasks": [{"task_id", "name", "result": {...}}], "outputs": [{"task_id", "index", "name",
  // "format", "width", "height", "image"}]}; images as in Output::to_json.
  std::string to_json(const JsonOptions& options = {}) const;

  // Bytes that the task expects to hold at this image size; 0 from a plugin that does not say.
  std::uint64_t memory_estimate(int task, std::uint32_t width, std::uint32_t height) const;

  // ---- Files. docs/WORKFLOW_FILE.md describes the format. Input images are not part of it.

  // Writes tasks, parameters and connections, atomically. Throws WF_WRITE_FAILED.
  void save(const std::string& path) const;

  // Replaces the graph by the file's, wanted outputs by the default; input images, progress and log
  // stay. Throws WF_READ_FAILED,
  // WF_WORKFLOW_INVALID (syntax with line and column, a field that is missing or of another type,
  // a cycle), WF_UNKNOWN_TASK, WF_UNKNOWN_PARAMETER, WF_BAD_PARAMETER_VALUE,
  // WF_INDEX_OUT_OF_RANGE; the text names the place in the file, "tasks[1].task_data.name".
  void load(const std::string& path);

 private:
  struct WORKFLOW_LOCAL State;
  std::unique_ptr<State> state_;
};

// Every output, one after the other.
WORKFLOW_API std::ostream& operator<<(std::ostream& stream, const Workflow& workflow);

}  // namespace workflow

#endif  // WORKFLOW_HOST_HPP
