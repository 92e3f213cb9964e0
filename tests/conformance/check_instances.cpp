// Life and death of instances and of the library.
#include <dlfcn.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "conformance/checks.hpp"

namespace conformance {
namespace {

int open_files() {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    static_cast<void>(entry);
    ++count;
  }
  return count;
}

int mappings() {
  std::ifstream maps("/proc/self/maps");
  int count = 0;
  for (std::string line; std::getline(maps, line);) ++count;
  return count;
}

void check_refusal(const Subject& subject, const char* task, Report& report) {
  Check check(report, std::string("create refuses ") + (task ? "an unknown task" : "a null task"));
  RecordingHost host;
  auto* instance = reinterpret_cast<wf_instance*>(&host);  // must be set to NULL
  const Answer answer = ask(
      [&](wf_error* error) { return subject.table().create(&host.host, task, &instance, error); });
  check.require(answer.explains_failure(), text_of(answer));
  check.require(instance == nullptr, "*instance is not NULL");
}

void load_and_close(const Options& options) {
  const Subject subject(options.path, options.task);
  const TaskInstance instance(subject);
}

}  // namespace

void check_instances(const Options& options, Report& report) {
  const Subject subject(options.path, options.task);
  check_refusal(subject, "no such task", report);
  check_refusal(subject, nullptr, report);
  {
    Check check(report, "create refuses to put the instance nowhere");
    RecordingHost host;
    const Answer answer = ask([&](wf_error* error) {
      return subject.table().create(&host.host, subject.task().name, nullptr, error);
    });
    check.require(answer.explains_failure(), text_of(answer));
  }
  subject.table().destroy(nullptr);
  report.pass("destroy takes NULL");
  Check check(report, "200 instances come and go without leaving files open");
  { const TaskInstance first(subject); }
  const int before = open_files();
  for (int i = 0; i < 200; ++i) const TaskInstance instance(subject);
  check.require(open_files() <= before, std::to_string(open_files() - before) + " more");
}

void check_reloading(const Options& options, Report& report) {
  const int rounds = options.fast ? 10 : 100;
  Check check(report, "loaded and closed " + std::to_string(rounds) +
                          " times without files or mappings left over");
  for (int i = 0; i < 3; ++i) load_and_close(options);  // what libraries set up once
  const int files = open_files();
  const int maps = mappings();
  for (int i = 0; i < rounds; ++i) load_and_close(options);
  check.require(open_files() <= files, std::to_string(open_files() - files) + " more open files");
  // A heap that grows takes a mapping now and then; a leak takes one a round.
  check.require(mappings() < maps + rounds / 2,
                std::to_string(mappings() - maps) + " more mappings");
}

}  // namespace conformance
