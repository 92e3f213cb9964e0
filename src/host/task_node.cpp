#include "host/task_node.hpp"

namespace workflow {
namespace {

// Pointers to those that are needed, null for the rest.
std::vector<wf_image*> pointers(std::vector<wf_image>& images, const std::vector<bool>& needed) {
  std::vector<wf_image*> list(images.size(), nullptr);
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (needed[i]) list[i] = &images[i];
  }
  return list;
}

bool fits(const Image& image, const wf_image& wanted) {
  return image.width() == wanted.width && image.height() == wanted.height &&
         image.format() == wanted.format;
}

Image make_output(const wf_image& wanted, Image reusable, const std::string& name) {
  try {
    Image image = fits(reusable, wanted) ? std::move(reusable)
                                         : Image(wanted.width, wanted.height, wanted.format);
    if (wanted.stride_bytes > image.stride_bytes()) {
      throw Error(WF_NOT_SUPPORTED,
                  "the plugin asks for rows of " + std::to_string(wanted.stride_bytes) +
                      " bytes, this host makes " + std::to_string(image.stride_bytes()));
    }
    image.view().generation = next_generation();
    return image;
  } catch (const Error& error) {
    throw Error(error.code(), name + ": " + error.what());
  }
}

// Tells control when the task is over, however it ends.
class TaskScope {
 public:
  TaskScope(RunControl& control, Instance& instance) : control_(control), instance_(instance) {
    control_.begin_task(instance_);
  }
  ~TaskScope() { control_.end_task(instance_.info().step_count); }
  TaskScope(const TaskScope&) = delete;
  TaskScope& operator=(const TaskScope&) = delete;

 private:
  RunControl& control_;
  Instance& instance_;
};

}  // namespace

std::vector<Image> TaskNode::allocate_outputs(const std::vector<const wf_image*>& inputs,
                                              const std::vector<bool>& needed_outputs,
                                              std::vector<Image> reusable) {
  const wf_task_info& info = instance_.info();
  std::vector<wf_image> wanted(info.output_count,
                               {sizeof(wf_image), WF_FORMAT_NONE, 0, 0, 0, nullptr, 0});
  instance_.prepare(inputs, pointers(wanted, needed_outputs));
  std::vector<Image> images(info.output_count);
  for (std::uint32_t i = 0; i < info.output_count; ++i) {
    if (!needed_outputs[i]) continue;
    images[i] = make_output(wanted[i], std::move(reusable[i]),
                            std::string(info.name) + ": output " + std::to_string(i) + " (" +
                                info.outputs[i]->name + ")");
  }
  return images;
}

std::vector<Image> TaskNode::run(const std::vector<const wf_image*>& inputs,
                                 const std::vector<bool>& needed_outputs,
                                 std::vector<Image> reusable) {
  const TaskScope scope(control_, instance_);
  std::vector<Image> images = allocate_outputs(inputs, needed_outputs, std::move(reusable));
  control_.check();
  std::vector<wf_image*> outputs(images.size(), nullptr);
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (needed_outputs[i]) outputs[i] = &images[i].view();
  }
  try {
    instance_.run(inputs, outputs);
  } catch (const Error&) {
    control_.check();  // a progress function's own exception goes before the plugin's answer to it
    throw;
  }
  control_.check();
  return images;
}

}  // namespace workflow
