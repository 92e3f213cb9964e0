#include "plate/finding_tally.hpp"

namespace plate {

void FindingTally::add(std::int64_t frame, const std::vector<std::string>& sentences) {
  ++frames_;
  for (const std::string& sentence : sentences) {
    // Up to the first number the words are the same.
    Topic& topic = topics_[sentence.substr(0, sentence.find_first_of("0123456789+-"))];
    if (topic.count++ > 0) continue;
    topic.first = frame;
    topic.text = sentence;
  }
}

std::vector<std::string> FindingTally::lines() const {
  std::vector<std::string> lines;
  for (const auto& [words, topic] : topics_) {
    lines.push_back(std::to_string(topic.count) + " of " + std::to_string(frames_) +
                    " frames, first " + std::to_string(topic.first) + ": " + topic.text);
  }
  return lines;
}

}  // namespace plate
