// The outcome of an evaluation, for programs and for people.
#ifndef MATTING_EVALUATE_SUMMARY_HPP
#define MATTING_EVALUATE_SUMMARY_HPP

#include <string>
#include <utility>
#include <vector>

#include "evaluate/regions.hpp"
#include "evaluate/scores.hpp"

namespace matting {

struct EvaluationSummary {
  std::vector<std::pair<std::string, MatteScores>> composites;             // name, scores
  std::vector<std::pair<std::string, std::vector<RegionCheck>>> captured;  // name, checks

  // Over the composites; the foreground's over those that have one.
  MatteScores mean() const;

  // {"composites": {name: {"mad", "mse", "sad", "grad", "conn", "fgr_mse"}}, "mean": {...},
  // "captured": {name: {check: value, ..., "failed": [check, ...]}}}
  std::string to_json() const;

  // A table, one line an item.
  std::string to_text() const;

  // An HTML page, the worst MAD first. For item NAME it shows the pictures NAME_image.jpg,
  // NAME_truth.jpg, NAME_alpha.jpg, NAME_difference.jpg and NAME_composite.jpg of its own folder
  // (captured items have no truth and no difference).
  std::string to_html(const std::string& title) const;
};

}  // namespace matting

#endif  // MATTING_EVALUATE_SUMMARY_HPP
