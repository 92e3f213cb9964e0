// One output of a job: where it goes and what it holds.
#ifndef WORKFLOW_VIDEO_OUTPUT_PLAN_HPP
#define WORKFLOW_VIDEO_OUTPUT_PLAN_HPP

#include <string>

#include "video/clip.hpp"
#include "video/output_format.hpp"

namespace workflow::video {

struct OutputPlan {
  std::string path;  // of the file, or of the pictures with a %05d in it
  OutputFormat format;
  ClipInfo clip;  // size, times and colours of what will be written
  Content content = Content::kColour;
  AlphaMode alpha_mode =
      AlphaMode::kStraight;  // of Content::kColourAndAlpha; goes into the metadata
  std::string source;  // video whose sound, subtitles, attachments, chapters, timecode and metadata
                       // are copied into a video; empty: none
};

// "alpha: straight" for the file's metadata; empty where there is no alpha beside colour.
inline std::string alpha_note(const OutputPlan& plan) {
  if (plan.content != Content::kColourAndAlpha) return "";
  return std::string("alpha: ") + name_of(plan.alpha_mode);
}

}  // namespace workflow::video

#endif  // WORKFLOW_VIDEO_OUTPUT_PLAN_HPP
