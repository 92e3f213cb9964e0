#include "conformance/picture.hpp"

#include <cstring>
#include <random>

namespace conformance {
namespace {

constexpr std::size_t kGuardBytes = 64;

std::uint8_t poison_at(std::size_t position, std::uint32_t poison) {
  return static_cast<std::uint8_t>((position * 131 + poison * 61) ^ (position >> 8));
}

}  // namespace

std::string text_of(const Shape& shape) {
  return std::to_string(shape.width) + "x" + std::to_string(shape.height) + " " +
         workflow::format_name(shape.format);
}

Picture::Picture(const Shape& shape, std::uint32_t padding_values, std::uint32_t poison)
    : shape_(shape),
      row_bytes_(std::size_t{shape.width} * workflow::pixel_bytes(shape.format)),
      stride_bytes_(row_bytes_ + padding_values * workflow::channel_bytes(shape.format)),
      poison_(poison),
      bytes_(2 * kGuardBytes + stride_bytes_ * shape.height) {
  for (std::size_t i = 0; i < bytes_.size(); ++i) bytes_[i] = poison_at(i, poison);
}

std::size_t Picture::row_start(std::uint32_t y) const {
  return kGuardBytes + y * stride_bytes_;
}

void Picture::fill_randomly(std::uint32_t seed) {
  std::mt19937 random(seed);
  for (std::uint32_t y = 0; y < shape_.height; ++y) {
    for (std::size_t x = 0; x < row_bytes_; ++x) {
      bytes_[row_start(y) + x] = static_cast<std::uint8_t>(random());
    }
  }
}

void Picture::fill_from(const std::vector<std::uint8_t>& pixels) {
  for (std::uint32_t y = 0; y < shape_.height; ++y) {
    std::memcpy(&bytes_[row_start(y)], &pixels[y * row_bytes_], row_bytes_);
  }
}

wf_image Picture::view() {
  return {sizeof(wf_image),
          shape_.format,
          shape_.width,
          shape_.height,
          static_cast<std::int64_t>(stride_bytes_),
          &bytes_[kGuardBytes],
          0};
}

std::vector<std::uint8_t> Picture::pixels() const {
  std::vector<std::uint8_t> result;
  for (std::uint32_t y = 0; y < shape_.height; ++y) {
    const auto row = bytes_.begin() + static_cast<std::ptrdiff_t>(row_start(y));
    result.insert(result.end(), row, row + static_cast<std::ptrdiff_t>(row_bytes_));
  }
  return result;
}

bool Picture::is_pixel(std::size_t position) const {
  if (position < kGuardBytes || position >= bytes_.size() - kGuardBytes) return false;
  return (position - kGuardBytes) % stride_bytes_ < row_bytes_;
}

bool Picture::poison_is_intact() const {
  for (std::size_t i = 0; i < bytes_.size(); ++i) {
    if (!is_pixel(i) && bytes_[i] != poison_at(i, poison_)) return false;
  }
  return true;
}

PictureList::PictureList(std::vector<Picture>& pictures) {
  for (Picture& picture : pictures) images_.push_back(picture.view());
  point();
}

PictureList::PictureList(std::vector<wf_image> images) : images_(std::move(images)) {
  point();
}

void PictureList::point() {
  for (wf_image& image : images_) pointers_.push_back(&image);
}

}  // namespace conformance
