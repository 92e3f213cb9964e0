#include "video_matting/plate_repair.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace video_matting {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostListed = 100;

void list(std::vector<std::int64_t>& frames, std::int64_t frame) {
  if (frames.size() < kMostListed) frames.push_back(frame);
}

}  // namespace

PlateRepair::PlateRepair(const PlateRepairSettings& settings)
    : settings_(settings), smoother_(settings.smoothing) {}

void PlateRepair::begin_part() {
  keeper_.reset();
  unlearned_.clear();
  frame_faults_.clear();
  smoother_ = plate::AlphaSmoother(settings_.smoothing);
}

workflow::Image PlateRepair::plate_for(const workflow::Image& image, const workflow::Image& plate,
                                       Json& record) {
  if (!keeper_) {
    keeper_.emplace(plate, settings_.unsure, settings_.keeper);
  } else if (plate.view().generation != plate_generation_) {
    keeper_->change_plate(plate);
  }
  plate_generation_ = plate.view().generation;
  plate::PlateReport report;
  const workflow::Image used = keeper_->plate_for(image, report);
  unlearned_.push_back(keeper_->moment());
  record["plate"] = Json::parse(plate::to_json(report));
  note(record.value("frame", frames_), report);
  return used;
}

void PlateRepair::mend(const workflow::Image& image, workflow::Image& alpha, Json&) {
  if (!unlearned_.empty()) {
    keeper_->learn(image, alpha, unlearned_.front());
    unlearned_.pop_front();
  }
  smoother_.smooth(image, alpha);
}

void PlateRepair::note(std::int64_t frame, const plate::PlateReport& report) {
  ++frames_;
  repairs_.add(frame, plate::repairs(report));
  frame_faults_ = plate::faults(report);
  faults_.add(frame, frame_faults_);
  if (report.camera_moved) list(camera_moves_, frame);
  if (report.scene_cut) list(cuts_, frame);
  largest_misalignment_px_ = std::max(largest_misalignment_px_, report.misalignment_px);
  if (std::abs(report.exposure_stops) > std::abs(largest_exposure_stops_)) {
    largest_exposure_stops_ = report.exposure_stops;
  }
  misfit_sum_ += report.misfit;
}

std::string PlateRepair::description() const {
  const auto text = [](const char* name, bool on) { return std::string(on ? name : ""); };
  return text("align ", settings_.keeper.align) +
         text("photometric ", settings_.keeper.match_colours) +
         text("drift ", settings_.keeper.drift) + "smooth " + std::to_string(settings_.smoothing);
}

Json PlateRepair::summary() const {
  return {{"settings", description()},
          {"repairs", repairs_.lines()},
          {"faults", faults_.lines()},
          {"camera_moved_at", camera_moves_},
          {"scene_cuts_at", cuts_},
          {"largest_misalignment_px", largest_misalignment_px_},
          {"largest_exposure_stops", largest_exposure_stops_},
          {"mean_misfit", frames_ == 0 ? 0 : misfit_sum_ / static_cast<double>(frames_)}};
}

}  // namespace video_matting
