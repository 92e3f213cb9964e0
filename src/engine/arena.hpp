// Memory of a plan: one block, in which buffers whose lives do not overlap share their place.
#ifndef MATTING_ENGINE_ARENA_HPP
#define MATTING_ENGINE_ARENA_HPP

#include <cstddef>
#include <map>
#include <memory>

namespace matting::engine {

constexpr std::size_t kAlignment = 64;  // bytes, of every buffer

// Zeroed, aligned memory of fixed size.
class AlignedBlock {
 public:
  AlignedBlock() = default;
  // Throws Error kOutOfMemory.
  explicit AlignedBlock(std::size_t bytes);

  std::byte* data() const noexcept { return data_.get(); }
  std::size_t size() const noexcept { return size_; }
  template <class T>
  T* as(std::size_t offset = 0) const noexcept {
    return reinterpret_cast<T*>(data_.get() + offset);
  }

 private:
  struct Free {
    void operator()(std::byte* data) const noexcept;
  };
  std::unique_ptr<std::byte[], Free> data_;
  std::size_t size_ = 0;
};

// Hands out places within a block that does not exist yet. Buffers are taken and released in the
// order in which the plan will run: what is released may be taken again by a later step.
class ArenaLayout {
 public:
  std::size_t take(std::size_t bytes);  // offset
  void release(std::size_t offset);
  std::size_t size() const noexcept { return size_; }

 private:
  std::map<std::size_t, std::size_t> free_, used_;  // offset -> bytes
  std::size_t size_ = 0;
};

constexpr std::size_t aligned(std::size_t bytes) noexcept {
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

}  // namespace matting::engine

#endif  // MATTING_ENGINE_ARENA_HPP
