// The reference's own outputs, as files beside the repository.
#ifndef MATTING_TESTS_ENGINE_REFERENCE_CASES_HPP
#define MATTING_TESTS_ENGINE_REFERENCE_CASES_HPP

#include <string>
#include <vector>

#include "infer_background_matting/image.hpp"
#include "infer_background_matting/network.hpp"

namespace matting {

// Inputs, settings and the outputs that the reference network gave for them.
struct ReferenceCase {
  std::string name;
  std::string weights;  // path of a safetensors file
  NetworkSettings settings;
  int patches_refined = 0;
  Image image, plate, alpha, foreground, error;
};

// The folder with fixtures, checkpoints and evaluation data: the environment's MATTING_SHARED, else
// "shared" beside the repository. Empty if there is none.
std::string shared_folder();

// Names of the cases in shared_folder()/fixtures, sorted; empty if there are none.
std::vector<std::string> reference_case_names();
ReferenceCase read_reference_case(const std::string& name);

// An 8-bit RGB or grey picture from a file. Throws std::runtime_error.
Image read_picture(const std::string& path, bool gray);

// 4x4 patches in which some value is more than one level off.
std::size_t patches_off(const Image& found, const Image& wanted);

}  // namespace matting

#endif  // MATTING_TESTS_ENGINE_REFERENCE_CASES_HPP
