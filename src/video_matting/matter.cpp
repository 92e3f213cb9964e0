#include "video_matting/matter.hpp"

#include "video_matting/stopwatch.hpp"

namespace video_matting {
namespace {

using Json = nlohmann::ordered_json;

// The facts that differ from frame to frame, out of the task's own result.
Json task_facts(const std::string& result_text) {
  const Json result = Json::parse(result_text, nullptr, false);
  Json facts = Json::object();
  if (!result.is_object()) return facts;
  for (const char* key : {"total_ms", "network_ms", "backbone_scale", "refined_share", "error_mean",
                          "error_max", "warnings"}) {
    if (result.contains(key)) facts[key] = result[key];
  }
  return facts;
}

}  // namespace

Backdrop backdrop_for(const std::string& made, bool has_picture) {
  if (made.rfind("blur:", 0) == 0) return Backdrop::kOfPlate;
  return has_picture || !made.empty() ? Backdrop::kOfBackground : Backdrop::kNone;
}

std::string made_background(const workflow::Workflow& workflow) {
  const auto parameters = workflow.parameters(0);
  const auto found = parameters.find("background");
  return found == parameters.end() ? "" : found->second;
}

Matter::Matter(workflow::Workflow& workflow, const std::vector<workflow::OutputId>& wanted,
               Backdrop backdrop)
    : workflow_(workflow), wanted_(wanted), backdrop_kind_(backdrop) {
  workflow_.set_wanted_outputs(wanted_);
}

Matter::~Matter() {
  workflow_.clear_image_input(kImage);
}

void Matter::set_backdrop(Backdrop backdrop) {
  backdrop_kind_ = backdrop;
  backdrop_ = {};
}

// The task fits, blurs or fills the new background; where a mask says that nothing is subject, its
// composite is that alone.
void Matter::find_backdrop(const FrameSlot& slot, const workflow::Image& plate) {
  const workflow::Image& source = backdrop_kind_ == Backdrop::kOfPlate ? plate : slot.background;
  const std::uint64_t generation = source.empty() ? 0 : source.view().generation;
  if (!backdrop_.empty() && generation == backdrop_source_) return;
  const workflow::Image nothing(slot.source.image.width(), slot.source.image.height(),
                                WF_FORMAT_GRAY8);
  workflow_.set_image_input(nothing, kMask);
  workflow_.set_wanted_outputs({{0, kComposite}});
  workflow_.run();
  backdrop_ = workflow_.get_task_output(0, kComposite);
  backdrop_source_ = generation;
  workflow_.clear_image_input(kMask);
  workflow_.set_wanted_outputs(wanted_);
}

Json Matter::matte(FrameSlot& slot, const workflow::Image& plate) {
  const Stopwatch watch;
  wf_image view = slot.source.image.view();
  view.generation = workflow::next_generation();  // the buffer is an old one, the pixels are new
  workflow_.set_image_input(view, kImage);
  workflow_.set_image_input(plate, kPlate);
  if (!slot.background.empty()) workflow_.set_image_input(slot.background, kBackground);
  if (backdrop_kind_ != Backdrop::kNone) find_backdrop(slot, plate);
  slot.backdrop = backdrop_;
  for (const workflow::OutputId& id : wanted_) {
    workflow::Image& old = slot.results[static_cast<std::size_t>(id.output)];
    if (!old.empty()) workflow_.reuse_output(id, old);
  }
  workflow_.run();
  for (const workflow::OutputId& id : wanted_) {
    slot.results[static_cast<std::size_t>(id.output)] =
        workflow_.get_task_output(id.task, id.output);
  }
  Json facts = task_facts(workflow_.result_json(0));
  facts["matte_ms"] = watch.seconds() * 1000;
  return facts;
}

}  // namespace video_matting
