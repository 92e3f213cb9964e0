// A line of text in a PNG file.
#ifndef WORKFLOW_VIDEO_PNG_TEXT_HPP
#define WORKFLOW_VIDEO_PNG_TEXT_HPP

#include <cstdint>
#include <string>
#include <vector>

namespace workflow::video {

// Puts a tEXt chunk (PNG specification 11.3.4.3; Latin-1) behind the header of a whole PNG file.
void add_png_text(std::vector<std::uint8_t>& png, const std::string& keyword,
                  const std::string& text);

}  // namespace workflow::video

#endif  // WORKFLOW_VIDEO_PNG_TEXT_HPP
