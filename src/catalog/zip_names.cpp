#include "catalog/zip_names.hpp"

#include <algorithm>
#include <cstdint>

namespace matting {
namespace {

constexpr std::uint32_t kEndSignature = 0x06054b50, kEntrySignature = 0x02014b50;
constexpr std::size_t kEndBytes = 22, kEntryBytes = 46;
constexpr std::uint64_t kLongestComment = 65535;
constexpr std::uint64_t kMaximumDirectoryBytes = 64 << 20;

std::uint32_t little(const std::string& bytes, std::size_t offset, int count) {
  std::uint32_t value = 0;
  for (int i = count; i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[offset + static_cast<std::size_t>(i)]);
  }
  return value;
}

std::string read_at(std::istream& file, std::uint64_t offset, std::uint64_t count) {
  std::string bytes(count, '\0');
  file.clear();
  file.seekg(static_cast<std::streamoff>(offset));
  file.read(bytes.data(), static_cast<std::streamsize>(count));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

std::vector<std::string> names_in(const std::string& directory) {
  std::vector<std::string> names;
  std::size_t offset = 0;
  while (offset + kEntryBytes <= directory.size() &&
         little(directory, offset, 4) == kEntrySignature) {
    const std::size_t name = little(directory, offset + 28, 2);
    const std::size_t rest = little(directory, offset + 30, 2) + little(directory, offset + 32, 2);
    names.push_back(directory.substr(offset + kEntryBytes, name));
    offset += kEntryBytes + name + rest;
  }
  return names;
}

}  // namespace

std::optional<std::vector<std::string>> zip_names(std::istream& file, std::uint64_t file_bytes) {
  const std::uint64_t tail_bytes = std::min(file_bytes, kLongestComment + kEndBytes);
  const std::string tail = read_at(file, file_bytes - tail_bytes, tail_bytes);
  for (std::size_t back = kEndBytes; back <= tail.size(); ++back) {
    const std::size_t end = tail.size() - back;
    if (little(tail, end, 4) != kEndSignature) continue;
    const std::uint64_t size = little(tail, end + 12, 4);
    const std::uint64_t start = little(tail, end + 16, 4);
    if (size > kMaximumDirectoryBytes || start + size > file_bytes) return std::nullopt;
    return names_in(read_at(file, start, size));
  }
  return std::nullopt;
}

}  // namespace matting
