// A picture whose surroundings are watched.
#ifndef CONFORMANCE_PICTURE_HPP
#define CONFORMANCE_PICTURE_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "workflow/image.hpp"

namespace conformance {

struct Shape {
  std::uint32_t width;
  std::uint32_t height;
  wf_format format;
};
std::string text_of(const Shape& shape);  // "64x48 rgb8"

// Pixels with poison before the first row, between rows and behind the last one. Copies own their
// pixels.
class Picture {
 public:
  // padding_values: how many channel values of poison follow each row. poison: which poison.
  explicit Picture(const Shape& shape, std::uint32_t padding_values = 0, std::uint32_t poison = 1);

  void fill_randomly(std::uint32_t seed);
  void fill_from(const std::vector<std::uint8_t>& pixels);  // as pixels() returns them

  // The descriptor, made anew for where the pixels are now.
  wf_image view();
  std::vector<std::uint8_t> pixels() const;  // without padding
  bool poison_is_intact() const;
  const Shape& shape() const noexcept { return shape_; }

 private:
  std::size_t row_start(std::uint32_t y) const;
  bool is_pixel(std::size_t position) const;

  Shape shape_;
  std::size_t row_bytes_;
  std::size_t stride_bytes_;
  std::uint32_t poison_;
  std::vector<std::uint8_t> bytes_;
};

// Descriptors and pointers to them for one call. Keeps the pictures' addresses: use at once.
class PictureList {
 public:
  explicit PictureList(std::vector<Picture>& pictures);
  explicit PictureList(std::vector<wf_image> images);
  PictureList(PictureList&&) = default;  // the pointers stay valid: the descriptors do not move
  PictureList(const PictureList&) = delete;
  PictureList& operator=(const PictureList&) = delete;

  wf_image& operator[](std::size_t index) { return images_[index]; }
  void omit(std::size_t index) { pointers_[index] = nullptr; }
  void append_null() { pointers_.push_back(nullptr); }

  const wf_image* const* inputs() const { return pointers_.data(); }
  wf_image* const* outputs() const { return pointers_.data(); }
  std::uint32_t count() const { return static_cast<std::uint32_t>(pointers_.size()); }

 private:
  void point();

  std::vector<wf_image> images_;
  std::vector<wf_image*> pointers_;
};

}  // namespace conformance

#endif  // CONFORMANCE_PICTURE_HPP
