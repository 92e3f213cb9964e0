#include "engine/refiner.hpp"

#include <algorithm>
#include <cstring>

#include "engine/feature_map.hpp"
#include "engine/pixel_rows.hpp"
#include "engine/threads.hpp"

namespace matting::engine {
namespace {

// Tiles of a batch, so that its activations stay in the second-level cache.
constexpr int kBatchSizes[kTileClasses] = {32, 16, 8, 3};
constexpr int kMostFirstOut = 32, kThirdOut = 16, kFourthOut = 4;  // physical channels

// Of conv1's 24 outputs: three vectors of eight, but two of sixteen.
template <class T>
int first_out(Isa isa) {
  return sizeof(T) == 4 && isa <= Isa::kAvx2 ? 24 : kMostFirstOut;
}

// Sides in pixels, of a tile of `side` patches: what each step reads and writes.
struct TileSides {
  explicit TileSides(int side)
      : half_in(2 * side + 6),
        half_features(2 * side + 2),
        full_in(4 * side + 4),
        out(4 * side),
        colors(4 * side + 12) {}
  int half_in, half_features, full_in, out, colors;
};

// Nanoseconds per pixel of each step, measured on one core with AMX and AVX-512; what counts is
// their ratio. Tiles are chosen with it.
struct StepCosts {
  double colors, gather_half, conv1, conv2, gather_full, conv3, conv4;
};
constexpr StepCosts kFloatCosts = {4, 25, 155, 64, 6, 44, 32};
constexpr StepCosts kBFloat16Costs = {4, 20, 28, 9, 5, 8.5, 5};

double tile_cost(const StepCosts& cost, int side) {
  const TileSides s(side);
  const auto square = [](int n) { return static_cast<double>(n) * n; };
  return cost.colors * square(s.colors) + cost.gather_half * square(s.half_in) +
         cost.conv1 * square(s.half_in - 2) + cost.conv2 * square(s.half_features) +
         cost.gather_full * square(s.full_in) + cost.conv3 * square(s.full_in - 2) +
         cost.conv4 * square(s.out);
}

template <class T>
std::size_t pixels_bytes(int count, int side, int channels) {
  return aligned(sizeof(T) * count * side * side * channels + kSlack * sizeof(T));
}

// What one thread needs for a tile class, in this order.
template <class T>
struct BatchLayout {
  explicit BatchLayout(int tile_class) {
    const TileSides s(kTileSides[tile_class]);
    const int n = kBatchSizes[tile_class];
    half = 0;
    first = half + pixels_bytes<T>(n, s.half_in, kHalfPitch);
    features = first + pixels_bytes<T>(n, s.half_in - 2, kMostFirstOut);
    full = features + pixels_bytes<T>(n, s.half_features, kHalfFeatures);
    third = full + pixels_bytes<T>(n, s.full_in, kFullPitch);
    out = third + pixels_bytes<T>(n, s.full_in - 2, kThirdOut);
    colors = out + pixels_bytes<T>(n, s.out, kFourthOut);
    planes = colors + pixels_bytes<float>(n, s.colors, kColorPitch);
    row = planes + aligned(sizeof(float) * 6 * plane_pitch(s));
    scratch = row + aligned(sizeof(float) * (2 * s.half_in + 4) * kHalfPitch);
  }
  static int plane_pitch(const TileSides& s) { return s.colors + kSlack; }
  std::size_t half, first, features, full, third, out, colors, planes, row, scratch;
};

}  // namespace

template <class T>
struct Refiner<T>::Batch {
  Batch(const Network& network, int tile_class)
      : sides(kTileSides[tile_class]), layout(tile_class) {
    const char* names[] = {"refiner.conv1", "refiner.conv2", "refiner.conv3", "refiner.conv4"};
    const int inputs[] = {sides.half_in, sides.half_in - 2, sides.full_in, sides.full_in - 2};
    const int first = first_out<T>(network.isa());
    const int channels[][2] = {{kHalfPitch, first},
                               {first, kHalfFeatures},
                               {kFullPitch, kThirdOut},
                               {kThirdOut, kFourthOut}};
    std::size_t most = 0;
    for (int i = 0; i < 4; ++i) {
      ConvolutionShape shape;
      shape.batch = kBatchSizes[tile_class];
      shape.height = shape.width = inputs[i];
      shape.in_channels = channels[i][0];
      shape.out_channels = channels[i][1];
      shape.src = shape.dst = element_of<T>();
      convolutions.emplace_back(network.layers().at(names[i]), shape, network.packed());
      most = std::max(most, convolutions.back().scratch_bytes());
    }
    bytes = layout.scratch + most;
  }

  T* at(std::size_t offset) const { return reinterpret_cast<T*>(memory + offset); }
  float* floats(std::size_t offset) const { return reinterpret_cast<float*>(memory + offset); }
  float* colors_of(int index) const {
    return floats(layout.colors) + index * sides.colors * sides.colors * kColorPitch;
  }

  TileSides sides;
  BatchLayout<T> layout;
  std::vector<Convolution> convolutions;
  std::size_t bytes = 0;
  std::byte* memory = nullptr;
  float* colors = nullptr;  // of the tile that is gathered
};

template <class T>
Refiner<T>::Refiner(const Network& network, const Geometry& geometry, BasePlan<T>& base)
    : network_(network),
      geometry_(geometry),
      base_(base),
      blocks_(geometry),
      rows_(bilinear_axis(geometry.coarse_height, geometry.padded_height / 2)),
      columns_(bilinear_axis(geometry.coarse_width, geometry.padded_width / 2)),
      slots_(static_cast<std::size_t>(geometry.patch_rows()) * geometry.patch_columns(), -1) {
  const int threads = team_size();
  const ThreadCount one(1);
  for (int thread = 0; thread < threads; ++thread) {
    std::size_t most = 0;
    for (int i = 0; i < kTileClasses; ++i) {
      batches_.push_back(std::make_unique<Batch>(network, i));
      most = std::max(most, batches_.back()->bytes);
    }
    memory_.emplace_back(most);
    for (int i = 0; i < kTileClasses; ++i) {
      batches_[thread * kTileClasses + i]->memory = memory_.back().data();
    }
  }
}

template <class T>
Refiner<T>::~Refiner() = default;

template <class T>
std::size_t Refiner<T>::bytes() const noexcept {
  std::size_t sum =
      slots_.capacity() * sizeof(slots_[0]) + results_.capacity() * sizeof(results_[0]);
  for (const AlignedBlock& block : memory_) sum += block.size();
  return sum;
}

template <class T>
std::size_t Refiner<T>::estimate_bytes(const Geometry& geometry, int threads) {
  std::size_t most = 0;
  for (int i = 0; i < kTileClasses; ++i) most = std::max(most, BatchLayout<T>(i).scratch);
  return most * threads + sizeof(std::int32_t) * geometry.patch_rows() *
                              static_cast<std::size_t>(geometry.patch_columns());
}

template <class T>
void Refiner<T>::begin(const Frame& frame, const std::vector<std::int32_t>& patches,
                       StageTimes& times) {
  image_ = frame.image;
  plate_ = frame.plate;
  coarse_ = base_.features(blocks_.find(patches));
  times.lap("hidden");
}

template <class T>
void Refiner<T>::run(const std::int32_t* patches, int count, int first_row, int rows,
                     StageTimes& times) {
  if (results_.size() < static_cast<std::size_t>(count)) results_.resize(count);
  double costs[kTileClasses];
  for (int i = 0; i < kTileClasses; ++i) {
    costs[i] = tile_cost(sizeof(T) == 4 ? kFloatCosts : kBFloat16Costs, kTileSides[i]);
  }
  for (int i = 0; i < count; ++i) slots_[patches[i]] = i;
  tiling_.cover(patches, count, first_row, rows, geometry_.patch_columns(), costs);
  chunks_.clear();
  for (int i = kTileClasses - 1; i >= 0; --i) {
    const int tiles = static_cast<int>(tiling_.tiles(i).size());
    for (int first = 0; first < tiles; first += kBatchSizes[i]) {
      chunks_.push_back({i, first, std::min(kBatchSizes[i], tiles - first)});
    }
  }
  times.lap("tiling");
  parallel_for(static_cast<int>(chunks_.size()),
               [&](int i, int thread) { refine(chunks_[i], thread); });
  for (int i = 0; i < count; ++i) slots_[patches[i]] = -1;
  times.lap("refiner");
}

template <class T>
void Refiner<T>::refine(const Chunk& chunk, int thread) {
  Batch& b = *batches_[thread * kTileClasses + chunk.tile_class];
  const Tile* tiles = tiling_.tiles(chunk.tile_class).data() + chunk.first;
  const BatchLayout<T>& l = b.layout;
  void* scratch = b.memory + l.scratch;
  for (int i = 0; i < chunk.count; ++i) {
    b.colors = b.colors_of(i);
    gather_colors(b, tiles[i]);
    gather_half(b, tiles[i], b.at(l.half) + i * b.sides.half_in * b.sides.half_in * kHalfPitch);
  }
  b.convolutions[0].run(b.at(l.half), b.at(l.first), scratch);
  b.convolutions[1].run(b.at(l.first), b.at(l.features), scratch);
  for (int i = 0; i < chunk.count; ++i) gather_full(b, i);
  b.convolutions[2].run(b.at(l.full), b.at(l.third), scratch);
  b.convolutions[3].run(b.at(l.third), b.at(l.out), scratch);
  for (int i = 0; i < chunk.count; ++i) {
    scatter(b, tiles[i], b.at(l.out) + i * b.sides.out * b.sides.out * kFourthOut);
  }
}

// Image and plate around a tile, 6 pixels on each side; zeros beyond the padded frame.
template <class T>
void Refiner<T>::gather_colors(Batch& b, const Tile& tile) {
  const int side = b.sides.colors, pitch = BatchLayout<T>::plane_pitch(b.sides);
  const int top = kPatch * tile.row - 6, left = kPatch * tile.column - 6;
  const int x0 = std::max(0, left), x1 = std::min(geometry_.padded_width, left + side);
  float* storage = b.floats(b.layout.planes);
  const Kernels& kernels = network_.kernels();
  for (int i = 0; i < side; ++i) {
    float* row = b.colors + i * side * kColorPitch;
    const int y = top + i;
    if (y < 0 || y >= geometry_.padded_height || x1 <= x0) {
      std::fill(row, row + side * kColorPitch, 0.0f);
      continue;
    }
    const RgbPlanes image = read_rgb(kernels, image_, x0, y, x1 - x0, storage, pitch);
    const RgbPlanes plate = read_rgb(kernels, plate_, x0, y, x1 - x0, storage + 3 * pitch, pitch);
    const float* const planes[6] = {image.plane[0], image.plane[1], image.plane[2],
                                    plate.plane[0], plate.plane[1], plate.plane[2]};
    kernels.of<float>().interleave(planes, x1 - x0, row + (x0 - left) * kColorPitch);
    std::fill(row, row + (x0 - left) * kColorPitch, 0.0f);
    std::fill(row + (x1 - left) * kColorPitch, row + side * kColorPitch, 0.0f);
  }
}

template <class T>
void Refiner<T>::gather_half(Batch& b, const Tile& tile, T* out) {
  const int side = b.sides.half_in, color_row = b.sides.colors * kColorPitch;
  const int top = 2 * tile.row - 3, left = 2 * tile.column - 3;
  const int x0 = std::max(0, left), x1 = std::min(columns_.size(), left + side);
  const std::size_t coarse_row = static_cast<std::size_t>(geometry_.coarse_width) * kCoarsePitch;
  for (int i = 0; i < side; ++i, out += side * kHalfPitch) {
    const int y = top + i;
    const bool inside = y >= 0 && y < rows_.size() && x0 < x1;
    const int from = inside ? x0 - left : side, to = inside ? x1 - left : side;
    std::memset(static_cast<void*>(out), 0, sizeof(T) * from * kHalfPitch);
    std::memset(static_cast<void*>(out + to * kHalfPitch), 0, sizeof(T) * (side - to) * kHalfPitch);
    if (!inside) continue;
    HalfRow<T> row;
    row.upper = coarse_ + rows_.first[y] * coarse_row;
    row.lower = coarse_ + rows_.second[y] * coarse_row;
    row.weight = rows_.weight[y];
    row.columns = {columns_.first.data() + x0, columns_.second.data() + x0,
                   columns_.weight.data() + x0};
    row.color0 = b.colors + 2 * i * color_row + 2 * from * kColorPitch;
    row.color1 = row.color0 + color_row;
    row.count = x1 - x0;
    row.out = out + from * kHalfPitch;
    row.scratch = b.floats(b.layout.row);
    network_.kernels().of<T>().gather_half(row);
  }
}

template <class T>
void Refiner<T>::gather_full(Batch& b, int index) {
  const TileSides& s = b.sides;
  const T* features =
      b.at(b.layout.features) + index * s.half_features * s.half_features * kHalfFeatures;
  T* out = b.at(b.layout.full) + index * s.full_in * s.full_in * kFullPitch;
  constexpr int kMargin = 4;  // colours reach 6 pixels beyond the tile, this input 2
  for (int i = 0; i < s.full_in; ++i) {
    const float* color = b.colors_of(index) + ((i + kMargin) * s.colors + kMargin) * kColorPitch;
    network_.kernels().of<T>().gather_full(features + i / 2 * s.half_features * kHalfFeatures,
                                           color, s.full_in, out + i * s.full_in * kFullPitch);
  }
}

template <class T>
void Refiner<T>::scatter(const Batch& b, const Tile& tile, const T* pixels) {
  const int side = b.sides.out, patches = side / kPatch;
  const int rows = std::min(patches, geometry_.patch_rows() - tile.row);
  const int columns = std::min(patches, geometry_.patch_columns() - tile.column);
  for (int row = 0; row < rows; ++row) {
    const std::int32_t* slots =
        slots_.data() + static_cast<std::size_t>(tile.row + row) * geometry_.patch_columns() +
        tile.column;
    for (int column = 0; column < columns; ++column) {
      if (slots[column] < 0) continue;
      RefinedPatch& patch = results_[slots[column]];
      for (int y = 0; y < kPatch; ++y) {
        const T* from = pixels + ((row * kPatch + y) * side + column * kPatch) * kFourthOut;
        for (int x = 0; x < kPatch; ++x) {
          for (int c = 0; c < 4; ++c) patch.planes[c][y][x] = to_float(from[x * kFourthOut + c]);
        }
      }
    }
  }
}

template class Refiner<float>;
template class Refiner<BFloat16>;

}  // namespace matting::engine
