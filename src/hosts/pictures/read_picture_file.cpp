#include <cstring>

#include "hosts/pictures/pictures_api.hpp"
#include "infer_background_matting/error.hpp"
#include "media/image_file.hpp"
#include "workflow/error.hpp"

namespace {

// Both sides number their formats as the plugin ABI does.
matting::Image copy_of(const workflow::Image& image) {
  matting::Image copy(static_cast<int>(image.width()), static_cast<int>(image.height()),
                      static_cast<matting::PixelFormat>(image.format()));
  const matting::MutableImageView view = copy.mutable_view();
  for (int y = 0; y < view.height; ++y) {
    std::memcpy(view.row(y), image.row(static_cast<std::uint32_t>(y)),
                static_cast<std::size_t>(view.stride_bytes));
  }
  return copy;
}

}  // namespace

extern "C" MATTING_API void matting_read_picture_file(const std::string& path,
                                                      matting::Image& picture) {
  try {
    picture = copy_of(workflow::media::read_image(path));
  } catch (const workflow::Error& error) {
    throw matting::Error(static_cast<matting::ErrorCode>(error.code()), error.what());
  }
}
