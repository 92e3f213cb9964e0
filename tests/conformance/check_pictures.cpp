// Sizes and formats that work, and what is written where.
#include "conformance/checks.hpp"

namespace conformance {
namespace {

std::vector<Shape> shapes(bool fast) {
  std::vector<Shape> list;
  const std::vector<std::pair<std::uint32_t, std::uint32_t>> sizes =
      fast ? std::vector<std::pair<std::uint32_t, std::uint32_t>>{{1, 1}, {33, 17}}
           : std::vector<std::pair<std::uint32_t, std::uint32_t>>{
                 {1, 1}, {2, 2}, {15, 16}, {16, 16}, {17, 31}, {64, 48}, {127, 33}, {320, 181}};
  for (const auto& [width, height] : sizes) {
    for (wf_format format = WF_FORMAT_GRAY8; format <= WF_FORMAT_BGRA16; ++format) {
      list.push_back({width, height, format});
    }
  }
  return list;
}

bool is_refusal_of_picture(const Answer& answer) {
  return answer.explains_failure() &&
         (answer.status == WF_BAD_IMAGE || answer.status == WF_NOT_SUPPORTED ||
          answer.status == WF_TOO_LARGE);
}

bool poison_is_intact(const std::vector<Picture>& pictures) {
  for (const Picture& picture : pictures) {
    if (!picture.poison_is_intact()) return false;
  }
  return true;
}

struct PictureChecks {
  explicit PictureChecks(Report& report)
      : answers(report, "every size and format works or is refused with a reason"),
        inputs(report, "inputs are not written to"),
        around(report, "nothing is written around output pixels"),
        padding(report, "what lies between rows does not matter"),
        shape(report, "outputs have a size and a known format") {}

  Check answers, inputs, around, padding, shape;
};

// Runs the same pixels in a tight layout and in a padded one.
bool check_shape(const Subject& subject, const Shape& shape, PictureChecks& checks) {
  TaskInstance instance(subject);
  auto tight = random_inputs(subject.task(), shape, 7);
  const auto plain = instance.process(tight);
  const std::string name = text_of(shape);
  checks.answers.require(plain.answer.ok() || is_refusal_of_picture(plain.answer),
                         name + ": " + text_of(plain.answer));
  if (!plain.answer.ok()) return false;
  for (const Picture& output : plain.outputs) {
    checks.shape.require(workflow::pixel_bytes(output.shape().format) > 0 &&
                             output.shape().width > 0 && output.shape().height > 0,
                         name + ": " + text_of(output.shape()));
  }
  auto padded = random_inputs(subject.task(), shape, 7, 13, 99);
  const auto before = pixels_of(padded);
  const auto second = instance.process(padded, 29, 5);
  checks.answers.require(second.answer.ok(), name + " with padding: " + text_of(second.answer));
  checks.inputs.require(pixels_of(padded) == before && poison_is_intact(padded), name);
  checks.around.require(poison_is_intact(second.outputs) && poison_is_intact(plain.outputs), name);
  checks.padding.require(pixels_of(second.outputs) == pixels_of(plain.outputs), name);
  return true;
}

}  // namespace

void check_pictures(const Options& options, Report& report) {
  const Subject subject(options.path, options.task);
  Check any(report, "at least one format works at a size of 64x48");
  PictureChecks checks(report);
  for (const Shape& shape : shapes(options.fast)) check_shape(subject, shape, checks);
  any.require(check_shape(subject, kPlainShape, checks), "rgb8 does not");
}

}  // namespace conformance
