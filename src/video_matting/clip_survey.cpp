#include "video_matting/clip_survey.hpp"

#include <algorithm>

#include "video/frame_source.hpp"
#include "workflow/error.hpp"

namespace video_matting {
namespace {

using workflow::video::Rational;

constexpr std::int64_t kCheckedFrames = 12;
constexpr std::int64_t kFramesForPlate = 64;  // a plate keeps half of these to all of its choice
constexpr std::int64_t kUnknownStep = 12;     // between frames of a clip of unknown length

// About `wanted` frames from the first to near the last one; more where the header promised less
// than there is.
void sample(const std::string& clip, const Rational& rate, std::int64_t wanted,
            const SurveyProgress& progress,
            const std::function<void(const workflow::Image&, std::int64_t)>& take) {
  const auto source = workflow::video::open_frame_source(clip, rate);
  const std::int64_t expected = source->info().expected_frames;
  const std::int64_t step =
      expected > 0 ? std::max<std::int64_t>(1, (expected - 1) / (wanted - 1)) : kUnknownStep;
  workflow::video::Frame frame;
  std::int64_t number = 0;
  while (source->read(frame)) {
    take(frame.image, number);
    number += step;
    if (progress && expected > 0) progress(std::min(1.0, double(number) / double(expected)));
    if (step > 1 && !source->skip(step - 1)) break;
  }
  if (number == 0) throw workflow::Error(WF_READ_FAILED, clip + " holds no frame");
}

}  // namespace

plate::ClipPlateResult make_plate(const std::string& clip, const Rational& rate,
                                  const SurveyProgress& progress) {
  plate::ClipPlate plate;
  const auto part = [&](double begin, double end) -> SurveyProgress {
    if (!progress) return {};
    return [=](double share) { progress(begin + share * (end - begin)); };
  };
  sample(clip, rate, kFramesForPlate, part(0, 0.5),
         [&](const workflow::Image& image, std::int64_t) { plate.add(image); });
  return plate.finish(part(0.5, 1));
}

plate::PlateCheck check_plate(const std::string& clip, const Rational& rate,
                              const workflow::Image& plate, const plate::KeeperSettings& settings,
                              const SurveyProgress& progress) {
  plate::PlateCheck check(plate, settings);
  sample(clip, rate, kCheckedFrames, progress,
         [&](const workflow::Image& image, std::int64_t number) { check.add(image, number); });
  return check;
}

}  // namespace video_matting
