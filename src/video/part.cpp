#include "video/part.hpp"

#include "files/atomic_file.hpp"
#include "files/sha256.hpp"
#include "video/film_file.hpp"
#include "video/film_part.hpp"
#include "video/picture_part.hpp"

namespace workflow::video {
namespace {

bool is_film(const OutputPlan& plan) {
  return plan.format.kind == FileKind::kVideo;
}

}  // namespace

std::unique_ptr<PartWriter> make_part_writer(const OutputPlan& plan, const std::string& path) {
  if (is_film(plan)) return std::make_unique<FilmPart>(plan, path);
  return std::make_unique<PicturePart>(plan, path);
}

std::string hash_of_part(const OutputPlan& plan, const std::string& path) {
  return is_film(plan) ? files::sha256_of_file(path) : hash_of_pictures(path);
}

std::vector<std::string> check_output(const OutputPlan& plan) {
  if (!is_film(plan)) {
    check_pictures(plan);
    return {};
  }
  const files::AtomicFile probe(plan.path);
  return check_film(plan);
}

void join_parts(const OutputPlan& plan, const std::vector<std::string>& parts, Extent extent,
                const PartStep& step) {
  const PartStep each = step ? step : [](std::size_t) {};
  if (is_film(plan))
    join_film(plan, parts, extent == Extent::kSoFar, each);
  else
    place_pictures(plan, parts, extent == Extent::kSoFar, each);
}

}  // namespace workflow::video
