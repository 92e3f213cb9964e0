// A queue between two threads that holds only so much.
#ifndef VIDEO_MATTING_BOUNDED_QUEUE_HPP
#define VIDEO_MATTING_BOUNDED_QUEUE_HPP

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>

namespace video_matting {

// Any thread may call any function. Whoever pushes into a full queue waits, so that a slow stage
// slows those before it down instead of filling the memory.
template <typename T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

  // false, without taking item, once the queue is closed.
  bool push(T item) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || items_.size() < capacity_; });
    if (closed_) return false;
    items_.push_back(std::move(item));
    changed_.notify_all();
    return true;
  }

  // Whether push would wait. Where one thread alone pushes, it will not after a false.
  bool full() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return !closed_ && items_.size() >= capacity_;
  }

  // Waits for an item; nothing once the queue is closed and empty.
  std::optional<T> pop() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || !items_.empty(); });
    if (items_.empty()) return std::nullopt;
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    changed_.notify_all();
    return item;
  }

  // Nothing more comes: what is inside can still be taken.
  void close() {
    const std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

  // The work is off: nothing more comes or goes.
  void abandon() {
    std::deque<T> dropped;  // destroyed after the lock is gone: an item may come back to a queue
    const std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
    dropped.swap(items_);
    changed_.notify_all();
  }

 private:
  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<T> items_;
  bool closed_ = false;
};

}  // namespace video_matting

#endif  // VIDEO_MATTING_BOUNDED_QUEUE_HPP
