// Numbers that tell pictures apart, see ImageView::generation.
#ifndef MATTING_HOSTS_SESSION_GENERATION_HPP
#define MATTING_HOSTS_SESSION_GENERATION_HPP

#include <cstdint>

namespace matting::hosts {

// A number that no other picture of this plugin has; never 0. Any thread.
std::uint64_t next_generation();

}  // namespace matting::hosts

#endif  // MATTING_HOSTS_SESSION_GENERATION_HPP
