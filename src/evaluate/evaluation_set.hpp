// Where the pictures of an evaluation are.
#ifndef MATTING_EVALUATE_EVALUATION_SET_HPP
#define MATTING_EVALUATE_EVALUATION_SET_HPP

#include <string>
#include <vector>

namespace matting {

// Paths of one picture and what belongs to it.
struct EvaluationItem {
  std::string name;
  std::string image;
  std::string plate;
  std::string alpha;       // the truth; empty for a captured picture without one
  std::string foreground;  // empty: not given
  std::string regions;     // regions.json of a captured picture; empty: none
};

struct EvaluationSet {
  std::vector<EvaluationItem> composites;  // with a true alpha; by name
  std::vector<EvaluationItem> captured;    // with marked regions; by name
};

// Looks for both layouts: folder/NAME/{src,bgr,alpha[,fgr]}.png, and files folder/NAME_image.*,
// NAME_plate.*, NAME_alpha.*[, NAME_foreground.*] (png or jpg); captured pictures in
// folder/captured/NAME/{src,bgr}.png with regions.json. Throws std::invalid_argument when folder is
// none or holds no item, naming the layouts.
EvaluationSet find_evaluation_set(const std::string& folder);

}  // namespace matting

#endif  // MATTING_EVALUATE_EVALUATION_SET_HPP
