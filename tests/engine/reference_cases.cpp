#include "engine/reference_cases.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <set>
#include <stdexcept>
#include <utility>

namespace matting {
namespace {

namespace fs = std::filesystem;

fs::path fixtures() {
  return fs::path(shared_folder()) / "fixtures";
}

// Weights may be packed: then they are unpacked into the build tree, once.
std::string weights_path(const std::string& file) {
  const fs::path plain = fixtures() / file;
  if (fs::exists(plain)) return plain.string();
  const fs::path unpacked = fs::path(MATTING_BINARY_DIR) / file;
  if (fs::exists(unpacked)) return unpacked.string();
  const std::string temporary = unpacked.string() + ".part";
  const std::string command = "gzip -dc '" + plain.string() + ".gz' > '" + temporary + "'";
  if (std::system(command.c_str()) != 0)
    throw std::runtime_error("cannot unpack " + plain.string());
  fs::rename(temporary, unpacked);
  return unpacked.string();
}

NetworkSettings settings_of(const nlohmann::json& parameters) {
  const auto text = [&](const char* key) { return parameters.at(key).get<std::string>(); };
  NetworkSettings settings;
  settings.type =
      text("model_type") == "mattingbase" ? ModelType::kMattingBase : ModelType::kMattingRefine;
  settings.backbone_scale = std::stod(text("model_backbone_scale"));
  const std::string mode = text("model_refine_mode");
  settings.refine_mode = mode == "full"           ? RefineMode::kFull
                         : mode == "thresholding" ? RefineMode::kThresholding
                                                  : RefineMode::kSampling;
  settings.refine_pixels = std::stoll(text("model_refine_pixels"));
  settings.refine_threshold = std::stod(text("model_refine_threshold"));
  return settings;
}

}  // namespace

std::string shared_folder() {
  const char* folder = std::getenv("MATTING_SHARED");
  const fs::path path = folder ? fs::path(folder) : fs::path(MATTING_SOURCE_DIR) / ".." / "shared";
  return fs::is_directory(path) ? path.string() : std::string();
}

std::vector<std::string> reference_case_names() {
  std::vector<std::string> names;
  if (shared_folder().empty() || !fs::is_directory(fixtures())) return names;
  for (const auto& entry : fs::directory_iterator(fixtures())) {
    if (fs::exists(entry.path() / "case.json")) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Image read_picture(const std::string& path, bool gray) {
  cv::Mat picture = cv::imread(path, gray ? cv::IMREAD_GRAYSCALE : cv::IMREAD_COLOR);
  if (picture.empty()) throw std::runtime_error("cannot read " + path);
  if (!gray) cv::cvtColor(picture, picture, cv::COLOR_BGR2RGB);
  Image image(picture.cols, picture.rows, gray ? PixelFormat::kGray8 : PixelFormat::kRgb8);
  const MutableImageView view = image.mutable_view();
  for (int y = 0; y < picture.rows; ++y)
    std::memcpy(view.row(y), picture.ptr(y), view.stride_bytes);
  return image;
}

ReferenceCase read_reference_case(const std::string& name) {
  const fs::path folder = fixtures() / name;
  std::ifstream file(folder / "case.json");
  const nlohmann::json json = nlohmann::json::parse(file);
  ReferenceCase reference;
  reference.name = name;
  reference.weights = weights_path(json.at("weights").get<std::string>());
  reference.settings = settings_of(json.at("parameters"));
  reference.patches_refined = json.at("patches_refined").get<int>();
  const auto read = [&](const char* part, bool gray) {
    return read_picture((folder / (std::string(part) + ".png")).string(), gray);
  };
  reference.image = read("src", false);
  reference.plate = read("bgr", false);
  reference.alpha = read("alpha", true);
  reference.foreground = read("fgr", false);
  reference.error = read("err", true);
  return reference;
}

std::size_t patches_off(const Image& found, const Image& wanted) {
  const int channels = channel_count(wanted.format());
  std::set<std::pair<int, int>> patches;
  for (int y = 0; y < wanted.height(); ++y) {
    const std::uint8_t* a = found.view().row(y);
    const std::uint8_t* b = wanted.view().row(y);
    for (int i = 0; i < wanted.width() * channels; ++i) {
      if (std::abs(a[i] - b[i]) > 1) patches.emplace(y / 4, i / channels / 4);
    }
  }
  return patches.size();
}

}  // namespace matting
