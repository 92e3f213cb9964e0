// Strings in, strings out, all or nothing.
#include <cstring>
#include <sstream>

#include "conformance/checks.hpp"

namespace conformance {
namespace {

using Values = std::vector<std::string>;

// "a, b, c" for a choice; nothing for other types, whose allowed text is prose.
Values choices(const wf_parameter_info& parameter) {
  Values values;
  if (std::strcmp(parameter.type, "choice") != 0) return values;
  std::istringstream stream(parameter.allowed);
  for (std::string value; std::getline(stream, value, ',');) {
    value.erase(0, value.find_first_not_of(' '));
    values.push_back(value);
  }
  return values;
}

// Texts that are no value of the type.
Values bad_values(const wf_parameter_info& parameter) {
  const std::string type = parameter.type;
  if (type == "choice") return {"no such choice", "*"};
  if (type == "integer") return {"abc", "", "1.5x", "99999999999999999999999"};
  if (type == "number") return {"abc", "", "nan", "0.5x"};
  return {};
}

// Whether text has a word of the description of what is allowed, so that people learn it.
bool names_allowed(const std::string& text, const char* allowed) {
  std::istringstream words(allowed);
  bool any = false;
  for (std::string word; words >> word; any = true) {
    if (text.find(word) != std::string::npos) return true;
  }
  return !any;
}

void check_defaults(const Subject& subject, Report& report) {
  Check defaults(report, "a new instance has the default values");
  Check round_trip(report, "get -> set -> get gives the same");
  Check choice(report, "every choice that is allowed can be set and is given back");
  const wf_task_info& task = subject.task();
  TaskInstance instance(subject);
  for (std::uint32_t i = 0; i < task.parameter_count; ++i) {
    const wf_parameter_info& parameter = *task.parameters[i];
    const std::string value = instance.parameter(parameter.key);
    defaults.require(value == parameter.default_value, std::string(parameter.key) + " is " + value);
    const Answer set = instance.set({{parameter.key, value}});
    round_trip.require(set.ok() && instance.parameter(parameter.key) == value,
                       std::string(parameter.key) + ": " + text_of(set));
    for (const std::string& allowed : choices(parameter)) {
      const Answer answer = TaskInstance(subject).set({{parameter.key, allowed}});
      choice.require(answer.ok(), parameter.key + (" = " + allowed) + ": " + text_of(answer));
    }
  }
}

// A value that differs from the default, for a parameter that is a choice; else no pair.
Values other_choice(const wf_task_info& task) {
  for (std::uint32_t i = 0; i < task.parameter_count; ++i) {
    for (const std::string& value : choices(*task.parameters[i])) {
      if (value != task.parameters[i]->default_value) return {task.parameters[i]->key, value};
    }
  }
  return {};
}

// Sets something good together with something bad: nothing may have changed.
Answer set_good_and_bad(const Subject& subject, const std::string& key, const std::string& value,
                        Check& check) {
  TaskInstance instance(subject);
  const auto before = instance.parameters();
  std::vector<std::pair<std::string, std::string>> batch;
  const Values good = other_choice(subject.task());
  if (!good.empty() && good[0] != key) batch.emplace_back(good[0], good[1]);
  batch.emplace_back(key, value);
  const Answer answer = instance.set(batch);
  check.require(instance.parameters() == before, key + " = '" + value + "' changed something");
  return answer;
}

void check_refusals(const Subject& subject, Report& report) {
  const wf_task_info& task = subject.task();
  Check nothing(report, "a refused set changes nothing");
  Check unknown(report, "an unknown key is refused by name");
  Check bad(report, "a bad value is refused; the text has key, value and what is allowed");
  const Answer answer = set_good_and_bad(subject, "no_such_key", "1", nothing);
  unknown.require(answer.explains_failure() && answer.status == WF_UNKNOWN_PARAMETER &&
                      answer.text.find("no_such_key") != std::string::npos,
                  text_of(answer));
  for (std::uint32_t i = 0; i < task.parameter_count; ++i) {
    const wf_parameter_info& parameter = *task.parameters[i];
    for (const std::string& value : bad_values(parameter)) {
      const Answer refused = set_good_and_bad(subject, parameter.key, value, nothing);
      bad.require(refused.explains_failure() && refused.status == WF_BAD_PARAMETER_VALUE &&
                      refused.text.find(parameter.key) != std::string::npos &&
                      refused.text.find(value) != std::string::npos &&
                      names_allowed(refused.text, parameter.allowed),
                  parameter.key + (" = '" + value + "': ") + text_of(refused));
    }
  }
}

void check_null_arguments(const Subject& subject, Report& report) {
  Check check(report, "null keys, values and lengths are refused, an empty set is not");
  TaskInstance instance(subject);
  const char* null_text[] = {nullptr};
  const char* text[] = {"x"};
  const auto set = [&](const char* const* keys, const char* const* values, std::uint32_t count) {
    return ask([&](wf_error* error) {
      return subject.table().set_parameters(instance.get(), keys, values, count, error);
    });
  };
  check.require(set(nullptr, nullptr, 0).ok(),
                "an empty set: " + text_of(set(nullptr, nullptr, 0)));
  check.require(set(nullptr, nullptr, 1).explains_failure(), "null lists");
  check.require(set(null_text, text, 1).explains_failure(), "a null key");
  check.require(set(text, null_text, 1).explains_failure(), "a null value");
  std::size_t length = 0;
  const Answer unknown = ask([&](wf_error* error) {
    return subject.table().get_parameter(instance.get(), "no_such_key", nullptr, 0, &length, error);
  });
  check.require(unknown.status == WF_UNKNOWN_PARAMETER && unknown.explains_failure(),
                "get of an unknown key: " + text_of(unknown));
}

void check_buffers(const Subject& subject, Report& report) {
  Check check(report, "get_parameter keeps to its buffer");
  TaskInstance instance(subject);
  for (std::uint32_t i = 0; i < subject.task().parameter_count; ++i) {
    const char* key = subject.task().parameters[i]->key;
    const std::string value = instance.parameter(key);
    for (std::size_t capacity = 0; capacity <= value.size() + 1; ++capacity) {
      std::string buffer(value.size() + 8, '\x5a');
      std::size_t length = 0;
      const wf_status status = subject.table().get_parameter(
          instance.get(), key, capacity ? buffer.data() : nullptr, capacity, &length, nullptr);
      const std::string start = value.substr(0, capacity ? capacity - 1 : 0);
      check.require(status == WF_OK && length == value.size(), key);
      check.require(capacity == 0 || start == buffer.c_str(), std::string(key) + ": cut wrongly");
      check.require(buffer.find_first_not_of('\x5a', capacity) == std::string::npos,
                    std::string(key) + ": wrote beyond the capacity");
    }
  }
}

}  // namespace

void check_parameters(const Options& options, Report& report) {
  const Subject subject(options.path, options.task);
  if (subject.task().parameter_count > 0) check_defaults(subject, report);
  check_refusals(subject, report);
  check_null_arguments(subject, report);
  check_buffers(subject, report);
}

}  // namespace conformance
