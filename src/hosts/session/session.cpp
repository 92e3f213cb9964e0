#include "hosts/session/session.hpp"

#include "hosts/lend_threads.hpp"

namespace matting::hosts {
namespace {

ParameterMap default_texts() {
  ParameterMap texts;
  for (const ParameterInfo& row : setting_table()) texts[row.key] = row.default_value;
  return texts;
}

SharedPicture read_if_named(const std::string& path) {
  return path.empty() ? nullptr : read_picture(path);
}

// The host's own picture before the file's.
ImageView first_given(const ImageView& streamed, const SharedPicture& file) {
  return streamed.empty() && file ? file->view() : streamed;
}

// One or three channels to an opaque RGBA picture.
void show_opaque(const ImageView& src, const MutableImageView& rgba) {
  const int channels = channel_count(src.format);
  const int green = channels == 1 ? 0 : 1, blue = channels == 1 ? 0 : 2;
  for (int y = 0; y < src.height; ++y) {
    const std::uint8_t* from = src.row(y);
    std::uint8_t* to = rgba.row(y);
    for (int x = 0; x < src.width; ++x, from += channels, to += 4) {
      to[0] = from[0];
      to[1] = from[green];
      to[2] = from[blue];
      to[3] = 255;
    }
  }
}

}  // namespace

Session::Session() : texts_(default_texts()) {
  task_.set_parallel_runner(lend(threads_));
}

bool Session::set(const std::string& key, const std::string& text) {
  const auto found = texts_.find(key);
  if (found == texts_.end()) return false;
  if (found->second == text) return true;
  found->second = text;
  fresh_ = false;
  return true;
}

const std::string& Session::get(const std::string& key) const {
  return texts_.at(key);
}

void Session::refresh() {
  if (!fresh_) {
    fresh_ = true;
    failure_.reset();
    try {
      settings_ = read_settings(texts_);
      task_.set_parameters(settings_.task);
      plate_ = read_if_named(settings_.plate_path);
      background_ = read_if_named(settings_.background_path);
    } catch (const Error& error) {
      failure_ = error;
    }
  }
  if (failure_) throw *failure_;
}

void Session::run(const ImageView& frame, const Pictures& pictures, const MutableImageView& rgba) {
  refresh();
  TaskInputs inputs;
  inputs.image = frame;
  inputs.plate = first_given(pictures.plate, plate_);
  if (settings_.output == FrameOutput::kComposite) {
    inputs.background = first_given(pictures.background, background_);
  }
  if (settings_.output == FrameOutput::kRgba || settings_.output == FrameOutput::kComposite) {
    TaskOutputs outputs;
    outputs.composite = rgba;
    task_.run(inputs, outputs);
  } else {
    run_opaque(inputs, rgba);
  }
}

void Session::run_opaque(const TaskInputs& inputs, const MutableImageView& rgba) {
  const PixelFormat format =
      settings_.output == FrameOutput::kForeground ? PixelFormat::kRgb8 : PixelFormat::kGray8;
  if (plane_.width() != rgba.width || plane_.height() != rgba.height || plane_.format() != format) {
    plane_ = Image(rgba.width, rgba.height, format);
  }
  TaskOutputs outputs;
  switch (settings_.output) {
    case FrameOutput::kAlpha:
      outputs.alpha = plane_.mutable_view();
      break;
    case FrameOutput::kError:
      outputs.error = plane_.mutable_view();
      break;
    default:
      outputs.foreground = plane_.mutable_view();
      break;
  }
  task_.run(inputs, outputs);
  show_opaque(plane_.view(), rgba);
}

}  // namespace matting::hosts
