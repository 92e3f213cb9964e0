// The groups of checks. Each runs in a process of its own: a crash ends one group, not all.
#ifndef CONFORMANCE_CHECKS_HPP
#define CONFORMANCE_CHECKS_HPP

#include <string>
#include <vector>

#include "conformance/report.hpp"
#include "conformance/subject.hpp"

namespace conformance {

struct Options {
  std::string path;
  std::string task;   // empty: the plugin's first
  bool fast = false;  // few and small pictures, for plugins that take seconds a run
};

void check_exports(const Options& options, Report& report);
void check_versions(const Options& options, Report& report);
void check_tables(const Options& options, Report& report);
void check_instances(const Options& options, Report& report);
void check_parameters(const Options& options, Report& report);
void check_pictures(const Options& options, Report& report);
void check_outputs(const Options& options, Report& report);
void check_bad_calls(const Options& options, Report& report);
void check_struct_sizes(const Options& options, Report& report);
void check_generations(const Options& options, Report& report);
void check_progress(const Options& options, Report& report);
void check_cancel(const Options& options, Report& report);
void check_threads(const Options& options, Report& report);
void check_lent_threads(const Options& options, Report& report);
void check_extensions(const Options& options, Report& report);
void check_reloading(const Options& options, Report& report);

// The picture that most checks use.
constexpr Shape kPlainShape = {64, 48, WF_FORMAT_RGB8};

}  // namespace conformance

#endif  // CONFORMANCE_CHECKS_HPP
