// Keeps a plate valid through a clip: the camera is nudged, the light changes, the plate follows.
#ifndef PLATE_PLATE_KEEPER_HPP
#define PLATE_PLATE_KEEPER_HPP

#include <cstdint>
#include <memory>

#include "plate/plate_report.hpp"
#include "workflow/image.hpp"

namespace plate {

struct KeeperSettings {
  bool align = true;          // lay the plate on the frame
  bool match_colours = true;  // bring its exposure and white balance to the frame's
  bool drift = false;         // follow slow changes of light that are not the same all over
  // Of any channel, 0..1: what a model bears need not be matched.
  double least_colour_change = 0;
};

// A plate for each frame of a clip, frames in order. Every repair is kept only where it lowers the
// difference between plate and frame on the background; the plate as given is the fallback. Most
// frames cost a look at small copies; a repair is looked for when that shows a change.
// One thread at a time. Pixels are the same for the same frames: no chance is involved.
class PlateKeeper {
 public:
  // plate: any format. unsure (gray8, the plate's size, may be empty): not 0 where the plate is a
  // guess, as in ClipPlate. Throws workflow::Error WF_BAD_IMAGE for an empty plate and for an
  // unsure of another size.
  PlateKeeper(workflow::Image plate, workflow::Image unsure, const KeeperSettings& settings);
  explicit PlateKeeper(workflow::Image plate, const KeeperSettings& settings = {});
  ~PlateKeeper();
  PlateKeeper(PlateKeeper&&) noexcept;
  PlateKeeper& operator=(PlateKeeper&&) noexcept;

  // Another plate from here on, as in a film of plates: what was found for the last one is where
  // the search for this one begins. Throws WF_BAD_IMAGE for an empty plate.
  void change_plate(workflow::Image plate);

  // The plate for this frame: its size, depth and order of channels, without a fourth channel.
  // Its generation number changes only when its pixels do, and with every frame where clipped parts
  // of the plate follow the frames (clipped.hpp). The image is the caller's to keep.
  // Throws workflow::Error: WF_BAD_IMAGE for an empty frame, WF_OUT_OF_MEMORY.
  workflow::Image plate_for(const workflow::Image& frame, PlateReport& report);

  // Which plate lies on which scene. Numbers grow.
  struct Moment {
    std::uint64_t scene = 0;   // a cut, or frames of another size, begins one
    std::uint64_t laying = 0;  // a repair, or another plate, lays it anew
  };
  Moment moment() const noexcept;  // right after plate_for: of that frame

  // Takes what was found at a frame: its alpha, one channel, the frame's size, and the moment of
  // its plate_for, which may lie some frames back. Estimates from here on leave the subject out;
  // parts that the plate does not show are filled where the frame surely shows background; the
  // light is followed, if that is wanted. What no longer fits is left out. Optional, but repairs
  // are surer with it. Throws WF_BAD_IMAGE for another size.
  void learn(const workflow::Image& frame, const workflow::Image& alpha, const Moment& then);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace plate

#endif  // PLATE_PLATE_KEEPER_HPP
