// wf_conformance PLUGIN.so [--task NAME] [--fast]: does a plugin keep the contract of plugin_abi.h?
// Knows nothing of any plugin but what its tables say. Exit code 0: yes, 1: no, 2: wrong call.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <iostream>

#include "conformance/checks.hpp"

namespace conformance {
namespace {

struct Group {
  const char* name;
  void (*check)(const Options&, Report&);
};

constexpr Group kGroups[] = {
    {"exports", check_exports},
    {"versions", check_versions},
    {"tables", check_tables},
    {"instances", check_instances},
    {"parameters", check_parameters},
    {"pictures", check_pictures},
    {"outputs", check_outputs},
    {"bad calls", check_bad_calls},
    {"struct sizes", check_struct_sizes},
    {"generations", check_generations},
    {"progress", check_progress},
    {"cancel", check_cancel},
    {"threads", check_threads},
    {"lent threads", check_lent_threads},
    {"extensions", check_extensions},
    {"reloading", check_reloading},
};

// Number of failures, at most 99.
int run_here(const Group& group, const Options& options) {
  Report report(group.name);
  try {
    group.check(options, report);
  } catch (const std::exception& error) {
    report.fail("the checks could go on", error.what());
  } catch (...) {
    report.fail("nothing is thrown across the border", "an exception of unknown type");
  }
  return report.failures() < 99 ? report.failures() : 99;
}

int run_apart(const Group& group, const Options& options) {
  std::cout.flush();
  const pid_t child = ::fork();
  if (child < 0) return run_here(group, options);
  if (child == 0) std::exit(run_here(group, options));
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  Report(group.name)
      .fail("the plugin does not crash", std::string("signal ") + ::strsignal(WTERMSIG(status)));
  return 1;
}

bool parse(int argc, char** argv, Options& options) {
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--fast") == 0) {
      options.fast = true;
    } else if (std::strcmp(argv[i], "--task") == 0 && i + 1 < argc) {
      options.task = argv[++i];
    } else if (options.path.empty() && argv[i][0] != '-') {
      options.path = argv[i];
    } else {
      return false;
    }
  }
  return !options.path.empty();
}

}  // namespace
}  // namespace conformance

int main(int argc, char** argv) {
  conformance::Options options;
  if (!conformance::parse(argc, argv, options)) {
    std::cerr << "usage: wf_conformance PLUGIN.so [--task NAME] [--fast]\n";
    return 2;
  }
  if (options.path.find('/') == std::string::npos) options.path = "./" + options.path;
  int failures = 0;
  for (const auto& group : conformance::kGroups) failures += conformance::run_apart(group, options);
  std::cout << (failures == 0 ? "conforms"
                              : "does not conform: " + std::to_string(failures) + " failed")
            << std::endl;
  return failures == 0 ? 0 : 1;
}
