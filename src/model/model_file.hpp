// Which file a model comes from.
#ifndef MATTING_MODEL_MODEL_FILE_HPP
#define MATTING_MODEL_MODEL_FILE_HPP

#include <cstddef>
#include <string>

namespace matting {

// A model's bytes: in a file, or in memory that lives as long as the process (the embedded
// default).
struct ModelFile {
  std::string name;    // for people: a catalogue name, or the path
  std::string sha256;  // lower-case hex of the bytes; equal bytes are loaded once a process
  std::string path;    // empty: in memory
  const void* data = nullptr;
  std::size_t size = 0;  // bytes of data
};

}  // namespace matting

#endif  // MATTING_MODEL_MODEL_FILE_HPP
