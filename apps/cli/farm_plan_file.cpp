#include "cli/farm_plan_file.hpp"

#include <CLI/Error.hpp>
#include <algorithm>
#include <filesystem>

#include "cli/verbs.hpp"
#include "files/atomic_file.hpp"
#include "files/read_file.hpp"
#include "workflow/error.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using workflow::Error;

constexpr std::uint64_t kMaximumBytes = 1u << 30;
// Raised when a plan of before would be misunderstood.
constexpr int kVersion = 1;

fs::path folder_of(const std::string& path) {
  return fs::absolute(path).parent_path();
}

// "--quality=20" for every value that was given.
Json arguments_of(const CLI::App& call) {
  Json arguments = Json::array();
  for (const CLI::Option* option : call.get_options()) {
    if (option->get_group() == kPlanOptions) continue;
    for (const std::string& value : option->results()) {
      arguments.push_back("--" + option->get_lnames().front() + "=" + value);
    }
  }
  return arguments;
}

Json parse(const std::string& path) {
  const auto bytes = workflow::files::read_file(path, kMaximumBytes);
  const Json json = Json::parse(bytes.begin(), bytes.end(), nullptr, false);
  if (!json.is_object() || json.value("farm_plan", 0) != kVersion) {
    throw UsageError(path + " is not a plan of this version's matting video split");
  }
  return json;
}

}  // namespace

void write_plan_file(const std::string& path, const video_matting::FarmPlan& plan,
                     const CLI::App& call) {
  Json json = {{"farm_plan", kVersion},
               {"folder", fs::proximate(fs::current_path(), folder_of(path)).string()},
               {"arguments", arguments_of(call)}};
  json.update(to_json(plan));
  workflow::files::write_file(path,
                              json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

video_matting::FarmPlan read_plan_file(const std::string& path, CLI::App& call) try {
  const Json json = parse(path);
  auto arguments = json.at("arguments").get<std::vector<std::string>>();
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  call.parse(std::move(arguments));
  auto plan = video_matting::plan_of(json);
  fs::current_path(folder_of(path) / json.at("folder").get<std::string>());
  return plan;
} catch (const Json::exception& error) {
  throw UsageError(path + " is damaged: " + error.what());
} catch (const CLI::ParseError& error) {
  throw UsageError(path + " is damaged: " + error.what());
} catch (const fs::filesystem_error& error) {
  throw Error(WF_READ_FAILED, path + ": its working folder is not there: " + error.what());
} catch (const Error& error) {
  if (error.code() != WF_INVALID_ARGUMENT) throw;
  throw UsageError(path + ": " + error.what());
}

}  // namespace cli
