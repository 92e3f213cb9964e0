// Brings models into the model folder.
#ifndef MATTING_MODEL_STORE_MODEL_STORE_HPP
#define MATTING_MODEL_STORE_MODEL_STORE_HPP

#include <string>

#include "catalog/catalog.hpp"
#include "fetch/fetch.hpp"

namespace matting {

// What stands in the model folder now.
struct StoredModel {
  CatalogEntry entry;
  std::string path;
  bool by_name = false;  // loads by model_backbone; else only by model_path (see find_model)
  bool was_there = false;
};

// Gets a model of the catalogue: goes on with what an earlier try left, checks the SHA-256, installs
// in one step. A file that is there and right is left alone. Blocks; options.sha256 is set here.
// Throws Error kModelNotFound for a name that is not in the catalogue or has no address, and the
// codes of workflow::fetch::download_file.
StoredModel fetch_model(const std::string& name, workflow::fetch::DownloadOptions options = {});

// Copies a TorchScript or safetensors file into the model folder and writes its checksum and kind
// into the user catalogue there. A file of the catalogue (by SHA-256) gets its name there and loads
// by name from then on. Throws Error kReadFailed, kModelInvalid with what the file is and what to do
// (a pickled checkpoint: the command that exports it), kWriteFailed.
StoredModel import_model(const std::string& path);

}  // namespace matting

#endif  // MATTING_MODEL_STORE_MODEL_STORE_HPP
