#include "projection/plate_projection.hpp"

#include <algorithm>

#include "engine/pixel_rows.hpp"
#include "engine/threads.hpp"
#include "image/composite.hpp"
#include "image/frame_part.hpp"
#include "image/pixel_rows.hpp"
#include "projection/soft_model.hpp"

namespace matting {

// A run of pixels of one row as floats, while it is worked on; and what the cells know of them.
struct PlateProjection::Segment {
  static constexpr int kAround = ColourCells::kReach + 1;  // planes that are interpolated

  Segment(int pixels, int cells)
      : composite(pixels),
        width(static_cast<std::size_t>(pixels)),
        values((10 + kAround) * width + kSoftMargin),
        mixed(static_cast<std::size_t>(cells) + 1),
        models(static_cast<std::size_t>(cells)) {}

  float* plane(int index) { return values.data() + index * width; }
  RgbRow colour(int index) { return {plane(index), plane(index + 1), plane(index + 2)}; }
  RgbRow image() { return colour(0); }
  RgbRow plate() { return colour(3); }
  RgbRow foreground() { return colour(6); }
  float* alpha() { return plane(9); }
  float* around(int cell_plane) { return plane(10 + cell_plane); }
  SoftPixels pixels() {
    return {image(),
            plate(),
            colour(10 + ColourCells::kSubjectColour),
            colour(10 + ColourCells::kPlateError),
            around(ColourCells::kReach),
            alpha(),
            has_foreground ? foreground() : RgbRow{}};
  }

  CompositeRow composite;
  std::size_t width;
  std::vector<float> values;
  std::vector<float> mixed;       // of two rows of cells, one more than there are
  std::vector<SoftModel> models;  // of a row of cells
  int count = 0;                  // pixels of this run
  bool has_foreground = false;
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
  float* const mixed = segment.mixed.data();
  for (int p = 0; p < Segment::kAround; ++p) {
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

// Row y of part into the segment.
void PlateProjection::read(const Frame& part, int y, Segment& segment) {
  const engine::Kernels& kernels = engine::process_kernels();
  engine::read_rgb_row(kernels, part.image, y, segment.image());
  engine::read_rgb_row(kernels, part.plate, y, segment.plate());
  if (segment.has_foreground)
    engine::read_rgb_row(kernels, part.foreground, y, segment.foreground());
  read_first_channel_row(part.alpha, y, segment.alpha());
  if (!part.mask.empty()) {
    const std::uint8_t* mask = part.mask.row(y);
    float* const reach = segment.around(ColourCells::kReach);
    for (int i = 0; i < segment.count; ++i) {
      if (mask[i] == 0 || mask[i] == 255) reach[i] = 0;
    }
  }
}

// The segment into row y of part. Everything by the plain conversions: alpha is to be the same
// value in its own picture and in a cut-out.
void PlateProjection::write(const Frame& part, int y, Segment& segment) {
  write_gray_row(part.alpha, y, segment.alpha());
  if (!segment.has_foreground) return;
  write_rgb_row(part.foreground, y, segment.foreground(), nullptr);
  if (part.composite.empty()) return;
  segment.composite.write(part, y, segment.alpha(), segment.foreground());
}

// What is known of the cells of a run.
void PlateProjection::make_models(int cell_row, const ColourCells::Run& run,
                                  Segment& segment) const {
  for (int cell = run.first; cell < run.last; ++cell) {
    Spread subject, error;
    for (int i = 0; i < 6; ++i) {
      subject[i] = cells_.row(ColourCells::kSubjectSpread + i, cell_row)[cell];
      error[i] = cells_.row(ColourCells::kErrorSpread + i, cell_row)[cell];
    }
    segment.models[static_cast<std::size_t>(cell)] = SoftModel(subject, error);
  }
}

// Alpha and foreground of the segment, cell by cell; the last one takes what is left of the row.
void PlateProjection::estimate(const ColourCells::Run& run, Segment& segment) const {
  const SoftPixels pixels = segment.pixels();
  for (int cell = run.first; cell < run.last; ++cell) {
    const int first = (cell - run.first) * cells_.side();
    const int last = cell + 1 == run.last ? segment.count : first + cells_.side();
    segment.models[static_cast<std::size_t>(cell)].estimate(pixels.from(first), last - first);
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
    segment.has_foreground = !part.foreground.empty();
    make_models(cell_row, run, segment);
    for (int y = first_y; y < last_y; ++y) {
      load_colours(x, y, segment);
      read(part, y - first_y, segment);
      estimate(run, segment);
      write(part, y - first_y, segment);
    }
  }
}

void PlateProjection::apply_here(const Frame& frame) {
  specks_.remove(frame);
  cells_.measure(frame);
  const auto pixels = static_cast<std::size_t>(frame.image.width);
  const auto threads = static_cast<std::size_t>(engine::team_size());
  const auto columns = static_cast<std::size_t>(cells_.columns());
  if (segments_.size() != threads || segments_.front().width != pixels ||
      segments_.front().models.size() != columns) {
    segments_.assign(threads, Segment(frame.image.width, cells_.columns()));
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
