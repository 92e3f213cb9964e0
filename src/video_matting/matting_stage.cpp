#include "video_matting/matting_stage.hpp"

#include <thread>
#include <utility>

#include "video_matting/frame_log.hpp"
#include "video_matting/stopwatch.hpp"

namespace video_matting {
namespace {

using Json = nlohmann::ordered_json;

// With two lanes one waits for whichever is free first. Not a matter of the machine, since pixels
// depend on it: with more, repairs would learn later.
constexpr std::size_t kFramesAtOnce = 3;

}  // namespace

// A workflow and the thread that runs it.
class MattingStage::Lane {
 public:
  Lane(workflow::Workflow& workflow, const std::vector<workflow::OutputId>& wanted,
       Backdrop backdrop, BoundedQueue<Work>& queue)
      : matter_(workflow, wanted, backdrop), thread_([this, &queue] {
          while (auto work = queue.pop()) (*work)(matter_);
        }) {}

  ~Lane() { thread_.join(); }  // after the queue's end

  // While no frame is under way.
  void begin_part() { matter_.begin_part(); }

 private:
  Matter matter_;
  std::thread thread_;
};

MattingStage::MattingStage(DecodeStage& decoding, Lanes& lanes, const FramePlates& plates,
                           const std::vector<workflow::OutputId>& wanted, Backdrop backdrop,
                           std::int64_t part_frames)
    : decoding_(decoding), plates_(plates), part_frames_(part_frames), work_(kFramesAtOnce) {
  try {
    for (workflow::Workflow& workflow : lanes) {
      lanes_.push_back(std::make_unique<Lane>(workflow, wanted, backdrop, work_));
    }
  } catch (...) {
    work_.abandon();  // lanes that are there wait for it
    throw;
  }
}

MattingStage::~MattingStage() {
  work_.abandon();
}

std::optional<MattingStage::Matted> MattingStage::next() {
  begin_frames();
  if (under_way_.empty()) return std::nullopt;
  UnderWay first = std::move(under_way_.front());
  under_way_.pop_front();
  Matted& matted = first.matted;
  const Json facts = first.facts.get();
  const Stopwatch watch;
  plates_.mend(*matted.frame, matted.record);
  matted.record.update(facts);
  warn_of_memory(matted.record);
  busy_seconds_ += facts.value("matte_ms", 0.0) / 1000 + watch.seconds();
  return std::move(matted);
}

void MattingStage::warn_of_memory(Json& record) {
  if (told_of_memory_ || !side_by_side_.one_at_a_time()) return;
  told_of_memory_ = true;
  record["warnings"].push_back(
      "not enough memory for frames side by side: one at a time from there on");
}

void MattingStage::begin_frames() {
  while (under_way_.size() < kFramesAtOnce) {
    if (!decoded_) decoded_ = decoding_.pop();
    if (!decoded_) return;
    if (decoded_->number % part_frames_ == 0) {
      if (!under_way_.empty()) return;  // the last part goes to its end first
      begin_part();
    }
    begin(std::move(decoded_));
  }
}

void MattingStage::begin_part() {
  plates_.begin_part();
  for (const auto& lane : lanes_) lane->begin_part();
}

void MattingStage::begin(FramePointer frame) {
  Json record = log_line(*frame);
  record["decode_ms"] = frame->decode_ms;
  const workflow::Image plate = plates_.plate_for(*frame, record);
  Work work([this, frame, plate](Matter& matter) {
    return side_by_side_.run([&] { return matter.matte(*frame, plate); });
  });
  auto facts = work.get_future();
  under_way_.push_back({{std::move(frame), std::move(record)}, std::move(facts)});
  work_.push(std::move(work));
}

double MattingStage::busy_seconds() const {
  return busy_seconds_ / static_cast<double>(lanes_.size());
}

}  // namespace video_matting
