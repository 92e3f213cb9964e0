#include "model/torchscript/torch_error.hpp"

namespace matting {

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

bool is_out_of_memory(const std::string& text) {
  return text.find("out of memory") != std::string::npos ||
         text.find("allocate memory") != std::string::npos ||
         text.find("STATUS_ALLOC_FAILED") != std::string::npos;  // cuDNN, cuBLAS
}

bool is_device_error(const std::string& text) {
  return text.find("CUDA error") != std::string::npos ||
         text.find("cuDNN error") != std::string::npos;
}

void throw_device_error(const torch::Device& device, const std::string& text) {
  if (is_out_of_memory(text)) {
    throw Error(ErrorCode::kOutOfMemory, "not enough memory on " + device.str() +
                                             ": use a smaller picture, or close other programs");
  }
  if (device.is_cpu()) throw Error(ErrorCode::kInternal, "LibTorch failed: " + first_line(text));
  throw Error(ErrorCode::kDeviceUnavailable,
              device.str() + " failed: " + first_line(text) + "; set cuda to cpu to do without it");
}

}  // namespace matting
