#include "camera/camera.hpp"

#include <atomic>
#include <chrono>
#include <cmath>
#include <thread>

#include "camera/camera_colour.hpp"
#include "camera/camera_modes.hpp"
#include "camera/device_drivers.hpp"
#include "camera/video_devices.hpp"
#include "video/libav.hpp"
#include "video/pixel_conversion.hpp"

namespace workflow::camera {
namespace {

using namespace video;

constexpr const char* kGraphPrefix = "lavfi:";
constexpr auto kPoll = std::chrono::milliseconds(1);
constexpr std::int64_t kLongestSilence = 5 * kLiveTicks;
constexpr std::int64_t kPlausibleAge = 2 * kLiveTicks;  // of a frame, by the driver's own clock

std::int64_t now_ticks() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

bool is_graph(const std::string& device) {
  return device.rfind(kGraphPrefix, 0) == 0;
}

AVDictionary* options_of(const CameraRequest& request) {
  AVDictionary* options = nullptr;
  if (is_graph(request.device)) return options;
  if (request.width > 0 && request.height > 0) {
    const std::string size = std::to_string(request.width) + "x" + std::to_string(request.height);
    av_dict_set(&options, "video_size", size.c_str(), 0);
  }
  if (request.frames_per_second > 0) {
    av_dict_set(&options, "framerate", std::to_string(request.frames_per_second).c_str(), 0);
  }
  if (!request.pixel_format.empty()) {
    av_dict_set(&options, "input_format", request.pixel_format.c_str(), 0);
  }
  return options;
}

// Instead of what was wanted.
std::string what_there_is(const std::string& device) {
  const std::string modes = describe_camera_modes(device);
  return modes.empty() ? "; video devices:\n" + describe_video_devices()
                       : "; it offers, with the most frames a second:\n" + modes;
}

InputPointer open_device(const CameraRequest& request) {
  register_device_drivers();
  av_log_set_level(AV_LOG_QUIET);
  const bool graph = is_graph(request.device);
  const std::string name =
      graph ? request.device.substr(std::string(kGraphPrefix).size()) : request.device;
  AVFormatContext* context = avformat_alloc_context();
  if (context == nullptr) throw Error(WF_OUT_OF_MEMORY, "no memory for a camera");
  context->flags |= AVFMT_FLAG_NONBLOCK;  // so that a camera that falls silent can be left
  AVDictionary* options = options_of(request);
  const int result = avformat_open_input(&context, name.c_str(),
                                         av_find_input_format(graph ? "lavfi" : "v4l2"), &options);
  av_dict_free(&options);
  if (result >= 0) return InputPointer(context);
  throw Error(WF_READ_FAILED, "cannot open the camera " + request.device + ": " +
                                  libav_text(result) + (graph ? "" : what_there_is(name)));
}

class Camera final : public LiveSource {
 public:
  explicit Camera(const CameraRequest& request)
      : name_(request.device), input_(open_device(request)) {
    stream_ = input_->streams[film_stream(*input_, name_)];
    decoder_ = open_decoder(*stream_, 1, name_);
    read_facts(request);
  }

  const ClipInfo& info() const override { return info_; }
  bool read(Frame& frame) override;
  void stop() noexcept override { stopped_ = true; }

 private:
  void read_facts(const CameraRequest& request);
  void feed();
  std::int64_t captured_at() const;

  std::string name_;
  InputPointer input_;
  AVStream* stream_ = nullptr;
  LibavPointer<AVCodecContext> decoder_;
  LibavPointer<AVPacket> packet_ = make_packet();
  LibavPointer<AVFrame> decoded_ = make_frame();
  PixelConversion conversion_;
  ClipInfo info_;
  std::atomic<bool> stopped_{false};
};

void Camera::read_facts(const CameraRequest& request) {
  const AVCodecParameters& parameters = *stream_->codecpar;
  info_.width = static_cast<std::uint32_t>(parameters.width);
  info_.height = static_cast<std::uint32_t>(parameters.height);
  info_.time_base = {1, kLiveTicks};
  const AVRational asked = av_d2q(request.frames_per_second, 1'000'000);
  info_.average_rate =
      from_libav(stream_->avg_frame_rate.num > 0 ? stream_->avg_frame_rate : asked);
  info_.colour.matrix = assumed_matrix(parameters.width, parameters.height);
  if (is_graph(name_)) return;
  if (const auto colour = colour_of_camera(name_)) info_.colour = *colour;
}

// A packet goes to the decoder. A damaged one, as cheap cables make, is passed over there.
void Camera::feed() {
  const std::int64_t begin = now_ticks();
  int result = AVERROR(EAGAIN);
  while (!stopped_ && result == AVERROR(EAGAIN)) {
    av_packet_unref(packet_.get());
    result = av_read_frame(input_.get(), packet_.get());
    if (result != AVERROR(EAGAIN)) break;
    if (now_ticks() - begin > kLongestSilence) {
      throw Error(WF_READ_FAILED, "the camera " + name_ +
                                      " has sent nothing for 5 seconds: is another program using "
                                      "it, or does it lack this size and rate?");
    }
    std::this_thread::sleep_for(kPoll);
  }
  if (stopped_) return;
  if (result < 0 && result != AVERROR_EOF) {
    throw Error(WF_READ_FAILED, "the camera " + name_ + " has stopped: " + libav_text(result));
  }
  avcodec_send_packet(decoder_.get(), result < 0 ? nullptr : packet_.get());
}

// Drivers stamp frames with the steady clock; where one does not, the moment of arrival counts.
std::int64_t Camera::captured_at() const {
  const std::int64_t now = now_ticks();
  if (decoded_->best_effort_timestamp == AV_NOPTS_VALUE) return now;
  const std::int64_t stamp =
      av_rescale_q(decoded_->best_effort_timestamp, stream_->time_base, AVRational{1, kLiveTicks});
  return stamp <= now && now - stamp < kPlausibleAge ? stamp : now;
}

bool Camera::read(Frame& frame) {
  for (;;) {
    if (stopped_) return false;
    const int result = avcodec_receive_frame(decoder_.get(), decoded_.get());
    if (result == AVERROR_EOF) return false;
    if (result >= 0) break;
    feed();
  }
  const auto width = static_cast<std::uint32_t>(decoded_->width);
  const auto height = static_cast<std::uint32_t>(decoded_->height);
  if (frame.image.width() != width || frame.image.height() != height) {
    frame.image = Image(width, height, WF_FORMAT_RGB8);
  }
  conversion_.to_image(*decoded_, info_.colour, frame.image);
  frame.timestamp = captured_at();
  const double rate = info_.average_rate.value();
  frame.duration = rate > 0 ? std::llround(kLiveTicks / rate) : 0;
  return true;
}

}  // namespace

std::unique_ptr<video::LiveSource> open_camera(const CameraRequest& request) {
  return std::make_unique<Camera>(request);
}

}  // namespace workflow::camera
