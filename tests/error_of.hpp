// Runs something that must throw workflow::Error and returns what was thrown.
#ifndef TESTS_ERROR_OF_HPP
#define TESTS_ERROR_OF_HPP

#include "workflow/error.hpp"

template <typename Action>
workflow::Error error_of(Action&& action) {
  try {
    action();
  } catch (const workflow::Error& error) {
    return error;
  }
  return workflow::Error(WF_OK, "nothing was thrown");
}

#endif  // TESTS_ERROR_OF_HPP
