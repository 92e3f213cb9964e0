// Where fetched and imported models are, and which of them serves a backbone.
#ifndef MATTING_CATALOG_MODEL_FOLDER_HPP
#define MATTING_CATALOG_MODEL_FOLDER_HPP

#include <optional>
#include <string>

#include "catalog/catalog.hpp"

namespace matting {

// $MATTING_MODEL_DIR, else $XDG_DATA_HOME/infer_background_matting/models, else that under
// ~/.local/share. It need not exist.
std::string model_folder();

// Name of the catalogue of imported models in the model folder.
constexpr const char* kUserCatalogName = "user_catalog.json";

// What was imported into folder; empty where nothing was. Throws Error as Catalog::current does.
Catalog user_catalog(const std::string& folder);

// A model file that is there and has the SHA-256 that its catalogue wants.
struct InstalledModel {
  std::string name, path, format, sha256;
};

// The model that is loaded by name for a backbone, in this order: a file of the catalogue that was
// fetched; imported weights (safetensors: plain numbers; TorchScript is code, and loads by name only
// from the catalogue); nothing, if the catalogue has an embedded model for the backbone.
// Throws Error kModelNotFound with the command that gets one, kModelInvalid with both checksums where
// a file was changed. A checksum is computed once per file state (path, size, time) and process.
// Any thread.
std::optional<InstalledModel> find_model(const std::string& backbone);

// path's SHA-256, remembered as long as size, inode and time of the file stay the same. Throws Error
// kReadFailed. Any thread.
std::string remembered_sha256(const std::string& path);

}  // namespace matting

#endif  // MATTING_CATALOG_MODEL_FOLDER_HPP
