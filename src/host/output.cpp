#include "host/output.hpp"

#include <ostream>

#include "host/base64.hpp"
#include "media/image_file.hpp"

namespace workflow {
namespace {

constexpr int kJpegQuality = 95;

bool jpeg_holds(wf_format format) {
  return channel_bytes(format) == 1 && channel_count(format) != 4;
}

}  // namespace

nlohmann::ordered_json image_json(const Image& image, const JsonOptions& options) {
  if (image.empty()) return nullptr;
  return base64(options.png || !jpeg_holds(image.format())
                    ? media::encode_png(image.view())
                    : media::encode_jpeg(image.view(), kJpegQuality));
}

nlohmann::ordered_json output_json(const Output& output, const JsonOptions& options) {
  nlohmann::ordered_json json = {
      {"task_id", output.task}, {"index", output.index}, {"name", output.name}};
  if (!output.image.empty()) {
    json["format"] = format_name(output.image.format());
    json["width"] = output.image.width();
    json["height"] = output.image.height();
  }
  json["image"] = image_json(output.image, options);
  return json;
}

std::string json_text(const nlohmann::ordered_json& value, const JsonOptions& options) {
  return value.dump(options.indented ? 2 : -1, ' ', false,
                    nlohmann::json::error_handler_t::replace);
}

std::string Output::to_json(const JsonOptions& options) const {
  return json_text({{"image", image_json(image, options)}}, options);
}

std::ostream& operator<<(std::ostream& stream, const Output& output) {
  const bool available = !output.image.empty();
  stream << "Output: " << output.name << " (task " << output.task << ", " << output.task_name
         << ", index " << output.index << ")\n"
         << "  Description: " << output.description << "\n"
         << "  Data type: image\n"
         << "  Dimension count: 2\n";
  if (available) {
    stream << "  Format: " << format_name(output.image.format()) << "\n"
           << "  Size: " << output.image.width() << "x" << output.image.height() << "\n";
  }
  return stream << "  Data available: " << (available ? 1 : 0) << "\n";
}

}  // namespace workflow
