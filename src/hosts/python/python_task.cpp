#include "hosts/python/python_task.hpp"

#include <utility>

#include "infer_background_matting/error.hpp"

namespace py = pybind11;

namespace matting::python {
namespace {

struct NamedOutput {
  const char* name;
  PixelFormat TaskOutputFormats::*format;
  MutableImageView TaskOutputs::*view;
};

constexpr NamedOutput kOutputs[] = {
    {"composite", &TaskOutputFormats::composite, &TaskOutputs::composite},
    {"alpha", &TaskOutputFormats::alpha, &TaskOutputs::alpha},
    {"foreground", &TaskOutputFormats::foreground, &TaskOutputs::foreground},
    {"error", &TaskOutputFormats::error, &TaskOutputs::error},
};

const NamedOutput& output_named(const std::string& name) {
  for (const NamedOutput& output : kOutputs) {
    if (name == output.name) return output;
  }
  throw Error(ErrorCode::kInvalidArgument,
              "unknown output '" + name + "': wanted composite, alpha, foreground or error");
}

}  // namespace

// The task is for one thread at a time; with the GIL free, a second one could come.
class PythonTask::Busy {
 public:
  explicit Busy(std::atomic_flag& flag) : flag_(flag) {
    if (!flag.test_and_set()) return;
    throw Error(ErrorCode::kInvalidArgument,
                "this object is running already: make one for each thread (they share the model's "
                "memory), or wait for the run");
  }
  ~Busy() { flag_.clear(); }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;

 private:
  std::atomic_flag& flag_;
};

void PythonTask::set_parameters(const ParameterMap& values) {
  const Busy busy(busy_);
  task_.set_parameters(values);
}

// Python code runs between stages, where the GIL is taken; its exceptions do not cross the task.
void PythonTask::listen(const py::object& progress) {
  task_.set_progress([this, progress](int step, int step_count, const char* stage) {
    const py::gil_scoped_acquire gil;
    if (raised_) return;
    try {
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
      if (!progress.is_none()) progress(step, step_count, stage);
    } catch (const py::error_already_set&) {
      raised_ = std::current_exception();
      task_.cancel();
    }
  });
}

py::tuple PythonTask::run(const ArrayPicture& image, const ArrayPicture& plate,
                          const ArrayPicture* background, const ArrayPicture* mask,
                          const std::vector<std::string>& outputs, const py::object& progress) {
  const Busy busy(busy_);
  const TaskInputs inputs{image.view(), plate.view(), background ? background->view() : ImageView{},
                          mask ? mask->view() : ImageView{}};
  check_view(inputs.image, "image");
  const TaskOutputFormats formats = task_.output_formats(inputs);
  py::dict arrays;
  TaskOutputs views;
  for (const std::string& name : outputs) {
    const NamedOutput& output = output_named(name);
    const PixelFormat format = formats.*output.format;
    py::array array = make_array(format, inputs.image.width, inputs.image.height);
    views.*output.view = mutable_view_of(array, format);
    arrays[output.name] = std::move(array);
  }
  listen(progress);
  std::exception_ptr failed;
  {
    const py::gil_scoped_release free;
    try {
      task_.run(inputs, views);
    } catch (...) {
      failed = std::current_exception();
    }
  }
  task_.set_progress(nullptr);
  if (raised_) std::rethrow_exception(std::exchange(raised_, nullptr));
  if (failed) std::rethrow_exception(failed);
  return py::make_tuple(std::move(arrays), task_.to_json());
}

}  // namespace matting::python
