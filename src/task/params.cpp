// The one table of parameters: what each is called, how it is read, printed and explained.
#include "infer_background_matting/params.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>

#include "infer_background_matting/error.hpp"
#include "task/number_text.hpp"

namespace matting {
namespace {

// How one parameter is read from text into Params (false: not allowed) and written back.
struct Row {
  ParameterInfo info;
  bool (*parse)(const std::string& text, Params& params);
  std::string (*print)(const Params& params);
};

template <typename Enum>
struct Choice {
  const char* text;
  Enum value;
};

constexpr Choice<ModelType> kModelTypes[] = {{"mattingrefine", ModelType::kMattingRefine},
                                             {"mattingbase", ModelType::kMattingBase}};
constexpr Choice<Backbone> kBackbones[] = {{"mobilenetv2", Backbone::kMobileNetV2},
                                           {"resnet50", Backbone::kResNet50},
                                           {"resnet101", Backbone::kResNet101}};
constexpr Choice<RefineMode> kRefineModes[] = {{"sampling", RefineMode::kSampling},
                                               {"thresholding", RefineMode::kThresholding},
                                               {"full", RefineMode::kFull}};
constexpr Choice<EngineChoice> kEngines[] = {{"auto", EngineChoice::kAuto},
                                             {"native", EngineChoice::kNative},
                                             {"torchscript", EngineChoice::kTorchScript}};
constexpr Choice<Precision> kPrecisions[] = {{"auto", Precision::kAuto},
                                             {"fp32", Precision::kFp32},
                                             {"bf16", Precision::kBf16},
                                             {"fp16", Precision::kFp16},
                                             {"int8", Precision::kInt8}};
constexpr Choice<BackgroundFit> kFits[] = {{"cover", BackgroundFit::kCover},
                                           {"contain", BackgroundFit::kContain},
                                           {"stretch", BackgroundFit::kStretch},
                                           {"center", BackgroundFit::kCenter},
                                           {"tile", BackgroundFit::kTile}};

template <typename Enum, std::size_t kCount>
bool parse_choice(const Choice<Enum> (&choices)[kCount], const std::string& text, Enum& value) {
  const std::string wanted = trimmed(text);
  for (const Choice<Enum>& choice : choices) {
    if (wanted != choice.text) continue;
    value = choice.value;
    return true;
  }
  return false;
}

template <typename Enum, std::size_t kCount>
std::string print_choice(const Choice<Enum> (&choices)[kCount], Enum value) {
  for (const Choice<Enum>& choice : choices) {
    if (choice.value == value) return choice.text;
  }
  return choices[0].text;
}

bool parse_scale(const std::string& text, Params& params) {
  const auto value = parse_number(text);
  if (!value || *value <= 0 || *value > 1) return false;
  params.network.backbone_scale = *value;
  return true;
}

bool parse_min_side(const std::string& text, Params& params) {
  constexpr std::int64_t kLargest = 16384;
  const std::string wanted = trimmed(text);
  const bool by_name = wanted == "auto" || wanted == "fine";
  const auto value = by_name ? std::nullopt : parse_integer(text);
  if (!by_name && (!value || *value < 0 || *value > kLargest)) return false;
  params.fine_backbone = wanted == "fine";
  params.backbone_min_side.reset();
  if (value) params.backbone_min_side = static_cast<int>(*value);
  return true;
}

std::string print_min_side(const Params& params) {
  if (params.backbone_min_side) return std::to_string(*params.backbone_min_side);
  return params.fine_backbone ? "fine" : "auto";
}

bool parse_plate_projection(const std::string& text, Params& params) {
  const std::string wanted = trimmed(text);
  if (wanted != "auto" && wanted != "on" && wanted != "off") return false;
  params.plate_projection.reset();
  if (wanted != "auto") params.plate_projection = wanted == "on";
  return true;
}

std::string print_plate_projection(const Params& params) {
  if (!params.plate_projection) return "auto";
  return *params.plate_projection ? "on" : "off";
}

bool parse_passes(const std::string& text, Params& params) {
  const auto value = parse_integer(text);
  if (!value || *value < 1 || *value > kMostProjectionPasses) return false;
  params.projection_passes = static_cast<int>(*value);
  return true;
}

bool parse_pixels(const std::string& text, Params& params) {
  const auto value = parse_integer(text);
  if (!value || *value < 0) return false;
  params.network.refine_pixels = *value;
  return true;
}

bool parse_threshold(const std::string& text, Params& params) {
  const auto value = parse_number(text);
  if (!value || *value < 0 || *value > 1) return false;
  params.network.refine_threshold = *value;
  return true;
}

constexpr const char* kOff = "off";

// "off", or a number from 0 to 1.
bool parse_optional_share(const std::string& text, std::optional<double>& share) {
  if (trimmed(text) == kOff) {
    share.reset();
    return true;
  }
  const auto value = parse_number(text);
  if (!value || *value < 0 || *value > 1) return false;
  share = *value;
  return true;
}

std::string print_optional_share(const std::optional<double>& share) {
  return share ? number_text(*share) : kOff;
}

bool parse_device(const std::string& text, Params& params) {
  const std::string wanted = trimmed(text);
  if (wanted == "cpu") {
    params.device = {false, -1};
  } else if (wanted == "cuda") {
    params.device = {true, -1};
  } else {
    if (wanted.rfind("cuda:", 0) != 0) return false;
    const auto index = parse_integer(wanted.substr(5));
    if (!index || *index < 0 || *index > 1023) return false;
    params.device = {true, static_cast<int>(*index)};
  }
  return true;
}

std::string print_device(const Params& params) {
  if (!params.device.cuda) return "cpu";
  if (params.device.cuda_index < 0) return "cuda";
  return "cuda:" + std::to_string(params.device.cuda_index);
}

bool parse_color(const std::string& text, BackgroundChoice& choice) {
  const bool hex =
      text.size() == 7 && std::all_of(text.begin() + 1, text.end(),
                                      [](unsigned char c) { return std::isxdigit(c) != 0; });
  if (!hex) return false;
  const unsigned long value = std::stoul(text.substr(1), nullptr, 16);
  choice.kind = BackgroundChoice::Kind::kColor;
  choice.red = static_cast<std::uint8_t>(value >> 16);
  choice.green = static_cast<std::uint8_t>(value >> 8);
  choice.blue = static_cast<std::uint8_t>(value);
  return true;
}

constexpr double kMaximumSigma = 1000;

bool parse_background(const std::string& text, Params& params) {
  const std::string wanted = trimmed(text);
  BackgroundChoice choice;
  if (wanted.rfind("blur:", 0) == 0) {
    const auto sigma = parse_number(wanted.substr(5));
    if (!sigma || *sigma <= 0 || *sigma > kMaximumSigma) return false;
    choice.kind = BackgroundChoice::Kind::kBlur;
    choice.blur_sigma = *sigma;
  } else if (!wanted.empty()) {
    if (wanted[0] != '#' || !parse_color(wanted, choice)) return false;
  }
  params.background = choice;
  return true;
}

std::string print_background(const Params& params) {
  const BackgroundChoice& choice = params.background;
  if (choice.kind == BackgroundChoice::Kind::kBlur) return "blur:" + number_text(choice.blur_sigma);
  if (choice.kind == BackgroundChoice::Kind::kNone) return "";
  char text[8];
  std::snprintf(text, sizeof text, "#%02x%02x%02x", choice.red, choice.green, choice.blue);
  return text;
}

bool parse_path(const std::string& text, Params& params) {
  if (text.find('\0') != std::string::npos) return false;
  params.model_path = text;
  return true;
}

constexpr int kMaximumThreads = 1024;

bool parse_threads(const std::string& text, Params& params) {
  const auto value = parse_integer(text);
  if (!value || *value < 0 || *value > kMaximumThreads) return false;
  params.threads = static_cast<int>(*value);
  return true;
}

const std::vector<Row>& rows() {
  // New ones come last: some hosts know them by their number.
  static const std::vector<Row> table = {
      {{"model_type", "choice", "mattingrefine", "mattingrefine, mattingbase",
        "with or without refinement; mattingbase works at full size"},
       [](const std::string& t, Params& p) { return parse_choice(kModelTypes, t, p.network.type); },
       [](const Params& p) { return print_choice(kModelTypes, p.network.type); }},
      {{"model_backbone", "choice", "mobilenetv2", "mobilenetv2, resnet50, resnet101",
        "which network; only mobilenetv2 comes with the package, see `matting model list`"},
       [](const std::string& t, Params& p) { return parse_choice(kBackbones, t, p.backbone); },
       [](const Params& p) { return print_choice(kBackbones, p.backbone); }},
      {{"model_backbone_scale", "number", "0.25", "a number above 0 and up to 1",
        "size at which the base network works under mattingrefine; 0.25 for HD, 0.125 for 4K"},
       parse_scale,
       [](const Params& p) { return number_text(p.network.backbone_scale); }},
      {{"model_refine_mode", "choice", "sampling", "sampling, thresholding, full",
        "which 4x4 patches are refined: those with the largest error, those above a threshold, "
        "all"},
       [](const std::string& t, Params& p) {
         return parse_choice(kRefineModes, t, p.network.refine_mode);
       },
       [](const Params& p) { return print_choice(kRefineModes, p.network.refine_mode); }},
      {{"model_refine_pixels", "integer", "80000", "a whole number from 0",
        "pixels refined in sampling; 80000 for HD, 320000 for 4K"},
       parse_pixels,
       [](const Params& p) { return std::to_string(p.network.refine_pixels); }},
      {{"model_refine_threshold", "number", "0.7", "a number from 0 to 1",
        "error above which thresholding refines a patch; lower refines more"},
       parse_threshold,
       [](const Params& p) { return number_text(p.network.refine_threshold); }},
      {{"model_region_margin", "text", "off", "off, or a number from 0 to 1",
        "native engine: run the network only in the rectangle where image and plate differ, with "
        "this margin, a share of the longer side; alpha is 0 elsewhere"},
       [](const std::string& t, Params& p) {
         return parse_optional_share(t, p.network.region_margin);
       },
       [](const Params& p) { return print_optional_share(p.network.region_margin); }},
      {{"model_refine_change", "text", "off", "off, or a number from 0 to 1",
        "native engine, video: refine a patch again only where the image changed by more than this "
        "since the patch was refined; 1 is from black to white"},
       [](const std::string& t, Params& p) {
         return parse_optional_share(t, p.network.refine_change);
       },
       [](const Params& p) { return print_optional_share(p.network.refine_change); }},
      {{"cuda", "text", "cuda", "cuda, cuda:N with N from 0, cpu",
        "where the network runs; cuda is the first GPU, and the CPU where there is none"},
       parse_device,
       print_device},
      {{"engine", "choice", "auto", "auto, native, torchscript",
        "which implementation runs; the result names the one that did"},
       [](const std::string& t, Params& p) { return parse_choice(kEngines, t, p.engine); },
       [](const Params& p) { return print_choice(kEngines, p.engine); }},
      {{"precision", "choice", "auto", "auto, fp32, bf16, fp16, int8",
        "number format of the network; auto is the fastest that keeps the matte"},
       [](const std::string& t, Params& p) { return parse_choice(kPrecisions, t, p.precision); },
       [](const Params& p) { return print_choice(kPrecisions, p.precision); }},
      {{"model_path", "path", "", "empty, or a path",
        "a TorchScript or safetensors file of your own, instead of the model of that backbone"},
       parse_path,
       [](const Params& p) { return p.model_path; }},
      {{"background", "text", "", "empty, #rrggbb, or blur:SIGMA with SIGMA up to 1000",
        "new background where input 2 is not given: one colour, or the blurred plate"},
       parse_background,
       print_background},
      {{"background_fit", "choice", "cover", "cover, contain, stretch, center, tile",
        "how a new background of another size is fitted"},
       [](const std::string& t, Params& p) { return parse_choice(kFits, t, p.background_fit); },
       [](const Params& p) { return print_choice(kFits, p.background_fit); }},
      {{"threads", "integer", "0", "a whole number from 0 to 1024",
        "CPU threads; 0 takes every core that the process may use"},
       parse_threads,
       [](const Params& p) { return std::to_string(p.threads); }},
      {{"model_backbone_min_side", "text", "auto", "auto, fine, or a whole number from 0 to 16384",
        "raises the scale for small pictures: if the longer side of what the base network sees is "
        "less than this, to the next multiple of 64; auto is what the model is known to need, fine "
        "what it still gains by where time does not count"},
       parse_min_side,
       print_min_side},
      {{"plate_projection", "choice", "auto", "auto, on, off",
        "correct alpha and foreground at soft edges by where the pixel lies between the plate's "
        "colour and the subject's; auto is on for models that are known to gain by it"},
       parse_plate_projection,
       print_plate_projection},
      {{"plate_projection_passes", "integer", "1", "a whole number from 1 to 8",
        "how often that is done: from the second time on the edge's own pixels tell the subject's "
        "colours, and hair beyond the network's edge is found; 3 is best where time does not "
        "count"},
       parse_passes,
       [](const Params& p) { return std::to_string(p.projection_passes); }},
  };
  return table;
}

const Row& find_row(const std::string& key) {
  std::string known;
  for (const Row& row : rows()) {
    if (key == row.info.key) return row;
    known += (known.empty() ? "" : ", ") + std::string(row.info.key);
  }
  throw Error(ErrorCode::kUnknownParameter,
              "unknown parameter '" + key + "': wanted one of " + known);
}

}  // namespace

const std::vector<ParameterInfo>& parameter_table() {
  static const std::vector<ParameterInfo> infos = [] {
    std::vector<ParameterInfo> list;
    for (const Row& row : rows()) list.push_back(row.info);
    return list;
  }();
  return infos;
}

void apply_parameters(const ParameterMap& values, Params& params) {
  Params changed = params;
  for (const auto& [key, text] : values) {
    if (key == "update") continue;  // hosts of the ancestor send it; nothing here goes stale
    const Row& row = find_row(key);
    if (!row.parse(text, changed)) {
      throw Error(ErrorCode::kBadParameterValue,
                  "parameter " + key + " cannot be '" + text + "': wanted " + row.info.allowed);
    }
  }
  params = changed;
}

ParameterMap to_parameter_map(const Params& params) {
  ParameterMap map;
  for (const Row& row : rows()) map[row.info.key] = row.print(params);
  return map;
}

}  // namespace matting
