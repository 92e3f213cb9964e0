// The file, its versions, its tables.
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <set>
#include <thread>

#include "conformance/checks.hpp"
#include "host/exported_symbol.hpp"
#include "host/plugin.hpp"
#include "workflow/error.hpp"

namespace conformance {
namespace {

// Names that linkers put into every library.
bool is_linkers(const std::string& name) {
  static const std::set<std::string> names = {"_init", "_fini", "_edata", "_end", "__bss_start"};
  return names.count(name) > 0;
}

// A struct of size_bytes whose next byte is no memory: reading beyond it ends the process.
class EdgeOfMemory {
 public:
  explicit EdgeOfMemory(std::size_t size_bytes) : page_(static_cast<std::size_t>(::getpagesize())) {
    memory_ = static_cast<char*>(
        ::mmap(nullptr, 2 * page_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    ::mprotect(memory_ + page_, page_, PROT_NONE);
    start_ = memory_ + page_ - size_bytes;
  }
  ~EdgeOfMemory() { ::munmap(memory_, 2 * page_); }
  EdgeOfMemory(const EdgeOfMemory&) = delete;
  EdgeOfMemory& operator=(const EdgeOfMemory&) = delete;

  template <typename T>
  T* as() const {
    return reinterpret_cast<T*>(start_);
  }

 private:
  std::size_t page_;
  char* memory_;
  char* start_;
};

void check_other_major(const Subject& subject, std::uint32_t major, Report& report) {
  Check check(report, "a host of major version " + std::to_string(major) + " gets NULL");
  // All that two majors have in common are the first two fields.
  const EdgeOfMemory edge(2 * sizeof(std::uint32_t));
  auto* fields = edge.as<std::uint32_t>();
  fields[0] = sizeof(wf_host);
  fields[1] = major << 16;
  check.require(subject.entry()(edge.as<wf_host>()) == nullptr, "it got a table");
}

void check_newer_host(const Subject& subject, Report& report) {
  Check check(report, "a host of a newer minor version with a longer struct is served");
  struct NewerHost {
    RecordingHost recording;
    std::uint64_t fields_of_tomorrow[8];
  } newer;
  std::memset(newer.fields_of_tomorrow, 0xa5, sizeof newer.fields_of_tomorrow);
  newer.recording.host.struct_size += sizeof newer.fields_of_tomorrow;
  newer.recording.host.abi_version = WF_ABI_VERSION + 7;
  if (!check.require(subject.entry()(&newer.recording.host) != nullptr, "it got NULL")) return;
  TaskInstance instance(subject, newer.recording);
  auto inputs = random_inputs(subject.task(), kPlainShape, 1);
  const auto result = instance.process(inputs);
  check.require(result.answer.ok(), text_of(result.answer));
}

}  // namespace

void check_exports(const Options& options, Report& report) {
  Check entry(report, "the library exports " WF_PLUGIN_ENTRY_SYMBOL);
  Check others(report, "it exports no other C symbol");
  int entries = 0;
  for (const std::string& name : workflow::exported_symbols(options.path)) {
    entries += name == WF_PLUGIN_ENTRY_SYMBOL;
    const bool is_cpp = name.rfind("_Z", 0) == 0;
    others.require(is_cpp || is_linkers(name) || name == WF_PLUGIN_ENTRY_SYMBOL, name);
  }
  entry.require(entries == 1, std::to_string(entries) + " of that name");
}

void check_versions(const Options& options, Report& report) {
  const Subject subject(options.path, options.task);
  RecordingHost recording;
  {
    Check check(report, "a null host gets NULL");
    check.require(subject.entry()(nullptr) == nullptr, "it got a table");
  }
  check_other_major(subject, WF_ABI_MAJOR + 1, report);
  check_other_major(subject, 0, report);
  {
    Check check(report, "a host of ABI 1.0 is served");
    recording.host.abi_version = WF_ABI_MAJOR << 16;
    check.require(subject.entry()(&recording.host) != nullptr, "it got NULL");
  }
  check_newer_host(subject, report);
  Check check(report, "the entry gives every thread the same table");
  std::vector<const wf_plugin*> tables(8);
  std::vector<std::thread> threads;
  for (auto& table : tables) {
    threads.emplace_back([&] { table = subject.entry()(&recording.host); });
  }
  for (auto& thread : threads) thread.join();
  for (const auto* table : tables) check.require(table == &subject.table(), "another one");
}

void check_tables(const Options& options, Report& report) {
  const Subject subject(options.path, options.task);
  const wf_plugin& table = subject.table();
  {
    Check check(report, "sizes, versions, functions, names and texts are there");
    try {
      workflow::check_plugin_table(table, options.path);
    } catch (const workflow::Error& error) {
      check.require(false, error.what());
      return;
    }
  }
  Check names(report, "task names differ");
  Check keys(report, "parameter keys differ and have a known type");
  static const std::set<std::string> types = {"choice", "integer", "number", "text", "path"};
  std::set<std::string> known;
  for (std::uint32_t i = 0; i < table.task_count; ++i) {
    const wf_task_info& info = *table.get_task_info(i);
    names.require(known.insert(info.name).second, info.name);
    std::set<std::string> known_keys;
    for (std::uint32_t k = 0; k < info.parameter_count; ++k) {
      const wf_parameter_info& parameter = *info.parameters[k];
      keys.require(known_keys.insert(parameter.key).second && types.count(parameter.type) > 0,
                   std::string(parameter.key) + " of type " + parameter.type);
    }
  }
  Check beyond(report, "there is no task beyond task_count");
  beyond.require(!table.get_task_info(table.task_count) && !table.get_task_info(0xffffffffu),
                 "one more");
}

}  // namespace conformance
