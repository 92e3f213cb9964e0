#include "live/quality.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace live {
namespace {

constexpr double kScaleStep = 0.8;  // of the scale, a rung

}  // namespace

QualityUse quality_use(const workflow::ParameterMap& task_parameters) {
  if (task_parameters.at("model_type") == "mattingbase") return {false, false};
  return {task_parameters.at("model_refine_mode") == "sampling", true};
}

QualityUse quality_use_after(const QualityUse& use, const nlohmann::ordered_json& result) {
  return {use.refine_pixels && !result.value("refiner_hands_on", false), use.scale};
}

std::vector<Quality> quality_ladder(const Quality& best, const Quality& least,
                                    const QualityUse& use) {
  std::vector<Quality> ladder = {best};
  while (use.refine_pixels && ladder.back().refine_pixels > least.refine_pixels) {
    Quality next = ladder.back();
    next.refine_pixels = std::max(least.refine_pixels, next.refine_pixels / 2);
    ladder.push_back(next);
  }
  while (use.scale && ladder.back().scale > least.scale) {
    Quality next = ladder.back();
    next.scale = std::max(least.scale, std::round(next.scale * kScaleStep * 1000) / 1000);
    ladder.push_back(next);
  }
  return ladder;
}

std::string describe(const Quality& quality, const QualityUse& use) {
  const std::string pixels = std::to_string(quality.refine_pixels) + " refined pixels";
  const std::string scale = "scale " + nlohmann::json(quality.scale).dump();
  if (use.refine_pixels && use.scale) return pixels + ", " + scale;
  if (use.scale) return scale;
  return "full size";
}

}  // namespace live
