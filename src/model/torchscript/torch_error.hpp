// LibTorch's exceptions as this library's.
#ifndef MATTING_MODEL_TORCHSCRIPT_TORCH_ERROR_HPP
#define MATTING_MODEL_TORCHSCRIPT_TORCH_ERROR_HPP

#include <torch/types.h>

#include <exception>
#include <new>
#include <string>

#include "infer_background_matting/error.hpp"

namespace matting {

// LibTorch's texts carry a stack of C++ frames; people need the first line.
std::string first_line(const std::string& text);

// Whether this is the text of an error about memory, the CPU's or a GPU's.
bool is_out_of_memory(const std::string& text);

// Whether it is about a GPU or its libraries, and not about the module that ran.
bool is_device_error(const std::string& text);

// Throws Error for a LibTorch error that is no fault of the model: memory or the device.
[[noreturn]] void throw_device_error(const torch::Device& device, const std::string& text);

// What action returns; what LibTorch throws in it, as Error.
template <typename Action>
auto on_device(const torch::Device& device, Action&& action) -> decltype(action()) {
  try {
    return action();
  } catch (const Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw_device_error(device, error.what());
  }
}

}  // namespace matting

#endif  // MATTING_MODEL_TORCHSCRIPT_TORCH_ERROR_HPP
