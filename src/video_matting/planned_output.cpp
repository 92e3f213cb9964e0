#include "video_matting/planned_output.hpp"

#include <set>

#include "video/frame_source.hpp"
#include "video_matting/layers.hpp"

namespace video_matting {
namespace {

namespace video = workflow::video;
using workflow::Error;
using workflow::Image;

video::Content content_of(Result result) {
  switch (result) {
    case Result::kCutOut:
      return video::Content::kColourAndAlpha;
    case Result::kAlpha:
    case Result::kError:
      return video::Content::kGrey;
    default:
      return video::Content::kColour;
  }
}

std::vector<TaskOutput> sources_of(const PlannedOutput& output) {
  switch (output.result) {
    case Result::kAlpha:
      return {kAlpha};
    case Result::kForeground:
      return {kForeground};
    case Result::kError:
      return {kError};
    default:
      if (output.joins_alpha) return {kForeground, kAlpha};
      return {kComposite};
  }
}

video::OutputPlan plan_one(const JobSettings& settings, const video::ClipInfo& clip,
                           const RequestedOutput& wanted, std::vector<std::string>& warnings) {
  video::OutputPlan plan;
  plan.path = wanted.path;
  plan.clip = clip;
  plan.content = content_of(wanted.result);
  plan.format = video::choose_format({wanted.path, plan.content, clip.sixteen_bit, clip.width,
                                      clip.height, settings.codec, settings.quality});
  const bool exr = plan.format.kind == video::FileKind::kExr;
  plan.alpha_mode = settings.alpha_mode.value_or(exr ? video::AlphaMode::kPremultiplied
                                                     : video::AlphaMode::kStraight);
  if (!video::is_sequence(settings.video)) plan.source = settings.video;
  warnings.insert(warnings.end(), plan.format.warnings.begin(), plan.format.warnings.end());
  return plan;
}

}  // namespace

std::vector<PlannedOutput> plan_outputs(const JobSettings& settings, const video::ClipInfo& clip,
                                        bool has_background, std::vector<std::string>& warnings) {
  std::vector<PlannedOutput> outputs;
  std::set<std::string> paths;
  for (const RequestedOutput& wanted : settings.outputs) {
    if (!paths.insert(wanted.path).second) {
      throw Error(WF_INVALID_ARGUMENT,
                  wanted.path + " is asked for twice; each output needs a file");
    }
    if (wanted.path == settings.video) {
      throw Error(WF_INVALID_ARGUMENT, wanted.path + " is the source; write to another file");
    }
    if (wanted.result == Result::kComposite && !has_background) {
      throw Error(WF_INVALID_ARGUMENT,
                  wanted.path +
                      " is to be a composite: name a new background "
                      "(a picture, a video, a colour #rrggbb or blur:SIGMA), or "
                      "ask for the cut-out");
    }
    outputs.push_back({wanted.result, plan_one(settings, clip, wanted, warnings),
                       wanted.result == Result::kCutOut && has_background});
  }
  if (outputs.empty()) throw Error(WF_INVALID_ARGUMENT, "no output is asked for");
  return outputs;
}

void use_changed_alpha(std::vector<PlannedOutput>& outputs) {
  for (PlannedOutput& output : outputs) {
    if (output.result == Result::kComposite || output.result == Result::kCutOut) {
      output.joins_alpha = true;
    }
  }
}

std::vector<workflow::OutputId> needed_results(const std::vector<PlannedOutput>& outputs) {
  std::set<int> indices;
  for (const PlannedOutput& output : outputs) {
    for (const TaskOutput source : sources_of(output)) indices.insert(source);
  }
  std::vector<workflow::OutputId> ids;
  for (const int index : indices) ids.push_back({0, index});
  return ids;
}

const Image& picture_for(const PlannedOutput& output, const FrameSlot& slot, Image& joined) {
  const Image& foreground = slot.results[kForeground];
  if (!output.joins_alpha) return slot.results[sources_of(output).front()];
  if (output.result == Result::kComposite)
    compose(foreground, slot.results[kAlpha], slot.backdrop, joined);
  else
    cut_out(foreground, slot.results[kAlpha], joined);
  return joined;
}

}  // namespace video_matting
