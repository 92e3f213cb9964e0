// For frames whose stages nobody watches.
#ifndef MATTING_TESTS_ENGINE_NO_OBSERVER_HPP
#define MATTING_TESTS_ENGINE_NO_OBSERVER_HPP

#include "image/frame.hpp"

namespace matting::engine {

class NoObserver : public StageObserver {
 public:
  void begin_stage(const char*) override {}
};

}  // namespace matting::engine

#endif  // MATTING_TESTS_ENGINE_NO_OBSERVER_HPP
