// Finds and loads the TorchScript module when somebody needs it.
#ifndef MATTING_MODEL_TORCHSCRIPT_LOADER_HPP
#define MATTING_MODEL_TORCHSCRIPT_LOADER_HPP

#include "model/torchscript/torchscript_api.hpp"

namespace matting {

// The module's functions. Looked for in the folder "infer_background_matting" beside the library
// that this code is in; loaded once and for the rest of the process, because LibTorch cannot be
// unloaded. Throws Error kNotSupported with the loader's text where it is missing or does not load.
// Any thread.
const TorchScriptApi& torchscript_api();

}  // namespace matting

#endif  // MATTING_MODEL_TORCHSCRIPT_LOADER_HPP
