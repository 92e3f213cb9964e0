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

// Float planes on the CPU, ready to be read row by row.
torch::Tensor download(const torch::Tensor& tensor, bool as_bytes) {
  if (tensor.device().is_cpu() || !as_bytes) {
    return tensor.to(torch::kCPU, torch::kFloat).contiguous();
  }
  const auto bytes = tensor.to(torch::kFloat).mul(255).round_().clamp_(0, 255).to(torch::kByte);
  return bytes.contiguous().to(torch::kCPU).to(torch::kFloat).div_(255);
}

}  // namespace

torch::Tensor to_tensor(const ImageView& view, torch::Device device, torch::ScalarType type,
                        torch::Tensor reuse) {
  const c10::InferenceMode no_gradients;
  if (!device.is_cpu() && channel_bytes(view.format) == 1) return upload_bytes(view, device, type);
  return upload_planes(view, device, type, std::move(reuse));
}

void write_tensors(const torch::Tensor& alpha, const torch::Tensor& foreground,
                   const torch::Tensor& error, const Frame& frame) {
  const c10::InferenceMode no_gradients;
  const bool as_bytes = channel_bytes(frame.image.format) == 1;
  const torch::Tensor a = download(alpha, as_bytes);
  const torch::Tensor f = download(foreground, as_bytes);
  const torch::Tensor e = download(error, false);
  PlanarResult result;
  result.padded_width = static_cast<int>(a.size(3));
  result.padded_height = static_cast<int>(a.size(2));
  result.alpha = a.data_ptr<float>();
  result.foreground = f.data_ptr<float>();
  result.error = e.data_ptr<float>();
  result.error_width = static_cast<int>(e.size(3));
  result.error_height = static_cast<int>(e.size(2));
  write_frame(result, frame);
}

}  // namespace matting
