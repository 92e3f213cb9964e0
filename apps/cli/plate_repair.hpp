// The plate of a single picture, repaired before it is matted.
#ifndef CLI_PLATE_REPAIR_HPP
#define CLI_PLATE_REPAIR_HPP

#include <string>
#include <vector>

#include "plate/plate_keeper.hpp"
#include "workflow/host.hpp"

namespace cli {

struct PlateFindings {
  plate::PlateReport report;
  std::vector<std::string> repairs, warnings;  // sentences
};

// Lays the workflow's plate on its image, and matches its colours where they differ by more than
// models are trained to bear. A plate that needs neither stays the very one.
PlateFindings repair_plate(workflow::Workflow& workflow, plate::KeeperSettings settings);

// A task's result with what was found: "plate", and more "warnings".
std::string with_plate(const std::string& result_json, const PlateFindings& findings);

}  // namespace cli

#endif  // CLI_PLATE_REPAIR_HPP
