#include "video/film_part.hpp"

#include "video/premultiply.hpp"

namespace workflow::video {

FilmPart::FilmPart(const OutputPlan& plan, const std::string& path)
    : premultiply_(plan.content == Content::kColourAndAlpha &&
                   plan.alpha_mode == AlphaMode::kPremultiplied),
      encoder_(plan.format, plan.clip),
      file_(path, *encoder_.parameters()) {}

void FilmPart::write(const wf_image& image, std::int64_t, std::int64_t timestamp,
                     std::int64_t duration) {
  if (premultiply_) premultiply(image, multiplied_);
  encoder_.encode(premultiply_ ? multiplied_.view() : image, timestamp, duration,
                  [this](AVPacket& packet) { file_.write(packet); });
}

std::string FilmPart::finish() {
  encoder_.finish([this](AVPacket& packet) { file_.write(packet); });
  return file_.finish();
}

}  // namespace workflow::video
