// Numbers out of untrusted bytes: what lies outside of them reads as nothing.
#ifndef WORKFLOW_MEDIA_BYTE_READER_HPP
#define WORKFLOW_MEDIA_BYTE_READER_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

namespace workflow::media {

// Borrowed bytes with checked reads. Offsets count from the first byte.
class ByteReader {
 public:
  ByteReader(const std::uint8_t* bytes, std::size_t size) : bytes_(bytes), size_(size) {}

  std::size_t size() const noexcept { return size_; }
  bool has(std::size_t offset, std::size_t count) const noexcept {
    return offset <= size_ && count <= size_ - offset;
  }
  bool matches(std::size_t offset, const char* text) const noexcept {
    const std::size_t length = std::strlen(text);
    return has(offset, length) && std::memcmp(bytes_ + offset, text, length) == 0;
  }
  // From offset to at most count bytes further; empty when offset lies outside.
  ByteReader part(std::size_t offset, std::size_t count) const noexcept {
    if (offset > size_) return {bytes_, 0};
    return {bytes_ + offset, count < size_ - offset ? count : size_ - offset};
  }

  // count bytes, 1 to 4, as one unsigned number.
  std::optional<std::uint32_t> big(std::size_t offset, int count) const noexcept {
    if (!has(offset, static_cast<std::size_t>(count))) return std::nullopt;
    std::uint32_t value = 0;
    for (int i = 0; i < count; ++i) value = value << 8 | bytes_[offset + i];
    return value;
  }
  std::optional<std::uint32_t> little(std::size_t offset, int count) const noexcept {
    if (!has(offset, static_cast<std::size_t>(count))) return std::nullopt;
    std::uint32_t value = 0;
    for (int i = count; i-- > 0;) value = value << 8 | bytes_[offset + i];
    return value;
  }

 private:
  const std::uint8_t* bytes_;
  std::size_t size_;
};

}  // namespace workflow::media

#endif  // WORKFLOW_MEDIA_BYTE_READER_HPP
