// Encoded packets of one stretch of frames, as a file of their own.
#ifndef WORKFLOW_VIDEO_PACKET_FILE_HPP
#define WORKFLOW_VIDEO_PACKET_FILE_HPP

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "files/atomic_file.hpp"
#include "files/sha256.hpp"
#include "video/libav.hpp"

namespace workflow::video {

// Why not a container: none keeps every codec's packets with timestamps in any time base and the
// alpha that VP9 carries beside a packet. The format: "WFPK1\n"; the size of the codec's header
// (uint32) and its bytes; for each packet pts, dts, duration (int64), flags, size, side size
// (uint32) and the bytes of both; at the end a packet of size 0xffffffff. Numbers in the machine's
// order.

// The file gets its name at finish(), when all of it stands on the disk.
class PacketFileWriter {
 public:
  PacketFileWriter(const std::string& path, const AVCodecParameters& stream);
  void write(const AVPacket& packet);
  std::string finish();  // the file's SHA-256; call once, last

 private:
  void put(const void* data, std::size_t size_bytes);

  files::AtomicFile file_;
  files::Sha256 hash_;
};

// Throws Error WF_READ_FAILED for what is no such file or was cut off.
class PacketFileReader {
 public:
  explicit PacketFileReader(const std::string& path);
  const std::string& codec_header() const { return codec_header_; }
  bool read(AVPacket& packet);  // false after the last

 private:
  void get(void* data, std::size_t size_bytes);

  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
  std::string codec_header_;
};

}  // namespace workflow::video

#endif  // WORKFLOW_VIDEO_PACKET_FILE_HPP
