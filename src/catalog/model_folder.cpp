#include "catalog/model_folder.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <map>
#include <mutex>

#include "catalog/sha256.hpp"
#include "files/read_file.hpp"
#include "infer_background_matting/error.hpp"
#include "workflow/error.hpp"

namespace matting {
namespace {

constexpr std::uint64_t kMaximumCatalogBytes = 4 << 20;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool is_file(const std::string& path) {
  struct stat status;
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

// What changes when somebody writes to the file.
std::string state_of(const std::string& path) {
  struct stat status;
  if (::stat(path.c_str(), &status) != 0) return "";
  return path + '\n' + std::to_string(status.st_size) + ' ' + std::to_string(status.st_ino) + ' ' +
         std::to_string(status.st_mtim.tv_sec) + '.' + std::to_string(status.st_mtim.tv_nsec);
}

std::optional<InstalledModel> checked(const CatalogEntry& entry, const std::string& folder) {
  const std::string path = folder + "/" + entry.file;
  if (!is_file(path)) return std::nullopt;
  const std::string found = remembered_sha256(path);
  if (found == entry.sha256) return InstalledModel{entry.name, path, entry.format, found};
  throw Error(ErrorCode::kModelInvalid,
              path + " has the SHA-256 " + found + ": the catalogue wants " + entry.sha256 +
                  "; remove the file and run: matting model fetch " + entry.name);
}

[[noreturn]] void not_found(const std::string& backbone, const Catalog& catalog,
                            const std::string& folder) {
  const std::string start =
      "no model with the backbone " + backbone + " is installed in " + folder + "; ";
  for (const CatalogEntry& entry : catalog.entries()) {
    if (entry.backbone != backbone || entry.url.empty()) continue;
    throw Error(ErrorCode::kModelNotFound,
                start + "run: matting model fetch " + entry.name + " (or set model_path)");
  }
  throw Error(ErrorCode::kModelNotFound,
              start +
                  "the catalogue has none to fetch either: set model_path, or import weights with: "
                  "matting model import FILE.safetensors");
}

}  // namespace

std::string model_folder() {
  if (const std::string folder = environment("MATTING_MODEL_DIR"); !folder.empty()) return folder;
  std::string data = environment("XDG_DATA_HOME");
  if (data.empty()) data = environment("HOME") + "/.local/share";
  return data + "/infer_background_matting/models";
}

Catalog user_catalog(const std::string& folder) {
  const std::string path = folder + "/" + kUserCatalogName;
  if (!is_file(path)) return {};
  try {
    const auto bytes = workflow::files::read_file(path, kMaximumCatalogBytes);
    return Catalog::parse(std::string(bytes.begin(), bytes.end()), path);
  } catch (const workflow::Error& error) {
    throw Error(ErrorCode::kReadFailed, error.what());
  }
}

std::optional<InstalledModel> find_model(const std::string& backbone) {
  const std::string folder = model_folder();
  const Catalog catalog = Catalog::current();
  bool embedded = false;
  for (const CatalogEntry& entry : catalog.entries()) {
    if (entry.backbone != backbone) continue;
    embedded = embedded || entry.embedded;
    if (entry.embedded) continue;
    if (auto model = checked(entry, folder)) return model;
  }
  const Catalog imported = user_catalog(folder);
  for (const CatalogEntry& entry : imported.entries()) {
    if (entry.backbone != backbone || entry.format != "safetensors") continue;
    if (auto model = checked(entry, folder)) return model;
  }
  if (embedded) return std::nullopt;
  not_found(backbone, catalog, folder);
}

std::string remembered_sha256(const std::string& path) {
  static std::mutex mutex;
  static std::map<std::string, std::string> known;
  const std::string state = state_of(path);
  {
    const std::lock_guard<std::mutex> lock(mutex);
    const auto found = known.find(state);
    if (found != known.end()) return found->second;
  }
  const std::string sha256 = sha256_of_file(path);
  const std::lock_guard<std::mutex> lock(mutex);
  // A file that was written to meanwhile gets no entry under either state.
  if (!state.empty() && state_of(path) == state) known[state] = sha256;
  return sha256;
}

}  // namespace matting
