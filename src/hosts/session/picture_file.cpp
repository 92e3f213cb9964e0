#include "hosts/session/picture_file.hpp"

#include <dlfcn.h>

#include <filesystem>
#include <map>
#include <mutex>

#include "hosts/pictures/pictures_api.hpp"
#include "hosts/session/generation.hpp"
#include "infer_background_matting/error.hpp"
#include "infer_background_matting/params.hpp"

namespace matting::hosts {
namespace {

// The module's file: below the folder of the core library, wherever that was found.
std::string module_path() {
  Dl_info info;
  const auto* const in_library = reinterpret_cast<const void*>(&parameter_table);
  const bool found = dladdr(in_library, &info) != 0 && info.dli_fname != nullptr;
  const std::filesystem::path library = found ? info.dli_fname : "";
  return library.parent_path() / "infer_background_matting" / "pictures.so";
}

// RTLD_NODELETE: among the libraries that come along are some that do not bear being unloaded.
ReadPictureFileFunction load_module() {
  const std::string path = module_path();
  void* const module = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  void* const symbol = module ? dlsym(module, kReadPictureFileSymbol) : nullptr;
  if (symbol == nullptr) {
    const char* const reason = dlerror();
    throw Error(ErrorCode::kNotSupported,
                "picture files cannot be read, since " + path + " does not load: " +
                    (reason ? reason : "unknown reason") + "; install it beside the library");
  }
  return reinterpret_cast<ReadPictureFileFunction>(symbol);
}

SharedPicture decode(const std::string& path) {
  static const ReadPictureFileFunction read = load_module();
  auto picture = std::make_shared<Picture>();
  read(path, picture->image);
  picture->generation = next_generation();
  return picture;
}

// The path and what changes when the file does.
std::string key_of(const std::string& path) {
  std::error_code missing;
  const auto size = std::filesystem::file_size(path, missing);
  const auto time = std::filesystem::last_write_time(path, missing).time_since_epoch().count();
  return path + '\n' + std::to_string(size) + ' ' + std::to_string(time);
}

}  // namespace

SharedPicture read_picture(const std::string& path) {
  static std::mutex mutex;
  static std::map<std::string, std::weak_ptr<const Picture>> pictures;
  const std::lock_guard<std::mutex> lock(mutex);
  const std::string key = key_of(path);
  if (SharedPicture picture = pictures[key].lock()) return picture;
  for (auto entry = pictures.begin(); entry != pictures.end();) {
    entry = entry->second.expired() ? pictures.erase(entry) : std::next(entry);
  }
  const SharedPicture picture = decode(path);
  pictures[key] = picture;
  return picture;
}

}  // namespace matting::hosts
