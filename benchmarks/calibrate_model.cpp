// Adds calibration data for precision int8 to a weight file.
//   calibrate_model WEIGHTS.safetensors OUT.safetensors WIDTHxHEIGHT SCALE SRC.rgb PLATE.rgb [...]
// SRC, PLATE: raw 8-bit RGB files of that size; some ten pairs like those the model will see.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/calibration.hpp"
#include "engine/safetensors.hpp"

namespace {

using matting::ImageView;
using matting::PixelFormat;

std::vector<char> read_file(const std::string& path, std::size_t bytes) {
  std::ifstream file(path, std::ios::binary);
  std::vector<char> content(std::istreambuf_iterator<char>(file), {});
  if (content.size() != bytes) {
    throw std::runtime_error(path + " has " + std::to_string(content.size()) + " bytes, wanted " +
                             std::to_string(bytes));
  }
  return content;
}

void run(int count, char** values) {
  int width = 0, height = 0;
  if (std::sscanf(values[3], "%dx%d", &width, &height) != 2 || width < 16 || height < 16) {
    throw std::runtime_error("wanted a size like 1280x720");
  }
  matting::engine::Safetensors content = matting::engine::read_safetensors(values[1]);
  const matting::engine::Network network(content.tensors);
  matting::engine::Calibration calibration(network);
  const std::size_t bytes = 3 * static_cast<std::size_t>(width) * height;
  for (int i = 5; i + 1 < count; i += 2) {
    const auto image = read_file(values[i], bytes), plate = read_file(values[i + 1], bytes);
    const auto view = [&](const std::vector<char>& pixels) {
      return ImageView{PixelFormat::kRgb8, width, height, 3 * width, pixels.data(), 0};
    };
    calibration.add(view(image), view(plate), std::stod(values[4]));
  }
  for (auto& [name, tensor] : calibration.tensors()) content.tensors[name] = tensor;
  std::ofstream file(values[2], std::ios::binary);
  if (!(file << matting::engine::write_safetensors(content))) {
    throw std::runtime_error(std::string("cannot write ") + values[2]);
  }
}

}  // namespace

int main(int count, char** values) {
  if (count < 7) {
    std::fprintf(stderr, "calibrate_model WEIGHTS OUT WIDTHxHEIGHT SCALE SRC PLATE [...]\n");
    return 2;
  }
  try {
    run(count, values);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "calibrate_model: %s\n", error.what());
    return 1;
  }
}
