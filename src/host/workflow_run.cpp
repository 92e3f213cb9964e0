// Workflow::run and what it needs.
#include "host/workflow_state.hpp"

namespace workflow {

// Null where a root image is not given.
const Image* Workflow::State::find_input(const OutputId& source, const Results& computed) const {
  if (source.task != kRoot) return &computed[source.task][source.output];
  const auto index = static_cast<std::size_t>(source.output);
  return index < inputs.size() && !inputs[index].empty() ? &inputs[index] : nullptr;
}

void Workflow::State::check_inputs(int task) const {
  const Graph::Node& node = graph.node(task);
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const auto& source = node.inputs[i];
    if (!node.required[i] || (source && (source->task != kRoot || find_input(*source, {}))))
      continue;
    throw Error(WF_MISSING_INPUT,
                graph.label(task) + " needs input " + std::to_string(i) + " (" +
                    tasks[task]->instance().info().inputs[i]->name + "): " +
                    (source ? "it is connected to input image " + std::to_string(source->output) +
                                  ", which is not set; set it with set_image_input"
                            : "it is not connected; connect it to an output or an input image"));
  }
}

void Workflow::State::run_task(int task, const RunPlan& plan, Results& computed) {
  std::vector<const wf_image*> views;
  for (const auto& source : graph.node(task).inputs) {
    const Image* image = source ? find_input(*source, computed) : nullptr;
    views.push_back(image ? &image->view() : nullptr);
  }
  computed[task] = tasks[task]->run(views, plan.needed_outputs[task], take_reusable(task));
}

std::vector<Image> Workflow::State::take_reusable(int task) {
  std::vector<Image> images(instance(task).info().output_count);
  for (auto& [id, image] : reusable) {
    if (id.task == task) images[static_cast<std::size_t>(id.output)] = std::move(image);
  }
  return images;
}

void Workflow::run() {
  State& state = *state_;
  const RunPlan plan =
      state.graph.plan(state.wanted.empty() ? state.final_outputs() : state.wanted);
  std::uint32_t step_count = 0;
  for (int task : plan.order) step_count += state.instance(task).info().step_count;
  state.control.begin_run(step_count);
  struct EndRun {
    RunControl& control;
    std::vector<std::pair<OutputId, Image>>& reusable;
    ~EndRun() {
      control.end_run();
      reusable.clear();
    }
  } const end_run{state.control, state.reusable};
  state.forget_results();
  for (int task : plan.order) state.check_inputs(task);
  State::Results computed;
  for (const auto& needed : plan.needed_outputs) computed.emplace_back(needed.size());
  for (int task : plan.order) state.run_task(task, plan, computed);
  state.results = std::move(computed);
  state.make_outputs();
}

void Workflow::set_wanted_outputs(const std::vector<OutputId>& outputs) {
  for (const OutputId& id : outputs) {
    if (id.task == kRoot) {
      throw Error(WF_INDEX_OUT_OF_RANGE, "an input image is no output of a task");
    }
    state_->graph.check_output(id);
  }
  state_->wanted = outputs;
}

void Workflow::reuse_output(const OutputId& output, const Image& image) {
  state_->instance(output.task);  // throws for the workflow's own inputs
  state_->graph.check_output(output);
  state_->reusable.emplace_back(output, image);
}

}  // namespace workflow
