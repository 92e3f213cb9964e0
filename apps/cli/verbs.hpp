// The verbs of the command line, one file each. add_*_verb puts a verb with its options into app; its
// work is done when the arguments are parsed. Work that fails throws; see main.cpp for exit codes.
#ifndef CLI_VERBS_HPP
#define CLI_VERBS_HPP

#include <CLI/App.hpp>
#include <stdexcept>
#include <string>

namespace cli {

void add_image_verb(CLI::App& app);
void add_video_verb(CLI::App& app);
void add_live_verb(CLI::App& video);  // below the verb video
void add_run_verb(CLI::App& app);
void add_bench_verb(CLI::App& app);
void add_evaluate_verb(CLI::App& app);
void add_model_verb(CLI::App& app);
void add_plugin_verb(CLI::App& app);

// The call was wrong, found after parsing: exit code 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The help's last lines: one call that works from the repository's folder (a test runs them all).
inline std::string example(const std::string& command) {
  return "Example:\n  " + command;
}

}  // namespace cli

#endif  // CLI_VERBS_HPP
