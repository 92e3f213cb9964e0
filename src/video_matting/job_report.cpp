#include <nlohmann/json.hpp>

#include "video_matting/job.hpp"

namespace video_matting {

std::string JobReport::to_json() const {
  nlohmann::ordered_json json = {
      {"frames", frames},
      {"resumed_frames", resumed_frames},
      {"seconds", seconds},
      {"frames_per_second", frames_per_second},
      {"busy_seconds", {{"decode", decode_busy}, {"matte", matte_busy}, {"encode", encode_busy}}},
      {"refined_share", refined_share},
      {"interrupted", interrupted},
      {"files", files},
      {"warnings", warnings}};
  if (!repair.empty()) json["plate"] = nlohmann::ordered_json::parse(repair);
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace video_matting
