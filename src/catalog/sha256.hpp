// SHA-256, by which models are known.
#ifndef MATTING_CATALOG_SHA256_HPP
#define MATTING_CATALOG_SHA256_HPP

#include <string>

namespace matting {

// Lower-case hex (64 characters) of a file's bytes. Throws Error kReadFailed naming the path and
// why.
std::string sha256_of_file(const std::string& path);

}  // namespace matting

#endif  // MATTING_CATALOG_SHA256_HPP
