#include "model/torchscript/torchscript_model.hpp"

#include <ATen/Parallel.h>
#include <omp.h>

#include <algorithm>

#include "image/planar_frame.hpp"
#include "infer_background_matting/error.hpp"
#include "model/torchscript/torch_error.hpp"

namespace matting {
namespace {

// The calling thread's OpenMP width, which LibTorch and oneDNN follow, for as long as this lives.
class ThreadScope {
 public:
  explicit ThreadScope(int threads) {
    at::init_num_threads();
    before_ = omp_get_max_threads();
    omp_set_num_threads(threads);
  }
  ~ThreadScope() { omp_set_num_threads(before_); }
  ThreadScope(const ThreadScope&) = delete;
  ThreadScope& operator=(const ThreadScope&) = delete;

 private:
  int before_;
};

torch::ScalarType element_type(Precision precision, const torch::Device& device) {
  switch (precision) {
    case Precision::kAuto:
      return device.is_cuda() ? torch::kHalf : torch::kFloat;
    case Precision::kFp32:
      return torch::kFloat;
    case Precision::kBf16:
      return torch::kBFloat16;
    case Precision::kFp16:
      if (device.is_cuda()) return torch::kHalf;
      throw Error(ErrorCode::kNotSupported,
                  "precision fp16 needs a GPU, and the torchscript engine runs on the CPU here; "
                  "use fp32 or bf16");
    case Precision::kInt8:
      break;
  }
  throw Error(ErrorCode::kNotSupported,
              "precision int8 is not offered by the torchscript engine; use engine=native");
}

const char* precision_name(torch::ScalarType type) {
  if (type == torch::kHalf) return "fp16";
  return type == torch::kBFloat16 ? "bf16" : "fp32";
}

const char* cpu_isa() {
  if (__builtin_cpu_supports("avx512f")) return "avx512";
  return __builtin_cpu_supports("avx2") ? "avx2" : "sse2";
}

FrameReport make_report(const ScriptModule::Output& output, bool refine) {
  FrameReport report;
  if (refine && output.refined.defined()) {
    report.refined_share = output.refined.to(torch::kFloat).mean().item<double>();
  }
  const torch::Tensor error = output.error.to(torch::kFloat);
  report.error_mean = error.mean().item<double>();
  report.error_max = error.max().item<double>();
  return report;
}

}  // namespace

TorchScriptModel::TorchScriptModel(const TorchScriptRequest& request)
    : device_(request.cuda_index < 0 ? torch::Device(torch::kCPU)
                                     : torch::Device(torch::kCUDA, request.cuda_index)),
      type_(element_type(request.precision, device_)),
      threads_(request.threads > 0 ? request.threads : omp_get_num_procs()),
      module_(on_device(device_, [&] { return ScriptModule(request.file, device_, type_); })) {}

void TorchScriptModel::prepare(const NetworkSettings&, int, int) {}

void TorchScriptModel::update_plate(const ImageView& plate) {
  const bool same = plate_.defined() && plate.generation != 0 &&
                    plate.generation == plate_view_.generation &&
                    plate.width == plate_view_.width && plate.height == plate_view_.height;
  if (same) return;
  plate_view_ = {};  // should the next line throw
  plate_ = to_tensor(plate, device_, type_, plate_);
  plate_view_ = plate;
}

FrameReport TorchScriptModel::run(const NetworkSettings& settings, const Frame& frame,
                                  StageObserver& observer) {
  const ThreadScope threads(threads_);
  observer.begin_stage(kStages[0]);
  on_device(device_, [&] {
    image_ = to_tensor(frame.image, device_, type_, image_);
    update_plate(frame.plate);
  });

  observer.begin_stage(kStages[1]);
  const ScriptModule::Output output = module_.forward(settings, image_, plate_);
  FrameReport report = on_device(
      device_, [&] { return make_report(output, settings.type == ModelType::kMattingRefine); });
  report.region = {0, 0, frame.image.width, frame.image.height};

  observer.begin_stage(kStages[2]);
  on_device(device_, [&] {
    write_tensors(output.alpha, output.foreground, output.error, frame, downloads_);
  });
  return report;
}

ModelDescription TorchScriptModel::describe() const {
  ModelDescription description;
  description.engine = "torchscript";
  description.device = device_.str();
  description.isa = device_.is_cpu() ? cpu_isa() : "cuda";
  description.precision = precision_name(type_);
  description.threads = threads_;
  return description;
}

std::uint64_t TorchScriptModel::estimate_memory(const NetworkSettings& settings, int width,
                                                int height) const {
  const std::uint64_t pixels =
      std::uint64_t(padded_side(width)) * static_cast<std::uint64_t>(padded_side(height));
  const double scale = settings.type == ModelType::kMattingBase ? 1.0 : settings.backbone_scale;
  // Floats that live at once per pixel, measured at HD and 4K: inputs, their concatenation, the
  // outputs and the refiner's upsampled maps at full size; the decoder's last maps at coarse size.
  const double full = 60, coarse = 300;
  return static_cast<std::uint64_t>(pixels * sizeof(float) * (full + coarse * scale * scale));
}

}  // namespace matting
