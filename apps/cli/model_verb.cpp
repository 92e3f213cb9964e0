#include <filesystem>
#include <iomanip>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "catalog/model_file_facts.hpp"
#include "catalog/model_folder.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress_bar.hpp"
#include "cli/verbs.hpp"
#include "infer_background_matting/error.hpp"
#include "model_store/model_store.hpp"

namespace cli {
namespace {

using Json = nlohmann::ordered_json;
using matting::Catalog;
using matting::CatalogEntry;

// "embedded", "installed", "changed" (another checksum than the catalogue's) or "not installed".
std::string state_of(const CatalogEntry& entry) {
  if (entry.embedded) return "embedded";
  const std::string path = matting::model_folder() + "/" + entry.file;
  if (!std::filesystem::is_regular_file(path)) return "not installed";
  return matting::remembered_sha256(path) == entry.sha256 ? "installed" : "changed";
}

Json entry_json(const CatalogEntry& entry) {
  const std::string path = matting::model_folder() + "/" + entry.file;
  Json json = {{"name", entry.name},     {"backbone", entry.backbone}, {"kind", entry.kind},
               {"format", entry.format}, {"state", state_of(entry)},   {"sha256", entry.sha256}};
  if (!entry.embedded) json["path"] = path;
  if (!entry.url.empty()) json["url"] = entry.url;
  if (!entry.licence.empty()) json["licence"] = entry.licence;
  if (!entry.origin.empty()) json["origin"] = entry.origin;
  return json;
}

void print_facts(const Json& json, bool as_json) {
  if (as_json) {
    std::cout << json.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
    return;
  }
  for (const auto& [key, value] : json.items()) {
    std::cout << std::left << std::setw(10) << key
              << (value.is_string() ? value.get<std::string>() : value.dump()) << "\n";
  }
}

std::vector<CatalogEntry> all_entries() {
  std::vector<CatalogEntry> entries = Catalog::current().entries();
  const Catalog imported = matting::user_catalog(matting::model_folder());
  for (const CatalogEntry& entry : imported.entries()) entries.push_back(entry);
  return entries;
}

void list(bool as_json) {
  if (as_json) {
    Json json = Json::array();
    for (const CatalogEntry& entry : all_entries()) json.push_back(entry_json(entry));
    print_facts(json, true);
    return;
  }
  for (const CatalogEntry& entry : all_entries()) {
    std::cout << std::left << std::setw(20) << entry.name << " " << std::setw(12) << entry.backbone
              << " " << std::setw(14) << entry.kind << " " << std::setw(12) << entry.format << " "
              << state_of(entry) << "\n";
  }
}

void describe(const std::string& name, bool as_json) {
  for (const CatalogEntry& entry : all_entries()) {
    if (entry.name == name) return print_facts(entry_json(entry), as_json);
  }
  if (!std::filesystem::exists(name)) {
    throw matting::Error(matting::ErrorCode::kModelNotFound,
                         "no model and no file is named " + name + "; see: matting model list");
  }
  const matting::ModelFileFacts facts = matting::inspect_model_file(name);
  const std::string sha256 = matting::remembered_sha256(name);
  const Catalog catalog = Catalog::current();
  const CatalogEntry* known = catalog.find_sha256(sha256);
  Json json = {{"file", name},
               {"format", facts.format},
               {"backbone", facts.backbone},
               {"kind", facts.kind},
               {"bytes", facts.bytes},
               {"sha256", sha256},
               {"catalogue", known == nullptr ? "" : known->name}};
  if (!facts.fault.empty()) json["fault"] = facts.fault;
  print_facts(json, as_json);
  if (facts.fault.empty()) return;
  throw matting::Error(matting::ErrorCode::kModelInvalid,
                       name + " is no whole model file: " + facts.fault);
}

void print_stored(const matting::StoredModel& stored) {
  std::cout << stored.path << "\n";
  std::cerr << (stored.was_there ? "It was there already. " : "Checked and installed. ");
  if (stored.by_name && !stored.entry.backbone.empty()) {
    std::cerr << "Use it with: --set model_backbone=" << stored.entry.backbone << "\n";
  } else {
    std::cerr << "TorchScript is code, so it loads only when named: --set model_path="
              << stored.path << "\n";
  }
}

void fetch(const std::string& name) {
  ProgressBar bar;
  workflow::fetch::DownloadOptions options;
  options.cancelled = &interrupted();
  options.progress = [&](std::uint64_t bytes, std::uint64_t total) {
    bar.update(bytes, total, "fetching " + name);
  };
  const matting::StoredModel stored = matting::fetch_model(name, options);
  bar.message(name + ": SHA-256 " + stored.entry.sha256);
  print_stored(stored);
}

}  // namespace

void add_model_verb(CLI::App& app) {
  struct Options {
    std::string name;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App& verb = *app.add_subcommand("model", "List, look at, fetch and import models");
  verb.require_subcommand(1);
  verb.footer(example("matting model list"));

  CLI::App& list_verb = *verb.add_subcommand("list", "Models of the catalogue and imported ones");
  list_verb.add_flag("--json", options->json, "Print JSON");
  list_verb.footer(example("matting model list --json"));
  list_verb.callback([options] { list(options->json); });

  CLI::App& info_verb = *verb.add_subcommand("info", "What is known about a model or a file");
  info_verb.add_option("NAME", options->name, "A name of the list, or a file")->required();
  info_verb.add_flag("--json", options->json, "Print JSON");
  info_verb.footer(
      example("matting model info models/default/mattingrefine_mobilenetv2.safetensors"));
  info_verb.callback([options] { describe(options->name, options->json); });

  CLI::App& fetch_verb =
      *verb.add_subcommand("fetch", "Download a model of the catalogue, check and install it");
  fetch_verb.add_option("NAME", options->name, "A name of the list")->required();
  fetch_verb.footer(example("matting model fetch bmv2-resnet50"));
  fetch_verb.callback([options] { fetch(options->name); });

  CLI::App& import_verb =
      *verb.add_subcommand("import", "Copy a TorchScript or safetensors file to the model folder");
  import_verb.add_option("FILE", options->name, "The file")->required();
  import_verb.footer(
      example("matting model import models/default/mattingrefine_mobilenetv2.safetensors"));
  import_verb.callback([options] { print_stored(matting::import_model(options->name)); });
}

}  // namespace cli
