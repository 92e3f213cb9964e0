// Calls that must fail, with a reason, and leave the instance usable.
#include "conformance/checks.hpp"

namespace conformance {
namespace {

// A good call that is spoiled in one place and made. The instance must work afterwards.
class SpoiledCall {
 public:
  SpoiledCall(const Subject& subject, Report& report, Shape shape = kPlainShape)
      : instance_(subject),
        report_(report),
        inputs_(random_inputs(subject.task(), shape, 5)),
        good_(instance_.process(inputs_)) {}

  bool usable() const { return good_.answer.ok() && !inputs_.empty(); }
  std::size_t output_count() const { return good_.outputs.size(); }

  // spoil(inputs, outputs) changes the descriptors. wanted: the status, or WF_OK for any failure.
  template <typename Spoil>
  void run(const std::string& what, wf_status wanted, Spoil spoil) {
    Check check(report_, what);
    auto outputs = good_.outputs;
    PictureList input_list(inputs_), output_list(outputs);
    spoil(input_list, output_list);
    const Answer answer = instance_.run(input_list, output_list);
    check.require(answer.explains_failure() && (wanted == WF_OK || answer.status == wanted),
                  text_of(answer) + (wanted ? ", wanted " + std::to_string(wanted) : ""));
    const auto after = instance_.process(inputs_);
    check.require(after.answer.ok() && pixels_of(after.outputs) == pixels_of(good_.outputs),
                  "the next run gives something else: " + text_of(after.answer));
  }

 private:
  TaskInstance instance_;
  Report& report_;
  std::vector<Picture> inputs_;
  TaskInstance::Result good_;
};

void check_missing(const Subject& subject, SpoiledCall& call, Report& report) {
  const wf_task_info& task = subject.task();
  for (std::uint32_t i = 0; i < task.input_count; ++i) {
    if (!task.inputs[i]->required) continue;
    const std::string what = std::string("without input ") + task.inputs[i]->name;
    call.run(what + ", run says so", WF_MISSING_INPUT,
             [&](PictureList& inputs, PictureList&) { inputs.omit(i); });
    Check check(report, what + ", prepare says so");
    auto pictures = random_inputs(task, kPlainShape, 5);
    PictureList inputs(pictures);
    inputs.omit(i);
    const Answer answer = TaskInstance(subject).prepare(inputs, empty_outputs(task));
    check.require(answer.explains_failure() && answer.status == WF_MISSING_INPUT, text_of(answer));
  }
}

void check_counts(const Subject& subject, SpoiledCall& call) {
  const wf_task_info& task = subject.task();
  call.run("more inputs than the task has are refused", WF_INVALID_ARGUMENT,
           [&](PictureList& inputs, PictureList&) {
             while (inputs.count() <= task.input_count) inputs.append_null();
           });
  call.run("more outputs than the task has are refused", WF_INVALID_ARGUMENT,
           [&](PictureList&, PictureList& outputs) { outputs.append_null(); });
}

void check_input_images(SpoiledCall& call) {
  const auto spoil = [&](const char* what, wf_status wanted, void (*change)(wf_image&)) {
    call.run(what, wanted, [&](PictureList& inputs, PictureList&) { change(inputs[0]); });
  };
  spoil("an input without pixels is refused", WF_BAD_IMAGE, [](wf_image& i) { i.data = nullptr; });
  spoil("an input of no width is refused", WF_BAD_IMAGE, [](wf_image& i) { i.width = 0; });
  spoil("an input of no height is refused", WF_BAD_IMAGE, [](wf_image& i) { i.height = 0; });
  spoil("an input of format 0 is refused", WF_BAD_IMAGE, [](wf_image& i) { i.format = 0; });
  spoil("an input of an unknown format is refused", WF_BAD_IMAGE,
        [](wf_image& i) { i.format = 99; });
  spoil("an input with a short stride is refused", WF_BAD_IMAGE,
        [](wf_image& i) { --i.stride_bytes; });
  spoil("an input with a negative stride is refused", WF_BAD_IMAGE,
        [](wf_image& i) { i.stride_bytes = -i.stride_bytes; });
  spoil("an input of 4 billion pixels a side is refused", WF_OK, [](wf_image& i) {
    i.width = i.height = 0xffffffffu;
    i.stride_bytes = std::int64_t{1} << 40;
  });
  spoil("an input whose struct is too small is refused", WF_OK,
        [](wf_image& i) { i.struct_size = 8; });
}

void check_output_images(SpoiledCall& call) {
  if (call.output_count() == 0) return;
  const auto spoil = [&](const char* what, void (*change)(wf_image&)) {
    call.run(what, WF_OK, [&](PictureList&, PictureList& outputs) { change(outputs[0]); });
  };
  spoil("an output of another width is refused", [](wf_image& i) { --i.width; });
  spoil("an output of another height is refused", [](wf_image& i) { --i.height; });
  spoil("an output of another format is refused", [](wf_image& i) {
    i.format = i.format == WF_FORMAT_GRAY16 ? WF_FORMAT_GRAY8 : WF_FORMAT_GRAY16;
  });
  spoil("an output without pixels is refused", [](wf_image& i) { i.data = nullptr; });
  spoil("an output with a short stride is refused", [](wf_image& i) { --i.stride_bytes; });
}

void check_odd_addresses(const Subject& subject, Report& report) {
  SpoiledCall call(subject, report, {64, 48, WF_FORMAT_RGB16});
  if (!call.usable()) {
    report.skip("an odd address of 16-bit pixels is refused", "rgb16 does not run");
    return;
  }
  call.run("an odd address of 16-bit pixels is refused", WF_BAD_IMAGE,
           [](PictureList& inputs, PictureList&) {
             inputs[0].data = static_cast<char*>(inputs[0].data) + 1;
           });
}

void check_null_instance(const Subject& subject, Report& report) {
  Check check(report, "a null instance is refused everywhere");
  const wf_plugin& table = subject.table();
  char text[8];
  std::size_t length = 0;
  const auto refuses = [&](const char* name, const Answer& answer) {
    check.require(answer.explains_failure(), std::string(name) + ": " + text_of(answer));
  };
  refuses("set_parameters", ask([&](wf_error* error) {
            return table.set_parameters(nullptr, nullptr, nullptr, 0, error);
          }));
  refuses("get_parameter", ask([&](wf_error* error) {
            return table.get_parameter(nullptr, "x", text, sizeof text, &length, error);
          }));
  refuses("prepare", ask([&](wf_error* error) {
            return table.prepare(nullptr, nullptr, 0, nullptr, 0, error);
          }));
  refuses("run",
          ask([&](wf_error* error) { return table.run(nullptr, nullptr, 0, nullptr, 0, error); }));
}

}  // namespace

void check_bad_calls(const Options& options, Report& report) {
  const Subject subject(options.path, options.task);
  check_null_instance(subject, report);
  SpoiledCall call(subject, report);
  if (!call.usable()) {
    report.skip("bad pictures are refused", "the task has no required input, or rgb8 does not run");
    return;
  }
  check_missing(subject, call, report);
  check_counts(subject, call);
  check_input_images(call);
  check_output_images(call);
  check_odd_addresses(subject, report);
}

}  // namespace conformance
