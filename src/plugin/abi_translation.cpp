#include "plugin/abi_translation.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <limits>
#include <new>
#include <string>

namespace matting {
namespace {

// The enums are the ABI's numbers: no table in between can go out of step.
static_assert(static_cast<int>(ErrorCode::kInvalidArgument) == WF_INVALID_ARGUMENT);
static_assert(static_cast<int>(ErrorCode::kUnknownParameter) == WF_UNKNOWN_PARAMETER);
static_assert(static_cast<int>(ErrorCode::kBadParameterValue) == WF_BAD_PARAMETER_VALUE);
static_assert(static_cast<int>(ErrorCode::kMissingInput) == WF_MISSING_INPUT);
static_assert(static_cast<int>(ErrorCode::kBadImage) == WF_BAD_IMAGE);
static_assert(static_cast<int>(ErrorCode::kTooLarge) == WF_TOO_LARGE);
static_assert(static_cast<int>(ErrorCode::kModelNotFound) == WF_MODEL_NOT_FOUND);
static_assert(static_cast<int>(ErrorCode::kModelInvalid) == WF_MODEL_INVALID);
static_assert(static_cast<int>(ErrorCode::kDeviceUnavailable) == WF_DEVICE_UNAVAILABLE);
static_assert(static_cast<int>(ErrorCode::kNotSupported) == WF_NOT_SUPPORTED);
static_assert(static_cast<int>(ErrorCode::kOutOfMemory) == WF_OUT_OF_MEMORY);
static_assert(static_cast<int>(ErrorCode::kCancelled) == WF_CANCELLED);
static_assert(static_cast<int>(ErrorCode::kReadFailed) == WF_READ_FAILED);
static_assert(static_cast<int>(ErrorCode::kWriteFailed) == WF_WRITE_FAILED);
static_assert(static_cast<int>(ErrorCode::kInternal) == WF_INTERNAL);
static_assert(static_cast<std::uint32_t>(PixelFormat::kBgra16) == WF_FORMAT_BGRA16);
static_assert(static_cast<std::uint32_t>(PixelFormat::kGray16) == WF_FORMAT_GRAY16);
static_assert(static_cast<std::uint32_t>(PixelFormat::kRgb8) == WF_FORMAT_RGB8);

constexpr std::size_t kImageSize10 = offsetof(wf_image, generation);

int to_side(std::uint32_t side) {
  constexpr auto kLargest = static_cast<std::uint32_t>(std::numeric_limits<int>::max());
  return static_cast<int>(std::min(side, kLargest));
}

void check_struct(const wf_image& image) {
  if (image.struct_size >= kImageSize10) return;
  throw Error(ErrorCode::kInvalidArgument, "wf_image::struct_size is " +
                                               std::to_string(image.struct_size) +
                                               ": wanted at least " + std::to_string(kImageSize10));
}

void check_count(std::uint32_t count, std::uint32_t most, const void* list, const char* what) {
  if (count > most || (count > 0 && list == nullptr)) {
    throw Error(ErrorCode::kInvalidArgument, "got " + std::to_string(count) + " " + what +
                                                 (list ? "" : " in a null list") +
                                                 ": wanted at most " + std::to_string(most));
  }
}

// Stands for the memory of a picture that is not read: a view without any means "not given".
constexpr std::max_align_t kNoPixels = {};

ImageView to_view(const wf_image* image, Pixels pixels) {
  if (image == nullptr) return {};
  check_struct(*image);
  if (image->data == nullptr && pixels == Pixels::kNeeded) {
    throw Error(ErrorCode::kBadImage, "a picture has no memory: wanted a data pointer");
  }
  const bool has_generation = image->struct_size >= kImageSize10 + sizeof image->generation;
  return {static_cast<PixelFormat>(image->format),
          to_side(image->width),
          to_side(image->height),
          static_cast<std::ptrdiff_t>(image->stride_bytes),
          image->data ? image->data : &kNoPixels,
          has_generation ? image->generation : 0};
}

MutableImageView to_mutable_view(const wf_image* image) {
  const ImageView view = to_view(image, Pixels::kNeeded);
  return {view.format, view.width, view.height, view.stride_bytes, const_cast<void*>(view.data)};
}

void describe_output(PixelFormat format, const ImageView& image, wf_image* output) {
  if (output == nullptr) return;
  check_struct(*output);
  output->format = static_cast<wf_format>(format);
  output->width = static_cast<std::uint32_t>(image.width);
  output->height = static_cast<std::uint32_t>(image.height);
  output->stride_bytes = std::int64_t{image.width} * pixel_bytes(format);
}

wf_status write_error(wf_error* error, ErrorCode code, const char* text) noexcept {
  const auto status = static_cast<wf_status>(code);
  if (error == nullptr || error->struct_size < offsetof(wf_error, text)) return status;
  error->code = status;
  const std::size_t capacity =
      std::min<std::size_t>(error->struct_size, sizeof(wf_error)) - offsetof(wf_error, text);
  if (capacity == 0) return status;
  const std::size_t length = std::min(std::strlen(text), capacity - 1);
  std::memcpy(error->text, text, length);
  error->text[length] = '\0';
  return status;
}

}  // namespace

TaskInputs to_inputs(const wf_image* const* inputs, std::uint32_t count, Pixels pixels) {
  check_count(count, 4, inputs, "inputs");
  ImageView views[4];
  for (std::uint32_t i = 0; i < count; ++i) views[i] = to_view(inputs[i], pixels);
  return {views[0], views[1], views[2], views[3]};
}

TaskOutputs to_outputs(wf_image* const* outputs, std::uint32_t count) {
  check_count(count, 4, outputs, "outputs");
  MutableImageView views[4];
  for (std::uint32_t i = 0; i < count; ++i) views[i] = to_mutable_view(outputs[i]);
  return {views[0], views[1], views[2], views[3]};
}

void describe_outputs(const TaskOutputFormats& formats, const ImageView& image,
                      wf_image* const* outputs, std::uint32_t count) {
  check_count(count, 4, outputs, "outputs");
  const PixelFormat list[4] = {formats.composite, formats.alpha, formats.foreground, formats.error};
  for (std::uint32_t i = 0; i < count; ++i) describe_output(list[i], image, outputs[i]);
}

void copy_text(const std::string& text, char* buffer, std::size_t capacity, std::size_t* length) {
  if (length == nullptr || (buffer == nullptr && capacity > 0)) {
    throw Error(ErrorCode::kInvalidArgument,
                "a text needs a length to fill, and a buffer unless "
                "its capacity is 0");
  }
  *length = text.size();
  if (capacity == 0) return;
  const std::size_t copied = std::min(text.size(), capacity - 1);
  std::memcpy(buffer, text.data(), copied);
  buffer[copied] = '\0';
}

wf_status report_exception(wf_error* error) noexcept {
  try {
    throw;
  } catch (const Error& caught) {
    return write_error(error, caught.code(), caught.what());
  } catch (const std::bad_alloc&) {
    return write_error(error, ErrorCode::kOutOfMemory, "not enough memory");
  } catch (const std::exception& caught) {
    return write_error(error, ErrorCode::kInternal, caught.what());
  } catch (...) {
    return write_error(error, ErrorCode::kInternal, "an exception of unknown type");
  }
}

}  // namespace matting
