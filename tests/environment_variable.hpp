// An environment variable for the length of one test.
#ifndef TESTS_ENVIRONMENT_VARIABLE_HPP
#define TESTS_ENVIRONMENT_VARIABLE_HPP

#include <cstdlib>
#include <optional>
#include <string>

class EnvironmentVariable {
 public:
  EnvironmentVariable(const std::string& name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name.c_str())) before_ = before;
    ::setenv(name.c_str(), value.c_str(), 1);
  }
  ~EnvironmentVariable() {
    if (before_) {
      ::setenv(name_.c_str(), before_->c_str(), 1);
    } else {
      ::unsetenv(name_.c_str());
    }
  }
  EnvironmentVariable(const EnvironmentVariable&) = delete;
  EnvironmentVariable& operator=(const EnvironmentVariable&) = delete;

 private:
  std::string name_;
  std::optional<std::string> before_;
};

#endif  // TESTS_ENVIRONMENT_VARIABLE_HPP
