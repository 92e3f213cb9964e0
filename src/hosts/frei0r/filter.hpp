// One instance of the frei0r filter.
#ifndef MATTING_HOSTS_FREI0R_FILTER_HPP
#define MATTING_HOSTS_FREI0R_FILTER_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "hosts/frei0r/slice_watch.hpp"
#include "hosts/session/session.hpp"

namespace matting::hosts {

// The filter's parameters, all strings, in the order in which ffmpeg counts them. The index of a
// row is the parameter's number in frei0r.
const std::vector<ParameterInfo>& filter_parameters();

// Threads and life as frei0r says: one thread at a time, and slices are noticed.
class Filter {
 public:
  // Instant. width and height in pixels are those of every frame, and above 0; row_pixels, width
  // or more, is from one row to the next.
  Filter(unsigned width, unsigned height, unsigned row_pixels);

  // index < filter_parameters().size(). The text of get is valid until the parameter is set again.
  void set(std::size_t index, const std::string& text);
  const std::string& get(std::size_t index) const;

  // One frame: row_pixels * height RGBA pixels; src may be dst. Where matting
  // fails, dst is src, or one colour if the parameter `strict` is 1, and the reason is logged. time
  // is only compared: hosts give it in seconds or milliseconds.
  void update(double time, const std::uint32_t* src, std::uint32_t* dst) noexcept;

 private:
  void matte(const std::uint32_t* src, std::uint32_t* dst);
  void show_failure(const std::string& text, const std::uint32_t* src, std::uint32_t* dst);
  std::size_t pixel_count() const { return std::size_t{row_pixels_} * height_; }

  const unsigned width_, height_, row_pixels_;
  SliceWatch slices_;
  Session session_;
  std::string strict_;
  std::vector<std::uint32_t> src_copy_;  // where src is dst
};

}  // namespace matting::hosts

#endif  // MATTING_HOSTS_FREI0R_FILTER_HPP
