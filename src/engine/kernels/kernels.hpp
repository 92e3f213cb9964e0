// The passes that oneDNN lacks, as a table of functions chosen once for an ISA.
//
// Planes are rows of floats. Kernels neither allocate nor know sizes of images; rows may have any
// count from 1 unless said otherwise, need no alignment, and nothing outside the given counts is
// read or written, except where "slack" is said: then kSlack more elements must be readable (they
// are not used). src/engine/kernels/plain.cpp is the truth; every other table agrees with it within
// rounding.
#ifndef MATTING_ENGINE_KERNELS_KERNELS_HPP
#define MATTING_ENGINE_KERNELS_KERNELS_HPP

#include <cstdint>

#include "engine/element.hpp"
#include "engine/isa.hpp"

namespace matting::engine {

constexpr int kSlack = 16;         // elements
constexpr int kColorPitch = 8;     // floats of a pixel: image RGB, plate RGB, 0, 0
constexpr int kMapPitch = 8;       // channels of a coarse pixel: alpha, RGB, error, 0, 0, 0
constexpr int kCoarsePitch = 40;   // the same behind 32 hidden features
constexpr int kHalfPitch = 48;     // channels of the refiner's half-size input, 42 and zeros
constexpr int kHalfFeatures = 16;  // what its first two convolutions put out
constexpr int kFullPitch = 24;     // channels of its full-size input: 16, image, plate, 0, 0

// One row of a bilinear resampling along x; see BilinearAxis.
struct Columns {
  const std::int32_t* first;
  const std::int32_t* second;
  const float* weight;
};

// One row of decoder input: `channels` channels of two low rows, upsampled, then `skip_channels` of
// skip, then zeros up to out_pitch. All channel counts are multiples of 8.
template <class T, class Out = T>
struct UpsampleJoinRow {
  const T* upper;
  const T* lower;  // output = upper + (lower - upper) * weight
  float weight;
  int low_first, low_width;  // the low pixels that columns refers to
  int channels;
  Columns columns;
  const T* skip;
  int skip_channels;
  int width, out_pitch;
  Out* out;
  float* scratch;  // low_width * channels floats
  // Integers only: out = round(value * factor + zero), 0..255, per channel of the two parts.
  const float* factor;
  const float* zero;
};

// One row of a decoder's output: nine taps of `channels` channels (a multiple of 8) in each low
// pixel are upsampled, shifted and added. Tap (i, j) of an output pixel is what the low map has,
// upsampled, i - 1 rows and j - 1 columns beside it; beyond the image, nothing.
struct TapRow {
  // The low rows around the output's row i - 1 below it: upper + (lower - upper) * weight, times
  // `inside`, which is 0 beyond the image (the pointers are valid there too) and 1 within.
  struct {
    const float* upper;
    const float* lower;
    float weight, inside;
  } rows[3];
  int low_width, channels;
  Columns columns;
  int width;
  bool rectified;  // negative sums become 0
  float* out;      // width * channels, to which is added
  float* scratch;  // low_width * 3 * channels floats
};

constexpr int kProductOutputs = 16;

// out[p][o] += sum over i of in[p][i] * weights[i][o], for kProductOutputs outputs o.
struct PixelProducts {
  const float* in;       // count pixels of `channels`, dense
  const float* weights;  // channels * kProductOutputs
  int channels, count;
  float* out;
  int out_pitch;  // floats from a pixel to the next
};

// Part of a row of the refiner's half-size input.
template <class T>
struct HalfRow {
  const T* upper;  // coarse rows, kCoarsePitch; slack
  const T* lower;
  float weight;
  Columns columns;      // of the first pixel of the part
  const float* color0;  // full-size rows 2y and 2y + 1 of colours from the part's first pixel on
  const float* color1;
  int count;       // pixels of half size
  T* out;          // count * kHalfPitch
  float* scratch;  // (columns.second of the last - columns.first of the first + 1) * kHalfPitch
};

// Passes over activations of type T.
template <class T>
struct ElementKernels {
  // Six planes (image RGB, plate RGB) -> count pixels of kColorPitch channels.
  void (*interleave)(const float* const planes[6], int count, T* out);
  void (*upsample_join)(const UpsampleJoinRow<T>& row);
  void (*upsample_join_integer)(const UpsampleJoinRow<T, std::uint8_t>& row);
  // count dense pixels of `channels` (a multiple of 8) -> levels, round(value * factor + zero) in
  // 0..255 with a factor and a zero of each channel, out_pitch from a pixel to the next.
  void (*quantize)(const T* pixels, int count, int channels, const float* factor, const float* zero,
                   std::uint8_t* out, int out_pitch);
  // count pixels of decoder.conv4's output, `hidden` features and kMapPitch channels: features
  // rectified and alpha clamped in place; alpha, residual RGB and clamped error copied to planes.
  void (*split_coarse)(T* pixels, int hidden, int count, float* const planes[5]);
  void (*gather_half)(const HalfRow<T>& row);
  // Pixel i of count (even): feature pixel i / 2 (kHalfFeatures), then color's 8 channels.
  void (*gather_full)(const T* features, const float* color, int count, T* out);
  // Adds count pixels of `channels` (a multiple of 8) to sums.
  void (*sum_pixels)(const T* pixels, int count, int channels, float* sums);
};

// Indices of load and store: channel count and bytes of a channel.
enum PixelKind {
  kGray8Pixels,
  kColor8Pixels,
  kFour8Pixels,
  kGray16Pixels,
  kColor16Pixels,
  kFour16Pixels,
  kPixelKinds
};

struct Kernels {
  const char* name;
  // count pixels -> planes in [0, 1], in memory order; one plane for grey, three otherwise (a
  // fourth channel is ignored).
  void (*load[kPixelKinds])(const void* pixels, int count, float* const planes[3]);
  // Planes -> count pixels, clamped to [0, 1] and rounded; one, three or four planes.
  void (*store[kPixelKinds])(const float* const planes[4], int count, void* pixels);
  // out = a + (b - a) * weight.
  void (*mix)(const float* a, const float* b, float weight, int count, float* out);
  // out[p][x] for x < count of every plane p; in: slack.
  void (*resize)(const float* const* in, int planes, const Columns& columns, int count,
                 float* const* out);
  // alpha clamped; color, a residual, becomes clamp(residual + image). mask (may be null): 0 clears
  // alpha, 255 makes it 1 and color the image.
  void (*finish)(float* alpha, float* const color[3], const float* const image[3],
                 const std::uint8_t* mask, int count);
  // out = background + (color - background) * alpha.
  void (*compose)(const float* alpha, const float* color, const float* background, int count,
                  float* out);
  // out = color where alpha * levels rounds to at least 1, else 0.
  void (*cut_out)(const float* alpha, const float* color, float levels, int count, float* out);
  void (*add_taps)(const TapRow& row);
  void (*add_products)(const PixelProducts& products);

  ElementKernels<float> of_float;
  ElementKernels<BFloat16> of_bfloat16;

  template <class T>
  const ElementKernels<T>& of() const noexcept;
};

template <>
inline const ElementKernels<float>& Kernels::of<float>() const noexcept {
  return of_float;
}
template <>
inline const ElementKernels<BFloat16>& Kernels::of<BFloat16>() const noexcept {
  return of_bfloat16;
}

const Kernels& plain_kernels();

// The fastest table for this level, which the CPU must have.
const Kernels& kernels_for(Isa isa);

// Those of process_isa().
const Kernels& process_kernels();

}  // namespace matting::engine

#endif  // MATTING_ENGINE_KERNELS_KERNELS_HPP
