#include "video/packet_file.hpp"

#include <cstring>

namespace workflow::video {
namespace {

constexpr char kMagic[] = "WFPK1\n";
constexpr std::size_t kMagicBytes = sizeof kMagic - 1;
constexpr std::uint32_t kEnd = 0xffffffff;
constexpr std::uint32_t kMaximumBytes = 1u << 30;  // of one packet; more is damage

struct PacketHead {
  std::int64_t pts, dts, duration;
  std::uint32_t flags, size, side_size, reserved;
};
static_assert(sizeof(PacketHead) == 40, "written to files as it is");

}  // namespace

PacketFileWriter::PacketFileWriter(const std::string& path, const AVCodecParameters& stream)
    : file_(path) {
  const auto size = static_cast<std::uint32_t>(stream.extradata_size);
  put(kMagic, kMagicBytes);
  put(&size, sizeof size);
  put(stream.extradata, size);
}

void PacketFileWriter::put(const void* data, std::size_t size_bytes) {
  if (size_bytes == 0) return;
  file_.write(data, size_bytes);
  hash_.update(data, size_bytes);
}

void PacketFileWriter::write(const AVPacket& packet) {
  size_t side_size = 0;
  const std::uint8_t* side =
      av_packet_get_side_data(&packet, AV_PKT_DATA_MATROSKA_BLOCKADDITIONAL, &side_size);
  const PacketHead head = {packet.pts,
                           packet.dts,
                           packet.duration,
                           static_cast<std::uint32_t>(packet.flags),
                           static_cast<std::uint32_t>(packet.size),
                           static_cast<std::uint32_t>(side == nullptr ? 0 : side_size),
                           0};
  put(&head, sizeof head);
  put(packet.data, head.size);
  put(side, head.side_size);
}

std::string PacketFileWriter::finish() {
  const PacketHead end = {0, 0, 0, 0, kEnd, 0, 0};
  put(&end, sizeof end);
  file_.commit();
  return hash_.hex();
}

PacketFileReader::PacketFileReader(const std::string& path)
    : path_(path), file_(std::fopen(path.c_str(), "rb")) {
  if (!file_) throw Error(WF_READ_FAILED, "cannot read " + path + ": " + std::strerror(errno));
  char magic[kMagicBytes];
  get(magic, kMagicBytes);
  std::uint32_t size = 0;
  get(&size, sizeof size);
  if (std::memcmp(magic, kMagic, kMagicBytes) != 0 || size > kMaximumBytes) {
    throw Error(WF_READ_FAILED, path + " is no file of packets");
  }
  codec_header_.resize(size);
  get(codec_header_.data(), size);
}

void PacketFileReader::get(void* data, std::size_t size_bytes) {
  if (size_bytes == 0 || std::fread(data, size_bytes, 1, file_.get()) == 1) return;
  throw Error(WF_READ_FAILED, path_ + " is cut off");
}

bool PacketFileReader::read(AVPacket& packet) {
  PacketHead head;
  get(&head, sizeof head);
  if (head.size == kEnd) return false;
  if (head.size > kMaximumBytes || head.side_size > kMaximumBytes) {
    throw Error(WF_READ_FAILED, path_ + " is damaged");
  }
  av_packet_unref(&packet);
  check(av_new_packet(&packet, static_cast<int>(head.size)), WF_OUT_OF_MEMORY, path_);
  get(packet.data, head.size);
  if (head.side_size > 0) {
    std::uint8_t* side =
        av_packet_new_side_data(&packet, AV_PKT_DATA_MATROSKA_BLOCKADDITIONAL, head.side_size);
    if (side == nullptr) throw Error(WF_OUT_OF_MEMORY, path_);
    get(side, head.side_size);
  }
  packet.pts = head.pts;
  packet.dts = head.dts;
  packet.duration = head.duration;
  packet.flags = static_cast<int>(head.flags);
  return true;
}

}  // namespace workflow::video
