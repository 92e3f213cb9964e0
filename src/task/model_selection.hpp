// Which model runs on what: from parameters to an open MattingModel.
#ifndef MATTING_TASK_MODEL_SELECTION_HPP
#define MATTING_TASK_MODEL_SELECTION_HPP

#include <memory>
#include <string>

#include "infer_background_matting/params.hpp"
#include "model/matting_model.hpp"
#include "task/input_fitting.hpp"

namespace matting {

// A model that is open, and how it came to be the one.
struct SelectedModel {
  std::unique_ptr<MattingModel> model;
  std::string name;    // catalogue name or path
  std::string sha256;  // of the file
  // What the catalogue says of it, see Params.
  int backbone_min_side = 0, backbone_fine_side = 0;  // pixels
  bool plate_projection = false;
  Warnings
      warnings;  // "cuda is not available ...", "the native engine does not know this graph ..."
};

// Text that differs whenever select_model would choose or load something else: parameters that
// matter, and the state of the user's file on disk.
std::string selection_key(const Params& params);

// Finds, checks and opens the model that params ask for. Throws Error kModelNotFound,
// kModelInvalid, kDeviceUnavailable or kNotSupported. Any thread.
SelectedModel select_model(const Params& params, const ParallelRunner& runner);

}  // namespace matting

#endif  // MATTING_TASK_MODEL_SELECTION_HPP
