// Which outputs are computed, and that they are the same ones each time.
#include "conformance/checks.hpp"

namespace conformance {
namespace {

// Runs with only output `kept` given (or, beyond the last, none).
std::vector<std::uint8_t> run_with_one(TaskInstance& instance, std::vector<Picture>& inputs,
                                       std::vector<Picture> outputs, std::size_t kept,
                                       Check& check) {
  for (Picture& output : outputs) output.fill_randomly(4711);
  const auto untouched = outputs;
  PictureList list(outputs);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (i != kept) list.omit(i);
  }
  const Answer answer = instance.run(PictureList(inputs), list);
  check.require(answer.ok(), "only output " + std::to_string(kept) + ": " + text_of(answer));
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    check.require(i == kept || outputs[i].pixels() == untouched[i].pixels(),
                  "output " + std::to_string(i) + " was not given, but written");
  }
  return kept < outputs.size() ? outputs[kept].pixels() : std::vector<std::uint8_t>();
}

void check_null_outputs(const Subject& subject, Report& report) {
  Check check(report, "each output alone is the same as with all others");
  TaskInstance instance(subject);
  auto inputs = random_inputs(subject.task(), kPlainShape, 3);
  const auto all = instance.process(inputs);
  if (!check.require(all.answer.ok(), text_of(all.answer))) return;
  for (std::size_t i = 0; i < all.outputs.size(); ++i) {
    check.require(run_with_one(instance, inputs, all.outputs, i, check) == all.outputs[i].pixels(),
                  "output " + std::to_string(i) + " differs");
  }
  Check none(report, "no output at all is fine, as nulls and as a list of length 0");
  run_with_one(instance, inputs, all.outputs, all.outputs.size(), none);
  const PictureList input_list(inputs);
  const Answer answer = ask([&](wf_error* error) {
    return subject.table().run(instance.get(), input_list.inputs(), input_list.count(), nullptr, 0,
                               error);
  });
  none.require(answer.ok(), text_of(answer));
}

void check_repetition(const Subject& subject, Report& report) {
  Check again(report, "the same instance gives the same again");
  Check fresh(report, "another instance gives the same");
  Check unprepared(report, "run without prepare gives the same");
  TaskInstance instance(subject);
  auto inputs = random_inputs(subject.task(), kPlainShape, 11);
  const auto first = instance.process(inputs);
  again.require(pixels_of(instance.process(inputs).outputs) == pixels_of(first.outputs), "differs");
  fresh.require(
      pixels_of(TaskInstance(subject).process(inputs).outputs) == pixels_of(first.outputs),
      "differs");
  auto outputs = first.outputs;
  for (Picture& output : outputs) output.fill_randomly(1);
  TaskInstance other(subject);
  const Answer answer = other.run(PictureList(inputs), PictureList(outputs));
  unprepared.require(answer.ok() && pixels_of(outputs) == pixels_of(first.outputs),
                     answer.ok() ? "differs" : text_of(answer));
}

// Other inputs of the task, given with the required ones: the same format, else grey of 8 bit.
void check_optional_inputs(const Subject& subject, Report& report) {
  const wf_task_info& task = subject.task();
  Check check(report, "each optional input is taken, or refused with a reason");
  for (std::uint32_t i = 0; i < task.input_count; ++i) {
    auto inputs = random_inputs(task, kPlainShape, 21);
    if (i < inputs.size() && task.inputs[i]->required) continue;
    const std::size_t given = inputs.size();
    while (inputs.size() <= i) inputs.emplace_back(kPlainShape);
    inputs[i].fill_randomly(22);
    PictureList list(inputs);
    for (std::size_t k = given; k < i; ++k) list.omit(k);
    TaskInstance instance(subject);
    const Answer answer = instance.prepare(list, empty_outputs(task));
    check.require(answer.ok() || answer.explains_failure(),
                  task.inputs[i]->name + (": " + text_of(answer)));
  }
}

// A host prepares before it has decoded a picture.
void check_prepare_without_pixels(const Subject& subject, Report& report) {
  Check check(report, "prepare takes pictures without memory");
  auto inputs = random_inputs(subject.task(), kPlainShape, 31);
  PictureList list(inputs);
  for (std::size_t i = 0; i < inputs.size(); ++i) list[i].data = nullptr;
  const Answer answer = TaskInstance(subject).prepare(list, empty_outputs(subject.task()));
  check.require(answer.ok(), text_of(answer));
}

}  // namespace

void check_outputs(const Options& options, Report& report) {
  const Subject subject(options.path, options.task);
  check_null_outputs(subject, report);
  check_repetition(subject, report);
  check_optional_inputs(subject, report);
  check_prepare_without_pixels(subject, report);
}

}  // namespace conformance
