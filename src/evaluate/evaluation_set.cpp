#include "evaluate/evaluation_set.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

namespace matting {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> sorted_entries(const fs::path& folder) {
  std::vector<fs::path> entries;
  if (!fs::is_directory(folder)) return entries;
  for (const auto& entry : fs::directory_iterator(folder)) entries.push_back(entry.path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

// The path if there is such a file, else empty.
std::string existing(const fs::path& path) {
  return fs::is_regular_file(path) ? path.string() : "";
}

std::string existing_picture(const fs::path& start) {
  for (const char* ending : {".png", ".jpg", ".jpeg"}) {
    if (const std::string path = existing(start.string() + ending); !path.empty()) return path;
  }
  return "";
}

EvaluationItem item_in_folder(const fs::path& folder) {
  return {folder.filename().string(),       existing(folder / "src.png"),
          existing(folder / "bgr.png"),     existing(folder / "alpha.png"),
          existing(folder / "fgr.png"),     existing(folder / "regions.json")};
}

EvaluationItem item_of_files(const fs::path& image, const std::string& name) {
  const std::string start = (image.parent_path() / name).string();
  return {name, image.string(), existing_picture(start + "_plate"),
          existing_picture(start + "_alpha"), existing_picture(start + "_foreground"), ""};
}

bool is_complete(const EvaluationItem& item) {
  return !item.image.empty() && !item.plate.empty() && !item.alpha.empty();
}

}  // namespace

EvaluationSet find_evaluation_set(const std::string& folder) {
  EvaluationSet set;
  const std::string ending = "_image";
  for (const fs::path& path : sorted_entries(folder)) {
    const std::string stem = path.stem().string();
    EvaluationItem item;
    if (fs::is_directory(path)) {
      item = item_in_folder(path);
    } else if (stem.size() > ending.size() &&
               stem.compare(stem.size() - ending.size(), ending.size(), ending) == 0) {
      item = item_of_files(path, stem.substr(0, stem.size() - ending.size()));
    }
    if (is_complete(item)) set.composites.push_back(item);
  }
  for (const fs::path& path : sorted_entries(fs::path(folder) / "captured")) {
    const EvaluationItem item = item_in_folder(path);
    if (!item.image.empty() && !item.plate.empty() && !item.regions.empty()) {
      set.captured.push_back(item);
    }
  }
  if (set.composites.empty() && set.captured.empty()) {
    throw std::invalid_argument(
        "nothing to evaluate in " + folder +
        ": wanted NAME/src.png with bgr.png and alpha.png beside it, or NAME_image.png with "
        "NAME_plate.png and NAME_alpha.png");
  }
  return set;
}

}  // namespace matting
