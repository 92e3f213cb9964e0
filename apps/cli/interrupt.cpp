#include "cli/interrupt.hpp"

#include <signal.h>
#include <unistd.h>

#include "workflow/error.hpp"

namespace cli {
namespace {

constexpr int kKilledBySignal = 128;  // as a shell reports it: 128 + signal

std::atomic<bool> flag{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

extern "C" void on_signal(int signal) {
  if (flag.exchange(true)) _exit(kKilledBySignal + signal);
}

}  // namespace

void catch_interrupts() {
  struct sigaction action = {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

const std::atomic<bool>& interrupted() {
  return flag;
}

void stop_if_interrupted() {
  if (flag) throw workflow::Error(WF_CANCELLED, "interrupted; nothing was written");
}

}  // namespace cli
