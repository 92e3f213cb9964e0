#include "task/number_text.hpp"

#include <cctype>
#include <charconv>
#include <cmath>

namespace matting {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// What std::from_chars reads: no plus sign, no underscores; nothing where those stand wrongly.
std::optional<std::string> plain_digits(const std::string& text) {
  std::string plain = trimmed(text);
  if (!plain.empty() && plain[0] == '+') {
    plain.erase(0, 1);
    if (!plain.empty() && plain[0] == '-') return std::nullopt;
  }
  for (std::size_t i = 0; i < plain.size(); ++i) {
    if (plain[i] != '_') continue;
    if (i == 0 || i + 1 == plain.size() || !is_digit(plain[i - 1]) || !is_digit(plain[i + 1])) {
      return std::nullopt;
    }
    plain.erase(i, 1);
  }
  return plain;
}

template <typename T>
std::optional<T> parse_whole(const std::string& text) {
  const auto plain = plain_digits(text);
  if (!plain) return std::nullopt;
  T value{};
  const char* end = plain->data() + plain->size();
  const auto [stop, error] = std::from_chars(plain->data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

}  // namespace

std::string trimmed(const std::string& text) {
  std::size_t begin = 0, end = text.size();
  while (begin < end && std::isspace(static_cast<unsigned char>(text[begin]))) ++begin;
  while (end > begin && std::isspace(static_cast<unsigned char>(text[end - 1]))) --end;
  return text.substr(begin, end - begin);
}

std::optional<std::int64_t> parse_integer(const std::string& text) {
  return parse_whole<std::int64_t>(text);
}

std::optional<double> parse_number(const std::string& text) {
  const auto value = parse_whole<double>(text);
  if (!value || !std::isfinite(*value)) return std::nullopt;
  return value;
}

std::string number_text(double value) {
  char buffer[32];
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, value);
  return std::string(buffer, result.ptr);
}

}  // namespace matting
