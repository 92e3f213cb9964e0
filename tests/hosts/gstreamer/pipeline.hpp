// A pipeline written as for gst-launch, with the plugin from the build folder.
#ifndef TESTS_HOSTS_GSTREAMER_PIPELINE_HPP
#define TESTS_HOSTS_GSTREAMER_PIPELINE_HPP

#include <gst/gst.h>

#include <cstdint>
#include <string>
#include <vector>

struct OutputFrame {
  int width, height;
  std::vector<std::uint8_t> pixels;  // RGBA
};

class Pipeline {
 public:
  // Throws std::runtime_error where it cannot be built. What it gives is read from an appsink
  // called "out", if it has one; the element is called "m".
  explicit Pipeline(const std::string& description);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  void start();
  // Plays to the end, started or not. Empty, or the text of the error that ended it.
  std::string play();
  void stop();

  // All frames of "out"; to be called instead of play(). Throws where there was an error.
  std::vector<OutputFrame> frames();

  GstElement* element(const char* name) const;  // owned by the pipeline
  void set(const char* property, const std::string& text);
  std::string get(const char* property) const;

 private:
  std::string wait_for_end();
  GstElement* pipeline_;
};

#endif  // TESTS_HOSTS_GSTREAMER_PIPELINE_HPP
