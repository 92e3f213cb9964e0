// Whether something that is done again and again takes more and more memory.
#ifndef TESTS_MEMORY_GROWTH_HPP
#define TESTS_MEMORY_GROWTH_HPP

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>

// Threads otherwise get arenas of their own, by chance and by the number of cores; each keeps a few
// MiB for later, which is no leak. Before the first thread.
inline const bool kOneArena = mallopt(M_ARENA_MAX, 1) == 1;

// Resident memory (proc(5), statm), MiB, without what the allocator keeps for later.
inline double settled_mib() {
  malloc_trim(0);
  std::ifstream file("/proc/self/statm");
  double all = 0, resident = 0;
  file >> all >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

// The least after any of ten rounds: threads of a round that ended may still be at its memory.
template <class Round>
double least_mib(const Round& round) {
  double least = std::numeric_limits<double>::max();
  for (int i = 0; i < 10; ++i) {
    round();
    least = std::min(least, settled_mib());
  }
  return least;
}

// By how many MiB the process grows over so many rounds, after warm_up of them. A thousand rounds
// that leak 1 KiB each make 1 MiB; without a leak they make less than 0.1.
template <class Round>
double growth_mib(int warm_up, int rounds, const Round& round) {
  for (int i = 0; i < warm_up; ++i) round();
  const double before = least_mib(round);
  for (int i = 0; i < rounds; ++i) round();
  return least_mib(round) - before;
}

#endif  // TESTS_MEMORY_GROWTH_HPP
