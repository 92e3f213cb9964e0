// The file that split writes: a plan, and the call that it is for.
#ifndef CLI_FARM_PLAN_FILE_HPP
#define CLI_FARM_PLAN_FILE_HPP

#include <CLI/App.hpp>
#include <string>

#include "video_matting/farm_plan.hpp"

namespace cli {

// The group of split's options that are no options of the job.
inline constexpr const char* kPlanOptions = "The plan";

// Writes plan with the options of the job that call was parsed with and the present folder, from
// which relative paths count. Throws workflow::Error.
void write_plan_file(const std::string& path, const video_matting::FarmPlan& plan,
                     const CLI::App& call);

// Goes to that folder, which is found from the file's own: other machines may see the files under
// another path. Parses the options into options of the same kind in call. Throws UsageError for
// what is no plan, workflow::Error where the file cannot be read.
video_matting::FarmPlan read_plan_file(const std::string& path, CLI::App& call);

}  // namespace cli

#endif  // CLI_FARM_PLAN_FILE_HPP
