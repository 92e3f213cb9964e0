#include "engine/safetensors.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <limits>
#include <vector>

#include "infer_background_matting/error.hpp"

namespace matting::engine {
namespace {

constexpr std::uint64_t kMaximumHeader = 16 << 20;  // bytes; published files have some 50 kB
constexpr int kMaximumRank = 8;

[[noreturn]] void invalid(const std::string& file, const std::string& what) {
  throw Error(ErrorCode::kModelInvalid, file + " is not a valid safetensors file: " + what);
}

struct Entry {
  std::string name, dtype;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0, end = 0;  // bytes within the data
};

// The little JSON that a header may hold: objects, strings, arrays of non-negative integers.
class HeaderParser {
 public:
  HeaderParser(const char* text, std::size_t size, const std::string& file)
      : at_(text), begin_(text), end_(text + size), file_(file) {}

  void parse(std::vector<Entry>* entries, std::map<std::string, std::string>* metadata) {
    object([&](const std::string& key) {
      if (key == "__metadata__") {
        object([&](const std::string& k) { (*metadata)[k] = string(); });
      } else {
        entries->push_back(entry(key));
      }
    });
    skip_space();
    if (at_ != end_) fail("text after the header's object");
  }

 private:
  Entry entry(const std::string& name) {
    Entry e;
    e.name = name;
    int seen = 0;
    object([&](const std::string& key) {
      if (key == "dtype") {
        e.dtype = string();
        seen |= 1;
      } else if (key == "shape") {
        for (std::uint64_t n : numbers()) e.shape.push_back(static_cast<std::int64_t>(n));
        seen |= 2;
      } else if (key == "data_offsets") {
        const auto range = numbers();
        if (range.size() != 2) fail("data_offsets of \"" + name + "\" are not two numbers");
        e.begin = range[0];
        e.end = range[1];
        seen |= 4;
      } else {
        fail("unknown key \"" + key + "\" in \"" + name + "\"");
      }
    });
    if (seen != 7) fail("\"" + name + "\" lacks dtype, shape or data_offsets");
    return e;
  }

  template <class Member>
  void object(Member member) {
    expect('{');
    if (accept('}')) return;
    do {
      const std::string key = string();
      expect(':');
      member(key);
    } while (accept(','));
    expect('}');
  }

  std::vector<std::uint64_t> numbers() {
    std::vector<std::uint64_t> values;
    expect('[');
    if (accept(']')) return values;
    do values.push_back(number());
    while (accept(','));
    expect(']');
    if (values.size() > kMaximumRank) fail("a shape of more than 8 dimensions");
    return values;
  }

  std::uint64_t number() {
    skip_space();
    std::uint64_t value = 0;
    const char* first = at_;
    while (at_ != end_ && *at_ >= '0' && *at_ <= '9') {
      value = value * 10 + static_cast<std::uint64_t>(*at_++ - '0');
      if (value > std::uint64_t{1} << 50) fail("a number beyond 2^50");
    }
    if (at_ == first) fail("a non-negative integer was wanted");
    return value;
  }

  std::string string() {
    expect('"');
    std::string text;
    while (at_ != end_ && *at_ != '"') {
      if (static_cast<unsigned char>(*at_) < 0x20) fail("a control character in a string");
      text += *at_ == '\\' ? escape() : *at_++;
    }
    expect('"');
    return text;
  }

  char escape() {
    static const char* const kNames = "\"\\/nrtbf";
    static const char* const kValues = "\"\\/\n\r\t\b\f";
    ++at_;
    const char* found = at_ == end_ || *at_ == 0 ? nullptr : std::strchr(kNames, *at_);
    if (found == nullptr) fail("an escape that names and metadata of tensors do not use");
    ++at_;
    return kValues[found - kNames];
  }

  void skip_space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }
  bool accept(char wanted) {
    skip_space();
    if (at_ == end_ || *at_ != wanted) return false;
    ++at_;
    return true;
  }
  void expect(char wanted) {
    if (!accept(wanted)) fail(std::string("'") + wanted + "' was wanted");
  }
  [[noreturn]] void fail(const std::string& what) {
    invalid(file_, what + " (byte " + std::to_string(at_ - begin_) + " of the header)");
  }

  const char* at_;
  const char* begin_;
  const char* end_;
  const std::string& file_;
};

float float_from_bits(std::uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

float half_to_float(std::uint16_t half) {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000) << 16;
  const std::uint32_t exponent = (half >> 10) & 0x1f, mantissa = half & 0x3ff;
  if (exponent == 31) return float_from_bits(sign | 0x7f800000 | mantissa << 13);
  if (exponent != 0) return float_from_bits(sign | (exponent + 112) << 23 | mantissa << 13);
  const float subnormal = static_cast<float>(mantissa) * 5.9604644775390625e-8f;  // 2^-24
  return sign ? -subnormal : subnormal;
}

float bfloat16_to_float(std::uint16_t bits) {
  return float_from_bits(static_cast<std::uint32_t>(bits) << 16);
}

// 0 for a dtype that carries no weights.
int float_bytes(const std::string& dtype) {
  if (dtype == "F32") return 4;
  return dtype == "F16" || dtype == "BF16" ? 2 : 0;
}

std::uint64_t element_count(const Entry& entry, const std::string& file) {
  std::uint64_t count = 1;
  for (std::int64_t side : entry.shape) {
    if (side != 0 && count > (std::uint64_t{1} << 40) / static_cast<std::uint64_t>(side)) {
      invalid(file, "the shape of \"" + entry.name + "\" is too large");
    }
    count *= static_cast<std::uint64_t>(side);
  }
  return count;
}

bool is_counter(const Entry& entry) {
  static const std::string kSuffix = "num_batches_tracked";
  return entry.dtype == "I64" && entry.name.size() >= kSuffix.size() &&
         entry.name.compare(entry.name.size() - kSuffix.size(), kSuffix.size(), kSuffix) == 0;
}

void check_entry(const Entry& entry, std::uint64_t data_bytes, const std::string& file) {
  const int bytes = is_counter(entry) ? 8 : float_bytes(entry.dtype);
  if (bytes == 0) {
    invalid(file, "\"" + entry.name + "\" has dtype " + entry.dtype +
                      ": wanted F32, F16 or BF16; convert it first");
  }
  const std::uint64_t wanted = element_count(entry, file) * static_cast<std::uint64_t>(bytes);
  if (entry.begin > entry.end || entry.end > data_bytes || entry.end - entry.begin != wanted) {
    invalid(file, "\"" + entry.name + "\" " + shape_text(entry.shape) + " wants " +
                      std::to_string(wanted) + " bytes, found the range " +
                      std::to_string(entry.begin) + ".." + std::to_string(entry.end) + " of " +
                      std::to_string(data_bytes));
  }
}

void check_tiling(const std::vector<Entry>& entries, std::uint64_t data_bytes,
                  const std::string& file) {
  std::vector<const Entry*> order;
  for (const Entry& entry : entries) order.push_back(&entry);
  std::sort(order.begin(), order.end(), [](const Entry* a, const Entry* b) {
    return a->begin != b->begin ? a->begin < b->begin : a->end < b->end;
  });
  std::uint64_t at = 0;
  for (const Entry* entry : order) {
    if (entry->begin != at) {
      invalid(file, "the data of \"" + entry->name + "\" begins at byte " +
                        std::to_string(entry->begin) + ", wanted " + std::to_string(at) +
                        " (overlap or gap)");
    }
    at = entry->end;
  }
  if (at != data_bytes) {
    invalid(file, "holds " + std::to_string(data_bytes) + " bytes of data, its header tells of " +
                      std::to_string(at));
  }
}

template <float (*kWiden)(std::uint16_t)>
void widen_all(const std::uint8_t* bytes, std::vector<float>* values) {
  for (float& value : *values) {
    std::uint16_t bits;
    std::memcpy(&bits, bytes, sizeof bits);
    bytes += sizeof bits;
    value = kWiden(bits);
  }
}

Tensor convert(const Entry& entry, const std::uint8_t* data) {
  Tensor tensor;
  tensor.shape = entry.shape;
  const std::uint8_t* bytes = data + entry.begin;
  if (entry.dtype == "F32") {
    tensor.values.resize((entry.end - entry.begin) / 4);
    std::memcpy(tensor.values.data(), bytes, entry.end - entry.begin);
    return tensor;
  }
  tensor.values.resize((entry.end - entry.begin) / 2);
  const auto widen =
      entry.dtype == "BF16" ? widen_all<bfloat16_to_float> : widen_all<half_to_float>;
  widen(bytes, &tensor.values);
  return tensor;
}

}  // namespace

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += (i ? ", " : "") + std::to_string(shape[i]);
  }
  return text + "]";
}

Safetensors parse_safetensors(const void* data, std::size_t size, const std::string& name) {
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  if (size < 8) invalid(name, "it has " + std::to_string(size) + " bytes, wanted at least 8");
  std::uint64_t header = 0;
  for (int i = 7; i >= 0; --i) header = header << 8 | bytes[i];
  if (header > kMaximumHeader || header > size - 8) {
    invalid(name, "its header tells of " + std::to_string(header) + " bytes, the file has " +
                      std::to_string(size - 8) + " left (truncated, or another format)");
  }
  std::vector<Entry> entries;
  Safetensors result;
  HeaderParser(reinterpret_cast<const char*>(bytes) + 8, header, name)
      .parse(&entries, &result.metadata);
  const std::uint64_t data_bytes = size - 8 - header;
  for (const Entry& entry : entries) check_entry(entry, data_bytes, name);
  check_tiling(entries, data_bytes, name);
  for (const Entry& entry : entries) {
    if (is_counter(entry)) continue;
    if (!result.tensors.emplace(entry.name, convert(entry, bytes + 8 + header)).second) {
      invalid(name, "\"" + entry.name + "\" stands in it twice");
    }
  }
  return result;
}

Safetensors read_safetensors(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) {
    throw Error(ErrorCode::kModelNotFound,
                "cannot open the model file " + path + ": " + std::strerror(errno));
  }
  const std::streamoff size = file.tellg();
  std::vector<char> bytes(size > 0 ? static_cast<std::size_t>(size) : 0);
  file.seekg(0);
  if (size < 0 || !file.read(bytes.data(), size)) {
    throw Error(ErrorCode::kReadFailed, "cannot read the model file " + path);
  }
  return parse_safetensors(bytes.data(), bytes.size(), path);
}

}  // namespace matting::engine
