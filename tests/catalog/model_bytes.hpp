// Bytes of small model files, made up for tests.
#ifndef TESTS_CATALOG_MODEL_BYTES_HPP
#define TESTS_CATALOG_MODEL_BYTES_HPP

#include <cstdint>
#include <string>
#include <vector>

inline std::string little_endian(std::uint64_t value, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

// A safetensors file with one float for each name.
inline std::string safetensors_bytes(const std::vector<std::string>& names) {
  std::string header = "{\"__metadata__\":{\"format\":\"pt\"}";
  for (std::size_t i = 0; i < names.size(); ++i) {
    header += ",\"" + names[i] + "\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[" +
              std::to_string(4 * i) + "," + std::to_string(4 * i + 4) + "]}";
  }
  header += "}";
  return little_endian(header.size(), 8) + header + std::string(4 * names.size(), '\1');
}

// A ZIP archive of empty, stored files with these names.
inline std::string zip_bytes(const std::vector<std::string>& names) {
  std::string files, directory;
  for (const std::string& name : names) {
    const std::string start = little_endian(files.size(), 4);
    files += "PK\3\4" + std::string(22, '\0') + little_endian(name.size(), 2) +
             std::string(2, '\0') + name;
    directory += "PK\1\2" + std::string(24, '\0') + little_endian(name.size(), 2) +
                 std::string(12, '\0') + start + name;
  }
  const std::string count = little_endian(names.size(), 2);
  return files + directory + "PK\5\6" + std::string(4, '\0') + count + count +
         little_endian(directory.size(), 4) + little_endian(files.size(), 4) +
         std::string(2, '\0');
}

inline std::string torchscript_bytes() {
  return zip_bytes({"m/data.pkl", "m/code/__torch__/model/mobilenet.py", "m/constants.pkl"});
}

inline std::string checkpoint_bytes() { return zip_bytes({"archive/data.pkl", "archive/data/0"}); }

#endif  // TESTS_CATALOG_MODEL_BYTES_HPP
