// Writes TorchScript files that are no matting networks: write_wrong_models FOLDER. A program of
// its own, so that the test beside it links no LibTorch: the pip LibTorch shows C++ symbols of its
// own oneDNN, which the system's oneDNN would take for its own in one process.
#include <torch/script.h>

#include <filesystem>
#include <string>

namespace {

// A module whose forward has this body.
void save(const std::string& folder, const std::string& name, const std::string& body) {
  torch::jit::Module module("m");
  module.define("def forward(self, src, bgr):\n" + body);
  module.save(folder + "/" + name + ".pt");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::string folder = argv[1];
  std::filesystem::create_directories(folder);
  save(folder, "tensor", "  return src\n");
  save(folder, "two_outputs", "  return src, bgr\n");
  save(folder, "wrong_shape", "  return src, src, src, src\n");
  save(folder, "failing", "  x = src.view([7, 7])\n  return x, x, x, x\n");
  save(folder, "base", "  a = src[:, 0:1]\n  return a, src, a, src\n");
  std::filesystem::copy_file(folder + "/wrong_shape.pt", folder + "/cut_off.pt",
                             std::filesystem::copy_options::overwrite_existing);
  std::filesystem::resize_file(folder + "/cut_off.pt",
                               std::filesystem::file_size(folder + "/cut_off.pt") / 2);
  return 0;
}
