// Before a long job: does this plate fit this clip?
#ifndef PLATE_PLATE_CHECK_HPP
#define PLATE_PLATE_CHECK_HPP

#include <cstddef>
#include <string>
#include <vector>

#include "plate/plate_keeper.hpp"

namespace plate {

enum class Verdict {
  kFits,        // as it is
  kRepairable,  // with the repairs that are switched on
  kUnfit,       // not in at least one of the frames looked at
};

// Some frames of a clip against a plate. No network: it sees what the pixels say, in a fraction of
// the time. Findings are those of most frames or the worst one, with the frame's number.
class PlateCheck {
 public:
  PlateCheck(workflow::Image plate, const KeeperSettings& settings);

  // Frames in order, any distance apart; number and seconds are for the text.
  const PlateReport& add(const workflow::Image& frame, std::size_t number);

  Verdict verdict() const;
  std::vector<std::string> lines() const;  // for people: findings, then the verdict
  std::string to_json() const;

 private:
  struct Entry {
    std::size_t number;
    PlateReport report;
  };
  workflow::Image plate_;
  KeeperSettings settings_;
  std::vector<Entry> entries_;
};

const char* name(Verdict verdict);  // "fits", "repairable", "unfit"

}  // namespace plate

#endif  // PLATE_PLATE_CHECK_HPP
