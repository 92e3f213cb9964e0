// frei0r gives plugins no way to speak; like others, this one writes to standard error.
#ifndef MATTING_HOSTS_FREI0R_LOG_ONCE_HPP
#define MATTING_HOSTS_FREI0R_LOG_ONCE_HPP

#include <string>

namespace matting::hosts {

// One line, the first time that text comes up in the process: a fault holds for every frame and, in
// MLT, for every thread's instance. Any thread.
void log_once(const std::string& text);

}  // namespace matting::hosts

#endif  // MATTING_HOSTS_FREI0R_LOG_ONCE_HPP
