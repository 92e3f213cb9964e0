#include "video_matting/matter.hpp"

namespace video_matting {
namespace {

using Json = nlohmann::ordered_json;

// The facts that differ from frame to frame, out of the task's own result.
void add_task_facts(const std::string& result_text, Json& record) {
  const Json result = Json::parse(result_text, nullptr, false);
  if (!result.is_object()) return;
  for (const char* key : {"total_ms", "network_ms", "backbone_scale", "refined_share", "error_mean",
                          "error_max", "warnings"}) {
    if (result.contains(key)) record[key] = result[key];
  }
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

Matter::Matter(workflow::Workflow& workflow, const workflow::Image& plate,
               const std::vector<workflow::OutputId>& wanted, FrameRepair* repair,
               Backdrop backdrop)
    : workflow_(workflow),
      plate_(plate),
      wanted_(wanted),
      repair_(repair),
      backdrop_kind_(backdrop) {
  workflow_.set_wanted_outputs(wanted_);
}

Matter::~Matter() {
  workflow_.clear_image_input(kImage);
}

void Matter::set_backdrop(Backdrop backdrop) {
  backdrop_kind_ = backdrop;
  backdrop_ = {};
}

void Matter::begin_part() {
  // What a task keeps from frame to frame, it keeps for one plate.
  if (!plate_.empty()) plate_.view().generation = workflow::next_generation();
  backdrop_ = {};
  if (repair_ != nullptr) repair_->begin_part();
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

Json Matter::matte(FrameSlot& slot) {
  Json record = {{"frame", slot.number}, {"timestamp", slot.source.timestamp}};
  wf_image view = slot.source.image.view();
  view.generation = workflow::next_generation();  // the buffer is an old one, the pixels are new
  workflow_.set_image_input(view, kImage);
  workflow::Image plate = slot.plate.empty() ? plate_ : slot.plate;
  if (repair_ != nullptr) plate = repair_->plate_for(slot.source.image, plate, record);
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
  if (repair_ != nullptr && !slot.results[kAlpha].empty()) {
    repair_->mend(slot.source.image, slot.results[kAlpha], record);
  }
  add_task_facts(workflow_.result_json(0), record);
  return record;
}

}  // namespace video_matting
