// A frame between the host's pixels and LibTorch's tensors, on the CPU and on a GPU.
#ifndef MATTING_MODEL_TORCHSCRIPT_TENSOR_FRAME_HPP
#define MATTING_MODEL_TORCHSCRIPT_TENSOR_FRAME_HPP

#include <torch/types.h>

#include "image/frame.hpp"

namespace matting {

// view as 1x3xHxW, RGB 0..1, H and W padded to multiples of 4 by repeating the last row and column.
// To a GPU, 8-bit pictures travel as bytes and are converted there. `reuse` is overwritten and
// returned where it has the right shape, so that a CPU frame allocates nothing; may be undefined.
torch::Tensor to_tensor(const ImageView& view, torch::Device device, torch::ScalarType type,
                        torch::Tensor reuse);

// Bytes on the CPU, kept from frame to frame: new memory for each would cost more than the copy.
struct Downloads {
  torch::Tensor alpha, foreground;
};

// Writes frame's outputs from the network's: alpha 1x1xHxW, foreground 1x3xHxW, error 1x1xhxw, all
// 0..1 on any device. From a GPU, 8-bit results travel as bytes, by way of downloads.
void write_tensors(const torch::Tensor& alpha, const torch::Tensor& foreground,
                   const torch::Tensor& error, const Frame& frame, Downloads& downloads);

}  // namespace matting

#endif  // MATTING_MODEL_TORCHSCRIPT_TENSOR_FRAME_HPP
