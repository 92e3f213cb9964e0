// The parameters that a live matte gives up for speed.
#ifndef LIVE_QUALITY_HPP
#define LIVE_QUALITY_HPP

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "workflow/host.hpp"

namespace live {

// What a frame's time depends on most.
struct Quality {
  std::int64_t refine_pixels = 80000;
  double scale = 0.25;  // of the base network's input
  bool operator==(const Quality& other) const {
    return refine_pixels == other.refine_pixels && scale == other.scale;
  }
};

// What of it the task goes by, as it is set: refined pixels in the refine mode sampling only, and
// neither of them in a model that works at full size. What a run tells (Workflow::result_json) can
// leave less: where the model's refiner only hands the coarse matte on, pixels take no time.
struct QualityUse {
  bool refine_pixels = true, scale = true;
};
QualityUse quality_use(const workflow::ParameterMap& task_parameters);
QualityUse quality_use_after(const QualityUse& use, const nlohmann::ordered_json& result);

// From best to least: first the refined pixels are halved, rung by rung, then the scale shrinks.
// What is not in use, or least does not leave below best, stays at best.
std::vector<Quality> quality_ladder(const Quality& best, const Quality& least,
                                    const QualityUse& use = {});

// "5000 refined pixels, scale 0.25": what is in use.
std::string describe(const Quality& quality, const QualityUse& use);

}  // namespace live

#endif  // LIVE_QUALITY_HPP
