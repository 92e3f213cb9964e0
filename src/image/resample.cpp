#include "image/resample.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "image/pixel_rows.hpp"

namespace matting {
namespace {

// Along one axis: output position i reads taps[i].weight.size() inputs from taps[i].first on, and
// nothing (black) where there are no weights.
struct Tap {
  int first = 0;
  std::vector<float> weights;
};

// Where along one axis the source lies: output = (input + 0.5) * scale + offset - 0.5.
struct Placement {
  double scale = 1;
  double offset = 0;
};

Tap triangle_tap(double centre, double support, int input_size) {
  Tap tap;
  tap.first = std::max(0, static_cast<int>(std::floor(centre - support)) + 1);
  const int last = std::min(input_size - 1, static_cast<int>(std::ceil(centre + support)) - 1);
  double sum = 0;
  for (int i = tap.first; i <= last; ++i) {
    const double weight = 1.0 - std::abs(i - centre) / support;
    tap.weights.push_back(static_cast<float>(weight));
    sum += weight;
  }
  for (float& weight : tap.weights) weight = static_cast<float>(weight / sum);
  return tap;
}

std::vector<Tap> make_taps(const Placement& placement, int input_size, int output_size) {
  const double support = std::max(1.0, 1.0 / placement.scale);
  std::vector<Tap> taps(output_size);
  for (int i = 0; i < output_size; ++i) {
    const double centre = (i + 0.5 - placement.offset) / placement.scale - 0.5;
    if (centre < -0.5 - 1e-6 || centre > input_size - 0.5 + 1e-6) continue;
    taps[i] = triangle_tap(std::clamp(centre, 0.0, input_size - 1.0), support, input_size);
  }
  return taps;
}

std::vector<Tap> make_tile_taps(int input_size, int output_size) {
  std::vector<Tap> taps(output_size);
  for (int i = 0; i < output_size; ++i) taps[i] = {i % input_size, {1.0f}};
  return taps;
}

// Three rows of floats in one allocation.
class RowBuffer {
 public:
  explicit RowBuffer(int width) : width_(width), values_(3 * static_cast<std::size_t>(width)) {}
  RgbRow row() {
    return {values_.data(), values_.data() + width_, values_.data() + 2 * std::size_t(width_)};
  }
  std::vector<float>& values() { return values_; }

 private:
  int width_;
  std::vector<float> values_;
};

float weigh(const Tap& tap, const float* src) {
  float sum = 0;
  for (std::size_t i = 0; i < tap.weights.size(); ++i) sum += tap.weights[i] * src[tap.first + i];
  return sum;
}

// One source row brought to the output's width.
void squeeze_row(const RgbRow& src, const std::vector<Tap>& columns, const RgbRow& dst) {
  for (std::size_t x = 0; x < columns.size(); ++x) {
    dst.red[x] = weigh(columns[x], src.red);
    dst.green[x] = weigh(columns[x], src.green);
    dst.blue[x] = weigh(columns[x], src.blue);
  }
}

void add_scaled(const std::vector<float>& src, float weight, std::vector<float>& dst) {
  for (std::size_t i = 0; i < src.size(); ++i) dst[i] += weight * src[i];
}

Image resample(const ImageView& src, const std::vector<Tap>& columns, const std::vector<Tap>& rows,
               PixelFormat format) {
  const int width = static_cast<int>(columns.size());
  Image dst(width, static_cast<int>(rows.size()), format);
  RowBuffer input(src.width), squeezed(width), sum(width);
  for (std::size_t y = 0; y < rows.size(); ++y) {
    std::fill(sum.values().begin(), sum.values().end(), 0.0f);
    for (std::size_t k = 0; k < rows[y].weights.size(); ++k) {
      read_rgb_row(src, rows[y].first + static_cast<int>(k), input.row());
      squeeze_row(input.row(), columns, squeezed.row());
      add_scaled(squeezed.values(), rows[y].weights[k], sum.values());
    }
    write_rgb_row(dst.mutable_view(), static_cast<int>(y), sum.row(), nullptr);
  }
  return dst;
}

}  // namespace

Image fit_image(const ImageView& src, int width, int height, PixelFormat format,
                BackgroundFit fit) {
  if (fit == BackgroundFit::kTile) {
    return resample(src, make_tile_taps(src.width, width), make_tile_taps(src.height, height),
                    format);
  }
  double x_scale = static_cast<double>(width) / src.width;
  double y_scale = static_cast<double>(height) / src.height;
  if (fit == BackgroundFit::kCover) x_scale = y_scale = std::max(x_scale, y_scale);
  if (fit == BackgroundFit::kContain) x_scale = y_scale = std::min(x_scale, y_scale);
  if (fit == BackgroundFit::kCenter) x_scale = y_scale = 1;
  const auto place = [](double scale, int input, int output) {
    const double offset = (output - input * scale) / 2;
    return Placement{scale, scale == 1 ? std::floor(offset) : offset};
  };
  return resample(src, make_taps(place(x_scale, src.width, width), src.width, width),
                  make_taps(place(y_scale, src.height, height), src.height, height), format);
}

Image fit_mask(const ImageView& src, int width, int height) {
  Image dst(width, height, PixelFormat::kGray8);
  std::vector<float> input(src.width), output(width);
  for (int y = 0; y < height; ++y) {
    read_first_channel_row(src, static_cast<int>(std::int64_t{y} * src.height / height),
                           input.data());
    for (int x = 0; x < width; ++x) output[x] = input[std::int64_t{x} * src.width / width];
    write_gray_row(dst.mutable_view(), y, output.data());
  }
  return dst;
}

}  // namespace matting
