#include "video/picture_part.hpp"

#include <algorithm>
#include <filesystem>

#include "files/atomic_file.hpp"
#include "media/image_file.hpp"
#include "media/mat_view.hpp"
#include "threads/thread_pool.hpp"
#include "video/exr_file.hpp"
#include "video/fit.hpp"
#include "video/png_text.hpp"
#include "video/premultiply.hpp"
#include "video/sequence.hpp"
#include "workflow/error.hpp"

namespace workflow::video {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUnfinished = ".tmp";
constexpr std::uint32_t kMostAtOnce = 8;  // each holds a picture in memory

void copy(const wf_image& src, Image& dst) {
  fit(dst, src.width, src.height, src.format);
  media::pixels_view(src).copyTo(media::pixels_view(dst.view()));
}

std::vector<fs::path> sorted_files(const std::string& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

// Neither links nor renames reach into another file system: then it is a copy, that a rename names.
void place_file(const fs::path& from, const fs::path& to, bool keep) {
  const fs::path near = to.string() + kUnfinished;
  std::error_code error;
  fs::remove(near, error);
  if (keep)
    fs::create_hard_link(from, near, error);
  else
    fs::rename(from, near, error);
  if (error) fs::copy_file(from, near, fs::copy_options::overwrite_existing, error);
  if (!error) fs::rename(near, to, error);
  if (error) throw Error(WF_WRITE_FAILED, "cannot write " + to.string() + ": " + error.message());
}

}  // namespace

PicturePart::PicturePart(const OutputPlan& plan, const std::string& path)
    : plan_(plan),
      path_(path),
      premultiplies_(plan.format.kind == FileKind::kPng && !alpha_note(plan).empty() &&
                     plan.alpha_mode == AlphaMode::kPremultiplied),
      places_(std::min(available_cpus(), kMostAtOnce)) {
  fs::remove_all(path_ + kUnfinished);
  files::make_writable_folder(path_ + kUnfinished);
}

void PicturePart::write(const wf_image& image, std::int64_t number, std::int64_t, std::int64_t) {
  Place& place = places_[pictures_++ % places_.size()];
  if (place.written.valid()) place.written.get();
  if (premultiplies_)
    premultiply(image, place.image);
  else
    copy(image, place.image);
  // The final name's last part, so that the folder can be looked at as it is.
  const fs::path name =
      fs::path(SequencePattern::parse(plan_.path).path(plan_.clip.first_number + number))
          .filename();
  // Where no thread can be had, get() does the work.
  place.written = std::async([this, &place, file = path_ + kUnfinished + "/" + name.string()] {
    pack(place.image, file);
  });
}

void PicturePart::pack(const Image& image, const std::string& file) const {
  if (plan_.format.kind == FileKind::kExr) {
    write_exr(file, image.view(), plan_.alpha_mode, plan_.clip);
    return;
  }
  auto bytes = media::encode_png(image.view());
  if (!alpha_note(plan_).empty()) add_png_text(bytes, "Comment", alpha_note(plan_));
  files::write_file(file, bytes.data(), bytes.size());
}

std::string PicturePart::finish() {
  for (Place& place : places_) {
    if (place.written.valid()) place.written.get();
  }
  fs::remove_all(path_);
  fs::rename(path_ + kUnfinished, path_);
  return hash_of_pictures(path_);
}

std::string hash_of_pictures(const std::string& folder) {
  files::Sha256 hash;
  if (!fs::is_directory(folder)) throw Error(WF_READ_FAILED, folder + " is no folder");
  for (const fs::path& file : sorted_files(folder)) {
    const std::string line = file.filename().string() + " " + files::sha256_of_file(file) + "\n";
    hash.update(line.data(), line.size());
  }
  return hash.hex();
}

void check_pictures(const OutputPlan& plan) {
  const fs::path folder = fs::path(SequencePattern::parse(plan.path).path(0)).parent_path();
  files::make_writable_folder(folder.empty() ? "." : folder.string());
}

void place_pictures(const OutputPlan& plan, const std::vector<std::string>& folders, bool keep,
                    const PartStep& step) {
  const fs::path target = fs::path(SequencePattern::parse(plan.path).path(0)).parent_path();
  for (std::size_t part = 0; part < folders.size(); ++part) {
    step(part);
    for (const fs::path& file : sorted_files(folders[part]))
      place_file(file, target / file.filename(), keep);
  }
}

}  // namespace workflow::video
