// A network's weights by name, as every reader hands them over.
#ifndef MATTING_ENGINE_WEIGHTS_HPP
#define MATTING_ENGINE_WEIGHTS_HPP

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace matting::engine {

// A tensor of float32, row-major: the product of shape is values.size(); no shape is a scalar.
struct Tensor {
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

using WeightMap = std::map<std::string, Tensor>;

// "[32, 6, 3, 3]", for messages.
std::string shape_text(const std::vector<std::int64_t>& shape);

}  // namespace matting::engine

#endif  // MATTING_ENGINE_WEIGHTS_HPP
