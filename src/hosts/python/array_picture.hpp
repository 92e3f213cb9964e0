// A numpy array seen as a picture, without a copy wherever its layout allows.
#ifndef HOSTS_PYTHON_ARRAY_PICTURE_HPP
#define HOSTS_PYTHON_ARRAY_PICTURE_HPP

#include <pybind11/numpy.h>

#include <string>

#include "infer_background_matting/image.hpp"

namespace matting::python {

// Memory order of colour channels.
enum class ChannelOrder { kRgb, kBgr };

// A picture to read; keeps its array alive. Needs the GIL to be made and destroyed.
class ArrayPicture {
 public:
  // source: (H, W), (H, W, 1), (H, W, 3) or (H, W, 4) of uint8 or uint16. Rows may be apart, but
  // pixels must be dense within a row; any other layout or byte order is copied once. Throws Error
  // kBadImage that names the picture.
  ArrayPicture(const pybind11::object& source, const std::string& name, ChannelOrder order,
               std::uint64_t generation);

  const ImageView& view() const noexcept { return view_; }
  bool copied() const noexcept { return copied_; }

 private:
  pybind11::array pixels_;
  ImageView view_;
  bool copied_ = false;
};

// A new array for an output, its values not set; one channel gives (H, W).
pybind11::array make_array(PixelFormat format, int width, int height);

// The whole of an array that make_array made.
MutableImageView mutable_view_of(pybind11::array& array, PixelFormat format);

}  // namespace matting::python

#endif  // HOSTS_PYTHON_ARRAY_PICTURE_HPP
