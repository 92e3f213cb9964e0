#include "evaluate/summary.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace matting {
namespace {

using Json = nlohmann::ordered_json;

Json scores_json(const MatteScores& scores) {
  Json json = {{"mad", scores.mad},           {"mse", scores.mse},
               {"sad", scores.sad},           {"grad", scores.gradient},
               {"conn", scores.connectivity}};
  if (scores.foreground_mse) json["fgr_mse"] = *scores.foreground_mse;
  return json;
}

Json checks_json(const std::vector<RegionCheck>& checks) {
  Json json = Json::object(), failed = Json::array();
  for (const RegionCheck& check : checks) {
    json[check.name] = check.value;
    if (!check.holds()) failed.push_back(check.name);
  }
  json["failed"] = failed;
  return json;
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%9.3f", value);
  return text;
}

std::string row_text(const std::string& name, const MatteScores& scores) {
  std::string row = name;
  if (row.size() < 20) row.resize(20, ' ');
  for (const double value :
       {scores.mad, scores.mse, scores.sad, scores.gradient, scores.connectivity}) {
    row += " " + number(value);
  }
  return row + " " + (scores.foreground_mse ? number(*scores.foreground_mse) : "        -") + "\n";
}

std::string check_text(const RegionCheck& check) {
  return check.name + "=" + number(check.value).substr(4) +
         (check.holds() ? "" : std::string(" FAILED (wanted ") +
                                   (check.at_least ? "at least" : "at most") +
                                   number(check.limit) + ")");
}

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string figure(const std::string& name, const char* kind) {
  return "<figure><img loading=\"lazy\" src=\"" + escaped(name) + "_" + kind +
         ".jpg\"><figcaption>" + kind + "</figcaption></figure>\n";
}

std::string section(const std::string& name, const std::string& facts,
                    const std::vector<const char*>& pictures) {
  std::string html = "<h2>" + escaped(name) + "</h2>\n<pre>" + escaped(facts) + "</pre>\n<div>\n";
  for (const char* picture : pictures) html += figure(name, picture);
  return html + "</div>\n";
}

constexpr const char* kHeading =
    "item                      mad       mse       sad      grad      conn   fgr_mse\n";

}  // namespace

MatteScores EvaluationSummary::mean() const {
  MatteScores sum;
  double foreground = 0, foregrounds = 0;
  for (const auto& [name, scores] : composites) {
    sum.mad += scores.mad;
    sum.mse += scores.mse;
    sum.sad += scores.sad;
    sum.gradient += scores.gradient;
    sum.connectivity += scores.connectivity;
    if (!scores.foreground_mse) continue;
    foreground += *scores.foreground_mse;
    ++foregrounds;
  }
  const double count = std::max<double>(1, static_cast<double>(composites.size()));
  for (double* value : {&sum.mad, &sum.mse, &sum.sad, &sum.gradient, &sum.connectivity}) {
    *value /= count;
  }
  if (foregrounds > 0) sum.foreground_mse = foreground / foregrounds;
  return sum;
}

std::string EvaluationSummary::to_json() const {
  Json json = {{"composites", Json::object()}};
  for (const auto& [name, scores] : composites) json["composites"][name] = scores_json(scores);
  if (!composites.empty()) json["mean"] = scores_json(mean());
  json["captured"] = Json::object();
  for (const auto& [name, checks] : captured) json["captured"][name] = checks_json(checks);
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::string EvaluationSummary::to_text() const {
  std::string text;
  if (!composites.empty()) {
    text += kHeading;
    for (const auto& [name, scores] : composites) text += row_text(name, scores);
    text += row_text("MEAN of " + std::to_string(composites.size()), mean());
  }
  for (const auto& [name, checks] : captured) {
    text += name + ":";
    for (const RegionCheck& check : checks) text += " " + check_text(check);
    text += "\n";
  }
  return text;
}

std::string EvaluationSummary::to_html(const std::string& title) const {
  auto worst_first = composites;
  std::stable_sort(worst_first.begin(), worst_first.end(),
                   [](const auto& a, const auto& b) { return a.second.mad > b.second.mad; });
  std::string html =
      "<!doctype html>\n<html><head><meta charset=\"utf-8\"><title>" + escaped(title) +
      "</title><style>body{font-family:sans-serif;margin:1em}div{display:flex;flex-wrap:wrap;"
      "gap:.5em}figure{margin:0;width:19%;min-width:16em}img{width:100%}</style></head><body>\n"
      "<h1>" + escaped(title) + "</h1>\n<pre>" + escaped(to_text()) + "</pre>\n";
  for (const auto& [name, scores] : worst_first) {
    html += section(name, kHeading + row_text(name, scores),
                    {"image", "composite", "alpha", "truth", "difference"});
  }
  for (const auto& [name, checks] : captured) {
    std::string facts;
    for (const RegionCheck& check : checks) facts += check_text(check) + "\n";
    html += section(name, facts, {"image", "composite", "alpha"});
  }
  return html + "</body></html>\n";
}

}  // namespace matting
