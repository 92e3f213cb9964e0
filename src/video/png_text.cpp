#include "video/png_text.hpp"

extern "C" {
#include <libavutil/crc.h>
}

namespace workflow::video {
namespace {

constexpr std::size_t kHeaderEnd = 8 + 25;  // signature, and the IHDR chunk

void append_big_endian(std::vector<std::uint8_t>& bytes, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<std::uint8_t>(value >> shift));
  }
}

}  // namespace

void add_png_text(std::vector<std::uint8_t>& png, const std::string& keyword,
                  const std::string& text) {
  const std::string content = keyword + '\0' + text;
  const std::string typed = "tEXt" + content;
  const std::uint32_t crc =
      ~av_crc(av_crc_get_table(AV_CRC_32_IEEE_LE), ~0u,
              reinterpret_cast<const std::uint8_t*>(typed.data()), typed.size());
  std::vector<std::uint8_t> chunk;
  append_big_endian(chunk, static_cast<std::uint32_t>(content.size()));
  chunk.insert(chunk.end(), typed.begin(), typed.end());
  append_big_endian(chunk, crc);
  png.insert(png.begin() + kHeaderEnd, chunk.begin(), chunk.end());
}

}  // namespace workflow::video
