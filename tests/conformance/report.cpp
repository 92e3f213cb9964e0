#include "conformance/report.hpp"

#include <iostream>

namespace conformance {

void Report::line(const char* verdict, const std::string& what, const std::string& detail) const {
  std::cout << verdict << " " << group_ << ": " << what << (detail.empty() ? "" : ": " + detail)
            << std::endl;
}

void Report::pass(const std::string& what) {
  line("ok  ", what, "");
}
void Report::fail(const std::string& what, const std::string& found) {
  ++failures_;
  line("FAIL", what, found);
}
void Report::skip(const std::string& what, const std::string& reason) {
  line("skip", what, reason);
}

bool Check::require(bool holds, const std::string& found) {
  if (!holds && holds_) {
    holds_ = false;
    found_ = found;
  }
  return holds;
}

Check::~Check() {
  if (holds_) {
    report_.pass(what_);
  } else {
    report_.fail(what_, found_);
  }
}

}  // namespace conformance
