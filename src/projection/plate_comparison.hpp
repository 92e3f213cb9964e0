// A few pixels of an image beside the same pixels of its plate.
#ifndef MATTING_PROJECTION_PLATE_COMPARISON_HPP
#define MATTING_PROJECTION_PLATE_COMPARISON_HPP

#include <vector>

#include "image/frame.hpp"

namespace matting {

// The plate seen in other light, in shadow say, is the plate times a factor that changes slowly.
// What that leaves in the differences of near pixels is noise, and a share of the plate's own
// differences, since no plate lies exactly where it should. A subject brings detail of its own, and
// hides the plate's.
//
// Sums over pixels and channels of products of what differs from the mean of its channel.
struct Likeness {
  float image = 0, plate = 0, both = 0;

  void add(const Likeness& other) {
    image += other.image;
    plate += other.plate;
    both += other.both;
  }
};

// Keeps its memory from picture to picture. One thread at a time.
class PlateComparison {
 public:
  // part: a few pixels of a frame. What follows is of them, as RGB in 0..1.
  void read(const Frame& part);

  // The factor of light that fits them best.
  float light() const noexcept { return light_; }
  // Root of the mean over channels of (mean(image) - light mean(plate))^2. Other light hardly
  // changes the colour by kSameTint.
  static constexpr float kSameTint = 0.03f;
  float tint() const;
  // sum |d(image) - light d(plate)|^2 / sum (kNoise + |light d(plate)|^2), with d the difference of
  // a pixel and the mean of its neighbours `step` before and behind, times two, across and down:
  // edges of shadows and of what is out of focus are no detail. 0 for a part that is not larger
  // than two steps.
  float detail(int step) const;
  Likeness likeness() const;

 private:
  const float* image() const noexcept { return values_.data(); }
  const float* plate() const noexcept { return values_.data() + values_.size() / 2; }

  std::vector<float> values_;  // planes of the image, then of the plate
  int width_ = 0, height_ = 0;
  std::size_t pixels_ = 0;
  float light_ = 1;
};

}  // namespace matting

#endif  // MATTING_PROJECTION_PLATE_COMPARISON_HPP
