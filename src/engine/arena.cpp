#include "engine/arena.hpp"

#include <cstdlib>
#include <cstring>
#include <iterator>
#include <string>

#include "infer_background_matting/error.hpp"

namespace matting::engine {

void AlignedBlock::Free::operator()(std::byte* data) const noexcept {
  std::free(data);
}

AlignedBlock::AlignedBlock(std::size_t bytes) : size_(aligned(bytes)) {
  if (size_ == 0) return;
  data_.reset(static_cast<std::byte*>(std::aligned_alloc(kAlignment, size_)));
  if (!data_) {
    throw Error(ErrorCode::kOutOfMemory, "cannot allocate " + std::to_string(size_ >> 20) +
                                             " MiB for a frame of this size: use a smaller image "
                                             "or a smaller model_backbone_scale");
  }
  std::memset(data_.get(), 0, size_);
}

std::size_t ArenaLayout::take(std::size_t bytes) {
  bytes = aligned(bytes);
  // The smallest hole that fits.
  auto best = free_.end();
  for (auto hole = free_.begin(); hole != free_.end(); ++hole) {
    if (hole->second >= bytes && (best == free_.end() || hole->second < best->second)) best = hole;
  }
  if (best == free_.end()) {
    const std::size_t offset = size_;
    size_ += bytes;
    used_[offset] = bytes;
    return offset;
  }
  const std::size_t offset = best->first, rest = best->second - bytes;
  free_.erase(best);
  if (rest > 0) free_[offset + bytes] = rest;
  used_[offset] = bytes;
  return offset;
}

void ArenaLayout::release(std::size_t offset) {
  const auto buffer = used_.find(offset);
  auto hole = free_.emplace(offset, buffer->second).first;
  used_.erase(buffer);
  const auto next = std::next(hole);
  if (next != free_.end() && hole->first + hole->second == next->first) {
    hole->second += next->second;
    free_.erase(next);
  }
  if (hole == free_.begin()) return;
  const auto before = std::prev(hole);
  if (before->first + before->second == hole->first) {
    before->second += hole->second;
    free_.erase(hole);
  }
}

}  // namespace matting::engine
