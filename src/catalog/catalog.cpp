#include "catalog/catalog.hpp"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "files/read_file.hpp"
#include "infer_background_matting/error.hpp"
#include "workflow/error.hpp"

// Bytes of models/catalog.json, put here by the build.
extern "C" const char matting_catalog_json[];
extern "C" const char matting_catalog_json_end[];

namespace matting {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchema = 1;
constexpr std::uint64_t kMaximumCatalogBytes = 4 << 20;

[[noreturn]] void fail(const std::string& name, const std::string& reason) {
  throw Error(ErrorCode::kInvalidArgument, "the catalogue " + name + " cannot be used: " + reason);
}

bool is_sha256(const std::string& text) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return text.size() == 64 && std::all_of(text.begin(), text.end(), is_digit);
}

// A catalogue may not reach out of the model folder.
bool is_plain_file_name(const std::string& text) {
  return !text.empty() && text[0] != '.' && text.find('/') == std::string::npos;
}

CatalogEntry parse_entry(const Json& json, const std::string& catalog_name) {
  CatalogEntry entry;
  entry.name = json.at("name").get<std::string>();
  entry.backbone = json.value("backbone", "");
  entry.kind = json.value("kind", "");
  entry.format = json.at("format").get<std::string>();
  entry.file = json.at("file").get<std::string>();
  entry.sha256 = json.at("sha256").get<std::string>();
  entry.bytes = json.value("bytes", std::uint64_t{0});
  entry.backbone_min_side = json.value("backbone_min_side", 0);
  entry.backbone_fine_side = json.value("backbone_fine_side", 0);
  entry.plate_projection = json.value("plate_projection", false);
  entry.url = json.value("url", "");
  entry.licence = json.value("licence", "");
  entry.origin = json.value("origin", "");
  entry.embedded = json.value("embedded", false);
  const auto check = [&](bool good, const std::string& wanted) {
    if (!good) fail(catalog_name, "model " + entry.name + ": " + wanted);
  };
  check(!entry.name.empty(), "name is empty");
  check(entry.format == "torchscript" || entry.format == "safetensors",
        "format is '" + entry.format + "': wanted torchscript or safetensors");
  check(is_sha256(entry.sha256), "sha256 is '" + entry.sha256 + "': wanted 64 of 0-9a-f");
  check(entry.backbone_min_side >= 0, "backbone_min_side is negative");
  check(entry.backbone_fine_side >= 0, "backbone_fine_side is negative");
  check(is_plain_file_name(entry.file), "file is '" + entry.file + "': wanted a plain file name");
  return entry;
}

Json to_json_object(const CatalogEntry& entry) {
  Json json = {{"name", entry.name},     {"backbone", entry.backbone}, {"kind", entry.kind},
               {"format", entry.format}, {"file", entry.file},         {"sha256", entry.sha256}};
  if (entry.bytes > 0) json["bytes"] = entry.bytes;
  if (entry.backbone_min_side > 0) json["backbone_min_side"] = entry.backbone_min_side;
  if (entry.backbone_fine_side > 0) json["backbone_fine_side"] = entry.backbone_fine_side;
  if (entry.plate_projection) json["plate_projection"] = true;
  if (entry.embedded) json["embedded"] = true;
  if (!entry.url.empty()) json["url"] = entry.url;
  if (!entry.licence.empty()) json["licence"] = entry.licence;
  if (!entry.origin.empty()) json["origin"] = entry.origin;
  return json;
}

std::string text_of_file(const std::string& path) {
  try {
    const auto bytes = workflow::files::read_file(path, kMaximumCatalogBytes);
    return std::string(bytes.begin(), bytes.end());
  } catch (const workflow::Error& error) {
    throw Error(ErrorCode::kReadFailed, std::string("MATTING_CATALOG: ") + error.what());
  }
}

template <typename Entries, typename Test>
auto find_entry(Entries& entries, const Test& test) -> decltype(entries.data()) {
  const auto found = std::find_if(entries.begin(), entries.end(), test);
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace

Catalog Catalog::parse(const std::string& text, const std::string& name) {
  Catalog catalog;
  try {
    const Json json = Json::parse(text);
    const int schema = json.at("schema").get<int>();
    if (schema != kSchema) {
      fail(name, "schema is " + std::to_string(schema) + ": wanted " + std::to_string(kSchema));
    }
    for (const Json& model : json.at("models")) {
      CatalogEntry entry = parse_entry(model, name);
      if (catalog.find(entry.name) != nullptr) fail(name, "two models are named " + entry.name);
      catalog.entries_.push_back(std::move(entry));
    }
  } catch (const Json::exception& error) {
    fail(name, error.what());
  }
  return catalog;
}

Catalog Catalog::current() {
  const char* path = std::getenv("MATTING_CATALOG");
  if (path != nullptr && *path != '\0') return parse(text_of_file(path), path);
  return parse(std::string(matting_catalog_json, matting_catalog_json_end), "of the library");
}

const CatalogEntry* Catalog::find(const std::string& name) const noexcept {
  return find_entry(entries_, [&](const CatalogEntry& entry) { return entry.name == name; });
}

const CatalogEntry* Catalog::find_sha256(const std::string& sha256) const noexcept {
  return find_entry(entries_, [&](const CatalogEntry& entry) { return entry.sha256 == sha256; });
}

void Catalog::put_first(CatalogEntry entry) {
  const auto same = [&](const CatalogEntry& other) { return other.name == entry.name; };
  entries_.erase(std::remove_if(entries_.begin(), entries_.end(), same), entries_.end());
  entries_.insert(entries_.begin(), std::move(entry));
}

std::string Catalog::to_json() const {
  Json models = Json::array();
  for (const CatalogEntry& entry : entries_) models.push_back(to_json_object(entry));
  const Json json = {{"schema", kSchema}, {"models", models}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace matting
