// A fault of FFmpeg before version 7 that a plugin cannot see in the call: frei0r's frames have
// rows without padding, but those versions hand on whatever rows they have, padded to 64 bytes. The
// picture would come out skewed.
#ifndef MATTING_HOSTS_FREI0R_PADDED_ROWS_HPP
#define MATTING_HOSTS_FREI0R_PADDED_ROWS_HPP

namespace matting::hosts {

// Widths that no host pads: rows of whole 64 bytes.
constexpr unsigned kSafeWidthStep = 16;

// Whether code at this address (a return address) belongs to such a version of libavfilter.
bool pads_rows(const void* caller);

}  // namespace matting::hosts

#endif  // MATTING_HOSTS_FREI0R_PADDED_ROWS_HPP
