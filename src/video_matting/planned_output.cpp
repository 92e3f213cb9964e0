#include "video_matting/planned_output.hpp"

#include <algorithm>
#include <set>

#include "video/frame_source.hpp"

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
    case Result::kCutOut:
      if (output.joins_alpha) return {kForeground, kAlpha};
      [[fallthrough]];
    default:
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

// Colours of one image and the coverage of another, pixel by pixel; black where nothing is covered,
// as in the task's own cut-out.
template <typename Value>
void join_row(const Value* colour, const Value* alpha, std::uint32_t width, int channels,
              Value* dst) {
  for (std::uint32_t x = 0; x < width; ++x, colour += channels, dst += 4) {
    for (int c = 0; c < 3; ++c) dst[c] = alpha[x] == 0 ? 0 : colour[channels == 1 ? 0 : c];
    dst[3] = alpha[x];
  }
}

void join(const Image& colour, const Image& alpha, Image& dst) {
  const bool sixteen_bit = workflow::channel_bytes(colour.format()) == 2;
  const bool blue_first = colour.format() == WF_FORMAT_BGR8 || colour.format() == WF_FORMAT_BGRA8 ||
                          colour.format() == WF_FORMAT_BGR16 || colour.format() == WF_FORMAT_BGRA16;
  const wf_format format = sixteen_bit ? (blue_first ? WF_FORMAT_BGRA16 : WF_FORMAT_RGBA16)
                                       : (blue_first ? WF_FORMAT_BGRA8 : WF_FORMAT_RGBA8);
  if (dst.width() != colour.width() || dst.height() != colour.height() || dst.format() != format) {
    dst = Image(colour.width(), colour.height(), format);
  }
  const int channels = workflow::channel_count(colour.format());
  for (std::uint32_t y = 0; y < colour.height(); ++y) {
    if (sixteen_bit) {
      join_row(reinterpret_cast<const std::uint16_t*>(colour.row(y)),
               reinterpret_cast<const std::uint16_t*>(alpha.row(y)), colour.width(), channels,
               reinterpret_cast<std::uint16_t*>(dst.row(y)));
    } else {
      join_row(colour.row(y), alpha.row(y), colour.width(), channels, dst.row(y));
    }
  }
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
    if (output.result == Result::kComposite) {
      throw Error(WF_NOT_SUPPORTED, output.plan.path +
                                        " is a composite, which smoothing of alpha does not "
                                        "reach: ask for the cut-out, or do not smooth");
    }
    if (output.result == Result::kCutOut) output.joins_alpha = true;
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
  const std::vector<TaskOutput> sources = sources_of(output);
  if (sources.size() == 1) return slot.results[sources[0]];
  join(slot.results[kForeground], slot.results[kAlpha], joined);
  return joined;
}

}  // namespace video_matting
