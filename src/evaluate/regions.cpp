#include "evaluate/regions.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <numeric>
#include <stdexcept>

namespace matting {
namespace {

using Json = nlohmann::json;

struct Point {
  int x, y;
};
using Polygon = std::vector<Point>;

class RegionMask {
 public:
  RegionMask(int width, int height)
      : width_(width), height_(height), mask_(static_cast<std::size_t>(width) * height) {}

  // Inside by the even-odd rule, and the outline itself.
  void fill(const Polygon& polygon) {
    for (int y = 0; y < height_; ++y) fill_row(polygon, y);
    for (std::size_t i = 0; i < polygon.size(); ++i) {
      draw_line(polygon[i], polygon[(i + 1) % polygon.size()]);
    }
  }

  std::vector<float> values_of(const Plane& plane) const {
    std::vector<float> values;
    for (std::size_t i = 0; i < mask_.size(); ++i) {
      if (mask_[i] != 0) values.push_back(plane.values[i]);
    }
    return values;
  }

 private:
  void fill_row(const Polygon& polygon, int y) {
    std::vector<double> crossings;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
      const Point a = polygon[i], b = polygon[(i + 1) % polygon.size()];
      if ((a.y <= y) == (b.y <= y)) continue;
      crossings.push_back(a.x + double(y - a.y) * (b.x - a.x) / (b.y - a.y));
    }
    std::sort(crossings.begin(), crossings.end());
    for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
      const int last = static_cast<int>(std::floor(crossings[i + 1]));
      for (int x = static_cast<int>(std::ceil(crossings[i])); x <= last; ++x) mark(x, y);
    }
  }
  void draw_line(Point a, Point b) {
    const int steps = std::max({std::abs(b.x - a.x), std::abs(b.y - a.y), 1});
    for (int i = 0; i <= steps; ++i) {
      mark(static_cast<int>(std::lround(a.x + double(b.x - a.x) * i / steps)),
           static_cast<int>(std::lround(a.y + double(b.y - a.y) * i / steps)));
    }
  }
  void mark(int x, int y) {
    if (x < 0 || y < 0 || x >= width_ || y >= height_) return;
    mask_[static_cast<std::size_t>(y) * width_ + x] = 1;
  }

  int width_, height_;
  std::vector<std::uint8_t> mask_;
};

// value in regions' units as a pixel of a side of so many.
int pixel_of(const Json& value, const Json& units, int side) {
  const double at = value.get<double>() * side / units.get<double>();
  if (!(at >= -side && at <= 2 * side)) {
    throw std::invalid_argument("the regions have a point at " + value.dump() + " of " +
                                units.dump() + ", far outside of the picture");
  }
  return static_cast<int>(std::lround(at));
}

std::vector<float> region_values(const Plane& alpha, const Json& regions, const char* name) {
  const Json& units = regions.at("units");
  RegionMask mask(alpha.width, alpha.height);
  for (const Json& outline : regions.at(name)) {
    Polygon polygon;
    for (const Json& point : outline) {
      polygon.push_back({pixel_of(point.at(0), units.at(0), alpha.width),
                         pixel_of(point.at(1), units.at(1), alpha.height)});
    }
    if (!polygon.empty()) mask.fill(polygon);
  }
  auto values = mask.values_of(alpha);
  if (values.empty()) {
    throw std::invalid_argument(std::string("the region ") + name + " covers no pixel");
  }
  return values;
}

double mean(const std::vector<float>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

double percentile(std::vector<float> values, double share) {
  std::sort(values.begin(), values.end());
  const double position = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  const double part = position - static_cast<double>(below);
  return values[below] + part * (double{values[above]} - values[below]);
}

std::vector<RegionCheck> check_regions(const Plane& alpha, const std::string& regions_json) {
  try {
    const Json regions = Json::parse(regions_json);
    const auto background = region_values(alpha, regions, "background");
    const auto body = region_values(alpha, regions, "body");
    std::vector<RegionCheck> checks = {
        {"background_mean", mean(background), 0.02, false},
        {"background_p99", percentile(background, 0.99), 0.10, false},
        {"body_mean", mean(body), 0.98, true},
        {"body_p1", percentile(body, 0.01), 0.90, true},
    };
    if (regions.contains("background_shadow")) {
      const auto shadow = region_values(alpha, regions, "background_shadow");
      checks.push_back({"shadow_mean", mean(shadow), 0.10, false});
    }
    if (regions.contains("body_like_background")) {
      const auto like = region_values(alpha, regions, "body_like_background");
      checks.push_back({"body_like_background_mean", mean(like), 0.90, true});
    }
    return checks;
  } catch (const Json::exception& error) {
    throw std::invalid_argument(std::string("the regions cannot be read: ") + error.what());
  }
}

}  // namespace matting
