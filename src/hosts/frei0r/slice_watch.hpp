// Whether a host hands out a frame in slices. MLT does, where its filter property `threads` is
// above 1: one instance, as high as a slice, is called for every slice of a frame, by several
// threads at once. A slice cannot be matted: the plate does not fit it, and the network sees no
// whole subject.
#ifndef MATTING_HOSTS_FREI0R_SLICE_WATCH_HPP
#define MATTING_HOSTS_FREI0R_SLICE_WATCH_HPP

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace matting::hosts {

// Remembers the calls of one instance. Any thread.
class SliceWatch {
 public:
  explicit SliceWatch(std::size_t frame_bytes) : frame_bytes_(frame_bytes) {}

  // Between begin and end lies one call. False: another call of the instance is under way, so that
  // these are slices; there is no end() then.
  bool begin(double time, const void* src, const void* dst) {
    if (busy_.exchange(true)) {
      sliced_ = true;
      return false;
    }
    const Call call = {time, reinterpret_cast<std::uintptr_t>(src),
                       reinterpret_cast<std::uintptr_t>(dst)};
    if (belongs_to_last_frame(call)) sliced_ = true;
    last_ = call;
    return true;
  }
  void end() { busy_ = false; }

  bool sliced() const { return sliced_; }

 private:
  struct Call {
    double time;
    std::uintptr_t src, dst;
  };

  // The same moment, and whole slices further on in both pictures.
  bool belongs_to_last_frame(const Call& call) const {
    const std::uintptr_t distance = call.src - last_.src;
    const std::uintptr_t bytes = distance <= ~distance ? distance : ~distance + 1;
    constexpr std::uintptr_t kMostSlices = 256;
    return call.time == last_.time && distance != 0 && distance == call.dst - last_.dst &&
           bytes % frame_bytes_ == 0 && bytes / frame_bytes_ < kMostSlices;
  }

  const std::size_t frame_bytes_;  // of what the host calls a frame; not 0
  Call last_ = {-1, 0, 0};
  std::atomic<bool> busy_{false};
  std::atomic<bool> sliced_{false};
};

}  // namespace matting::hosts

#endif  // MATTING_HOSTS_FREI0R_SLICE_WATCH_HPP
