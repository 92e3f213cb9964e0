// A fault of FFmpeg before version 7 that a plugin cannot see in the call: frei0r's frames have
// rows without padding, but those versions hand on rows of 16, or of 4, pixels' multiple, as their
// allocator has it. Taken for frei0r's the picture would come out skewed.
#ifndef MATTING_HOSTS_FREI0R_PADDED_ROWS_HPP
#define MATTING_HOSTS_FREI0R_PADDED_ROWS_HPP

#include <optional>

namespace matting::hosts {

// How many pixels the rows of frames have, of width pixels in the picture, that come from code at
// this address (a return address). nullopt: code of a version that may do this or that; a wrong
// guess would read and write beyond the frame.
std::optional<unsigned> row_pixels(const void* caller, unsigned width);

}  // namespace matting::hosts

#endif  // MATTING_HOSTS_FREI0R_PADDED_ROWS_HPP
