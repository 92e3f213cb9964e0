#include "catalog/sha256.hpp"

#include "files/sha256.hpp"
#include "infer_background_matting/error.hpp"
#include "workflow/error.hpp"

namespace matting {

std::string sha256_of_file(const std::string& path) {
  try {
    return workflow::files::sha256_of_file(path);
  } catch (const workflow::Error& error) {
    throw Error(ErrorCode::kReadFailed, error.what());
  }
}

}  // namespace matting
