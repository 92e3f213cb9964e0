// Clips for tests, made by the ffmpeg command, and what ffmpeg says about files.
#ifndef TESTS_VIDEO_CLIPS_HPP
#define TESTS_VIDEO_CLIPS_HPP

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

// What a command prints. Throws where it fails.
inline std::string output_of(const std::string& command) {
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  std::string text;
  std::array<char, 4096> bytes;
  while (const std::size_t count = std::fread(bytes.data(), 1, bytes.size(), pipe)) {
    text.append(bytes.data(), count);
  }
  if (::pclose(pipe) != 0) throw std::runtime_error("failed: " + command);
  return text;
}

inline std::string ffmpeg(const std::string& arguments) {
  return output_of("ffmpeg -nostdin -v error -y " + arguments);
}

// A test that needs the ffmpeg command says so where it is missing.
#define SKIP_WITHOUT_FFMPEG()                                                           \
  if (std::system("ffmpeg -version >/dev/null 2>&1") != 0) {                            \
    GTEST_SKIP() << "needs the command ffmpeg, which makes the clips (Debian: ffmpeg)"; \
  }

// Arguments of an input whose frame n is one grey, 16 + 10 n in luma, n < frames <= 20.
inline std::string grey_steps(int width, int height, int frames) {
  return "-f lavfi -i nullsrc=s=" + std::to_string(width) + "x" + std::to_string(height) +
         ":r=25,format=yuv420p,geq=lum='16+10*N':cb=128:cr=128 -frames:v " + std::to_string(frames);
}

inline std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// MD5 of the packets of a kind of stream ("a", "s"), as they are in the file.
inline std::string md5_of_packets(const std::string& path, const std::string& kind) {
  return ffmpeg("-i " + path + " -map 0:" + kind + " -c copy -f md5 -");
}

#endif  // TESTS_VIDEO_CLIPS_HPP
