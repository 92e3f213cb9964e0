#include "model/torchscript/tensor_frame.hpp"

#include <torch/nn/functional/padding.h>

#include "image/planar_frame.hpp"

namespace matting {
namespace {

torch::Tensor upload_planes(const ImageView& view, torch::Device device, torch::ScalarType type,
                            torch::Tensor reuse) {
  const int width = padded_side(view.width), height = padded_side(view.height);
  const bool fits = reuse.defined() && reuse.device().is_cpu() &&
                    reuse.scalar_type() == torch::kFloat && reuse.size(2) == height &&
                    reuse.size(3) == width;
  const torch::Tensor planes = fits ? reuse : torch::empty({1, 3, height, width}, torch::kFloat);
  read_planes(view, width, height, planes.data_ptr<float>());
  return planes.to(device, type);
}

bool is_blue_first(PixelFormat format) {
  return format == PixelFormat::kBgr8 || format == PixelFormat::kBgra8;
}

// HxWxC bytes as they lie in the host's memory, converted on the device.
torch::Tensor upload_bytes(const ImageView& view, torch::Device device, torch::ScalarType type) {
  const int channels = channel_count(view.format);
  const auto bytes =
      torch::from_blob(const_cast<void*>(view.data), {view.height, view.width, channels},
                       {view.stride_bytes, channels, 1}, torch::kByte)
          .to(device);
  torch::Tensor colour = channels == 1 ? bytes.expand({-1, -1, 3}) : bytes.slice(2, 0, 3);
  if (is_blue_first(view.format)) colour = colour.flip(2);
  const torch::Tensor planes = colour.permute({2, 0, 1}).unsqueeze(0).to(type).div_(255);
  const int right = padded_side(view.width) - view.width;
  const int bottom = padded_side(view.height) - view.height;
  if (right == 0 && bottom == 0) return planes.contiguous();
  return torch::replication_pad2d(planes, {0, right, 0, bottom});
}

torch::Tensor download_floats(const torch::Tensor& tensor) {
  return tensor.to(torch::kCPU, torch::kFloat).contiguous();
}

// Into reuse where that has the shape, else into memory that the GPU writes to directly.
void download_bytes(const torch::Tensor& tensor, torch::Tensor& reuse) {
  const auto bytes = tensor.to(torch::kFloat).mul(255).round_().clamp_(0, 255).to(torch::kByte);
  if (!reuse.defined() || reuse.sizes() != bytes.sizes()) {
    const auto options = torch::TensorOptions().dtype(torch::kByte);
    reuse = torch::empty(bytes.sizes(), options.pinned_memory(tensor.is_cuda()));
  }
  reuse.copy_(bytes);
}

}  // namespace

torch::Tensor to_tensor(const ImageView& view, torch::Device device, torch::ScalarType type,
                        torch::Tensor reuse) {
  const c10::InferenceMode no_gradients;
  if (!device.is_cpu() && channel_bytes(view.format) == 1) return upload_bytes(view, device, type);
  return upload_planes(view, device, type, std::move(reuse));
}

void write_tensors(const torch::Tensor& alpha, const torch::Tensor& foreground,
                   const torch::Tensor& error, const Frame& frame, Downloads& downloads) {
  const c10::InferenceMode no_gradients;
  PlanarResult result;
  result.padded_width = static_cast<int>(alpha.size(3));
  result.padded_height = static_cast<int>(alpha.size(2));
  torch::Tensor alpha_floats, foreground_floats;
  if (!alpha.device().is_cpu() && channel_bytes(frame.image.format) == 1) {
    download_bytes(alpha, downloads.alpha);
    download_bytes(foreground, downloads.foreground);
    result.alpha_bytes = downloads.alpha.data_ptr<std::uint8_t>();
    result.foreground_bytes = downloads.foreground.data_ptr<std::uint8_t>();
  } else {
    alpha_floats = download_floats(alpha);
    foreground_floats = download_floats(foreground);
    result.alpha = alpha_floats.data_ptr<float>();
    result.foreground = foreground_floats.data_ptr<float>();
  }
  const torch::Tensor e = download_floats(error);
  result.error = e.data_ptr<float>();
  result.error_width = static_cast<int>(e.size(3));
  result.error_height = static_cast<int>(e.size(2));
  write_frame(result, frame);
}

}  // namespace matting
