// The door between a host's plugin and the module that reads picture files. Both sides come from
// one build, so C++ types and exceptions may cross.
#ifndef MATTING_HOSTS_PICTURES_PICTURES_API_HPP
#define MATTING_HOSTS_PICTURES_PICTURES_API_HPP

#include <string>

#include "infer_background_matting/image.hpp"

namespace matting::hosts {

// The module's one exported symbol. Reads a PNG, JPEG, BMP, WebP or TIFF file, upright, into
// picture. Throws Error kReadFailed or kTooLarge. Any thread.
constexpr const char* kReadPictureFileSymbol = "matting_read_picture_file";
using ReadPictureFileFunction = void (*)(const std::string& path, Image& picture);

}  // namespace matting::hosts

#endif  // MATTING_HOSTS_PICTURES_PICTURES_API_HPP
