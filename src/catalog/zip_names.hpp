// Names of the files in a ZIP archive (TorchScript and torch.save are archives).
#ifndef MATTING_CATALOG_ZIP_NAMES_HPP
#define MATTING_CATALOG_ZIP_NAMES_HPP

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <vector>

namespace matting {

// From the central directory at the archive's end (PKWARE APPNOTE 6.3.3, sections 4.3.12 and
// 4.3.16). Nothing where the end is missing, as in a file that was cut off. file must be seekable.
std::optional<std::vector<std::string>> zip_names(std::istream& file, std::uint64_t file_bytes);

}  // namespace matting

#endif  // MATTING_CATALOG_ZIP_NAMES_HPP
