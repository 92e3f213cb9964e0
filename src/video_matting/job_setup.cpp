#include "video_matting/job_setup.hpp"

#include <algorithm>

#include "media/image_file.hpp"
#include "video/part.hpp"
#include "video_matting/fingerprint.hpp"

namespace video_matting {
namespace {

namespace video = workflow::video;

std::unique_ptr<video::FrameSource> open_source(const JobSettings& settings) {
  if (!settings.chunk) return video::open_frame_source(settings.video, settings.sequence_rate);
  const Chunk& chunk = *settings.chunk;
  return video::open_frame_source_at(settings.video, settings.sequence_rate, chunk.first,
                                     chunk.seek ? &*chunk.seek : nullptr);
}

bool has_composite(const std::vector<PlannedOutput>& outputs) {
  return std::any_of(outputs.begin(), outputs.end(), [](const PlannedOutput& output) {
    return output.result == Result::kComposite;
  });
}

}  // namespace

JobSetup::JobSetup(const JobSettings& settings, Lanes& lanes, const FrameRepair* repair)
    : source(open_source(settings)) {
  open_companions(settings, lanes);
  const workflow::Workflow& workflow = lanes.front();
  const std::string made = settings.background.empty() ? made_background(workflow) : "";
  const bool has_background = !settings.background.empty() || !made.empty();
  outputs = plan_outputs(settings, source->info(), has_background, warnings);
  if (repair != nullptr && repair->changes_alpha()) {
    use_changed_alpha(outputs);
    if (has_composite(outputs)) backdrop = backdrop_for(made, !settings.background.empty());
  }
  for (const PlannedOutput& output : outputs) {
    const auto more = video::check_output(output.plan);
    warnings.insert(warnings.end(), more.begin(), more.end());
  }
  facts = job_facts(settings, workflow, outputs, repair);
}

void JobSetup::open_companions(const JobSettings& settings, Lanes& lanes) {
  if (is_film(settings.plate)) {
    plate_film =
        std::make_unique<TimedPictures>(settings.plate, AtEnd::kHold, settings.sequence_rate);
  } else {
    plate = workflow::media::read_image(settings.plate);
  }
  for (workflow::Workflow& lane : lanes) lane.clear_image_input(kBackground);
  if (settings.background.empty()) return;
  if (is_film(settings.background)) {
    background_film = std::make_unique<TimedPictures>(
        settings.background, settings.background_at_end, settings.sequence_rate);
  } else {
    lanes.front().set_image_input(settings.background, kBackground);
    const workflow::Image picture = lanes.front().input(kBackground);
    for (workflow::Workflow& lane : lanes) lane.set_image_input(picture, kBackground);
  }
}

}  // namespace video_matting
