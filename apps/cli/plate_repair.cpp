#include "cli/plate_repair.hpp"

#include "cli/matting_workflow.hpp"
#include "plate/plate_keeper.hpp"

namespace cli {

plate::PlateReport repair_plate(workflow::Workflow& workflow) {
  plate::PlateKeeper keeper(workflow.input(kPlate));
  plate::PlateReport report;
  workflow.set_image_input(keeper.plate_for(workflow.input(kImage), report), kPlate);
  return report;
}

}  // namespace cli
