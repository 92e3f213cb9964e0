// A workflow of the template plugin's task, for every test that needs some task.
#ifndef TESTS_HOST_TEMPLATE_WORKFLOW_HPP
#define TESTS_HOST_TEMPLATE_WORKFLOW_HPP

#include <algorithm>
#include <memory>

#include "workflow/host.hpp"

inline constexpr char kTask[] = "template_blend";

inline std::shared_ptr<workflow::PluginRegistry> template_registry() {
  auto registry = std::make_shared<workflow::PluginRegistry>();
  registry->load(TEMPLATE_PLUGIN);
  return registry;
}

// An image of one value.
inline workflow::Image flat_image(std::uint32_t width, std::uint32_t height, std::uint8_t value,
                                  wf_format format = WF_FORMAT_RGB8) {
  workflow::Image image(width, height, format);
  for (std::uint32_t y = 0; y < height; ++y) {
    std::uint8_t* row = image.row(y);
    std::fill(row, row + width * workflow::pixel_bytes(format), value);
  }
  return image;
}

// A workflow with one image and `tasks` tasks, each after the other, amount as given. The task's
// result on a flat image v is v + (255 - 2 * v) * amount / 100.
inline workflow::Workflow chain(int tasks, const std::string& amount, std::uint8_t value = 55) {
  workflow::Workflow workflow(template_registry());
  workflow.set_image_input(flat_image(20, 17, value));
  for (int i = 0; i < tasks; ++i)
    workflow.set_parameters(workflow.add_task(kTask), {{"amount", amount}});
  return workflow;
}

#endif  // TESTS_HOST_TEMPLATE_WORKFLOW_HPP
