// A value in a JSON file together with its place, for error texts: "tasks[1].task_data.name".
#ifndef WORKFLOW_HOST_JSON_FIELD_HPP
#define WORKFLOW_HOST_JSON_FIELD_HPP

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace workflow {

// Borrows the document. Functions throw Error WF_WORKFLOW_INVALID that names the place, the type
// that was wanted and what was found.
class JsonField {
 public:
  JsonField(const nlohmann::json& value, std::string place)
      : value_(value), place_(std::move(place)) {}

  const std::string& place() const noexcept { return place_; }

  JsonField member(const char* name) const;  // must be there
  std::vector<JsonField> items(
      const char* name) const;  // of an array member; none if it is missing
  std::vector<JsonField> items() const;
  std::string text() const;
  int integer() const;

 private:
  void require(bool holds, const char* wanted) const;

  const nlohmann::json& value_;
  std::string place_;
};

// Throws Error WF_WORKFLOW_INVALID with line and column of the first character that does not fit.
nlohmann::json parse_json(const std::string& text);

}  // namespace workflow

#endif  // WORKFLOW_HOST_JSON_FIELD_HPP
