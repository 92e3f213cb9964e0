// A part of a sequence of pictures: a folder with a file for each frame.
#ifndef WORKFLOW_VIDEO_PICTURE_PART_HPP
#define WORKFLOW_VIDEO_PICTURE_PART_HPP

#include <future>
#include <vector>

#include "files/sha256.hpp"
#include "video/part.hpp"

namespace workflow::video {

// The folder appears at finish(); until then it is called path + ".tmp". Packing a picture takes
// one CPU longer than matting it takes a fast machine: several are packed at once, in threads of
// their own. What one of them throws, a later write or finish() throws.
class PicturePart final : public PartWriter {
 public:
  PicturePart(const OutputPlan& plan, const std::string& path);
  void write(const wf_image& image, std::int64_t number, std::int64_t timestamp,
             std::int64_t duration) override;
  std::string finish() override;

 private:
  // A picture on its way to its file.
  struct Place {
    Image image;
    std::future<void> written;
  };
  void pack(const Image& image, const std::string& file) const;

  OutputPlan plan_;
  std::string path_;
  bool premultiplies_;  // here; OpenEXR's light is multiplied where it is made
  std::size_t pictures_ = 0;
  std::vector<Place> places_;  // last: it ends before what its threads use
};

// Of the names and bytes of all files in the folder.
std::string hash_of_pictures(const std::string& folder);

// Throws Error WF_INVALID_ARGUMENT for a path without a %d, WF_WRITE_FAILED.
void check_pictures(const OutputPlan& plan);

// Brings the files of these folders to their names by plan.path; with keep they also stay there.
void place_pictures(const OutputPlan& plan, const std::vector<std::string>& folders, bool keep,
                    const PartStep& step);

}  // namespace workflow::video

#endif  // WORKFLOW_VIDEO_PICTURE_PART_HPP
