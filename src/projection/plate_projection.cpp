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

// One pixel: what is known of it, and the colours around. The plate's colour has the error around
// already taken off.
struct Pixel {
  float image[3], plate[3], subject[3];
  float subject_variance, background_variance, reach;
};

float clamp01(float x) {
  return std::min(std::max(x, 0.0f), 1.0f);
}

// The network's alpha, drawn to the projected one as far as that is the better known.
float project_alpha(float alpha, const Pixel& p) {
  float along = 0, length = kLeastDistance, offset = 0;
  for (int c = 0; c < 3; ++c) {
    const float line = p.subject[c] - p.plate[c], pixel = p.image[c] - p.plate[c];
    along += pixel * line;
    length += line * line;
    offset += pixel * pixel;
  }
  const float position = along / length;
  const float beside = std::max(0.0f, offset - position * along);
  const float inside = clamp01(position);
  const float variance = ((1 - inside) * (1 - inside) * p.background_variance +
                          inside * inside * p.subject_variance + kColourNoise + beside) /
                         length;
  const float zone = std::min(kDeadZone * std::sqrt(variance), kLargestDeadZone);
  const float projected = clamp01((position - zone) / (1 - 2 * zone));
  const float trust = p.reach * kNetworkVariance;
  return alpha + trust / (trust + variance) * (projected - alpha);
}

// The weight with which what the colours around do not explain goes into the subject's colour.
float gain(float alpha, const Pixel& p) {
  const float rest = 1 - alpha;
  return alpha * p.subject_variance /
         (alpha * alpha * p.subject_variance + rest * rest * p.background_variance + kColourNoise);
}

}  // namespace

// Floats of a run of pixels of one row, while it is worked on.
struct PlateProjection::Segment {
  explicit Segment(int pixels)
      : composite(pixels),
        width(static_cast<std::size_t>(pixels)),
        values((10 + ColourCells::kPlanes) * width),
        cells(width + 1) {}

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
  std::vector<float> cells;  // of one row, one more than there are
  int count = 0;             // pixels of this run
};

// Between the middles of which cells a pixel lies.
PlateProjection::CellPosition PlateProjection::position_of(int pixel, int side, int cells) {
  const float position =
      std::clamp((static_cast<float>(pixel) + 0.5f) / static_cast<float>(side) - 0.5f, 0.0f,
                 static_cast<float>(cells - 1));
  const int first = static_cast<int>(position);
  return {first, position - static_cast<float>(first)};
}

PlateProjection::PlateProjection() = default;
PlateProjection::~PlateProjection() = default;
PlateProjection::PlateProjection(PlateProjection&&) noexcept = default;
PlateProjection& PlateProjection::operator=(PlateProjection&&) noexcept = default;

// The cells' planes at the pixels [x, x + count) of row y: bilinear between the middles of cells.
void PlateProjection::load_colours(int x, int y, Segment& segment) const {
  const CellPosition row = position_of(y, cells_.side(), cells_.rows());
  const int lower = std::min(row.first + 1, cells_.rows() - 1);
  const CellPosition* const columns = columns_.data() + x;
  const int from = columns[0].first;
  const int to = std::min(columns[segment.count - 1].first + 2, cells_.columns());
  float* const mixed = segment.cells.data();
  for (int p = 0; p < ColourCells::kPlanes; ++p) {
    const float* above = cells_.row(p, row.first);
    const float* below = cells_.row(p, lower);
    for (int i = from; i < to; ++i) mixed[i] = above[i] + (below[i] - above[i]) * row.weight;
    mixed[to] = mixed[to - 1];
    float* out = segment.around(p);
    for (int i = 0; i < segment.count; ++i) {
      const float* left = mixed + columns[i].first;
      out[i] = left[0] + (left[1] - left[0]) * columns[i].weight;
    }
  }
}

// Row y of part, whose pixels are the segment's; alpha and foreground in the segment change.
void PlateProjection::project(const Frame& part, int y, Segment& segment) {
  const RgbRow image = segment.image(), plate = segment.plate(), front = segment.foreground();
  read_rgb_row(part.image, y, image);
  read_rgb_row(part.plate, y, plate);
  if (!part.foreground.empty()) read_rgb_row(part.foreground, y, front);
  read_first_channel_row(part.alpha, y, segment.alpha());
  float* const reach = segment.around(ColourCells::kReach);
  if (!part.mask.empty()) {
    const std::uint8_t* mask = part.mask.row(y);
    for (int i = 0; i < segment.count; ++i) {
      if (mask[i] == 0 || mask[i] == 255) reach[i] = 0;
    }
  }
  const float* const images[3] = {image.red, image.green, image.blue};
  const float* const plates[3] = {plate.red, plate.green, plate.blue};
  const float* subject[3];
  const float* error[3];
  for (int c = 0; c < 3; ++c) {
    subject[c] = segment.around(ColourCells::kRed + c);
    error[c] = segment.around(ColourCells::kRedError + c);
  }
  const float* const subject_variance = segment.around(ColourCells::kSubjectVariance);
  const float* const background_variance = segment.around(ColourCells::kBackgroundVariance);
  float* const alpha = segment.alpha();
  float* const fronts[3] = {front.red, front.green, front.blue};
#pragma omp simd
  for (int i = 0; i < segment.count; ++i) {
    Pixel p;
    for (int c = 0; c < 3; ++c) {
      p.image[c] = images[c][i];
      p.plate[c] = plates[c][i] + error[c][i];
      p.subject[c] = subject[c][i];
    }
    p.subject_variance = subject_variance[i];
    p.background_variance = background_variance[i];
    p.reach = reach[i];
    const float a = project_alpha(alpha[i], p);
    const float weight = gain(a, p);
    for (int c = 0; c < 3; ++c) {
      const float missing = p.image[c] - a * p.subject[c] - (1 - a) * p.plate[c];
      const float best = clamp01(p.subject[c] + weight * missing);
      fronts[c][i] += p.reach * (best - fronts[c][i]);
    }
    alpha[i] = a;
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
      if (part.foreground.empty()) continue;
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
  columns_.resize(pixels);
  for (int x = 0; x < frame.image.width; ++x) {
    columns_[x] = position_of(x, cells_.side(), cells_.columns());
  }
  engine::parallel_for(cells_.rows(), [&](int row, int thread) {
    apply_row(frame, row, segments_[static_cast<std::size_t>(thread)]);
  });
}

void PlateProjection::apply(const Frame& frame, int threads, const ParallelRunner& runner) {
  engine::on_threads(threads, runner, [&] { apply_here(frame); });
}

}  // namespace matting
