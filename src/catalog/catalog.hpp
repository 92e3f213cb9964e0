// The list of models that are known by name.
#ifndef MATTING_CATALOG_CATALOG_HPP
#define MATTING_CATALOG_CATALOG_HPP

#include <cstdint>
#include <string>
#include <vector>

namespace matting {

// One model. Fields that a catalogue does not give are empty or 0.
struct CatalogEntry {
  std::string name;      // "bmv2-resnet50": what a user types
  std::string backbone;  // "mobilenetv2", "resnet50", "resnet101"; empty: not known
  std::string kind;      // "mattingrefine" or "mattingbase"
  std::string format;    // "torchscript" or "safetensors"
  std::string file;      // name in the model folder, without a folder of its own
  std::string sha256;    // of the file: 64 lower-case hexadecimal digits
  std::uint64_t bytes = 0;
  // Pixels: what the base network's picture should measure at least on its longer side, see
  // Params::backbone_min_side; 0: the model asks for nothing.
  int backbone_min_side = 0;
  // The same where time does not count, see Params::fine_backbone; 0: more is of no use.
  int backbone_fine_side = 0;
  bool plate_projection = false;  // the model gains by it, see Params::plate_projection
  std::string url;                // where `matting model fetch` gets it; empty: nowhere
  std::string licence;
  std::string origin;
  bool embedded = false;  // part of the library; nothing to fetch
};

class Catalog {
 public:
  Catalog() = default;

  // models/catalog.json as it was when the library was built, or the file that $MATTING_CATALOG
  // names. Throws Error kReadFailed or kInvalidArgument about that file.
  static Catalog current();

  // A catalogue of that text; name stands for it in errors. Throws Error kInvalidArgument with the
  // entry and field that are wrong: unknown schema, a missing field, a SHA-256 that is none, a file
  // name with a folder in it.
  static Catalog parse(const std::string& text, const std::string& name);

  const std::vector<CatalogEntry>& entries() const noexcept { return entries_; }

  // The entry, or null. Valid as long as the catalogue is unchanged.
  const CatalogEntry* find(const std::string& name) const noexcept;
  const CatalogEntry* find_sha256(const std::string& sha256) const noexcept;

  // Puts an entry first and removes one of the same name.
  void put_first(CatalogEntry entry);

  // JSON that parse takes.
  std::string to_json() const;

 private:
  std::vector<CatalogEntry> entries_;
};

}  // namespace matting

#endif  // MATTING_CATALOG_CATALOG_HPP
