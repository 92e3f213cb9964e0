// Picture files that settings name.
#ifndef MATTING_HOSTS_SESSION_PICTURE_FILE_HPP
#define MATTING_HOSTS_SESSION_PICTURE_FILE_HPP

#include <cstdint>
#include <memory>
#include <string>

#include "infer_background_matting/image.hpp"

namespace matting::hosts {

// Decoded pixels. Immutable.
struct Picture {
  Image image;
  std::uint64_t generation = 0;

  ImageView view() const {
    ImageView view = image.view();
    view.generation = generation;
    return view;
  }
};
using SharedPicture = std::shared_ptr<const Picture>;

// The picture in a file, decoded once for all sessions of the process that hold it at the same
// time; a file that has changed is read anew. The first call loads what decodes, for good. Any
// thread. Throws Error kReadFailed, kTooLarge, or kNotSupported where the module that decodes is
// missing.
SharedPicture read_picture(const std::string& path);

}  // namespace matting::hosts

#endif  // MATTING_HOSTS_SESSION_PICTURE_FILE_HPP
