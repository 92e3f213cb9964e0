// Numbers in parameters: read as Python reads them, written so that they read back the same.
#ifndef MATTING_TASK_NUMBER_TEXT_HPP
#define MATTING_TASK_NUMBER_TEXT_HPP

#include <cstdint>
#include <optional>
#include <string>

namespace matting {

// text without white space at both ends.
std::string trimmed(const std::string& text);

// As int(text): decimal digits with an optional sign and single underscores between digits; empty
// where Python would raise, or beyond 64 bits.
std::optional<std::int64_t> parse_integer(const std::string& text);

// As float(text), but "nan" and "inf" give nothing: no parameter wants them.
std::optional<double> parse_number(const std::string& text);

// The shortest decimal text that parse_number reads back as value.
std::string number_text(double value);

}  // namespace matting

#endif  // MATTING_TASK_NUMBER_TEXT_HPP
