#include "cli/plate_repair.hpp"

#include <nlohmann/json.hpp>

#include "cli/matting_workflow.hpp"

namespace cli {
namespace {

// Of display values 0..1: twice the spread that our training data has (chances.py: exposure). Among
// pairs whose light differed by less, as many mattes became worse by matching as better.
constexpr double kBorneChange = 0.08;

bool is_repaired(const plate::PlateReport& report) {
  return report.alignment != "none" || report.gain != std::array<double, 3>{1, 1, 1} ||
         report.bias != std::array<double, 3>{0, 0, 0};
}

std::string size_text(const workflow::Image& image) {
  return std::to_string(image.width()) + "x" + std::to_string(image.height());
}

}  // namespace

PlateRepair repair_plate(workflow::Workflow& workflow, plate::KeeperSettings settings) {
  settings.least_colour_change = kBorneChange;
  const workflow::Image given = workflow.input(kPlate);
  plate::PlateKeeper keeper(given, settings);
  PlateRepair repair;
  const workflow::Image repaired = keeper.plate_for(workflow.input(kImage), repair.report);
  repair.repairs = plate::repairs(repair.report);
  repair.warnings = plate::faults(repair.report);
  if (!is_repaired(repair.report)) return repair;
  if (size_text(given) != size_text(repaired)) {  // else the task says so
    repair.warnings.push_back("plate resized from " + size_text(given) + " to the image's " +
                              size_text(repaired));
  }
  workflow.set_image_input(repaired, kPlate);
  return repair;
}

std::string with_plate(const std::string& result_json, const PlateRepair& repair) {
  auto json = nlohmann::ordered_json::parse(result_json);
  json["plate"] = nlohmann::ordered_json::parse(plate::to_json(repair.report));
  for (const std::string& warning : repair.warnings) json["warnings"].push_back(warning);
  return json.dump(2);
}

}  // namespace cli
