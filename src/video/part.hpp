// Parts: the frames of one stretch of an output, written apart and joined later. A part that is
// there is complete, so that work which was broken off goes on after the last one, and so that
// several machines can each make some.
#ifndef WORKFLOW_VIDEO_PART_HPP
#define WORKFLOW_VIDEO_PART_HPP

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "video/output_plan.hpp"

namespace workflow::video {

// Equal frames give equal parts, byte by byte, wherever they are made with the same libraries. One
// thread at a time. Without finish() nothing stands under the part's name. Throws Error
// WF_WRITE_FAILED.
class PartWriter {
 public:
  virtual ~PartWriter() = default;

  // image: as plan's content says, straight alpha, of the clip's size. number: of the frame in the
  // whole output, from 0. timestamp, duration: in ticks of the clip's time base.
  virtual void write(const wf_image& image, std::int64_t number, std::int64_t timestamp,
                     std::int64_t duration) = 0;

  // Gives the part its name; its SHA-256. Call once, last.
  virtual std::string finish() = 0;
};

// path: a file for a video, a folder for pictures; plan is copied.
std::unique_ptr<PartWriter> make_part_writer(const OutputPlan& plan, const std::string& path);

// SHA-256 of a part that is there, as finish() gave it. Throws Error WF_READ_FAILED.
std::string hash_of_part(const OutputPlan& plan, const std::string& path);

// What can be known to go wrong with the output before any frame is there; warnings about what will
// be left out. Throws Error WF_NOT_SUPPORTED, WF_WRITE_FAILED.
std::vector<std::string> check_output(const OutputPlan& plan);

// Whether parts are all that there will be.
enum class Extent { kWhole, kSoFar };

// Called before each part with its number.
using PartStep = std::function<void(std::size_t)>;

// Joins parts, in order, to the output plan.path. A video appears when it is complete; sound and
// the like go along whole, or up to the last frame so far. Its parts stay. Pictures are moved out
// of the parts, or linked, so that the parts so far stay. step (may be empty) ends the work by
// throwing: then there is no video, and pictures of the parts so far. Throws Error WF_READ_FAILED,
// WF_WRITE_FAILED.
void join_parts(const OutputPlan& plan, const std::vector<std::string>& parts, Extent extent,
                const PartStep& step = {});

}  // namespace workflow::video

#endif  // WORKFLOW_VIDEO_PART_HPP
