// One matting instance as a video host keeps it: settings as text, RGBA frames in, RGBA frames out.
#ifndef MATTING_HOSTS_SESSION_SESSION_HPP
#define MATTING_HOSTS_SESSION_SESSION_HPP

#include <optional>
#include <string>
#include <utility>

#include "hosts/session/picture_file.hpp"
#include "hosts/session/settings.hpp"
#include "infer_background_matting/task.hpp"
#include "threads/shared_threads.hpp"

namespace matting::hosts {

// Making one is instant: picture files are decoded and the model is opened by the first run. Used
// by one thread at a time; sessions share the weights of equal models and the pictures of equal
// files.
class Session {
 public:
  Session();

  // Keeps text for a key of setting_table(). Any text is taken: a host may set one setting after
  // another, and what is wrong with them comes out of the next run. False: there is no such key.
  bool set(const std::string& key, const std::string& text);
  // The text for that key as it was set; its default before. Valid until it is set again.
  const std::string& get(const std::string& key) const;

  void set_log(BackgroundMattingTask::Log log) { task_.set_log(std::move(log)); }

  // Reads settings and picture files that have changed. Throws Error; the same error again until
  // a setting changes, without reading again.
  void refresh();

  // Pictures that come from the host's own streams; where one is empty, the file that the settings
  // name stands in.
  struct Pictures {
    ImageView plate, background;
  };

  // What the settings make of frame. Both are kRgba8 of one size, and do not overlap. Throws Error;
  // rgba's pixels are unspecified then, and the session stays usable.
  void run(const ImageView& frame, const Pictures& pictures, const MutableImageView& rgba);

 private:
  void run_opaque(const TaskInputs& inputs, const MutableImageView& rgba);

  ParameterMap texts_;  // what was set, by key
  bool fresh_ = false;  // texts_ and files are read
  std::optional<Error> failure_;
  Settings settings_;
  SharedPicture plate_, background_;
  workflow::SharedThreads threads_;  // the task's: they sleep while a host's encoder works
  BackgroundMattingTask task_;
  Image plane_;  // an output that is no RGBA picture
};

}  // namespace matting::hosts

#endif  // MATTING_HOSTS_SESSION_SESSION_HPP
