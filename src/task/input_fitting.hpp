// From what the caller gave to what a model takes: checked, and brought to the image's size and
// depth.
#ifndef MATTING_TASK_INPUT_FITTING_HPP
#define MATTING_TASK_INPUT_FITTING_HPP

#include <string>
#include <vector>

#include "image/frame.hpp"
#include "infer_background_matting/params.hpp"
#include "infer_background_matting/task.hpp"

namespace matting {

using Warnings = std::vector<std::string>;

// Throws Error kMissingInput where the image or the plate is not given.
void check_given(const TaskInputs& inputs);

// Throws Error kMissingInput or kBadImage/kTooLarge naming the input.
void check_inputs(const TaskInputs& inputs);

// The formats of the outputs for an image of this format.
TaskOutputFormats output_formats_for(PixelFormat image, bool has_background);

// Throws Error kBadImage where an output that is given has another size or format.
void check_outputs(const TaskOutputs& outputs, const TaskOutputFormats& formats,
                   const ImageView& image);

// A picture derived from an input, kept as long as the input stays the same (by generation).
class DerivedImage {
 public:
  // True if `source` made what is kept, for this purpose (size, fit, ...).
  bool holds(const ImageView& source, const std::string& purpose) const;
  // Keeps image; gives it a generation of its own, so that models may keep what they derive.
  void keep(const ImageView& source, const std::string& purpose, Image image);
  ImageView view() const;

 private:
  Image image_;
  ImageView source_;  // compared, never read
  std::string purpose_;
  std::uint64_t generation_ = 0;
};

// Fits the inputs of one task's runs, and keeps what can be kept.
class InputFitting {
 public:
  // A frame whose views have the image's size and depth. Borrowed from inputs and this object until
  // the next call. Says in warnings what was changed.
  Frame fit(const TaskInputs& inputs, const Params& params, Warnings& warnings);

 private:
  ImageView fit_plate(const ImageView& plate, const ImageView& image, Warnings& warnings);
  ImageView fit_mask_input(const ImageView& mask, const ImageView& image, Warnings& warnings);
  ImageView fit_background(const ImageView& background, const ImageView& image, BackgroundFit fit,
                           Warnings& warnings);
  ImageView blurred_plate(const ImageView& plate, double sigma);

  DerivedImage plate_, mask_, background_, blurred_;
};

}  // namespace matting

#endif  // MATTING_TASK_INPUT_FITTING_HPP
