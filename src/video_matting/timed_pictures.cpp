#include "video_matting/timed_pictures.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace video_matting {
namespace {

namespace video = workflow::video;

constexpr const char* kPictureEndings[] = {".png",  ".jpg", ".jpeg", ".bmp",
                                           ".webp", ".tif", ".tiff"};

}  // namespace

bool is_film(const std::string& path) {
  if (path.rfind("http://", 0) == 0 || path.rfind("https://", 0) == 0) return false;
  if (video::is_sequence(path)) return true;
  std::string ending = std::filesystem::path(path).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(std::begin(kPictureEndings), std::end(kPictureEndings), ending) ==
         std::end(kPictureEndings);
}

TimedPictures::TimedPictures(const std::string& path, AtEnd at_end, const video::Rational& rate)
    : path_(path), at_end_(at_end), rate_(rate) {
  restart();
}

void TimedPictures::restart() {
  source_ = video::open_frame_source(path_, rate_);
  has_next_ = source_->read(next_);
  if (!has_next_) throw workflow::Error(WF_READ_FAILED, path_ + " holds no frame");
  first_timestamp_ = next_.timestamp;
  advance();
}

// Every picture is an image of its own: the one before may still be in use.
void TimedPictures::advance() {
  current_ = std::move(next_);
  current_.image.view().generation = workflow::next_generation();
  next_ = {};
  has_next_ = source_->read(next_);
}

double TimedPictures::seconds_of(const video::Frame& frame) const {
  const auto ticks = static_cast<double>(frame.timestamp - first_timestamp_);
  return loop_start_ + ticks * source_->info().time_base.value();
}

workflow::Image TimedPictures::at(double seconds) {
  // Half a tick of grace: two films of one rate stay in step whatever their time bases.
  const double now = seconds + source_->info().time_base.value() / 2;
  for (;;) {
    while (has_next_ && seconds_of(next_) <= now) advance();
    if (has_next_ || at_end_ == AtEnd::kHold) return current_.image;
    video::Frame end = current_;
    end.timestamp += std::max<std::int64_t>(1, current_.duration);
    if (seconds_of(end) > now) return current_.image;
    loop_start_ = seconds_of(end);
    restart();
  }
}

}  // namespace video_matting
