// Ctrl-C: the first asks the work to stop where it can, the second ends the process.
#ifndef CLI_INTERRUPT_HPP
#define CLI_INTERRUPT_HPP

#include <atomic>

namespace cli {

// From now on SIGINT and SIGTERM set interrupted(). Call once, first.
void catch_interrupts();

const std::atomic<bool>& interrupted();

// Throws workflow::Error WF_CANCELLED once interrupted.
void stop_if_interrupted();

}  // namespace cli

#endif  // CLI_INTERRUPT_HPP
