// Checks on captured pictures, which have no exact truth but marked regions.
#ifndef MATTING_EVALUATE_REGIONS_HPP
#define MATTING_EVALUATE_REGIONS_HPP

#include <string>
#include <vector>

#include "evaluate/plane.hpp"

namespace matting {

// One statement about alpha in a region.
struct RegionCheck {
  std::string name;  // "background_mean", "background_p99", "shadow_mean", "body_mean", "body_p1", ...
  double value = 0;
  double limit = 0;
  bool at_least = false;  // value must be >= limit; else <= limit
  bool holds() const { return at_least ? value >= limit : value <= limit; }
};

// alpha against the polygons of a regions.json: {"units": [width, height], "background": [[[x, y],
// ...], ...], "body": ..., and optionally "background_shadow", "body_like_background"}. Coordinates
// are scaled from units to alpha's size. Throws std::invalid_argument about JSON that is not so.
std::vector<RegionCheck> check_regions(const Plane& alpha, const std::string& regions_json);

// Value below which that share (0..1) of values lies, linear between neighbours. values not empty.
double percentile(std::vector<float> values, double share);

}  // namespace matting

#endif  // MATTING_EVALUATE_REGIONS_HPP
