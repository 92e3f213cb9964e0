// What was found at many frames, in a few lines.
#ifndef PLATE_FINDING_TALLY_HPP
#define PLATE_FINDING_TALLY_HPP

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace plate {

// Sentences that differ only in their numbers are about the same thing. Memory does not grow with
// the number of frames.
class FindingTally {
 public:
  // Frames in order, with what repairs() or faults() say of them; possibly nothing.
  void add(std::int64_t frame, const std::vector<std::string>& sentences);

  // "12 of 40 frames, first 3: the camera stands 2.2 pixels off ...", in the words of the first.
  std::vector<std::string> lines() const;

 private:
  struct Topic {
    std::int64_t first = 0, count = 0;
    std::string text;
  };
  std::map<std::string, Topic> topics_;
  std::int64_t frames_ = 0;
};

}  // namespace plate

#endif  // PLATE_FINDING_TALLY_HPP
