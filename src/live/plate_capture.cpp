#include "live/plate_capture.hpp"

#include <algorithm>
#include <cmath>

#include "workflow/error.hpp"

namespace live {
namespace {

using workflow::Image;

// Pictures are compared as means of blocks, about 64 across: noise averages out, a hand does not.
constexpr std::uint32_t kBlocksAcross = 64;
constexpr std::uint32_t kLeastBlockSide = 4;  // pixels
constexpr float kMovedBy = 6;                 // of 255, of a block's mean
constexpr double kSomebody = 0.003;           // share of the blocks that moved
constexpr double kEverything = 0.5;

std::size_t row_values(const Image& image) {
  return std::size_t{image.width()} *
         static_cast<std::size_t>(workflow::channel_count(image.format()));
}

std::vector<float> block_means(const Image& image) {
  const std::uint32_t side = std::max(kLeastBlockSide, image.width() / kBlocksAcross);
  const std::uint32_t across = image.width() / side, down = image.height() / side;
  const auto channels = static_cast<std::uint32_t>(workflow::channel_count(image.format()));
  std::vector<float> means;
  means.reserve(std::size_t{across} * down);
  for (std::uint32_t by = 0; by < down; ++by) {
    std::vector<std::uint32_t> sums(across);
    for (std::uint32_t y = by * side; y < (by + 1) * side; ++y) {
      const std::uint8_t* value = image.row(y);
      for (std::uint32_t bx = 0; bx < across; ++bx) {
        for (std::uint32_t i = 0; i < side * channels; ++i) sums[bx] += *value++;
      }
    }
    for (const std::uint32_t sum : sums) {
      means.push_back(static_cast<float>(sum) / static_cast<float>(side * side * channels));
    }
  }
  return means;
}

double moved_share(const std::vector<float>& first, const std::vector<float>& now) {
  std::size_t moved = 0;
  for (std::size_t i = 0; i < first.size(); ++i) moved += std::abs(first[i] - now[i]) > kMovedBy;
  return first.empty() ? 0 : static_cast<double>(moved) / static_cast<double>(first.size());
}

}  // namespace

void PlateCapture::start(double now) {
  running_ = true;
  started_at_ = now;
  frames_ = 0;
}

double PlateCapture::seconds_left(double now) const {
  return std::max(0.0, started_at_ + settings_.countdown_seconds - now);
}

std::optional<PlateOutcome> PlateCapture::add(const Image& frame, double now) {
  if (workflow::channel_bytes(frame.format()) != 1) {
    throw workflow::Error(WF_BAD_IMAGE, "a plate is taken from 8-bit frames, found " +
                                            std::string(workflow::format_name(frame.format())));
  }
  if (!running_ || seconds_left(now) > 0) return std::nullopt;
  if (frames_ == 0) begin_burst(frame, now);
  const double moved = moved_share(first_blocks_, block_means(frame));
  if (moved > kEverything) {
    return refuse(
        "the light, the exposure or the camera changed while the plate was taken; lock "
        "them and try again");
  }
  if (moved > kSomebody) {
    return refuse("something moved while the plate was taken; leave the picture and try again");
  }
  sum(frame);
  ++frames_;
  if (frames_ < settings_.burst_frames || now - burst_at_ < settings_.burst_seconds) {
    return std::nullopt;
  }
  running_ = false;
  return mean(frame);
}

void PlateCapture::begin_burst(const Image& frame, double now) {
  burst_at_ = now;
  first_blocks_ = block_means(frame);
  sums_.assign(row_values(frame) * frame.height(), 0);
}

void PlateCapture::sum(const Image& frame) {
  const std::size_t values = row_values(frame);
  for (std::uint32_t y = 0; y < frame.height(); ++y) {
    const std::uint8_t* const row = frame.row(y);
    std::uint32_t* const sums = sums_.data() + y * values;
    for (std::size_t i = 0; i < values; ++i) sums[i] += row[i];
  }
}

std::optional<PlateOutcome> PlateCapture::refuse(const std::string& reason) {
  running_ = false;
  return PlateOutcome{{}, reason, frames_};
}

PlateOutcome PlateCapture::mean(const Image& like) {
  PlateOutcome outcome;
  outcome.frames = frames_;
  outcome.plate = Image(like.width(), like.height(), like.format());
  outcome.plate.view().generation = workflow::next_generation();
  const auto count = static_cast<std::uint32_t>(frames_);
  const std::size_t values = row_values(like);
  for (std::uint32_t y = 0; y < like.height(); ++y) {
    const std::uint32_t* const sums = sums_.data() + y * values;
    std::uint8_t* const row = outcome.plate.row(y);
    for (std::size_t i = 0; i < values; ++i) {
      row[i] = static_cast<std::uint8_t>((sums[i] + count / 2) / count);
    }
  }
  return outcome;
}

}  // namespace live
