#include "model/torchscript/script_module.hpp"

#include <algorithm>
#include <exception>
#include <istream>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <streambuf>
#include <tuple>
#include <vector>

#include "infer_background_matting/error.hpp"
#include "model/torchscript/torch_error.hpp"

namespace matting {
namespace {

// Settings that MattingRefine takes as attributes of the module (the published TorchScript wrapper,
// PeterL1n/BackgroundMattingV2 export_torchscript.py).
const std::vector<std::string> kAttributes = {"backbone_scale", "refine_mode",
                                              "refine_sample_pixels", "refine_threshold",
                                              "refine_prevent_oversampling"};
// Without one of these a file cannot refine; the last attribute above may be missing.
constexpr std::size_t kNeededAttributes = 4;

// A stream over bytes in memory, without a copy.
class MemoryBuffer : public std::streambuf {
 public:
  MemoryBuffer(const void* data, std::size_t size) {
    char* begin = const_cast<char*>(static_cast<const char*>(data));
    setg(begin, begin, begin + size);
  }

 protected:
  pos_type seekoff(off_type offset, std::ios_base::seekdir from, std::ios_base::openmode) override {
    char* base = from == std::ios_base::beg   ? eback()
                 : from == std::ios_base::cur ? gptr()
                                              : egptr();
    if (offset < eback() - base || offset > egptr() - base) return pos_type(off_type(-1));
    setg(eback(), base + offset, egptr());
    return gptr() - eback();
  }
  pos_type seekpos(pos_type position, std::ios_base::openmode mode) override {
    return seekoff(position, std::ios_base::beg, mode);
  }
};

// Of a Python exception that TorchScript passes on, what was raised stands last.
std::string last_line(const std::string& text) {
  const std::size_t end = text.find_last_not_of(" \n");
  if (end == std::string::npos) return text;
  const std::size_t begin = text.find_last_of('\n', end);
  return text.substr(begin == std::string::npos ? 0 : begin + 1,
                     end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

[[noreturn]] void refuse(const std::string& name, const std::string& found) {
  throw Error(
      ErrorCode::kModelInvalid,
      "model " + name +
          " cannot be used: wanted a TorchScript file of MattingRefine or "
          "MattingBase, found: " +
          found +
          "; export one with `python -m matting_models export`, or see `matting model list`");
}

torch::jit::Module load_bytes(const ModelFile& file) {
  if (!file.path.empty()) return torch::jit::load(file.path, torch::kCPU);
  MemoryBuffer buffer(file.data, file.size);
  std::istream stream(&buffer);
  return torch::jit::load(stream, torch::kCPU);
}

bool has_refine_attributes(const torch::jit::Module& module) {
  return std::all_of(kAttributes.begin(), kAttributes.begin() + kNeededAttributes,
                     [&](const std::string& name) { return module.hasattr(name); });
}

// On a GPU: folds constants and batch normalisation; what is set from outside stays settable. Where
// a file does not lend itself to that, it runs as it is. On the CPU folding brings nothing (333
// against 336 ms at 1920x1080), and its other rounding makes sampling pick other patches among
// ties.
torch::jit::Module optimise(const torch::jit::Module& module, torch::Device device) {
  if (device.is_cpu()) return module;
  std::vector<std::string> preserved;
  for (const std::string& name : kAttributes) {
    if (module.hasattr(name)) preserved.push_back(name);
  }
  try {
    return torch::jit::freeze(module, preserved);
  } catch (const std::exception&) {
    return module;
  }
}

using Key = std::tuple<std::string, std::string, int>;  // bytes, device, element type

// The optimised modules that somebody still uses, so that their weights are in memory once.
std::shared_ptr<torch::jit::Module> shared_module(const ModelFile& file, torch::Device device,
                                                  torch::ScalarType type) {
  static std::mutex mutex;
  static std::map<Key, std::weak_ptr<torch::jit::Module>> modules;
  const Key key{file.sha256, device.str(), static_cast<int>(type)};
  const std::lock_guard<std::mutex> lock(mutex);
  if (auto module = modules[key].lock()) return module;
  torch::jit::Module module = read_script(file);
  module.to(device, type);
  auto shared = std::make_shared<torch::jit::Module>(optimise(module, device));
  modules[key] = shared;
  return shared;
}

const char* refine_mode_name(RefineMode mode) {
  switch (mode) {
    case RefineMode::kSampling:
      return "sampling";
    case RefineMode::kThresholding:
      return "thresholding";
    case RefineMode::kFull:
      return "full";
  }
  return "sampling";
}

// Element `index` of the tuple that forward gave, checked.
torch::Tensor output_tensor(const std::string& name, const std::vector<c10::IValue>& outputs,
                            std::size_t index, int64_t channels) {
  const c10::IValue& value = outputs[index];
  if (!value.isTensor() || value.toTensor().dim() != 4 || value.toTensor().size(1) != channels) {
    refuse(name, "output " + std::to_string(index) + " of forward is not a tensor of shape 1x" +
                     std::to_string(channels) + "xHxW");
  }
  return value.toTensor();
}

}  // namespace

torch::jit::Module read_script(const ModelFile& file) {
  try {
    torch::jit::Module module = load_bytes(file);
    module.eval();
    return module;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    refuse(file.name, first_line(error.what()));
  }
}

ScriptModule::ScriptModule(const ModelFile& file, torch::Device device, torch::ScalarType type)
    : name_(file.name), shared_(shared_module(file, device, type)) {
  // A clone has settings of its own and the same tensors: the published wrapper writes the settings
  // into its submodules while it runs, which two threads must not do to one object.
  module_ = shared_->clone();
  refines_ = has_refine_attributes(module_);
  probe(device, type);
}

// A file is known to be good before the first frame, and its outputs before they are used.
void ScriptModule::probe(torch::Device device, torch::ScalarType type) {
  const auto grey =
      torch::full({1, 3, 64, 64}, 0.5, torch::TensorOptions().device(device).dtype(type));
  NetworkSettings settings;
  settings.type = refines_ ? ModelType::kMattingRefine : ModelType::kMattingBase;
  forward(settings, grey, grey);
}

void ScriptModule::apply(const NetworkSettings& settings, std::int64_t pixels) {
  if (!refines_) return;
  // MattingBase out of a MattingRefine file: the base network at full size, and no patch refined,
  // because no error is above the threshold.
  const bool base = settings.type == ModelType::kMattingBase;
  const RefineMode mode = base ? RefineMode::kThresholding : settings.refine_mode;
  try {
    module_.setattr("backbone_scale", base ? 1.0 : settings.backbone_scale);
    module_.setattr("refine_mode", std::string(refine_mode_name(mode)));
    // The published refiner fails where it is asked for more patches than there are.
    module_.setattr("refine_sample_pixels", std::min(settings.refine_pixels, pixels));
    module_.setattr("refine_threshold", base ? 2.0 : settings.refine_threshold);
    if (module_.hasattr("refine_prevent_oversampling")) {
      module_.setattr("refine_prevent_oversampling", true);
    }
  } catch (const c10::Error& error) {
    refuse(name_, "settings of other types than MattingRefine's: " + first_line(error.what()));
  }
}

std::vector<c10::IValue> ScriptModule::call(const torch::Tensor& src, const torch::Tensor& bgr) {
  try {
    const c10::IValue result = module_.forward({src, bgr});
    if (!result.isTuple()) refuse(name_, "forward does not return a tuple of tensors");
    return result.toTuple()->elements().vec();
  } catch (const Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    const std::string text = error.what();
    if (is_out_of_memory(text)) {
      throw Error(ErrorCode::kOutOfMemory, "not enough memory for a picture of " +
                                               std::to_string(src.size(3)) + "x" +
                                               std::to_string(src.size(2)) +
                                               " pixels: use a smaller picture, a smaller "
                                               "model_backbone_scale or fewer model_refine_pixels");
    }
    if (src.is_cuda() && is_device_error(text)) throw_device_error(src.device(), text);
    refuse(name_, "its forward failed: " + last_line(text));
  }
}

ScriptModule::Output ScriptModule::forward(const NetworkSettings& settings,
                                           const torch::Tensor& src, const torch::Tensor& bgr) {
  const c10::InferenceMode no_gradients;
  if (settings.type == ModelType::kMattingRefine && !refines_) {
    refuse(name_,
           "a module without MattingRefine's attributes backbone_scale, refine_mode, "
           "refine_sample_pixels, refine_threshold (set model_type to mattingbase to run a "
           "MattingBase)");
  }
  apply(settings, src.size(2) * src.size(3));
  const std::vector<c10::IValue> outputs = call(src, bgr);
  const std::size_t wanted = refines_ ? 6 : 4;
  if (outputs.size() != wanted) {
    refuse(name_, "forward returns " + std::to_string(outputs.size()) + " values instead of " +
                      std::to_string(wanted));
  }
  // MattingRefine: pha, fgr, pha_sm, fgr_sm, err_sm, ref_sm. MattingBase: pha, fgr, err, hid.
  Output output;
  output.alpha = output_tensor(name_, outputs, 0, 1);
  output.foreground = output_tensor(name_, outputs, 1, 3);
  output.error = output_tensor(name_, outputs, refines_ ? 4 : 2, 1);
  if (refines_) output.refined = output_tensor(name_, outputs, 5, 1);
  if (output.alpha.sizes().slice(2) != src.sizes().slice(2)) {
    refuse(name_, "forward's alpha has another size than its input");
  }
  return output;
}

}  // namespace matting
