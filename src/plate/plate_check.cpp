#include "plate/plate_check.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "plate/finding_tally.hpp"

namespace plate {
namespace {

// Beyond this the network sees the difference.
constexpr double kVisibleMisfit = 0.012;

Verdict verdict_of(const PlateReport& report) {
  if (report.misfits() || report.subject_in_plate()) return Verdict::kUnfit;
  const bool changed =
      report.misfit_before > kVisibleMisfit && report.misfit < 0.8 * report.misfit_before;
  return changed ? Verdict::kRepairable : Verdict::kFits;
}

const char* advice(Verdict verdict) {
  switch (verdict) {
    case Verdict::kFits:
      return "verdict: the plate fits";
    case Verdict::kRepairable:
      return "verdict: the plate fits after the repairs that are switched on";
    default:
      return "verdict: the plate does not fit; expect a bad matte in the frames named above";
  }
}

}  // namespace

PlateCheck::PlateCheck(workflow::Image plate, const KeeperSettings& settings)
    : plate_(std::move(plate)), settings_(settings) {
  // Light that drifts is learnt from alphas, and there are none here.
  settings_.drift = false;
}

const PlateReport& PlateCheck::add(const workflow::Image& frame, std::int64_t number) {
  // A keeper for each frame: they are too far apart to learn from the one before.
  PlateKeeper keeper(plate_, settings_);
  Entry entry{number, {}};
  keeper.plate_for(frame, entry.report);
  entries_.push_back(std::move(entry));
  return entries_.back().report;
}

Verdict PlateCheck::verdict() const {
  Verdict worst = Verdict::kFits;
  for (const Entry& entry : entries_) worst = std::max(worst, verdict_of(entry.report));
  return worst;
}

std::vector<std::string> PlateCheck::lines() const {
  FindingTally mended, left;
  for (const Entry& entry : entries_) {
    mended.add(entry.number, repairs(entry.report));
    left.add(entry.number, faults(entry.report));
  }
  std::vector<std::string> lines = mended.lines();
  for (const std::string& line : left.lines()) lines.push_back(line);
  lines.push_back(advice(verdict()));
  return lines;
}

std::string PlateCheck::to_json() const {
  nlohmann::ordered_json json;
  json["verdict"] = name(verdict());
  json["findings"] = lines();
  for (const Entry& entry : entries_) {
    auto report = nlohmann::ordered_json::parse(plate::to_json(entry.report));
    report["frame"] = entry.number;
    json["frames"].push_back(std::move(report));
  }
  return json.dump();
}

const char* name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kFits:
      return "fits";
    case Verdict::kRepairable:
      return "repairable";
    default:
      return "unfit";
  }
}

}  // namespace plate
