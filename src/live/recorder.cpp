#include "live/recorder.hpp"

#include "video/part.hpp"

namespace live {
namespace {

namespace video = workflow::video;

constexpr std::int64_t kPartFrames = 250;

video_matting::PlannedOutput plan(const std::string& path, const video::ClipInfo& clip,
                                  bool has_background) {
  using video_matting::Result;
  video_matting::JobSettings settings;
  settings.outputs = {{has_background ? Result::kComposite : Result::kCutOut, path}};
  std::vector<std::string> warnings;
  auto output = video_matting::plan_outputs(settings, clip, has_background, warnings).front();
  video::check_output(output.plan);
  return output;
}

}  // namespace

Recorder::Recorder(const std::string& path, const video::ClipInfo& clip, bool has_background)
    : output_(plan(path, clip, has_background)),
      journal_(path + ".parts", "live", {output_}, false),
      writer_(output_, 0, kPartFrames, journal_) {}

Recorder::~Recorder() {
  if (frames_ > 0) return;
  try {
    finish();
  } catch (const std::exception&) {
    return;  // an empty folder is left
  }
}

void Recorder::show(const video_matting::FramePointer& frame) {
  if (frame->results[video_matting::kComposite].empty()) return;
  if (writer_.behind()) {
    ++left_out_;
    return;
  }
  if (!writer_.push(frame)) {
    finished_ = true;
    writer_.finish(false);  // throws what it was
  }
  ++frames_;
}

void Recorder::finish() {
  if (finished_) return;
  finished_ = true;
  writer_.finish(true);
  if (frames_ > 0) {
    video::join_parts(output_.plan, journal_.paths(0, writer_.parts()), video::Extent::kWhole);
  }
  journal_.remove();
}

}  // namespace live
