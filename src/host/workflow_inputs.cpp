// Workflow's input images.
#include "fetch/fetch.hpp"
#include "host/workflow_state.hpp"
#include "media/image_file.hpp"

namespace workflow {
namespace {

constexpr std::size_t kMostInputImages = 256;

}  // namespace

void Workflow::set_image_input(const std::string& path_or_url, std::size_t index) {
  if (!fetch::is_url(path_or_url)) {
    set_image_input(media::read_image(path_or_url), index);
    return;
  }
  const auto bytes = fetch::fetch_bytes(path_or_url);
  set_image_input(media::decode_image(bytes.data(), bytes.size(), path_or_url), index);
}

void Workflow::set_image_input(const char* path_or_url, std::size_t index) {
  set_image_input(std::string(path_or_url), index);
}

void Workflow::set_image_input(const Image& image, std::size_t index) {
  if (index >= kMostInputImages) {
    throw Error(WF_INDEX_OUT_OF_RANGE, "input image " + std::to_string(index) +
                                           " cannot be set: wanted 0 to " +
                                           std::to_string(kMostInputImages - 1));
  }
  if (image.empty())
    throw Error(WF_BAD_IMAGE, "input image " + std::to_string(index) + " is empty");
  Image kept = image;
  if (kept.view().generation == 0) kept.view().generation = next_generation();
  if (index >= state_->inputs.size()) state_->inputs.resize(index + 1);
  state_->inputs[index] = std::move(kept);
}

void Workflow::set_image_input(const wf_image& view, std::size_t index) {
  at_place("input image " + std::to_string(index),
           [&] { set_image_input(Image::borrow(view), index); });
}

void Workflow::clear_image_input(std::size_t index) {
  auto& inputs = state_->inputs;
  if (index < inputs.size()) inputs[index] = Image();
  while (!inputs.empty() && inputs.back().empty()) inputs.pop_back();
}

std::size_t Workflow::input_count() const noexcept {
  return state_->inputs.size();
}

const Image& Workflow::input(std::size_t index) const {
  if (index < state_->inputs.size()) return state_->inputs[index];
  throw Error(WF_INDEX_OUT_OF_RANGE, "input image " + std::to_string(index) + " does not exist: " +
                                         std::to_string(input_count()) + " are set");
}

}  // namespace workflow
