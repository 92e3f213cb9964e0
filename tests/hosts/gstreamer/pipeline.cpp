#include "pipeline.hpp"

#include <gst/app/gstappsink.h>

#include <stdexcept>

namespace {

// The plugin of this build, and no other of its name; the system's for the rest.
void start_gstreamer() {
  static const bool started = [] {
    setenv("GST_PLUGIN_PATH", MODULE_FOLDER, 1);
    setenv("GST_REGISTRY", MATTING_BINARY_DIR "/tests/gstreamer_registry.bin", 1);
#ifdef __SANITIZE_ADDRESS__  // GStreamer's own scanner cannot open a sanitized plugin
    setenv("GST_REGISTRY_FORK", "no", 1);
#endif
    gst_init(nullptr, nullptr);
    return true;
  }();
  static_cast<void>(started);
}

std::string take_text(GError* error) {
  const std::string text = error ? error->message : "";
  g_clear_error(&error);
  return text;
}

OutputFrame read_sample(GstSample* sample) {
  OutputFrame frame = {};
  const GstStructure* const caps = gst_caps_get_structure(gst_sample_get_caps(sample), 0);
  gst_structure_get_int(caps, "width", &frame.width);
  gst_structure_get_int(caps, "height", &frame.height);
  GstBuffer* const buffer = gst_sample_get_buffer(sample);
  frame.pixels.resize(gst_buffer_get_size(buffer));
  gst_buffer_extract(buffer, 0, frame.pixels.data(), frame.pixels.size());
  gst_sample_unref(sample);
  return frame;
}

}  // namespace

Pipeline::Pipeline(const std::string& description) {
  start_gstreamer();
  GError* error = nullptr;
  pipeline_ = gst_parse_launch(description.c_str(), &error);
  if (error == nullptr) return;
  if (pipeline_ != nullptr) gst_object_unref(pipeline_);
  throw std::runtime_error(take_text(error));
}

Pipeline::~Pipeline() {
  stop();
  gst_object_unref(pipeline_);
}

void Pipeline::stop() {
  gst_element_set_state(pipeline_, GST_STATE_NULL);
}

void Pipeline::start() {
  gst_element_set_state(pipeline_, GST_STATE_PLAYING);
}

std::string Pipeline::play() {
  start();
  return wait_for_end();
}

std::string Pipeline::wait_for_end() {
  GstBus* const bus = gst_element_get_bus(pipeline_);
  GstMessage* const message = gst_bus_timed_pop_filtered(
      bus, 100 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  gst_object_unref(bus);
  if (message == nullptr) return "the pipeline hangs";
  GError* error = nullptr;
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    gst_message_parse_error(message, &error, nullptr);
  }
  gst_message_unref(message);
  return take_text(error);
}

std::vector<OutputFrame> Pipeline::frames() {
  start();
  std::vector<OutputFrame> list;
  GstAppSink* const out = GST_APP_SINK(element("out"));
  while (GstSample* const sample = gst_app_sink_pull_sample(out)) {
    list.push_back(read_sample(sample));
  }
  const std::string error = wait_for_end();
  if (!error.empty()) throw std::runtime_error(error);
  return list;
}

GstElement* Pipeline::element(const char* name) const {
  GstElement* const found = gst_bin_get_by_name(GST_BIN(pipeline_), name);
  if (found == nullptr) throw std::runtime_error(std::string("no element ") + name);
  gst_object_unref(found);  // the bin holds it
  return found;
}

void Pipeline::set(const char* property, const std::string& text) {
  g_object_set(element("m"), property, text.c_str(), nullptr);
}

std::string Pipeline::get(const char* property) const {
  gchar* text = nullptr;
  g_object_get(element("m"), property, &text, nullptr);
  const std::string copy = text ? text : "(null)";
  g_free(text);
  return copy;
}
