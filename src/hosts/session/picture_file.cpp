#include "hosts/session/picture_file.hpp"

#include <filesystem>
#include <map>
#include <mutex>

#include "infer_background_matting/error.hpp"
#include "media/image_file.hpp"
#include "workflow/error.hpp"

namespace matting::hosts {
namespace {

// The path and what changes when the file does.
std::string key_of(const std::string& path) {
  std::error_code missing;
  const auto size = std::filesystem::file_size(path, missing);
  const auto time = std::filesystem::last_write_time(path, missing).time_since_epoch().count();
  return path + '\n' + std::to_string(size) + ' ' + std::to_string(time);
}

workflow::Image decode(const std::string& path) {
  try {
    workflow::Image image = workflow::media::read_image(path);
    image.view().generation = workflow::next_generation();
    return image;
  } catch (const workflow::Error& error) {
    throw Error(static_cast<ErrorCode>(error.code()), error.what());
  }
}

}  // namespace

Picture read_picture(const std::string& path) {
  static std::mutex mutex;
  static std::map<std::string, std::weak_ptr<const workflow::Image>> pictures;
  const std::lock_guard<std::mutex> lock(mutex);
  const std::string key = key_of(path);
  if (Picture picture = pictures[key].lock()) return picture;
  for (auto entry = pictures.begin(); entry != pictures.end();) {
    entry = entry->second.expired() ? pictures.erase(entry) : std::next(entry);
  }
  const auto picture = std::make_shared<const workflow::Image>(decode(path));
  pictures[key] = picture;
  return picture;
}

ImageView view_of(const Picture& picture) {
  if (!picture) return {};
  const wf_image& image = picture->view();
  return {static_cast<PixelFormat>(image.format),
          static_cast<int>(image.width),
          static_cast<int>(image.height),
          static_cast<std::ptrdiff_t>(image.stride_bytes),
          image.data,
          image.generation};
}

}  // namespace matting::hosts
