#include "projection/plate_projection.hpp"

#include <algorithm>
#include <cmath>

#include "engine/threads.hpp"
#include "image/composite.hpp"
#include "image/frame_part.hpp"
#include "image/pixel_rows.hpp"

namespace matting {
namespace {

constexpr float kNetworkVariance = 0.3f * 0.3f;  // of the network's alpha at soft edges
constexpr float kColourNoise = 0.02f * 0.02f;    // of a pixel that both colours explain
// Standard deviations from 0 or 1 that count as 0 or 1, and their limit in alpha.
constexpr float kDeadZone = 1.0f, kLargestDeadZone = 0.3f;
constexpr float kLeastDistance = 1e-4f;  // squared, of the two colours

// One pixel: what is known of it, and the colours around.
struct Pixel {
  float image[3], plate[3], subject[3];
  float subject_variance, background_variance, reach;
};

struct Projected {
  float alpha;
  float variance;
};

// The plate's colour has the error around already taken off.
Projected project_alpha(const Pixel& p) {
  float along = 0, length = 0, offset = 0;
  for (int c = 0; c < 3; ++c) {
    const float line = p.subject[c] - p.plate[c], pixel = p.image[c] - p.plate[c];
    along += pixel * line;
    length += line * line;
    offset += pixel * pixel;
  }
  length = std::max(length, kLeastDistance);
  const float position = along / length;
  const float beside = std::max(0.0f, offset - position * along);
  const float alpha = std::clamp(position, 0.0f, 1.0f);
  const float variance = ((1 - alpha) * (1 - alpha) * p.background_variance +
                          alpha * alpha * p.subject_variance + kColourNoise + beside) /
                         length;
  const float zone = std::min(kDeadZone * std::sqrt(variance), kLargestDeadZone);
  return {std::clamp((position - zone) / (1 - 2 * zone), 0.0f, 1.0f), variance};
}

// The network's alpha, drawn to the projected one as far as that is the better known.
float combine(float alpha, const Pixel& p) {
  const Projected projected = project_alpha(p);
  const float trust = p.reach * kNetworkVariance;
  return alpha + trust / (trust + projected.variance) * (projected.alpha - alpha);
}

// The subject's colour that explains the pixel best, given the colour around and its spread.
float explain(float alpha, const Pixel& p, int c) {
  const float rest = 1 - alpha;
  const float gain =
      alpha * p.subject_variance /
      (alpha * alpha * p.subject_variance + rest * rest * p.background_variance + kColourNoise);
  const float missing = p.image[c] - alpha * p.subject[c] - rest * p.plate[c];
  return std::clamp(p.subject[c] + gain * missing, 0.0f, 1.0f);
}

}  // namespace

// Floats of a run of pixels of one row, while it is worked on.
struct PlateProjection::Segment {
  explicit Segment(int pixels)
      : composite(pixels),
        width(static_cast<std::size_t>(pixels)),
        values((10 + ColourCells::kPlanes) * width) {}

  float* plane(int index) { return values.data() + index * width; }
  RgbRow colour(int index) { return {plane(index), plane(index + 1), plane(index + 2)}; }
  RgbRow image() { return colour(0); }
  RgbRow plate() { return colour(3); }
  RgbRow foreground() { return colour(6); }
  float* alpha() { return plane(9); }
  float* around(int cell_plane) { return plane(10 + cell_plane); }

  CompositeRow composite;
  std::size_t width;
  std::vector<float> values;
  int count = 0;  // pixels of this run
};

PlateProjection::PlateProjection() = default;
PlateProjection::~PlateProjection() = default;
PlateProjection::PlateProjection(PlateProjection&&) noexcept = default;
PlateProjection& PlateProjection::operator=(PlateProjection&&) noexcept = default;

// The cells' planes at the pixels [x, x + count) of row y: bilinear between the middles of cells.
void PlateProjection::load_colours(int x, int y, Segment& segment) const {
  const auto place = [](int pixel, int side, int cells) {
    const float position = std::clamp((pixel + 0.5f) / side - 0.5f, 0.0f, cells - 1.0f);
    const int first = static_cast<int>(position);
    return std::pair<int, float>(first, position - first);
  };
  const auto [upper, down] = place(y, cells_.side(), cells_.rows());
  const int lower = std::min(upper + 1, cells_.rows() - 1);
  for (int p = 0; p < ColourCells::kPlanes; ++p) {
    const float* above = cells_.row(p, upper);
    const float* below = cells_.row(p, lower);
    float* out = segment.around(p);
    for (int i = 0; i < segment.count; ++i) {
      const auto [left, across] = place(x + i, cells_.side(), cells_.columns());
      const int right = std::min(left + 1, cells_.columns() - 1);
      const float a = above[left] + (above[right] - above[left]) * across;
      const float b = below[left] + (below[right] - below[left]) * across;
      out[i] = a + (b - a) * down;
    }
  }
}

// Row y of part, whose pixels are the segment's; alpha and foreground in the segment change.
void PlateProjection::project(const Frame& part, int y, Segment& segment) {
  const RgbRow image = segment.image(), plate = segment.plate(), front = segment.foreground();
  read_rgb_row(part.image, y, image);
  read_rgb_row(part.plate, y, plate);
  read_rgb_row(part.foreground, y, front);
  read_first_channel_row(part.alpha, y, segment.alpha());
  const std::uint8_t* mask = part.mask.empty() ? nullptr : part.mask.row(y);
  const float* const images[3] = {image.red, image.green, image.blue};
  const float* const plates[3] = {plate.red, plate.green, plate.blue};
  float* const fronts[3] = {front.red, front.green, front.blue};
  for (int i = 0; i < segment.count; ++i) {
    Pixel pixel;
    pixel.reach = segment.around(ColourCells::kReach)[i];
    if (pixel.reach <= 0 || (mask != nullptr && (mask[i] == 0 || mask[i] == 255))) continue;
    for (int c = 0; c < 3; ++c) {
      pixel.image[c] = images[c][i];
      pixel.plate[c] = plates[c][i] + segment.around(ColourCells::kRedError + c)[i];
      pixel.subject[c] = segment.around(ColourCells::kRed + c)[i];
    }
    pixel.subject_variance = segment.around(ColourCells::kSubjectVariance)[i];
    pixel.background_variance = segment.around(ColourCells::kBackgroundVariance)[i];
    float& alpha = segment.alpha()[i];
    alpha = combine(alpha, pixel);
    for (int c = 0; c < 3; ++c) {
      fronts[c][i] += pixel.reach * (explain(alpha, pixel, c) - fronts[c][i]);
    }
  }
}

void PlateProjection::apply_row(const Frame& frame, int cell_row, Segment& segment) const {
  const int side = cells_.side();
  const int first_y = cell_row * side;
  const int last_y = cell_row + 1 == cells_.rows() ? frame.image.height : first_y + side;
  ColourCells::Run run = cells_.next_run(cell_row, 0);
  for (; !run.empty(); run = cells_.next_run(cell_row, run.last)) {
    const int x = run.first * side;
    const int end = run.last == cells_.columns() ? frame.image.width : run.last * side;
    const Frame part = part_of(frame, {x, first_y, end - x, last_y - first_y});
    segment.count = end - x;
    for (int y = first_y; y < last_y; ++y) {
      load_colours(x, y, segment);
      project(part, y - first_y, segment);
      write_gray_row(part.alpha, y - first_y, segment.alpha());
      write_rgb_row(part.foreground, y - first_y, segment.foreground(), nullptr);
      if (part.composite.empty()) continue;
      segment.composite.write(part, y - first_y, segment.alpha(), segment.foreground());
    }
  }
}

void PlateProjection::apply_here(const Frame& frame) {
  cells_.measure(frame);
  const auto pixels = static_cast<std::size_t>(frame.image.width);
  const auto threads = static_cast<std::size_t>(engine::team_size());
  if (segments_.size() != threads || segments_.front().width != pixels) {
    segments_.assign(threads, Segment(frame.image.width));
  }
  engine::parallel_for(cells_.rows(), [&](int row, int thread) {
    apply_row(frame, row, segments_[static_cast<std::size_t>(thread)]);
  });
}

void PlateProjection::apply(const Frame& frame, int threads, const ParallelRunner& runner) {
  if (runner.lent()) {
    const engine::LentThreads lent(threads, runner);
    return apply_here(frame);
  }
  const engine::ThreadCount count(threads);
  apply_here(frame);
}

}  // namespace matting
