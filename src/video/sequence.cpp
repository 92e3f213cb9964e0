#include "video/sequence.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "media/image_file.hpp"
#include "workflow/error.hpp"

namespace workflow::video {
namespace {

namespace fs = std::filesystem;
using Pictures = std::vector<std::pair<std::int64_t, std::string>>;

constexpr int kMaximumDigits = 18;
constexpr const char* kEndings[] = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"};

std::string lower_ending(const fs::path& path) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return ending;
}

bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

bool all_digits(const std::string& text) {
  return !text.empty() && text.size() <= kMaximumDigits &&
         std::all_of(text.begin(), text.end(), is_digit);
}

// The last run of digits before the ending: where it begins and how long it is.
std::pair<std::size_t, std::size_t> number_in(const std::string& name) {
  std::size_t end = name.rfind('.');
  if (end == std::string::npos) end = name.size();
  while (end > 0 && !is_digit(name[end - 1])) --end;
  std::size_t begin = end;
  while (begin > 0 && is_digit(name[begin - 1])) --begin;
  return {begin, end - begin};
}

Pictures pictures_of_pattern(const std::string& path) {
  const SequencePattern pattern = SequencePattern::parse(path);
  const fs::path folder = fs::path(pattern.path(0)).parent_path();
  const std::string before = fs::path(pattern.before).filename().string();
  Pictures pictures;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder.empty() ? "." : folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.size() <= before.size() + pattern.after.size()) continue;
    const std::string middle =
        name.substr(before.size(), name.size() - before.size() - pattern.after.size());
    if (!all_digits(middle)) continue;
    const std::int64_t number = std::atoll(middle.c_str());
    if (fs::path(pattern.path(number)).filename() == name) {
      pictures.emplace_back(number, pattern.path(number));
    }
  }
  return pictures;
}

// Every set of names that differ in the number only is a sequence.
Pictures pictures_of_folder(const std::string& folder) {
  std::map<std::string, Pictures> sequences;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const std::string ending = lower_ending(name);
    const auto [begin, length] = number_in(name);
    const bool picture = std::any_of(std::begin(kEndings), std::end(kEndings),
                                     [&](const char* known) { return ending == known; });
    if (!picture || length == 0 || length > kMaximumDigits) continue;
    const std::string key = name.substr(0, begin) + "%" + name.substr(begin + length);
    sequences[key].emplace_back(std::atoll(name.substr(begin, length).c_str()),
                                entry.path().string());
  }
  if (sequences.size() > 1) {
    throw Error(WF_READ_FAILED, folder + " holds several sequences, " + sequences.begin()->first +
                                    " and " + std::next(sequences.begin())->first +
                                    "; name one with a pattern such as " + folder +
                                    "/name_%04d.png");
  }
  return sequences.empty() ? Pictures() : sequences.begin()->second;
}

}  // namespace

SequencePattern SequencePattern::parse(const std::string& name) {
  SequencePattern pattern;
  std::string* part = &pattern.before;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '%') {
      *part += name[i];
      continue;
    }
    if (name.compare(i, 2, "%%") == 0) {
      *part += name[i++];
      continue;
    }
    std::size_t end = i + 1;
    while (end < name.size() && is_digit(name[end])) ++end;
    const bool number = end < name.size() && name[end] == 'd' && part == &pattern.before;
    if (!number) {
      throw Error(WF_INVALID_ARGUMENT, "'" + name + "' is no pattern: wanted one %d or %05d in it");
    }
    pattern.digits = std::min(kMaximumDigits, std::atoi(name.c_str() + i + 1));
    part = &pattern.after;
    i = end;
  }
  if (part == &pattern.after) return pattern;
  throw Error(WF_INVALID_ARGUMENT, "'" + name + "' is no pattern: wanted one %d or %05d in it");
}

std::string SequencePattern::path(std::int64_t number) const {
  std::string text = std::to_string(number);
  const auto least = static_cast<std::size_t>(digits);
  if (text.size() < least) text.insert(0, least - text.size(), '0');
  return before + text + after;
}

Pictures find_pictures(const std::string& path) {
  Pictures pictures = fs::is_directory(path) ? pictures_of_folder(path) : pictures_of_pattern(path);
  if (pictures.empty()) throw Error(WF_READ_FAILED, "there are no numbered pictures in " + path);
  std::sort(pictures.begin(), pictures.end());
  return pictures;
}

SequenceReader::SequenceReader(const std::string& path, const Rational& rate)
    : pictures_(find_pictures(path)) {
  const Image first = media::read_image(pictures_.front().second);
  info_.width = first.width();
  info_.height = first.height();
  info_.sixteen_bit = channel_bytes(first.format()) == 2;
  info_.average_rate = rate;
  info_.time_base = {rate.denominator, rate.numerator};
  // sRGB, as pictures without a profile are understood; BT.709 for files that want YUV.
  info_.colour = {false, 1, 1, 13};
  info_.expected_frames = static_cast<std::int64_t>(pictures_.size());
  info_.first_number = pictures_.front().first;
}

bool SequenceReader::read(Frame& frame) {
  if (next_ == pictures_.size()) return false;
  const std::string& path = pictures_[next_].second;
  Image image = media::read_image(path);
  if (image.width() != info_.width || image.height() != info_.height ||
      (channel_bytes(image.format()) == 2) != info_.sixteen_bit) {
    throw Error(WF_NOT_SUPPORTED,
                path + " is " + std::to_string(image.width()) + "x" +
                    std::to_string(image.height()) + " " + format_name(image.format()) +
                    ", unlike the pictures before it (" + std::to_string(info_.width) + "x" +
                    std::to_string(info_.height) + ")");
  }
  frame.image = std::move(image);
  frame.timestamp = static_cast<std::int64_t>(next_++);
  frame.duration = 1;
  return true;
}

bool SequenceReader::skip(std::int64_t count) {
  const auto left = static_cast<std::int64_t>(pictures_.size() - next_);
  next_ += static_cast<std::size_t>(std::min(count, left));
  return count <= left;
}

std::vector<std::string> SequenceReader::warnings() const {
  const std::int64_t span = pictures_.back().first - pictures_.front().first + 1;
  const std::int64_t missing = span - static_cast<std::int64_t>(pictures_.size());
  if (missing == 0) return {};
  return {std::to_string(missing) +
          " numbers are missing in the sequence; it is read without gaps"};
}

}  // namespace workflow::video
