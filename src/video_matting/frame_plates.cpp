#include "video_matting/frame_plates.hpp"

#include <utility>

namespace video_matting {

using Json = nlohmann::ordered_json;

FramePlates::FramePlates(workflow::Image plate, FrameRepair* repair)
    : plate_(std::move(plate)), repair_(repair) {}

void FramePlates::begin_part() {
  // What a task keeps from frame to frame, it keeps for one plate.
  if (!plate_.empty()) plate_.view().generation = workflow::next_generation();
  if (repair_ != nullptr) repair_->begin_part();
}

workflow::Image FramePlates::plate_for(const FrameSlot& slot, Json& record) {
  const workflow::Image& plate = slot.plate.empty() ? plate_ : slot.plate;
  return repair_ == nullptr ? plate : repair_->plate_for(slot.source.image, plate, record);
}

void FramePlates::mend(FrameSlot& slot, Json& record) {
  workflow::Image& alpha = slot.results[kAlpha];
  if (repair_ != nullptr && !alpha.empty()) repair_->mend(slot.source.image, alpha, record);
}

}  // namespace video_matting
