// How much memory this process holds.
#ifndef TESTS_RESIDENT_MEMORY_HPP
#define TESTS_RESIDENT_MEMORY_HPP

#include <unistd.h>

#include <fstream>

// Resident memory, MiB (proc(5), statm).
inline double resident_mib() {
  std::ifstream file("/proc/self/statm");
  double all = 0, resident = 0;
  file >> all >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

#endif  // TESTS_RESIDENT_MEMORY_HPP
