// The task as Python holds it: arrays in and out, the GIL free while it works.
#ifndef HOSTS_PYTHON_PYTHON_TASK_HPP
#define HOSTS_PYTHON_PYTHON_TASK_HPP

#include <pybind11/pybind11.h>

#include <atomic>
#include <exception>
#include <string>
#include <vector>

#include "hosts/lend_threads.hpp"
#include "hosts/python/array_picture.hpp"
#include "infer_background_matting/task.hpp"
#include "threads/shared_threads.hpp"

namespace matting::python {

// All functions are called with the GIL. Throws Error; pybind11::error_already_set where Python
// code that it calls raises.
class PythonTask {
 public:
  PythonTask() { task_.set_parallel_runner(hosts::lend(threads_)); }

  void set_parameters(const ParameterMap& values);
  ParameterMap parameters() const { return task_.parameters(); }

  // Computes the named outputs ("composite", "alpha", "foreground", "error") and nothing else;
  // background and mask may be null. Gives the arrays by name, and the run's JSON. progress is None
  // or called with (step, step_count, stage); what it raises, and Ctrl-C in the main thread, end
  // the run at its next stage.
  pybind11::tuple run(const ArrayPicture& image, const ArrayPicture& plate,
                      const ArrayPicture* background, const ArrayPicture* mask,
                      const std::vector<std::string>& outputs, const pybind11::object& progress);

  // Any thread, while run is under way in another.
  void cancel() noexcept { task_.cancel(); }

 private:
  class Busy;

  void listen(const pybind11::object& progress);

  workflow::SharedThreads threads_;  // the task's; OpenMP's do not survive a fork
  BackgroundMattingTask task_;
  std::atomic_flag busy_ = ATOMIC_FLAG_INIT;
  std::exception_ptr raised_;  // by Python code during the run; passed on when the run has ended
};

}  // namespace matting::python

#endif  // HOSTS_PYTHON_PYTHON_TASK_HPP
