#include "catalog/model_file_facts.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "catalog/zip_names.hpp"
#include "infer_background_matting/error.hpp"

namespace matting {
namespace {

constexpr std::uint64_t kMaximumHeaderBytes = 100 << 20;  // as the safetensors library has it

bool contains(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

bool begins_with(const std::string& text, const char* start) {
  return text.compare(0, std::strlen(start), start) == 0;
}

// Names of weights are those of the published checkpoints. layer3 has 6 blocks in ResNet-50 and 23
// in ResNet-101 (arXiv 1512.03385, table 1).
void add_weight_name(const std::string& name, ModelFileFacts& facts) {
  if (begins_with(name, "backbone.features.")) facts.backbone = "mobilenetv2";
  if (begins_with(name, "backbone.layer3.")) {
    const bool deep = facts.backbone == "resnet101" || begins_with(name, "backbone.layer3.22.");
    facts.backbone = deep ? "resnet101" : "resnet50";
  }
  if (begins_with(name, "refiner.")) facts.kind = "mattingrefine";
}

// safetensors: 8 bytes length (little endian), that much JSON {name: {dtype, shape, data_offsets}},
// then the data. https://github.com/huggingface/safetensors, README, Format.
void inspect_safetensors(std::istream& file, std::uint64_t header_bytes, ModelFileFacts& facts) {
  facts.format = "safetensors";
  std::string text(header_bytes, '\0');
  file.clear();
  file.seekg(8);
  file.read(text.data(), static_cast<std::streamsize>(header_bytes));
  const auto header = nlohmann::json::parse(text, nullptr, false);
  if (!header.is_object()) {
    facts.fault = "its header is damaged";
    return;
  }
  std::uint64_t data_bytes = 0;
  for (const auto& [name, tensor] : header.items()) {
    if (name == "__metadata__") continue;
    const auto offsets = tensor.is_object() ? tensor.value("data_offsets", nlohmann::json())
                                            : nlohmann::json();
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[1].is_number_unsigned()) {
      facts.fault = "its header gives no place for " + name;
      return;
    }
    data_bytes = std::max(data_bytes, offsets[1].get<std::uint64_t>());
    add_weight_name(name, facts);
  }
  if (!facts.backbone.empty() && facts.kind.empty()) facts.kind = "mattingbase";
  const std::uint64_t wanted = 8 + header_bytes + data_bytes;
  if (facts.bytes != wanted) {
    facts.fault =
        "it has " + std::to_string(facts.bytes) + " bytes of " + std::to_string(wanted);
  } else if (facts.backbone.empty()) {
    facts.fault = "none of its weights is of a matting network";
  }
}

// torch.jit.save has code/ in the archive, torch.save has not; both have data.pkl.
void inspect_archive(std::istream& file, ModelFileFacts& facts) {
  const auto names = zip_names(file, facts.bytes);
  if (!names) {
    facts.fault = "it is cut off: the directory at its end is missing";
    return;
  }
  const auto any = [&](const char* part) {
    return std::any_of(names->begin(), names->end(),
                       [&](const std::string& name) { return contains(name, part); });
  };
  if (any("/code/")) {
    facts.format = "torchscript";
    if (any("mobilenet")) facts.backbone = "mobilenetv2";
  } else if (any("data.pkl")) {
    facts.format = "checkpoint";
  } else {
    facts.fault = "it is a ZIP archive without a model in it";
  }
}

std::uint64_t little_64(const std::string& bytes) {
  std::uint64_t value = 0;
  for (int i = 8; i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)]);
  }
  return value;
}

}  // namespace

ModelFileFacts inspect_model_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || !std::filesystem::is_regular_file(path)) {
    throw Error(ErrorCode::kReadFailed,
                "cannot read " + path + ": " +
                    (file ? "it is not a regular file" : std::strerror(errno)));
  }
  ModelFileFacts facts;
  facts.bytes = std::filesystem::file_size(path);
  std::string start(9, '\0');
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(file.gcount()));
  if (start.size() < 9) {
    facts.fault = "it has only " + std::to_string(start.size()) + " bytes";
  } else if (begins_with(start, "PK\x03\x04")) {
    inspect_archive(file, facts);
  } else if (start[0] == '\x80' && start[1] == '\x02') {  // pickle protocol 2: torch.save before 1.6
    facts.format = "checkpoint";
  } else if (start[8] == '{' && little_64(start) <= std::min(facts.bytes, kMaximumHeaderBytes)) {
    inspect_safetensors(file, little_64(start), facts);
  } else {
    facts.fault = "it is neither TorchScript, nor safetensors, nor a PyTorch checkpoint";
  }
  return facts;
}

}  // namespace matting
