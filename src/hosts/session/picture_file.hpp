// Picture files that settings name.
#ifndef MATTING_HOSTS_SESSION_PICTURE_FILE_HPP
#define MATTING_HOSTS_SESSION_PICTURE_FILE_HPP

#include <memory>
#include <string>

#include "infer_background_matting/image.hpp"
#include "workflow/image.hpp"

namespace matting::hosts {

// Decoded pixels with a generation number. Immutable.
using Picture = std::shared_ptr<const workflow::Image>;

// The picture in a file, decoded once for all sessions of the process that hold it at the same
// time; a file that has changed is read anew. Any thread. Throws Error kReadFailed or kTooLarge.
Picture read_picture(const std::string& path);

// A view of its pixels; empty for null. Valid as long as the picture is held.
ImageView view_of(const Picture& picture);

}  // namespace matting::hosts

#endif  // MATTING_HOSTS_SESSION_PICTURE_FILE_HPP
