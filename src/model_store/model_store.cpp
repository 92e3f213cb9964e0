#include "model_store/model_store.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <vector>

#include "catalog/model_file_facts.hpp"
#include "catalog/model_folder.hpp"
#include "files/atomic_file.hpp"
#include "files/sha256.hpp"
#include "infer_background_matting/error.hpp"
#include "workflow/error.hpp"

namespace matting {
namespace {

// Runs what throws workflow::Error and gives it this namespace's type; the numbers are the same.
template <typename Action>
auto translated(Action&& action) -> decltype(action()) {
  try {
    return action();
  } catch (const workflow::Error& error) {
    throw Error(static_cast<ErrorCode>(error.code()), error.what());
  }
}

const CatalogEntry& fetchable_entry(const Catalog& catalog, const std::string& name) {
  const CatalogEntry* entry = catalog.find(name);
  if (entry != nullptr && !entry->url.empty()) return *entry;
  if (entry != nullptr && entry->embedded) {
    throw Error(ErrorCode::kModelNotFound,
                name + " is part of the library: there is nothing to fetch");
  }
  std::string names;
  for (const CatalogEntry& other : catalog.entries()) {
    if (!other.url.empty()) names += " " + other.name;
  }
  throw Error(ErrorCode::kModelNotFound, "no model " + name + " to fetch; wanted one of:" + names);
}

bool has_sha256(const std::string& path, const std::string& sha256) {
  return std::filesystem::is_regular_file(path) && remembered_sha256(path) == sha256;
}

void check_importable(const std::string& path, const ModelFileFacts& facts) {
  if (facts.format == "checkpoint") {
    throw Error(ErrorCode::kModelInvalid,
                path + " is a PyTorch checkpoint (pickled weights): wanted TorchScript or "
                       "safetensors; run: python -m matting_models export --checkpoint " +
                    path + " --output " + std::filesystem::path(path).stem().string() +
                    ".pt, then import that file");
  }
  if (!facts.fault.empty()) {
    throw Error(ErrorCode::kModelInvalid,
                path + " cannot be imported: " + facts.fault +
                    "; wanted a whole TorchScript or safetensors file");
  }
}

// Copies source to target and returns the SHA-256 of what was copied.
std::string copy_with_sha256(const std::string& source, workflow::files::AtomicFile& target) {
  std::ifstream file(source, std::ios::binary);
  workflow::files::Sha256 digest;
  std::vector<char> block(1 << 20);
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())) || file.gcount() > 0) {
    const auto count = static_cast<std::size_t>(file.gcount());
    digest.update(block.data(), count);
    target.write(block.data(), count);
  }
  if (file.eof()) return digest.hex();
  throw Error(ErrorCode::kReadFailed, "cannot read " + source + ": " + std::strerror(errno));
}

CatalogEntry imported_entry(const std::string& path, const ModelFileFacts& facts,
                            const std::string& sha256) {
  CatalogEntry entry;
  entry.name = std::filesystem::path(path).stem().string();
  entry.backbone = facts.backbone;
  entry.kind = facts.kind;
  entry.format = facts.format;
  // The checksum in the name keeps two files of one name apart.
  entry.file = entry.name + "-" + sha256.substr(0, 8) +
               (facts.format == "safetensors" ? ".safetensors" : ".pt");
  entry.sha256 = sha256;
  entry.bytes = facts.bytes;
  entry.origin = "imported from " + std::filesystem::absolute(path).string();
  return entry;
}

void remember(const std::string& folder, const CatalogEntry& entry) {
  Catalog imported = user_catalog(folder);
  imported.put_first(entry);
  workflow::files::write_file(folder + "/" + kUserCatalogName, imported.to_json());
}

StoredModel import_checked(const std::string& path, const ModelFileFacts& facts) {
  const std::string folder = model_folder();
  workflow::files::make_writable_folder(folder);
  const std::string sha256 = workflow::files::sha256_of_file(path);
  const Catalog catalog = Catalog::current();
  const CatalogEntry* known = catalog.find_sha256(sha256);
  const bool published = known != nullptr && !known->embedded;
  StoredModel stored;
  stored.entry = published ? *known : imported_entry(path, facts, sha256);
  stored.path = folder + "/" + stored.entry.file;
  stored.by_name = published || facts.format == "safetensors";
  stored.was_there = has_sha256(stored.path, sha256);
  if (!stored.was_there) {
    workflow::files::AtomicFile file(stored.path);
    if (copy_with_sha256(path, file) != sha256) {
      throw Error(ErrorCode::kReadFailed, path + " was changed while it was read; try again");
    }
    file.commit();
  }
  if (!published) remember(folder, stored.entry);
  return stored;
}

}  // namespace

StoredModel fetch_model(const std::string& name, workflow::fetch::DownloadOptions options) {
  const Catalog catalog = Catalog::current();
  const std::string folder = model_folder();
  StoredModel stored;
  stored.entry = fetchable_entry(catalog, name);
  stored.path = folder + "/" + stored.entry.file;
  stored.by_name = true;
  stored.was_there = has_sha256(stored.path, stored.entry.sha256);
  if (stored.was_there) return stored;
  options.sha256 = stored.entry.sha256;
  translated([&] {
    workflow::files::make_writable_folder(folder);
    workflow::fetch::download_file(stored.entry.url, stored.path, options);
  });
  return stored;
}

StoredModel import_model(const std::string& path) {
  const ModelFileFacts facts = inspect_model_file(path);
  check_importable(path, facts);
  return translated([&] { return import_checked(path, facts); });
}

}  // namespace matting
