// Threads that stand back.
#ifndef VIDEO_MATTING_BACKGROUND_THREAD_HPP
#define VIDEO_MATTING_BACKGROUND_THREAD_HPP

#include <sys/resource.h>
#include <unistd.h>

namespace video_matting {

// The calling thread, and those that it starts from now on, work in the pauses of the others:
// matting is what a job waits for, and its threads wait for each other many times a frame. Where
// the system refuses, all stays as it was.
inline void stand_back() noexcept {
  // A quarter of a CPU beside a thread that is busy all the time. With less, matting waits for
  // them.
  constexpr int kNice = 5;
  static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice));
}

}  // namespace video_matting

#endif  // VIDEO_MATTING_BACKGROUND_THREAD_HPP
