// The plate of a single picture, repaired before it is matted.
#ifndef CLI_PLATE_REPAIR_HPP
#define CLI_PLATE_REPAIR_HPP

#include "plate/plate_report.hpp"
#include "workflow/host.hpp"

namespace cli {

// Lays the workflow's plate on its image and matches its colours; says what was done.
plate::PlateReport repair_plate(workflow::Workflow& workflow);

}  // namespace cli

#endif  // CLI_PLATE_REPAIR_HPP
