#include "projection/plate_projection.hpp"

#include <algorithm>
#include <array>

#include "engine/composite.hpp"
#include "engine/pixel_rows.hpp"
#include "engine/threads.hpp"
#include "image/frame_part.hpp"
#include "image/pixel_rows.hpp"
#include "projection/soft_model.hpp"

namespace matting {

// A stretch of pixels of one row as floats, while it is worked on; what the cells know of them; and
// their neighbours.
struct PlateProjection::Segment {
  static constexpr int kPlanes = 12;
  static constexpr int kAround = ColourCells::kReach + 1;  // planes that are interpolated

  // A row from the pixel before the stretch to the one behind it.
  struct Row {
    explicit Row(std::size_t width) : pitch(width + 1 + kSmoothMargin), values(5 * pitch) {}

    // The stretch's first pixel; the colour's planes are 0 to 2.
    float* plane(int index) { return values.data() + static_cast<std::size_t>(index) * pitch + 1; }
    RgbRow image(int from) { return {plane(0) + from, plane(1) + from, plane(2) + from}; }
    float* alpha() { return plane(3); }
    float* certainty() { return plane(4); }

    std::size_t pitch;
    std::vector<float> values;
  };

  Segment(int pixels, int cells)
      : width(static_cast<std::size_t>(pixels)),
        values((kPlanes + kAround) * width + kSoftMargin),
        composite(engine::kCompositePlanes * width),
        mixed(static_cast<std::size_t>(cells) + 1),
        models(static_cast<std::size_t>(cells)),
        rows{Row(width), Row(width), Row(width)} {}

  float* plane(int index) { return values.data() + static_cast<std::size_t>(index) * width; }
  RgbRow colour(int index) { return {plane(index), plane(index + 1), plane(index + 2)}; }
  RgbRow image() { return colour(0); }
  RgbRow plate() { return colour(3); }
  RgbRow foreground() { return colour(6); }
  float* network() { return plane(9); }
  float* alpha() { return plane(10); }
  float* certainty() { return plane(11); }
  float* around(int cell_plane) { return plane(kPlanes + cell_plane); }
  float* reach() { return around(ColourCells::kReach); }
  SoftPixels pixels() {
    return {image(),
            plate(),
            colour(kPlanes + ColourCells::kSubjectColour),
            colour(kPlanes + ColourCells::kPlateError),
            reach(),
            network()};
  }
  Row& row(int number) { return rows[static_cast<std::size_t>((number + 3) % 3)]; }
  SoftRows neighbours(int y) {
    SoftRows result;
    for (int i = 0; i < 3; ++i) {
      Row& of = row(y + i - 1);
      result.image[i] = of.image(0);
      result.alpha[i] = of.alpha();
      result.certainty[i] = of.certainty();
    }
    return result;
  }

  std::size_t width;
  std::vector<float> values;
  std::vector<float> composite;   // what making it needs
  std::vector<float> mixed;       // of two rows of cells, one more than there are
  std::vector<SoftModel> models;  // of a row of cells
  std::array<Row, 3> rows;
  int count = 0;  // pixels of this stretch
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

// Row y of part into the segment, after its colours.
void PlateProjection::read(const Frame& part, int y, Segment& segment) {
  const engine::Kernels& kernels = engine::process_kernels();
  engine::read_rgb_row(kernels, part.image, y, segment.image());
  engine::read_rgb_row(kernels, part.plate, y, segment.plate());
  engine::read_gray_row(kernels, part.alpha, y, segment.network());
  if (part.mask.empty()) return;
  const std::uint8_t* mask = part.mask.row(y);
  for (int i = 0; i < segment.count; ++i) {
    if (mask[i] == 0 || mask[i] == 255) segment.reach()[i] = 0;
  }
}

// What is known of the stretch's cells.
void PlateProjection::make_models(const Stretch& stretch, Segment& segment) const {
  const int row = stretch.pixels.y / cells_.side();
  for (int cell = stretch.run.first; cell < stretch.run.last; ++cell) {
    Spread subject, error;
    for (int i = 0; i < 6; ++i) {
      subject[i] = cells_.row(ColourCells::kSubjectSpread + i, row)[cell];
      error[i] = cells_.row(ColourCells::kErrorSpread + i, row)[cell];
    }
    segment.models[static_cast<std::size_t>(cell)] = SoftModel(subject, error);
  }
}

// work(cell, its first pixel in the stretch, how many); the last cell takes what is left of the
// row.
template <class Work>
void PlateProjection::for_cells(const Stretch& stretch, const Work& work) const {
  for (int cell = stretch.run.first; cell < stretch.run.last; ++cell) {
    const int first = (cell - stretch.run.first) * cells_.side();
    const int last = cell + 1 == stretch.run.last ? stretch.pixels.width : first + cells_.side();
    work(static_cast<std::size_t>(cell), first, last - first);
  }
}

// work(stretch, segment) for all that can be within reach, on all threads.
template <class Work>
void PlateProjection::for_stretches(const Frame& frame, const Work& work) {
  const int side = cells_.side();
  engine::parallel_for(cells_.rows(), [&](int row, int thread) {
    Segment& segment = segments_[static_cast<std::size_t>(thread)];
    const int y = row * side;
    const int end_y = row + 1 == cells_.rows() ? frame.image.height : y + side;
    ColourCells::Run run = cells_.next_run(row, 0);
    for (; !run.empty(); run = cells_.next_run(row, run.last)) {
      const int x = run.first * side;
      const int end_x = run.last == cells_.columns() ? frame.image.width : run.last * side;
      segment.count = end_x - x;
      work(Stretch{run, {x, y, end_x - x, end_y - y}}, segment);
    }
  });
}

// The network's alpha as the estimate, all of it certain.
void PlateProjection::start_from(const ImageView& alpha) {
  const MutableImageView estimate = alpha_->mutable_view(), certainty = certainty_->mutable_view();
  const engine::Kernels& kernels = engine::process_kernels();
  engine::parallel_for(alpha.height, [&](int y, int thread) {
    float* const row = segments_[static_cast<std::size_t>(thread)].network();
    engine::read_gray_row(kernels, alpha, y, row);
    engine::write_gray_row(kernels, estimate, y, row);
    std::fill_n(certainty.row(y), alpha.width, std::uint8_t{255});
  });
}

// Alpha of the stretch and how certain it is, not smoothed.
void PlateProjection::estimate(const Frame& frame, const Stretch& stretch, Segment& segment) {
  const Frame part = part_of(frame, stretch.pixels);
  const MutableImageView alpha = part_of(alpha_->mutable_view(), stretch.pixels);
  const MutableImageView certainty = part_of(certainty_->mutable_view(), stretch.pixels);
  const engine::Kernels& kernels = engine::process_kernels();
  make_models(stretch, segment);
  for (int y = 0; y < stretch.pixels.height; ++y) {
    load_colours(stretch.pixels.x, stretch.pixels.y + y, segment);
    read(part, y, segment);
    const SoftPixels pixels = segment.pixels();
    for_cells(stretch, [&](std::size_t cell, int first, int count) {
      segment.models[cell].estimate_alpha(pixels.from(first), count, segment.alpha() + first,
                                          segment.certainty() + first);
    });
    engine::write_gray_row(kernels, alpha, y, segment.alpha());
    engine::write_gray_row(kernels, certainty, y, segment.certainty());
  }
}

// Row y of the frame into the segment's row of that number, with one pixel more on each side.
// Beyond the picture there is nothing certain.
void PlateProjection::read_around(const Frame& frame, const PixelRegion& pixels, int y,
                                  Segment& segment) const {
  Segment::Row& row = segment.row(y);
  const int before = pixels.x > 0, behind = pixels.x + pixels.width < frame.image.width;
  const int height = frame.image.height;
  const PixelRegion region = {pixels.x - before, std::clamp(y, 0, height - 1),
                              pixels.width + before + behind, 1};
  const engine::Kernels& kernels = engine::process_kernels();
  engine::read_rgb_row(kernels, part_of(frame.image, region), 0, row.image(-before));
  engine::read_gray_row(kernels, part_of(alpha_->view(), region), 0, row.alpha() - before);
  engine::read_gray_row(kernels, part_of(certainty_->view(), region), 0, row.certainty() - before);
  if (y < 0 || y == height) std::fill_n(row.certainty() - 1, pixels.width + 2, 0.0f);
  if (!before) row.certainty()[-1] = 0;
  if (!behind) row.certainty()[pixels.width] = 0;
}

// Smooths alpha of the stretch, finds the foreground of it, writes both.
void PlateProjection::finish(const Frame& frame, const Stretch& stretch, Segment& segment) const {
  const Frame part = part_of(frame, stretch.pixels);
  const bool has_foreground = !part.foreground.empty();
  if (has_foreground) make_models(stretch, segment);
  const int first_y = stretch.pixels.y;
  for (int y = first_y - 1; y <= first_y; ++y) read_around(frame, stretch.pixels, y, segment);
  for (int y = 0; y < stretch.pixels.height; ++y) {
    read_around(frame, stretch.pixels, first_y + y + 1, segment);
    load_colours(stretch.pixels.x, first_y + y, segment);
    read(part, y, segment);
    float* const alpha = segment.alpha();
    process_soft_kernels().smooth(segment.neighbours(first_y + y), segment.count, alpha);
    for (int i = 0; i < segment.count; ++i) {
      alpha[i] = segment.reach()[i] > 0 ? alpha[i] : segment.network()[i];
    }
    if (has_foreground) {
      engine::read_rgb_row(engine::process_kernels(), part.foreground, y, segment.foreground());
      const SoftPixels pixels = segment.pixels();
      const RgbRow foreground = segment.foreground();
      for_cells(stretch, [&](std::size_t cell, int first, int count) {
        segment.models[cell].estimate_foreground(pixels.from(first), count, alpha + first,
                                                 foreground.from(first));
      });
    }
    write(part, y, segment);
  }
}

// The segment into row y of part.
void PlateProjection::write(const Frame& part, int y, Segment& segment) {
  const engine::Kernels& kernels = engine::process_kernels();
  engine::write_gray_row(kernels, part.alpha, y, segment.alpha());
  if (part.foreground.empty()) return;
  const RgbRow foreground = segment.foreground();
  engine::write_rgb_row(kernels, part.foreground, y, foreground);
  if (part.composite.empty()) return;
  const float* const colours[3] = {foreground.red, foreground.green, foreground.blue};
  engine::write_composite(kernels, part, 0, y, segment.count, segment.alpha(), colours,
                          segment.composite.data(), static_cast<int>(segment.width));
}

void PlateProjection::resize(const Frame& frame) {
  const int width = frame.image.width, height = frame.image.height;
  const auto threads = static_cast<std::size_t>(engine::team_size());
  if (!alpha_ || alpha_->width() != width || alpha_->height() != height) {
    alpha_.emplace(width, height, PixelFormat::kGray16);
    certainty_.emplace(width, height, PixelFormat::kGray8);
    segments_.clear();
  }
  if (segments_.size() != threads) segments_.assign(threads, Segment(width, cells_.columns()));
  columns_.resize(static_cast<std::size_t>(width));
  for (int x = 0; x < width; ++x) {
    columns_[static_cast<std::size_t>(x)] = position_of(x, cells_.side(), cells_.columns());
  }
}

void PlateProjection::apply_here(const Frame& frame, int passes) {
  patches_.begin(frame);
  detail_.begin(frame, patches_);
  seen_plate_.remove(frame, detail_, patches_);
  specks_.remove_islands(frame, patches_);
  doubts_.settle(frame, detail_, patches_);
  Specks::fill_holes(frame, patches_);
  cells_.begin(frame);
  resize(frame);
  start_from(frame.alpha);
  for (int pass = 0; pass < passes; ++pass) {
    if (pass > 0) cells_.widen(alpha_->view());
    cells_.measure(frame, alpha_->view(), pass == 0 ? ColourCells::kFar : ColourCells::kNear);
    for_stretches(frame, [&](const Stretch& stretch, Segment& segment) {
      estimate(frame, stretch, segment);
    });
  }
  for_stretches(frame,
                [&](const Stretch& stretch, Segment& segment) { finish(frame, stretch, segment); });
}

void PlateProjection::apply(const Frame& frame, int passes, int threads,
                            const ParallelRunner& runner) {
  engine::on_threads(threads, runner, [&] { apply_here(frame, passes); });
}

}  // namespace matting
