// Background matting as a class that an application links.
#ifndef INFER_BACKGROUND_MATTING_TASK_HPP
#define INFER_BACKGROUND_MATTING_TASK_HPP

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "infer_background_matting/error.hpp"
#include "infer_background_matting/export.hpp"
#include "infer_background_matting/image.hpp"
#include "infer_background_matting/parallel_runner.hpp"
#include "infer_background_matting/params.hpp"

namespace matting {

// What a run reads. image and plate must be given; the others may be empty. Another size of plate,
// background or mask is brought to the image's.
struct TaskInputs {
  ImageView image;       // any format, 16x16 and up
  ImageView plate;       // the same scene without the subject
  ImageView background;  // the new background, fitted as `background_fit` says
  ImageView mask;  // trimap, its first channel: 0 surely background, 255 (65535) surely foreground
};

// What a run writes, each of the image's width and height; an empty view is not computed.
struct TaskOutputs {
  MutableImageView composite;   // with a background: the image's channels; without: RGBA, straight
  MutableImageView alpha;       // one channel
  MutableImageView foreground;  // RGB or BGR, as the image (RGB for a grey image)
  MutableImageView error;       // one channel: the network's estimate of its own error
};

// The format of each output for given inputs; all have the image's size and depth (8 or 16 bit).
struct TaskOutputFormats {
  PixelFormat composite = PixelFormat::kNone;
  PixelFormat alpha = PixelFormat::kNone;
  PixelFormat foreground = PixelFormat::kNone;
  PixelFormat error = PixelFormat::kNone;
};

// Outputs that own their pixels.
struct MattingResult {
  Image composite, alpha, foreground, error;
};

// One configured matting task. An object is used by one thread at a time, except cancel(). Objects
// are independent, but share the weights of equal models. Every function but the destructor and
// cancel() may throw Error; the object stays usable.
class MATTING_API BackgroundMattingTask {
 public:
  static constexpr const char* kName = "infer_background_matting";
  static constexpr int kStepCount = 7;  // progress steps of one run

  BackgroundMattingTask();
  ~BackgroundMattingTask();
  BackgroundMattingTask(BackgroundMattingTask&&) noexcept;
  BackgroundMattingTask& operator=(BackgroundMattingTask&&) noexcept;

  // Sets the named parameters (see parameter_table()); all or, on an error, none.
  void set_parameters(const ParameterMap& values);
  ParameterMap parameters() const;

  // step counts from 1 to kStepCount and each is reported once a run, on the thread that runs.
  using Progress = std::function<void(int step, int step_count, const char* stage)>;
  void set_progress(Progress progress);

  // level: 1 information, 2 warning, 3 error. On the thread that runs. The library never prints.
  using Log = std::function<void(int level, const std::string& text)>;
  void set_log(Log log);

  // Threads for this task's runs, lent as long as the task lives or until another call; without, it
  // has a pool of its own. `threads` then counts those of them that are used, 0 all. The native
  // engine alone uses them. It holds one thread's memory for each.
  //
  // Its own pool is OpenMP's, whose threads spin while they wait: beside an encoder or another busy
  // program start the process with OMP_WAIT_POLICY=passive, or lend threads that sleep.
  void set_parallel_runner(const ParallelRunner& runner);

  // What run will write for inputs of these formats (data may be null).
  TaskOutputFormats output_formats(const TaskInputs& inputs) const;

  // Loads the model, and makes what it needs for pictures of the image's size, now instead of in
  // the first run. Pixels are not read.
  void prepare(const TaskInputs& inputs);

  // The work. Outputs must have the image's size and the formats of output_formats().
  void run(const TaskInputs& inputs, const TaskOutputs& outputs);

  // The same with outputs allocated here.
  MattingResult run(const TaskInputs& inputs);

  // Stops the run under way at its next stage: it throws Error kCancelled. Without one it does
  // nothing. Any thread.
  void cancel() noexcept;

  // A JSON object about the last successful run: parameters, size, model name and SHA-256, device,
  // engine, ISA, precision, milliseconds of each stage, shares of the pixels refined and kept
  // from the frame before, the region in which the network ran, mean and maximum error, warnings,
  // outputs. "{}" before the first run.
  std::string to_json() const;

  // Bytes that this task will hold for images of this size, the model included; an estimate.
  std::uint64_t estimate_memory(int width, int height) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace matting

#endif  // INFER_BACKGROUND_MATTING_TASK_HPP
