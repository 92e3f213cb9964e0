#include "hosts/frei0r/filter.hpp"

#include <algorithm>
#include <cstring>
#include <exception>

#include "hosts/frei0r/log_once.hpp"
#include "infer_background_matting/error.hpp"

namespace matting::hosts {
namespace {

constexpr ParameterInfo kStrict = {
    "strict", "choice", "0", "0, 1",
    "what becomes of a frame that cannot be matted: 0 leaves it as it is, 1 makes it magenta"};
constexpr std::size_t kStrictIndex = 3;  // after plate, output and background

// No scene has a whole frame of it. Bytes, not a number: red, green, blue, alpha.
constexpr std::uint8_t kFailureColor[4] = {255, 0, 255, 255};

constexpr int kWarningLevel = 2;

}  // namespace

const std::vector<ParameterInfo>& filter_parameters() {
  static const std::vector<ParameterInfo> rows = [] {
    std::vector<ParameterInfo> list = setting_table();
    list.insert(list.begin() + kStrictIndex, kStrict);
    return list;
  }();
  return rows;
}

Filter::Filter(unsigned width, unsigned height, unsigned row_pixels)
    : width_(width),
      height_(height),
      row_pixels_(row_pixels),
      slices_(pixel_count() * sizeof(std::uint32_t)),
      strict_(kStrict.default_value) {
  session_.set_log([](int level, const std::string& text) {
    if (level >= kWarningLevel) log_once(text);
  });
}

void Filter::set(std::size_t index, const std::string& text) {
  if (index == kStrictIndex) {
    strict_ = text;
    if (!text.empty() && text != "0" && text != "1") {
      log_once("parameter strict cannot be '" + text + "': wanted 0 or 1; taken for 0");
    }
  } else {
    session_.set(filter_parameters()[index].key, text);
  }
}

const std::string& Filter::get(std::size_t index) const {
  return index == kStrictIndex ? strict_ : session_.get(filter_parameters()[index].key);
}

void Filter::update(double time, const std::uint32_t* src, std::uint32_t* dst) noexcept {
  static const char* const kSliced =
      "the host cuts frames into slices, which cannot be matted: in MLT, leave the filter's "
      "property `threads` out";
  if (!slices_.begin(time, src, dst)) return show_failure(kSliced, src, dst);
  std::string failure;
  try {
    if (!slices_.sliced()) matte(src, dst);
  } catch (const std::exception& error) {
    failure = error.what();
  }
  // The first slices of a frame come at once: the second call may have come during this one.
  if (slices_.sliced()) failure = kSliced;
  if (!failure.empty()) show_failure(failure, src, dst);
  slices_.end();
}

void Filter::matte(const std::uint32_t* src, std::uint32_t* dst) {
  if (src == dst) {
    src_copy_.assign(src, src + pixel_count());
    src = src_copy_.data();
  }
  const int width = static_cast<int>(width_), height = static_cast<int>(height_);
  const std::ptrdiff_t stride_bytes = std::ptrdiff_t{row_pixels_} * 4;
  session_.run({PixelFormat::kRgba8, width, height, stride_bytes, src, 0}, {},
               {PixelFormat::kRgba8, width, height, stride_bytes, dst});
}

void Filter::show_failure(const std::string& text, const std::uint32_t* src, std::uint32_t* dst) {
  log_once(text);
  if (strict_ == "1") {
    std::uint32_t color;
    std::memcpy(&color, kFailureColor, sizeof color);
    std::fill_n(dst, pixel_count(), color);
  } else {
    std::memmove(dst, src, pixel_count() * sizeof *dst);
  }
}

}  // namespace matting::hosts
