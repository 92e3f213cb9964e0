#include "host/json_field.hpp"

#include <limits>

#include "workflow/error.hpp"

namespace workflow {

void JsonField::require(bool holds, const char* wanted) const {
  if (holds) return;
  throw Error(WF_WORKFLOW_INVALID, (place_.empty() ? "the document" : place_) + ": wanted " +
                                       wanted + ", found " + value_.type_name());
}

JsonField JsonField::member(const char* name) const {
  require(value_.is_object(), "an object");
  const std::string place = place_.empty() ? name : place_ + "." + name;
  const auto found = value_.find(name);
  if (found == value_.end()) throw Error(WF_WORKFLOW_INVALID, place + " is missing");
  return {*found, place};
}

std::vector<JsonField> JsonField::items(const char* name) const {
  require(value_.is_object(), "an object");
  if (!value_.contains(name)) return {};
  return member(name).items();
}

std::vector<JsonField> JsonField::items() const {
  require(value_.is_array(), "an array");
  std::vector<JsonField> fields;
  for (std::size_t i = 0; i < value_.size(); ++i) {
    fields.emplace_back(value_[i], place_ + "[" + std::to_string(i) + "]");
  }
  return fields;
}

std::string JsonField::text() const {
  require(value_.is_string(), "a string");
  return value_.get<std::string>();
}

int JsonField::integer() const {
  require(value_.is_number_integer(), "an integer");
  const double number = value_.get<double>();
  require(number >= std::numeric_limits<int>::min() && number <= std::numeric_limits<int>::max(),
          "an integer of 32 bits");
  return value_.get<int>();
}

nlohmann::json parse_json(const std::string& text) {
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::parse_error& error) {
    // The library's text ends with the place and the reason: "... at line 3, column 5: ...".
    const std::string reason = error.what();
    const std::size_t place = reason.find(" at ");
    throw Error(WF_WORKFLOW_INVALID,
                "not JSON" + (place == std::string::npos ? ": " + reason : reason.substr(place)));
  }
}

}  // namespace workflow
