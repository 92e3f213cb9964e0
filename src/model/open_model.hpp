// From a model file to a network that runs: which implementation takes it.
#ifndef MATTING_MODEL_OPEN_MODEL_HPP
#define MATTING_MODEL_OPEN_MODEL_HPP

#include <memory>
#include <string>
#include <vector>

#include "infer_background_matting/parallel_runner.hpp"
#include "infer_background_matting/params.hpp"
#include "model/matting_model.hpp"
#include "model/model_file.hpp"

namespace matting {

struct OpenRequest {
  ModelFile file;  // a name alone, without path and data, stands for the embedded default
  EngineChoice engine = EngineChoice::kAuto;
  Precision precision = Precision::kAuto;
  int cuda_index = -1;     // -1: the CPU
  bool needs_gpu = false;  // false: what cannot run on the GPU runs on the CPU, with a note
  int threads = 0;         // 0: all cores that this process may use
  // Used by the native engine; LibTorch's pool of threads can only be sized.
  ParallelRunner runner;
};

struct OpenedModel {
  std::unique_ptr<MattingModel> model;
  std::string sha256;              // of the file that was opened
  std::vector<std::string> notes;  // what people should know: "the native engine does not know ..."
};

// Opens file with the implementation that is asked for, or under kAuto:
//   a GPU                          torchscript, but safetensors native on the CPU, with a note
//   safetensors, embedded default  native
//   TorchScript on the CPU         native with the file's weights, where its names and shapes are
//                                  those of the published network and a small frame comes out as
//                                  from the file's own code, at the fastest precision at which it
//                                  does; else torchscript, with a note
// Throws Error kModelInvalid, kNotSupported, kReadFailed. Any thread.
OpenedModel open_model(const OpenRequest& request);

}  // namespace matting

#endif  // MATTING_MODEL_OPEN_MODEL_HPP
