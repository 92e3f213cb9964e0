#include "engine/output.hpp"

#include <algorithm>
#include <limits>

#include "engine/composite.hpp"
#include "engine/pixel_rows.hpp"
#include "engine/threads.hpp"

namespace matting::engine {
namespace {

constexpr int kSegment = 512;              // pixels: what one segment touches stays in the L1 cache
constexpr int kPitch = kSegment + kSlack;  // floats of a segment's plane
constexpr int kMaps = 5;
// Planes of a segment: alpha and colour, error, image, what a composite needs, one spare.
constexpr int kSegmentPlanes = 4 + 1 + 3 + kCompositePlanes + 1;

}  // namespace

struct OutputPass::Row {
  const Frame* frame;
  const std::int32_t* first_patch;  // selected patches of this row of patches
  const std::int32_t* last_patch;
  const RefinedPatch* results;  // of first_patch
  int y;
  float* mixed[kMaps];  // coarse planes brought to this row, still coarse columns
  float* segment;       // kSegmentPlanes * kPitch

  float* plane(int index) const { return segment + index * kPitch; }
  float* alpha() const { return plane(0); }
  float* color(int c) const { return plane(1 + c); }
  float* error() const { return plane(4); }
  float* image() const { return plane(5); }
  float* composite() const { return plane(8); }
  float* spare() const { return plane(8 + kCompositePlanes); }
};

OutputPass::OutputPass(const Kernels& kernels, const Geometry& geometry)
    : kernels_(kernels),
      geometry_(geometry),
      rows_(bilinear_axis(geometry.coarse_height, geometry.padded_height)),
      columns_(bilinear_axis(geometry.coarse_width, geometry.padded_width)) {
  const std::size_t floats =
      static_cast<std::size_t>(kMaps) * (geometry.coarse_width + kSlack) + kSegmentPlanes * kPitch;
  memory_.assign(team_size(), std::vector<float>(floats));
}

std::size_t OutputPass::bytes() const noexcept {
  std::size_t sum = 0;
  for (const auto& block : memory_) sum += block.size() * sizeof(float);
  return sum;
}

void OutputPass::write(const Frame& frame, const CoarsePlanes& coarse, const std::int32_t* patches,
                       int count, const RefinedPatch* results, int first_row, int rows) {
  row_begin_.assign(rows + 1, count);
  for (int i = count - 1, row = rows - 1; row >= 0; --row) {
    while (i >= 0 && patches[i] >= (first_row + row) * geometry_.patch_columns()) --i;
    row_begin_[row] = i + 1;
  }
  parallel_for(rows, [&](int index, int thread) {
    Row row = row_of(frame, 0, thread);
    row.first_patch = patches + row_begin_[index];
    row.last_patch = patches + row_begin_[index + 1];
    row.results = results + row_begin_[index];
    const int first = (first_row + index) * kPatch;
    for (int y = first; y < std::min(first + kPatch, geometry_.height); ++y) {
      row.y = y;
      const std::size_t upper = static_cast<std::size_t>(rows_.first[y]) * geometry_.coarse_width;
      const std::size_t lower = static_cast<std::size_t>(rows_.second[y]) * geometry_.coarse_width;
      for (int p = 0; p < kMaps; ++p) {
        kernels_.mix(coarse.plane[p] + upper, coarse.plane[p] + lower, rows_.weight[y],
                     geometry_.coarse_width, row.mixed[p]);
      }
      write_row(row);
    }
  });
}

OutputPass::Row OutputPass::row_of(const Frame& frame, int y, int thread) {
  Row row = {};
  row.frame = &frame;
  row.y = y;
  float* const memory = memory_[thread].data();
  const int pitch = geometry_.coarse_width + kSlack;
  for (int p = 0; p < kMaps; ++p) row.mixed[p] = memory + p * pitch;
  row.segment = memory + kMaps * pitch;
  return row;
}

void OutputPass::write_outside(const Frame& frame, const PixelRegion& region) {
  const auto write = [this](Row& row, int from, int to) {
    for (int x = from; x < to; x += kSegment) write_segment(row, x, std::min(kSegment, to - x));
  };
  parallel_for(geometry_.height, [&](int y, int thread) {
    Row row = row_of(frame, y, thread);
    for (float* plane : row.mixed) std::fill_n(plane, geometry_.coarse_width, 0.0f);
    const bool crosses = y >= region.y && y < region.y + region.height;
    write(row, 0, crosses ? region.x : geometry_.width);
    if (crosses) write(row, region.x + region.width, geometry_.width);
  });
}

void OutputPass::write_row(Row& row) {
  for (int x = 0; x < geometry_.width; x += kSegment) {
    write_segment(row, x, std::min(kSegment, geometry_.width - x));
  }
}

void OutputPass::write_segment(Row& row, int x, int count) {
  const Frame& frame = *row.frame;
  const Columns columns = {columns_.first.data() + x, columns_.second.data() + x,
                           columns_.weight.data() + x};
  const bool wants_matte =
      !frame.alpha.empty() || !frame.foreground.empty() || !frame.composite.empty();
  float* const resized[kMaps] = {row.alpha(), row.color(0), row.color(1), row.color(2),
                                 row.error()};
  const int from = wants_matte ? 0 : 4, to = frame.error.empty() ? 4 : kMaps;
  kernels_.resize(row.mixed + from, to - from, columns, count, resized + from);
  if (!frame.error.empty()) {
    write_gray(kernels_, frame.error, x, row.y, count, row.error());
  }
  if (!wants_matte) return;

  paste(row, x, count);
  const RgbPlanes image = read_rgb(kernels_, frame.image, x, row.y, count, row.image(), kPitch);
  float* const colors[3] = {row.color(0), row.color(1), row.color(2)};
  const std::uint8_t* mask = frame.mask.empty() ? nullptr : frame.mask.row(row.y) + x;
  kernels_.finish(row.alpha(), colors, image.plane, mask, count);
  if (!frame.alpha.empty()) write_gray(kernels_, frame.alpha, x, row.y, count, row.alpha());
  if (!frame.foreground.empty()) {
    write_rgb(kernels_, frame.foreground, x, row.y, count, colors, nullptr, row.spare());
  }
  if (!frame.composite.empty()) {
    write_composite(kernels_, frame, x, row.y, count, row.alpha(), colors, row.composite(), kPitch);
  }
}

// Refined patches take the place of what was upsampled.
void OutputPass::paste(const Row& row, int x, int count) {
  const int column = x / kPatch, line = row.y % kPatch;
  const int first_index = row.y / kPatch * geometry_.patch_columns();
  const std::int32_t* patch =
      std::lower_bound(row.first_patch, row.last_patch, first_index + column);
  for (; patch != row.last_patch; ++patch) {
    const int at = (*patch - first_index) * kPatch - x;
    if (at >= count) return;
    const RefinedPatch& result = row.results[patch - row.first_patch];
    for (int p = 0; p < 4; ++p) std::copy_n(result.planes[p][line], kPatch, row.plane(p) + at);
  }
}

}  // namespace matting::engine
