#include "plate/clip_plate.hpp"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <string>

#include "media/mat_view.hpp"
#include "plate/agreement.hpp"
#include "plate/frame_format.hpp"
#include "plate/repair.hpp"
#include "plate/working_picture.hpp"
#include "workflow/error.hpp"

namespace plate {
namespace {

constexpr std::size_t kFewestFrames = 3, kMostFrames = 33;
constexpr int kWorkingSide = 640;
constexpr int kSpeck = 5;  // pixels: smaller sure or unsure parts follow their surroundings

std::size_t frame_bytes(const workflow::Image& frame) {
  // Twice: the frame, and its copy that is laid on the others.
  return 2 * static_cast<std::size_t>(frame.stride_bytes()) * frame.height();
}

std::string shape_text(const workflow::Image& image) {
  return std::to_string(image.width()) + "x" + std::to_string(image.height()) + " " +
         workflow::format_name(image.format());
}

Layer layer_on(const cv::Mat& reference_working, const cv::Mat& pixels) {
  const cv::Size working = reference_working.size(), full = pixels.size();
  const Repair repair =
      find_repair(working_picture(pixels, working), reference_working, {}, {}, {}, Search::kFull);
  const cv::Matx33d transform = rescaled(repair.alignment.frame_to_plate, working, full);
  Layer layer{pixels, shown_mask(transform, full, full)};
  if (repair.alignment.kind != AlignmentKind::kNone) {
    layer.pixels = warped(pixels, transform, full, cv::INTER_CUBIC);
  }
  layer.pixels = matched(layer.pixels, repair.colours);
  return layer;
}

}  // namespace

ClipPlate::ClipPlate(std::size_t memory_bytes) : memory_bytes_(memory_bytes) {}

void ClipPlate::add(const workflow::Image& frame) {
  if (seen_ > 0 && shape_text(frame) != shape_text(kept_.front())) {
    throw workflow::Error(WF_BAD_IMAGE, "a frame for the plate is " + shape_text(frame) +
                                            ": wanted " + shape_text(kept_.front()) +
                                            " like the first one");
  }
  if (seen_ == 0) {
    const std::size_t fitting = memory_bytes_ / std::max<std::size_t>(1, frame_bytes(frame));
    capacity_ = std::clamp(fitting, kFewestFrames, kMostFrames);
  }
  if (seen_++ % stride_ == 0) keep(frame);
}

// When full, every second kept frame goes, and the stride doubles: what is left lies evenly again.
void ClipPlate::keep(const workflow::Image& frame) {
  const cv::Mat pixels = workflow::media::pixels_view(frame.view());
  kept_.push_back(image_of(pixels, frame.format()));
  if (kept_.size() < capacity_) return;
  std::size_t left = 0;
  for (std::size_t i = 0; i < kept_.size(); i += 2) kept_[left++] = kept_[i];
  kept_.resize(left);
  stride_ *= 2;
}

ClipPlateResult ClipPlate::finish(const std::function<void(double)>& progress) const {
  if (kept_.empty()) {
    throw workflow::Error(WF_MISSING_INPUT, "no frame was given to make a plate of");
  }
  const workflow::Image& middle = kept_[kept_.size() / 2];
  const cv::Size full(static_cast<int>(middle.width()), static_cast<int>(middle.height()));
  const auto pixels_of = [&](const workflow::Image& frame) {
    return in_frame_format(frame, middle.format(), full);
  };
  const cv::Mat reference = working_picture(pixels_of(middle), working_size(full, kWorkingSide));
  std::vector<Layer> layers;
  for (const workflow::Image& frame : kept_) {
    if (progress) progress(double(layers.size()) / double(kept_.size() + 1));
    layers.push_back(layer_on(reference, pixels_of(frame)));
  }
  Agreement found = agree(layers);
  cv::medianBlur(found.unsure, found.unsure, kSpeck);
  if (progress) progress(1);
  ClipPlateResult result;
  result.unsure_share = cv::countNonZero(found.unsure) / double(found.unsure.total());
  result.frames_used = kept_.size();
  result.plate = image_of(found.pixels, plate_format(middle.format()));
  result.unsure = image_of(found.unsure, WF_FORMAT_GRAY8);
  return result;
}

}  // namespace plate
