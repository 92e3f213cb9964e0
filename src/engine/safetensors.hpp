// Reader of the safetensors format (huggingface/safetensors, README "Format"): no code is executed.
#ifndef MATTING_ENGINE_SAFETENSORS_HPP
#define MATTING_ENGINE_SAFETENSORS_HPP

#include <cstddef>
#include <map>
#include <string>

#include "engine/weights.hpp"

namespace matting::engine {

struct Safetensors {
  WeightMap tensors;  // F32, F16 and BF16, converted to float32; integer counters are left out
  std::map<std::string, std::string> metadata;
};

// Strict: the header's size, its grammar, every dtype, shape and range are checked, ranges must
// tile the data without a gap or an overlap. Throws Error kModelInvalid that names the tensor; name
// stands for the file in messages.
Safetensors parse_safetensors(const void* data, std::size_t size, const std::string& name);

// The same from a file. Throws also kModelNotFound and kReadFailed.
Safetensors read_safetensors(const std::string& path);

}  // namespace matting::engine

#endif  // MATTING_ENGINE_SAFETENSORS_HPP
