// Before a long job: does this plate fit this clip?
#ifndef PLATE_PLATE_CHECK_HPP
#define PLATE_PLATE_CHECK_HPP

#include <cstdint>
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
// the time.
class PlateCheck {
 public:
  PlateCheck(workflow::Image plate, const KeeperSettings& settings);

  // Frames in order, any distance apart; number is for the text.
  const PlateReport& add(const workflow::Image& frame, std::int64_t number);

  Verdict verdict() const;
  std::vector<std::string> lines() const;  // for people: findings, then the verdict
  std::string to_json() const;

 private:
  struct Entry {
    std::int64_t number;
    PlateReport report;
  };
  workflow::Image plate_;
  KeeperSettings settings_;
  std::vector<Entry> entries_;
};

const char* name(Verdict verdict);  // "fits", "repairable", "unfit"

}  // namespace plate

#endif  // PLATE_PLATE_CHECK_HPP
