// The new backgrounds that a live matte goes through.
#ifndef LIVE_BACKGROUND_LIST_HPP
#define LIVE_BACKGROUND_LIST_HPP

#include <memory>
#include <string>
#include <vector>

#include "video_matting/timed_pictures.hpp"
#include "workflow/host.hpp"

namespace live {

// Whether a background is a colour or a blur: a parameter of the task, no picture.
bool is_made_by_task(const std::string& background);

// One thread at a time. Functions throw workflow::Error.
class BackgroundList {
 public:
  // Each a picture, a video (it begins anew when it is over), #rrggbb or blur:SIGMA; all are opened
  // here, and the first becomes the workflow's. None: what its parameters say stays. workflow has
  // the matting task as its task 0 and must outlive this object.
  BackgroundList(const std::vector<std::string>& backgrounds, workflow::Workflow& workflow);

  // Goes on to the next one, after the last to the first. Its name; empty if there is none.
  std::string next();

  // Whether the present one is a picture or a video.
  bool is_picture() const;

  // The background's picture at this many seconds; empty unless it is a video.
  workflow::Image at(double seconds);

 private:
  struct Entry {
    std::string name;
    std::string parameter;  // of a colour or blur, which the task makes itself
    workflow::Image picture;
    std::unique_ptr<video_matting::TimedPictures> film;
  };
  static Entry open(const std::string& name);
  void apply(const Entry& entry);

  workflow::Workflow& workflow_;
  std::vector<Entry> entries_;
  std::size_t present_ = 0;
};

}  // namespace live

#endif  // LIVE_BACKGROUND_LIST_HPP
