// Callers of other releases: structs that end earlier or later than this header's.
#include <algorithm>
#include <cstddef>
#include <cstring>

#include "conformance/checks.hpp"

namespace conformance {
namespace {

constexpr std::uint32_t kImageSize10 = offsetof(wf_image, generation);

// wf_image with as many bytes behind it as a later release may add, poisoned.
struct LongImage {
  wf_image image;
  unsigned char beyond[48];
};

// Images whose struct_size is size_bytes; everything from there on is poison.
std::vector<LongImage> images_of_size(std::vector<Picture>& pictures, std::uint32_t size_bytes,
                                      int poison) {
  std::vector<LongImage> images(pictures.size());
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const wf_image view = pictures[i].view();
    std::memset(&images[i], poison, sizeof images[i]);
    std::memcpy(&images[i], &view, std::min<std::size_t>(size_bytes, sizeof view));
    images[i].image.struct_size = size_bytes;
  }
  return images;
}

bool poison_is_intact(const std::vector<LongImage>& images, std::uint32_t size_bytes, int poison) {
  for (const LongImage& image : images) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(&image);
    const std::size_t first = std::max<std::size_t>(size_bytes, kImageSize10);
    for (std::size_t i = first; i < sizeof image; ++i) {
      if (i >= size_bytes && bytes[i] != poison) return false;
    }
  }
  return true;
}

std::vector<wf_image*> pointers(std::vector<LongImage>& images) {
  std::vector<wf_image*> list;
  for (LongImage& image : images) list.push_back(&image.image);
  return list;
}

// A whole call by a caller of that size; its outputs' pixels.
std::vector<std::uint8_t> run_with_size(const Subject& subject, TaskInstance& instance,
                                        std::vector<Picture>& inputs, std::vector<Picture> outputs,
                                        std::uint32_t size_bytes, int poison, Check& check) {
  for (Picture& output : outputs) output.fill_randomly(1);
  auto input_images = images_of_size(inputs, size_bytes, poison);
  auto output_images = images_of_size(outputs, size_bytes, poison);
  const auto in = pointers(input_images);
  const auto out = pointers(output_images);
  const auto call = [&](auto function) {
    const Answer answer = ask([&](wf_error* error) {
      return function(instance.get(), in.data(), static_cast<std::uint32_t>(in.size()), out.data(),
                      static_cast<std::uint32_t>(out.size()), error);
    });
    check.require(answer.ok(), text_of(answer));
  };
  call(subject.table().prepare);
  call(subject.table().run);
  check.require(poison_is_intact(input_images, size_bytes, poison) &&
                    poison_is_intact(output_images, size_bytes, poison),
                "wrote beyond the struct");
  return pixels_of(outputs);
}

// Two runs with changed pixels and the same bytes beyond the struct: whoever takes those bytes for
// a generation number keeps what the first pixels gave.
void check_caller(const Subject& subject, std::uint32_t size_bytes, const char* name,
                  Report& report) {
  Check check(report, std::string(name) + " is served, nothing beyond its structs is touched");
  TaskInstance instance(subject);
  for (const std::uint32_t seed : {31u, 57u}) {
    auto inputs = random_inputs(subject.task(), kPlainShape, seed);
    const auto reference = TaskInstance(subject).process(inputs);
    if (!check.require(reference.answer.ok(), text_of(reference.answer))) return;
    const auto pixels =
        run_with_size(subject, instance, inputs, reference.outputs, size_bytes, 0xa5, check);
    check.require(pixels == pixels_of(reference.outputs), "the result differs");
  }
}

void check_errors(const Subject& subject, std::uint32_t size_bytes, Report& report) {
  Check check(report, "an error struct of " + std::to_string(size_bytes) + " bytes is kept to");
  TaskInstance instance(subject);
  std::vector<unsigned char> memory(4096, 0xa5);
  auto* error = reinterpret_cast<wf_error*>(memory.data());
  error->struct_size = size_bytes;
  const char* key = "no_such_key";
  const wf_status status = subject.table().set_parameters(instance.get(), &key, &key, 1, error);
  check.require(status == WF_UNKNOWN_PARAMETER, "status " + std::to_string(status));
  for (std::size_t i = std::max<std::size_t>(size_bytes, sizeof size_bytes); i < memory.size();
       ++i) {
    check.require(memory[i] == 0xa5, "wrote at byte " + std::to_string(i));
  }
  if (size_bytes <= offsetof(wf_error, text)) return;
  const std::size_t room =
      std::min<std::size_t>(size_bytes, sizeof(wf_error)) - offsetof(wf_error, text);
  const bool untouched = memory[offsetof(wf_error, text)] == 0xa5;
  check.require(untouched || std::memchr(error->text, 0, room) != nullptr, "the text does not end");
}

void check_null_error(const Subject& subject, Report& report) {
  TaskInstance instance(subject);
  wf_instance* none = nullptr;
  const char* key = "no_such_key";
  std::size_t length = 0;
  Check check(report, "failures without an error struct are just failures");
  const wf_plugin& table = subject.table();
  check.require(table.create(&instance.host().host, "no such task", &none, nullptr) != WF_OK &&
                    table.set_parameters(instance.get(), &key, &key, 1, nullptr) != WF_OK &&
                    table.get_parameter(instance.get(), key, nullptr, 0, &length, nullptr) != WF_OK,
                "a call did not fail");
}

}  // namespace

void check_struct_sizes(const Options& options, Report& report) {
  const Subject subject(options.path, options.task);
  check_caller(subject, kImageSize10, "a caller of ABI 1.0", report);
  check_caller(subject, sizeof(LongImage), "a caller of a later minor version", report);
  for (const std::uint32_t size : {0u, 4u, 8u, 9u, 64u, 1024u, 2048u}) {
    check_errors(subject, size, report);
  }
  check_null_error(subject, report);
}

}  // namespace conformance
