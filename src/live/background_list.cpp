#include "live/background_list.hpp"

#include "media/image_file.hpp"
#include "video_matting/frame_ring.hpp"

namespace live {
namespace {

constexpr workflow::video::Rational kSequenceRate{25, 1};

}  // namespace

bool is_made_by_task(const std::string& background) {
  return background.rfind('#', 0) == 0 || background.rfind("blur:", 0) == 0;
}

BackgroundList::BackgroundList(const std::vector<std::string>& backgrounds,
                               workflow::Workflow& workflow)
    : workflow_(workflow) {
  for (const std::string& name : backgrounds) {
    entries_.push_back(open(name));
    apply(entries_.back());  // a wrong colour is found now, not when its turn comes
  }
  if (!entries_.empty()) apply(entries_.front());
}

BackgroundList::Entry BackgroundList::open(const std::string& name) {
  if (is_made_by_task(name)) return {name, name, {}, nullptr};
  if (video_matting::is_film(name)) {
    return {name,
            "",
            {},
            std::make_unique<video_matting::TimedPictures>(name, video_matting::AtEnd::kLoop,
                                                           kSequenceRate)};
  }
  workflow::Image picture = workflow::media::read_image(name);
  picture.view().generation = workflow::next_generation();
  return {name, "", picture, nullptr};
}

void BackgroundList::apply(const Entry& entry) {
  workflow_.set_parameters(0, {{"background", entry.parameter}});
  workflow_.clear_image_input(video_matting::kBackground);
  if (!entry.picture.empty()) {
    workflow_.set_image_input(entry.picture, video_matting::kBackground);
  }
}

std::string BackgroundList::next() {
  if (entries_.empty()) return "";
  present_ = (present_ + 1) % entries_.size();
  apply(entries_[present_]);
  return entries_[present_].name;
}

bool BackgroundList::is_picture() const {
  return !entries_.empty() && entries_[present_].parameter.empty();
}

workflow::Image BackgroundList::at(double seconds) {
  if (entries_.empty() || !entries_[present_].film) return {};
  return entries_[present_].film->at(seconds);
}

}  // namespace live
