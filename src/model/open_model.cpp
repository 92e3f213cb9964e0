#include "model/open_model.hpp"

#include <fstream>
#include <optional>
#include <utility>

#include "infer_background_matting/error.hpp"
#include "model/agreement.hpp"
#include "model/native_model.hpp"
#include "model/torchscript_loader.hpp"

namespace matting {
namespace {

enum class Format { kEmbedded, kSafetensors, kTorchScript };

// A safetensors file begins with its header's length and a brace; everything else is left to
// LibTorch to judge.
Format format_of(const ModelFile& file) {
  if (file.path.empty()) return Format::kEmbedded;
  char start[9] = {};
  std::ifstream(file.path, std::ios::binary).read(start, sizeof start);
  return start[8] == '{' ? Format::kSafetensors : Format::kTorchScript;
}

engine::WeightMap weights_of_script(const ModelFile& file) {
  engine::WeightMap weights;
  torchscript_api().visit_weights(
      file,
      [&](const std::string& name, const std::vector<std::int64_t>& shape, const float* values) {
        std::size_t count = 1;
        for (const std::int64_t side : shape) count *= static_cast<std::size_t>(side);
        weights[name] = {shape, std::vector<float>(values, values + count)};
      });
  return weights;
}

std::shared_ptr<const engine::Network> native_network(const ModelFile& file, Format format) {
  if (format == Format::kEmbedded) return embedded_native_network();
  return shared_native_network(file.sha256, [&] {
    return format == Format::kSafetensors ? load_native_weights(file.path)
                                          : weights_of_script(file);
  });
}

OpenedModel open_native(const OpenRequest& request, Format format) {
  if (request.cuda_index >= 0) {
    throw Error(ErrorCode::kNotSupported,
                "engine native runs on the CPU: set cuda to cpu, or engine to torchscript");
  }
  engine::EngineOptions options;
  options.threads = request.threads;
  options.precision = request.precision;
  options.runner = request.runner;
  OpenedModel opened;
  opened.model = std::make_unique<NativeModel>(native_network(request.file, format), options);
  opened.sha256 = format == Format::kEmbedded ? embedded_native_sha256() : request.file.sha256;
  return opened;
}

OpenedModel open_torchscript(const OpenRequest& request, Format format) {
  if (format == Format::kSafetensors) {
    throw Error(ErrorCode::kNotSupported,
                "engine torchscript cannot run " + request.file.name +
                    ": a safetensors file holds weights and no code; use engine=native, or export "
                    "it with `python -m matting_models export`");
  }
  TorchScriptRequest script;
  script.file = format == Format::kEmbedded ? torchscript_api().default_model() : request.file;
  script.cuda_index = request.cuda_index;
  script.precision = request.precision;
  script.threads = request.threads;
  OpenedModel opened;
  opened.model = torchscript_api().open(script);
  opened.sha256 = script.file.sha256;
  return opened;
}

// Whether the native engine at this precision gives the file's own matte. fp32: two roundings may
// fall apart. Less: the mean of an eighth of a level (0.5e-3 of full scale) that no eye finds.
bool agrees(const Difference& difference, Precision precision) {
  return precision == Precision::kFp32 ? difference.largest <= 2 : difference.mean <= 0.125;
}

// The native engine in the place of the file's own code, at the fastest precision that keeps the
// matte; or nothing, and why not in `objection`.
std::optional<OpenedModel> stand_in(const OpenRequest& request, MattingModel& script,
                                    std::string& objection) {
  std::vector<Precision> precisions = {request.precision};
  if (request.precision == Precision::kAuto) precisions.push_back(Precision::kFp32);
  for (const Precision precision : precisions) {
    try {
      OpenRequest candidate = request;
      candidate.precision = precision;
      OpenedModel native = open_native(candidate, Format::kTorchScript);
      const bool exact = native.model->describe().precision == std::string("fp32");
      const Difference difference = compare_mattes(script, *native.model);
      if (agrees(difference, exact ? Precision::kFp32 : precision)) return native;
      objection = "its code computes another matte";
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kOutOfMemory) throw;
      objection = error.what();
    }
  }
  return std::nullopt;
}

OpenedModel open_script_on_cpu(const OpenRequest& request) {
  if (request.precision == Precision::kInt8) return open_native(request, Format::kTorchScript);
  OpenRequest exact = request;
  if (request.precision == Precision::kAuto) exact.precision = Precision::kFp32;
  // Refused here is refused for good, with LibTorch's reason.
  OpenedModel script = open_torchscript(exact, Format::kTorchScript);
  std::string objection;
  if (auto native = stand_in(request, *script.model, objection)) return std::move(*native);
  script.notes.push_back("the native engine cannot stand in for " + request.file.name + " (" +
                         objection + "): the torchscript engine runs it, slower");
  return script;
}

// Weights without code, where the first GPU is taken if there is one: there is none for them.
OpenedModel open_native_for_want_of_code(OpenRequest request) {
  request.cuda_index = -1;
  OpenedModel opened = open_native(request, Format::kSafetensors);
  opened.notes.push_back("the CPU is used: " + request.file.name +
                         " is a safetensors file, which the native engine runs");
  return opened;
}

}  // namespace

OpenedModel open_model(const OpenRequest& request) {
  const Format format = format_of(request.file);
  switch (request.engine) {
    case EngineChoice::kNative:
      return open_native(request, format);
    case EngineChoice::kTorchScript:
      return open_torchscript(request, format);
    case EngineChoice::kAuto:
      break;
  }
  if (request.cuda_index >= 0) {
    if (format != Format::kSafetensors) return open_torchscript(request, format);
    if (!request.needs_gpu) return open_native_for_want_of_code(request);
  }
  if (format == Format::kTorchScript) return open_script_on_cpu(request);
  return open_native(request, format);
}

}  // namespace matting
