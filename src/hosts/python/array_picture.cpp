#include "hosts/python/array_picture.hpp"

#include <climits>
#include <cstdint>

#include "infer_background_matting/error.hpp"

namespace py = pybind11;

namespace matting::python {
namespace {

constexpr const char* kWanted =
    ": wanted a numpy array of uint8 or uint16, shaped (height, width) or (height, width, "
    "channels) with 1, 3 or 4 channels, found ";

[[noreturn]] void refuse(const std::string& name, const std::string& found) {
  throw Error(ErrorCode::kBadImage, name + kWanted + found);
}

std::string text_of(const py::handle& object) {
  return py::str(object);
}

PixelFormat format_of(int channels, int bytes, ChannelOrder order) {
  const bool deep = bytes == 2, blue_first = order == ChannelOrder::kBgr;
  switch (channels) {
    case 1:
      return deep ? PixelFormat::kGray16 : PixelFormat::kGray8;
    case 3:
      if (blue_first) return deep ? PixelFormat::kBgr16 : PixelFormat::kBgr8;
      return deep ? PixelFormat::kRgb16 : PixelFormat::kRgb8;
    case 4:
      if (blue_first) return deep ? PixelFormat::kBgra16 : PixelFormat::kBgra8;
      return deep ? PixelFormat::kRgba16 : PixelFormat::kRgba8;
    default:
      return PixelFormat::kNone;
  }
}

int channels_of(const py::array& array) {
  if (array.ndim() == 2) return 1;
  return array.ndim() == 3 && array.shape(2) <= 4 ? static_cast<int>(array.shape(2)) : 0;
}

PixelFormat checked_format(const py::array& array, const std::string& name, ChannelOrder order) {
  const py::dtype type = array.dtype();
  const py::ssize_t bytes = type.itemsize();
  if (type.kind() == 'f') {
    refuse(name, "values of " + text_of(type) + "; numbers of 0..1 become (x * 255).astype(uint8)");
  }
  if (type.kind() != 'u' || bytes > 2) refuse(name, "values of " + text_of(type));
  const PixelFormat format = format_of(channels_of(array), static_cast<int>(bytes), order);
  if (format == PixelFormat::kNone) refuse(name, "the shape " + text_of(array.attr("shape")));
  for (int axis = 0; axis < 2; ++axis) {
    if (array.shape(axis) > INT_MAX) refuse(name, "the shape " + text_of(array.attr("shape")));
  }
  return format;
}

// Whether the library can read it where it lies: top row first, pixels dense, native values.
bool readable_in_place(const py::array& array, PixelFormat format) {
  const py::ssize_t channel = channel_bytes(format), pixel = pixel_bytes(format);
  if (array.ndim() == 3 && array.shape(2) > 1 && array.strides(2) != channel) return false;
  return array.strides(1) == pixel && array.strides(0) >= array.shape(1) * pixel &&
         array.dtype().attr("isnative").cast<bool>() &&
         reinterpret_cast<std::uintptr_t>(array.data()) % channel == 0;
}

// One contiguous copy in the machine's byte order.
py::array dense_copy(const py::array& array) {
  const py::object type = array.dtype().attr("newbyteorder")("=");
  return py::module_::import("numpy").attr("array")(array, type, py::arg("order") = "C");
}

}  // namespace

ArrayPicture::ArrayPicture(const py::object& source, const std::string& name, ChannelOrder order,
                           std::uint64_t generation) {
  if (!py::isinstance<py::array>(source)) refuse(name, text_of(py::type::of(source)));
  pixels_ = py::reinterpret_borrow<py::array>(source);
  const PixelFormat format = checked_format(pixels_, name, order);
  if (!readable_in_place(pixels_, format)) {
    pixels_ = dense_copy(pixels_);
    copied_ = true;
  }
  view_ = {format,
           static_cast<int>(pixels_.shape(1)),
           static_cast<int>(pixels_.shape(0)),
           pixels_.strides(0),
           pixels_.data(),
           generation};
}

py::array make_array(PixelFormat format, int width, int height) {
  const py::dtype type =
      channel_bytes(format) == 2 ? py::dtype::of<std::uint16_t>() : py::dtype::of<std::uint8_t>();
  std::vector<py::ssize_t> shape = {height, width};
  if (channel_count(format) > 1) shape.push_back(channel_count(format));
  return py::array(type, std::move(shape));
}

MutableImageView mutable_view_of(py::array& array, PixelFormat format) {
  return {format, static_cast<int>(array.shape(1)), static_cast<int>(array.shape(0)),
          array.strides(0), array.mutable_data()};
}

}  // namespace matting::python
