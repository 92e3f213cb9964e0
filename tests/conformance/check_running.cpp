// What goes on during a run: generation numbers, progress, cancel, extensions.
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "conformance/checks.hpp"

namespace conformance {
namespace {

// Runs with one generation number for all inputs (the pixels of each are another matter).
std::vector<std::uint8_t> run_generation(TaskInstance& instance, std::vector<Picture>& inputs,
                                         std::vector<Picture> outputs, std::uint64_t first_number,
                                         Check& check) {
  PictureList list(inputs);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    list[i].generation = first_number ? first_number + i : 0;
  }
  for (Picture& output : outputs) output.fill_randomly(1);
  const Answer answer = instance.run(list, PictureList(outputs));
  check.require(answer.ok(), text_of(answer));
  return pixels_of(outputs);
}

std::string json_of(const wf_result_extension& extension, TaskInstance& instance, Check& check) {
  std::string buffer(1 << 20, '\0');
  std::size_t length = 0;
  const Answer answer = ask([&](wf_error* error) {
    return extension.get_json(instance.get(), buffer.data(), buffer.size(), &length, error);
  });
  check.require(answer.ok() && length < buffer.size(), text_of(answer));
  return buffer.substr(0, length);
}

void check_result(const Subject& subject, Report& report) {
  const auto* extension = subject.extension<wf_result_extension>(WF_EXT_RESULT);
  if (extension == nullptr) return report.skip("results are JSON", "no " WF_EXT_RESULT);
  Check check(report, "results are a JSON object, {} before the first run");
  TaskInstance instance(subject);
  check.require(json_of(*extension, instance, check) == "{}", "before the run");
  auto inputs = random_inputs(subject.task(), kPlainShape, 1);
  const auto result = instance.process(inputs);
  check.require(result.answer.ok(), text_of(result.answer));
  const std::string text = json_of(*extension, instance, check);
  check.require(nlohmann::json::parse(text, nullptr, false).is_object(), text);
}

void check_memory(const Subject& subject, Report& report) {
  const auto* extension = subject.extension<wf_memory_extension>(WF_EXT_MEMORY);
  if (extension == nullptr) return report.skip("memory is estimated", "no " WF_EXT_MEMORY);
  Check check(report, "memory is estimated, more for a larger picture");
  TaskInstance instance(subject);
  std::uint64_t small = 0, large = 0;
  const auto estimate = [&](std::uint32_t side, std::uint64_t& bytes) {
    const Answer answer = ask([&](wf_error* error) {
      return extension->estimate(instance.get(), side, side, &bytes, error);
    });
    check.require(answer.ok(), text_of(answer));
  };
  estimate(64, small);
  estimate(2048, large);
  check.require(small <= large, std::to_string(small) + " and " + std::to_string(large));
}

// Cancels from another thread while the run is held up in its first step.
void check_cancel_in_run(const Subject& subject, const wf_cancel_extension& extension,
                         Report& report) {
  Check check(report, "a cancel from another thread ends the run with WF_CANCELLED");
  TaskInstance instance(subject);
  auto inputs = random_inputs(subject.task(), kPlainShape, 9);
  const auto reference = instance.process(inputs);
  auto outputs = reference.outputs;
  instance.host().on_step = [&](const RecordingHost::Step& step) {
    if (step.step == 1) std::thread([&] { extension.cancel(instance.get()); }).join();
  };
  const Answer answer = instance.run(PictureList(inputs), PictureList(outputs));
  check.require(answer.status == WF_CANCELLED && answer.explains_failure(), text_of(answer));
  instance.host().on_step = nullptr;
  Check again(report, "after a cancelled run the next one is whole");
  const auto after = instance.process(inputs);
  again.require(after.answer.ok() && pixels_of(after.outputs) == pixels_of(reference.outputs),
                text_of(after.answer));
}

void check_cancel_at_any_time(const Subject& subject, const wf_cancel_extension& extension,
                              bool fast, Report& report) {
  Check check(report, "cancels at any time give WF_OK or WF_CANCELLED");
  TaskInstance instance(subject);
  auto inputs = random_inputs(subject.task(), kPlainShape, 9);
  for (int i = 0; i < (fast ? 5 : 50); ++i) {
    std::thread other([&] {
      std::this_thread::sleep_for(std::chrono::microseconds(i * 20));
      extension.cancel(instance.get());
    });
    const auto result = instance.process(inputs);
    other.join();
    check.require(result.answer.ok() || result.answer.status == WF_CANCELLED,
                  text_of(result.answer));
  }
}

}  // namespace

void check_generations(const Options& options, Report& report) {
  const Subject subject(options.path, options.task);
  Check check(report, "a new generation number, or none, brings new pixels; an old one keeps them");
  TaskInstance instance(subject);
  auto first = random_inputs(subject.task(), kPlainShape, 1);
  auto second = random_inputs(subject.task(), kPlainShape, 2);
  const auto reference_1 = TaskInstance(subject).process(first);
  const auto reference_2 = TaskInstance(subject).process(second);
  if (!check.require(reference_1.answer.ok(), text_of(reference_1.answer))) return;
  const auto expect = [&](std::vector<Picture>& inputs, const TaskInstance::Result& reference,
                          std::uint64_t number, const char* what) {
    check.require(run_generation(instance, inputs, reference.outputs, number, check) ==
                      pixels_of(reference.outputs),
                  what);
  };
  expect(first, reference_1, 100, "the first run");
  expect(first, reference_1, 100, "the same numbers again");
  expect(second, reference_2, 200, "new numbers");
  expect(first, reference_1, 0, "no numbers after some");
  expect(second, reference_2, 0, "no numbers, other pixels");
  expect(first, reference_1, 100, "the first numbers again");
}

void check_progress(const Options& options, Report& report) {
  const Subject subject(options.path, options.task);
  TaskInstance instance(subject);
  auto inputs = random_inputs(subject.task(), kPlainShape, 1);
  instance.process(inputs);
  instance.host().steps.clear();
  instance.process(inputs);
  const auto& steps = instance.host().steps;
  Check count(report, "a run reports the step_count steps of its task");
  count.require(steps.size() == subject.task().step_count,
                std::to_string(steps.size()) + " of " + std::to_string(subject.task().step_count));
  Check order(report, "steps come in order, with a stage, from the thread that runs");
  for (std::size_t i = 0; i < steps.size(); ++i) {
    order.require(steps[i].step == i + 1 && steps[i].step_count == subject.task().step_count &&
                      !steps[i].stage.empty() && steps[i].host == &instance.host().host &&
                      steps[i].instance == instance.get() &&
                      steps[i].thread == std::this_thread::get_id(),
                  "step " + std::to_string(steps[i].step) + " (" + steps[i].stage + ")");
  }
}

void check_cancel(const Options& options, Report& report) {
  const Subject subject(options.path, options.task);
  const auto* extension = subject.extension<wf_cancel_extension>(WF_EXT_CANCEL);
  if (extension == nullptr) return report.skip("runs can be cancelled", "no " WF_EXT_CANCEL);
  {
    Check check(report, "a cancel before the run does nothing");
    TaskInstance instance(subject);
    std::thread([&] { extension->cancel(instance.get()); }).join();
    auto inputs = random_inputs(subject.task(), kPlainShape, 9);
    const auto result = instance.process(inputs);
    check.require(result.answer.ok(), text_of(result.answer));
  }
  if (subject.task().step_count > 1) check_cancel_in_run(subject, *extension, report);
  check_cancel_at_any_time(subject, *extension, options.fast, report);
}

void check_threads(const Options& options, Report& report) {
  const Subject subject(options.path, options.task);
  Check check(report, "instances in 4 threads at once give what one gives");
  auto inputs = random_inputs(subject.task(), kPlainShape, 77);
  const auto expected = pixels_of(TaskInstance(subject).process(inputs).outputs);
  const int rounds = options.fast ? 2 : 10;
  std::vector<std::vector<std::string>> found(4);
  std::vector<std::thread> threads;
  for (auto& findings : found) {
    threads.emplace_back([&findings, &subject, &expected, inputs, rounds]() mutable {
      for (int i = 0; i < rounds; ++i) {
        const auto result = TaskInstance(subject).process(inputs);
        if (!result.answer.ok()) findings.push_back(text_of(result.answer));
        if (pixels_of(result.outputs) != expected) findings.emplace_back("the result differs");
      }
    });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& findings : found) {
    check.require(findings.empty(), findings.empty() ? "" : findings.front());
  }
}

void check_lent_threads(const Options& options, Report& report) {
  const Subject subject(options.path, options.task);
  RecordingHost host;
  host.lent_threads = 3;
  TaskInstance instance(subject, host);
  auto inputs = random_inputs(subject.task(), kPlainShape, 78);
  const auto result = instance.process(inputs);
  if (host.lent_pieces == 0) return report.skip("runs on the host's threads", "it borrows none");
  Check check(report, "runs on the host's threads");
  check.require(result.answer.ok(), text_of(result.answer));
  const auto again = instance.process(inputs);
  check.require(pixels_of(again.outputs) == pixels_of(result.outputs), "a second run differs");
}

void check_extensions(const Options& options, Report& report) {
  const Subject subject(options.path, options.task);
  {
    Check check(report, "unknown and null extensions are NULL");
    check.require(!subject.table().get_extension("no.such/1"), "no.such/1");
    check.require(!subject.table().get_extension(nullptr), "a null id");
  }
  check_result(subject, report);
  check_memory(subject, report);
}

}  // namespace conformance
