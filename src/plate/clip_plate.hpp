// A plate from frames with a subject in them: what each pixel shows most of the time.
#ifndef PLATE_CLIP_PLATE_HPP
#define PLATE_CLIP_PLATE_HPP

#include <cstddef>
#include <functional>
#include <vector>

#include "workflow/image.hpp"

namespace plate {

struct ClipPlateResult {
  workflow::Image plate;    // the frames' size and depth, without a fourth channel
  workflow::Image unsure;   // gray8: 255 where no look of the pixel lasted long enough, else 0
  double unsure_share = 0;  // of the picture, 0..1
  std::size_t frames_used = 0;
};

// Collects frames of a clip of any length in bounded memory: it keeps up to a number of frames that
// lie evenly over what it has been given. The subject must walk: a place with two looks of about the
// same length is unsure, and what covers a place nearly all the time is taken for background.
// The same class averages several plates without a subject: less noise in the result.
class ClipPlate {
 public:
  static constexpr std::size_t kDefaultMemoryBytes = std::size_t{384} << 20;
  // Keeps as many frames as fit into memory_bytes, 3 at least, 33 at most.
  explicit ClipPlate(std::size_t memory_bytes = kDefaultMemoryBytes);

  // Frames in order. Copies what it keeps. Throws workflow::Error WF_BAD_IMAGE for a frame of
  // another size or format than the first.
  void add(const workflow::Image& frame);

  // Lays all kept frames on the middle one, in position and colour, and takes at each pixel the
  // value that most of them agree on. progress (may be empty) hears of the share done, 0..1, and
  // ends the work by throwing. Throws workflow::Error WF_MISSING_INPUT without a frame.
  ClipPlateResult finish(const std::function<void(double)>& progress = {}) const;

 private:
  void keep(const workflow::Image& frame);

  std::size_t memory_bytes_;
  std::size_t capacity_ = 0;  // frames, known with the first one
  std::size_t stride_ = 1;    // each so-manieth frame is kept
  std::size_t seen_ = 0;
  std::vector<workflow::Image> kept_;
};

}  // namespace plate

#endif  // PLATE_CLIP_PLATE_HPP
