#include "cli/plate_repair.hpp"

#include <nlohmann/json.hpp>

#include "cli/matting_workflow.hpp"

namespace cli {
namespace {

// Of display values 0..1: twice the spread that our training data has (chances.py: exposure). Among
// pairs whose light differed by less, as many mattes became worse by matching as better.
constexpr double kBorneChange = 0.08;

}  // namespace

PlateFindings repair_plate(workflow::Workflow& workflow, plate::KeeperSettings settings) {
  settings.least_colour_change = kBorneChange;
  plate::PlateKeeper keeper(workflow.input(kPlate), settings);
  PlateFindings findings;
  const workflow::Image repaired = keeper.plate_for(workflow.input(kImage), findings.report);
  findings.repairs = plate::repairs(findings.report);
  findings.warnings = plate::faults(findings.report);
  if (findings.report.is_repaired() || findings.report.is_resized()) {
    workflow.set_image_input(repaired, kPlate);
  }
  return findings;
}

std::string with_plate(const std::string& result_json, const PlateFindings& findings) {
  auto json = nlohmann::ordered_json::parse(result_json);
  json["plate"] = nlohmann::ordered_json::parse(plate::to_json(findings.report));
  for (const std::string& warning : findings.warnings) json["warnings"].push_back(warning);
  return json.dump(2);
}

}  // namespace cli
