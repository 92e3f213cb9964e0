// One line for each thing that was looked at.
#ifndef CONFORMANCE_REPORT_HPP
#define CONFORMANCE_REPORT_HPP

#include <string>

namespace conformance {

class Report {
 public:
  explicit Report(std::string group) : group_(std::move(group)) {}
  void pass(const std::string& what);
  void fail(const std::string& what, const std::string& found);
  void skip(const std::string& what, const std::string& reason);
  int failures() const noexcept { return failures_; }

 private:
  void line(const char* verdict, const std::string& what, const std::string& detail) const;

  std::string group_;
  int failures_ = 0;
};

// A property that is looked at many times; its line, with the first thing that did not hold, comes
// when it ends.
class Check {
 public:
  Check(Report& report, std::string what) : report_(report), what_(std::move(what)) {}
  ~Check();
  Check(const Check&) = delete;
  Check& operator=(const Check&) = delete;

  // Returns holds. found is kept of the first that does not.
  bool require(bool holds, const std::string& found);

 private:
  Report& report_;
  std::string what_;
  std::string found_;
  bool holds_ = true;
};

}  // namespace conformance

#endif  // CONFORMANCE_REPORT_HPP
