#include "task/input_fitting.hpp"

#include <atomic>

#include "image/blur.hpp"
#include "image/resample.hpp"
#include "infer_background_matting/error.hpp"
#include "task/number_text.hpp"

namespace matting {
namespace {

std::string size_text(const ImageView& view) {
  return std::to_string(view.width) + "x" + std::to_string(view.height);
}

bool same_size(const ImageView& a, const ImageView& b) {
  return a.width == b.width && a.height == b.height;
}

// Numbers for derived pictures; the upper half, so that they never meet those of hosts.
std::uint64_t next_derived_generation() {
  static std::atomic<std::uint64_t> next{std::uint64_t{1} << 63};
  return next.fetch_add(1, std::memory_order_relaxed);
}

PixelFormat colour_format(const ImageView& image) {
  return channel_bytes(image.format) == 1 ? PixelFormat::kRgb8 : PixelFormat::kRgb16;
}

void check_output(const MutableImageView& output, PixelFormat format, const ImageView& image,
                  const char* name) {
  if (output.empty()) return;
  check_view(output, name);
  if (output.format == format && same_size(output, image)) return;
  throw Error(ErrorCode::kBadImage, std::string("output ") + name + " is " + size_text(output) +
                                        " " + format_name(output.format) + ": wanted " +
                                        size_text(image) + " " + format_name(format));
}

}  // namespace

void check_given(const TaskInputs& inputs) {
  if (inputs.image.empty()) {
    throw Error(ErrorCode::kMissingInput,
                "input 0 (image) is missing: wanted the picture to matte");
  }
  if (inputs.plate.empty()) {
    throw Error(
        ErrorCode::kMissingInput,
        "input 1 (plate) is missing: wanted a picture of the same scene without the subject");
  }
}

void check_inputs(const TaskInputs& inputs) {
  check_given(inputs);
  check_view(inputs.image, "input 0 (image)");
  check_view(inputs.plate, "input 1 (plate)");
  if (!inputs.background.empty()) check_view(inputs.background, "input 2 (new background)");
  if (!inputs.mask.empty()) check_view(inputs.mask, "input 3 (mask)");
}

TaskOutputFormats output_formats_for(PixelFormat image, bool has_background) {
  const bool deep = channel_bytes(image) == 2;
  const bool blue_first = image == PixelFormat::kBgr8 || image == PixelFormat::kBgra8 ||
                          image == PixelFormat::kBgr16 || image == PixelFormat::kBgra16;
  TaskOutputFormats formats;
  formats.alpha = formats.error = deep ? PixelFormat::kGray16 : PixelFormat::kGray8;
  formats.foreground = deep ? (blue_first ? PixelFormat::kBgr16 : PixelFormat::kRgb16)
                            : (blue_first ? PixelFormat::kBgr8 : PixelFormat::kRgb8);
  const PixelFormat cut_out = deep ? (blue_first ? PixelFormat::kBgra16 : PixelFormat::kRgba16)
                                   : (blue_first ? PixelFormat::kBgra8 : PixelFormat::kRgba8);
  formats.composite = has_background ? image : cut_out;
  return formats;
}

void check_outputs(const TaskOutputs& outputs, const TaskOutputFormats& formats,
                   const ImageView& image) {
  check_output(outputs.composite, formats.composite, image, "composite");
  check_output(outputs.alpha, formats.alpha, image, "alpha");
  check_output(outputs.foreground, formats.foreground, image, "foreground");
  check_output(outputs.error, formats.error, image, "error");
}

bool DerivedImage::holds(const ImageView& source, const std::string& purpose) const {
  return !image_.empty() && source.generation != 0 && source.generation == source_.generation &&
         purpose == purpose_;
}

void DerivedImage::keep(const ImageView& source, const std::string& purpose, Image image) {
  image_ = std::move(image);
  source_ = source;
  purpose_ = purpose;
  generation_ = next_derived_generation();
}

ImageView DerivedImage::view() const {
  ImageView view = image_.view();
  view.generation = generation_;
  return view;
}

ImageView InputFitting::fit_plate(const ImageView& plate, const ImageView& image,
                                  Warnings& warnings) {
  if (!same_size(plate, image)) {
    warnings.push_back("plate resized from " + size_text(plate) + " to the image's " +
                       size_text(image) + ": take it with the same camera settings");
  } else if (channel_bytes(plate.format) == channel_bytes(image.format)) {
    return plate;
  }
  const std::string purpose = size_text(image) + format_name(colour_format(image));
  if (!plate_.holds(plate, purpose)) {
    plate_.keep(
        plate, purpose,
        fit_image(plate, image.width, image.height, colour_format(image), BackgroundFit::kStretch));
  }
  return plate_.view();
}

ImageView InputFitting::fit_mask_input(const ImageView& mask, const ImageView& image,
                                       Warnings& warnings) {
  if (!same_size(mask, image)) {
    warnings.push_back("mask resized from " + size_text(mask) + " to the image's " +
                       size_text(image));
  } else if (mask.format == PixelFormat::kGray8) {
    return mask;
  }
  const std::string purpose = size_text(image);
  if (!mask_.holds(mask, purpose)) {
    mask_.keep(mask, purpose, fit_mask(mask, image.width, image.height));
  }
  return mask_.view();
}

ImageView InputFitting::fit_background(const ImageView& background, const ImageView& image,
                                       BackgroundFit fit, Warnings& warnings) {
  if (!same_size(background, image)) {
    warnings.push_back("new background fitted from " + size_text(background) + " to the image's " +
                       size_text(image));
  } else if (channel_bytes(background.format) == channel_bytes(image.format)) {
    return background;
  }
  const std::string purpose =
      size_text(image) + format_name(colour_format(image)) + std::to_string(static_cast<int>(fit));
  if (!background_.holds(background, purpose)) {
    background_.keep(background, purpose,
                     fit_image(background, image.width, image.height, colour_format(image), fit));
  }
  return background_.view();
}

// The plate, not the image: its blur carries no halo of the subject.
ImageView InputFitting::blurred_plate(const ImageView& plate, double sigma) {
  const std::string purpose = size_text(plate) + "blur" + number_text(sigma);
  if (!blurred_.holds(plate, purpose)) {
    blurred_.keep(plate, purpose, blur_image(plate, sigma, colour_format(plate)));
  }
  return blurred_.view();
}

Frame InputFitting::fit(const TaskInputs& inputs, const Params& params, Warnings& warnings) {
  Frame frame;
  frame.image = inputs.image;
  frame.plate = fit_plate(inputs.plate, inputs.image, warnings);
  if (!inputs.mask.empty()) frame.mask = fit_mask_input(inputs.mask, inputs.image, warnings);
  const BackgroundChoice& choice = params.background;
  if (!inputs.background.empty()) {
    frame.background =
        fit_background(inputs.background, inputs.image, params.background_fit, warnings);
  } else if (choice.kind == BackgroundChoice::Kind::kBlur) {
    frame.background = blurred_plate(frame.plate, choice.blur_sigma);
  } else if (choice.kind == BackgroundChoice::Kind::kColor) {
    frame.has_background_color = true;
    frame.background_color[0] = choice.red;
    frame.background_color[1] = choice.green;
    frame.background_color[2] = choice.blue;
  }
  return frame;
}

}  // namespace matting
