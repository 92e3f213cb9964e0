// What a model file is, told from its structure without running anything in it.
#ifndef MATTING_CATALOG_MODEL_FILE_FACTS_HPP
#define MATTING_CATALOG_MODEL_FILE_FACTS_HPP

#include <cstdint>
#include <string>

namespace matting {

struct ModelFileFacts {
  // "torchscript", "safetensors", "checkpoint" (a pickled state dict, such as the published .pth
  // files of weights) or "unknown"
  std::string format = "unknown";
  std::string backbone;  // "mobilenetv2", "resnet50", "resnet101"; empty: cannot be told
  std::string kind;      // "mattingrefine", "mattingbase"; empty: cannot be told
  std::string fault;     // empty, or why it is no whole file of its format
  std::uint64_t bytes = 0;
};

// Throws Error kReadFailed where the file cannot be read. A damaged file is no error here: see fault.
ModelFileFacts inspect_model_file(const std::string& path);

}  // namespace matting

#endif  // MATTING_CATALOG_MODEL_FILE_FACTS_HPP
