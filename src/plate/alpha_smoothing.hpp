// Less flicker: where the picture did not change, alpha should not either.
#ifndef PLATE_ALPHA_SMOOTHING_HPP
#define PLATE_ALPHA_SMOOTHING_HPP

#include <memory>

#include "workflow/image.hpp"

namespace plate {

// Frames in order; one thread at a time.
class AlphaSmoother {
 public:
  // 0: nothing happens; towards 1 alpha follows more slowly where the picture stands still. Throws
  // std::invalid_argument outside of [0, 1).
  explicit AlphaSmoother(double strength);
  ~AlphaSmoother();
  AlphaSmoother(AlphaSmoother&&) noexcept;
  AlphaSmoother& operator=(AlphaSmoother&&) noexcept;

  // alpha: one channel, frame's size, changed in place. Another size than before begins anew; so
  // does every pixel that changed, and with it a cut. Throws workflow::Error WF_BAD_IMAGE where
  // alpha does not fit frame.
  void smooth(const workflow::Image& frame, workflow::Image& alpha);

 private:
  struct Last;
  double strength_;
  std::unique_ptr<Last> last_;  // the frame before
};

}  // namespace plate

#endif  // PLATE_ALPHA_SMOOTHING_HPP
