#include "host/exported_symbol.hpp"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace workflow {
namespace {

// A file mapped for reading; empty where that does not work.
class MappedFile {
 public:
  explicit MappedFile(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return;
    struct stat status;
    if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
      size_ = static_cast<std::size_t>(status.st_size);
      address_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, descriptor, 0);
      if (address_ == MAP_FAILED) size_ = 0;
    }
    ::close(descriptor);
  }
  ~MappedFile() {
    if (size_ > 0) ::munmap(address_, size_);
  }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  // count objects of type T from offset on; null where they reach beyond the file or are
  // misaligned.
  template <typename T>
  const T* at(std::uint64_t offset, std::uint64_t count = 1) const {
    if (offset > size_ || count > (size_ - offset) / sizeof(T) || offset % alignof(T) != 0) {
      return nullptr;
    }
    return reinterpret_cast<const T*>(static_cast<const char*>(address_) + offset);
  }

 private:
  void* address_ = nullptr;
  std::size_t size_ = 0;
};

// The dynamic symbols and their names, in the file's own bytes.
struct DynamicSymbols {
  const ElfW(Sym) * begin = nullptr;
  std::size_t count = 0;
  std::string_view names;
};

bool is_native_library(const ElfW(Ehdr) & header) {
  constexpr unsigned char kNativeClass = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;
  return std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 &&
         header.e_ident[EI_CLASS] == kNativeClass && header.e_type == ET_DYN;
}

DynamicSymbols find_dynamic_symbols(const MappedFile& file) {
  const auto* header = file.at<ElfW(Ehdr)>(0);
  if (header == nullptr || !is_native_library(*header)) return {};
  const auto* sections = file.at<ElfW(Shdr)>(header->e_shoff, header->e_shnum);
  if (sections == nullptr) return {};
  const auto* end = sections + header->e_shnum;
  const auto* table = std::find_if(
      sections, end, [](const ElfW(Shdr) & section) { return section.sh_type == SHT_DYNSYM; });
  if (table == end || table->sh_link >= header->e_shnum) return {};
  const ElfW(Shdr)& names = sections[table->sh_link];
  DynamicSymbols symbols;
  symbols.count = table->sh_size / sizeof(ElfW(Sym));
  symbols.begin = file.at<ElfW(Sym)>(table->sh_offset, symbols.count);
  const auto* text = file.at<char>(names.sh_offset, names.sh_size);
  if (symbols.begin == nullptr || text == nullptr) return {};
  symbols.names = {text, names.sh_size};
  return symbols;
}

bool is_exported(const ElfW(Sym) & symbol) {
  const unsigned char binding = symbol.st_info >> 4;  // ELF64_ST_BIND, the same for 32 bit
  const unsigned char visibility = symbol.st_other & 3;
  return symbol.st_shndx != SHN_UNDEF && binding != STB_LOCAL &&
         (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

std::string_view name_of(const ElfW(Sym) & symbol, std::string_view names) {
  if (symbol.st_name >= names.size()) return {};
  const std::string_view rest = names.substr(symbol.st_name);
  return rest.substr(0, rest.find('\0'));
}

}  // namespace

std::vector<std::string> exported_symbols(const std::string& path) {
  const MappedFile file(path);
  const DynamicSymbols symbols = find_dynamic_symbols(file);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < symbols.count; ++i) {
    const std::string_view name = name_of(symbols.begin[i], symbols.names);
    if (!name.empty() && is_exported(symbols.begin[i])) names.emplace_back(name);
  }
  return names;
}

bool exports_symbol(const std::string& path, const std::string& name) {
  const MappedFile file(path);
  const DynamicSymbols symbols = find_dynamic_symbols(file);
  if (symbols.names.find(name) == std::string_view::npos) return false;
  return std::any_of(symbols.begin, symbols.begin + symbols.count, [&](const ElfW(Sym) & symbol) {
    return name_of(symbol, symbols.names) == name && is_exported(symbol);
  });
}

}  // namespace workflow
