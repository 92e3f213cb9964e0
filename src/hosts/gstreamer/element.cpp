#include "hosts/gstreamer/element.hpp"

#include <gst/video/gstvideoaggregator.h>

#include <memory>
#include <mutex>
#include <string>

#include "hosts/gstreamer/bus.hpp"
#include "hosts/gstreamer/negotiation.hpp"
#include "hosts/gstreamer/pad_picture.hpp"
#include "hosts/gstreamer/properties.hpp"
#include "hosts/session/session.hpp"
#include "infer_background_matting/error.hpp"

GST_DEBUG_CATEGORY_STATIC(matting_debug);
#define GST_CAT_DEFAULT matting_debug

namespace {

using namespace matting::hosts;
using matting::Error;
using matting::ErrorCode;

// What the element holds that is C++.
struct Contents {
  Session session;               // of the thread that streams
  PadPicture plate, background;  // of the thread that streams
  std::mutex mutex;              // of texts: any thread sets properties
  matting::ParameterMap texts;   // properties as they were set, by key

  // Takes over what was set since the last frame.
  void apply_texts() {
    const std::lock_guard<std::mutex> lock(mutex);
    for (const auto& [key, text] : texts) session.set(key, text);
  }
};

}  // namespace

struct MattingElement {
  GstVideoAggregator parent;
  GstVideoAggregatorPad* sink;  // owned by the element
  Contents* contents;
};

struct MattingElementClass {
  GstVideoAggregatorClass parent;
};

G_DEFINE_TYPE(MattingElement, matting_element, GST_TYPE_VIDEO_AGGREGATOR)

namespace {

MattingElement* element_of(gpointer instance) {
  return static_cast<MattingElement*>(instance);
}

GstStaticPadTemplate kSink =
    GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS,
                            GST_STATIC_CAPS(GST_VIDEO_CAPS_MAKE(GST_VIDEO_FORMATS_ALL)));
GstStaticPadTemplate kPlate =
    GST_STATIC_PAD_TEMPLATE("plate", GST_PAD_SINK, GST_PAD_REQUEST,
                            GST_STATIC_CAPS(GST_VIDEO_CAPS_MAKE(GST_VIDEO_FORMATS_ALL)));
GstStaticPadTemplate kBackground =
    GST_STATIC_PAD_TEMPLATE("background", GST_PAD_SINK, GST_PAD_REQUEST,
                            GST_STATIC_CAPS(GST_VIDEO_CAPS_MAKE(GST_VIDEO_FORMATS_ALL)));
GstStaticPadTemplate kSource = GST_STATIC_PAD_TEMPLATE(
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS(GST_VIDEO_CAPS_MAKE("RGBA")));

// ------------------------------------------------------------------------------- pads ---

struct PadUnref {
  void operator()(GstVideoAggregatorPad* pad) const { gst_object_unref(pad); }
};
using PadReference = std::unique_ptr<GstVideoAggregatorPad, PadUnref>;

// The pad of that name, if it was requested.
PadReference find_pad(MattingElement* self, const char* name) {
  return PadReference(
      GST_VIDEO_AGGREGATOR_PAD_CAST(gst_element_get_static_pad(GST_ELEMENT(self), name)));
}

// A gap in a stream is a buffer without pixels.
bool has_frame(GstVideoAggregatorPad* pad) {
  GstBuffer* const buffer = gst_video_aggregator_pad_get_current_buffer(pad);
  return buffer != nullptr && gst_buffer_get_size(buffer) > 0;
}

GstVideoAggregatorPad* new_pad(GstPadTemplate* pad_template, bool keeps_last_frame) {
  return GST_VIDEO_AGGREGATOR_PAD_CAST(
      g_object_new(GST_TYPE_VIDEO_AGGREGATOR_CONVERT_PAD, "name",
                   GST_PAD_TEMPLATE_NAME_TEMPLATE(pad_template), "direction", GST_PAD_SINK,
                   "template", pad_template, "repeat-after-eos", keeps_last_frame, nullptr));
}

// The base class counts pads; these have names.
GstAggregatorPad* create_new_pad(GstAggregator* aggregator, GstPadTemplate* pad_template,
                                 const gchar*, const GstCaps*) {
  const char* const name = GST_PAD_TEMPLATE_NAME_TEMPLATE(pad_template);
  if (find_pad(element_of(aggregator), name)) {
    GST_WARNING_OBJECT(aggregator, "there is one pad %s, and it is taken", name);
    return nullptr;
  }
  return GST_AGGREGATOR_PAD_CAST(new_pad(pad_template, true));
}

// A still picture may come without a time, which the base class refuses: it counts from the start.
GstBuffer* clip(GstAggregator* aggregator, GstAggregatorPad* pad, GstBuffer* buffer) {
  if (!GST_BUFFER_PTS_IS_VALID(buffer)) {
    buffer = gst_buffer_make_writable(buffer);
    GST_OBJECT_LOCK(pad);
    GST_BUFFER_PTS(buffer) = pad->segment.start;
    GST_OBJECT_UNLOCK(pad);
  }
  const auto parent_clip = GST_AGGREGATOR_CLASS(matting_element_parent_class)->clip;
  return parent_clip ? parent_clip(aggregator, pad, buffer) : buffer;
}

// ------------------------------------------------------------------------ negotiation ---

GstVideoInfo sink_info(MattingElement* self) {
  GST_OBJECT_LOCK(self);
  const GstVideoInfo info = self->sink->info;
  GST_OBJECT_UNLOCK(self);
  return info;
}

GstFlowReturn update_src_caps(GstAggregator* aggregator, GstCaps* caps, GstCaps** result) {
  const GstVideoInfo video = sink_info(element_of(aggregator));
  if (!is_known(video)) return GST_AGGREGATOR_FLOW_NEED_DATA;
  *result = of_size(caps, video);
  if (!gst_caps_is_empty(*result)) return GST_FLOW_OK;
  gst_clear_caps(result);
  post_error(GST_ELEMENT(aggregator),
             Error(ErrorCode::kNotSupported,
                   "what follows takes no RGBA of " + std::to_string(video.width) + "x" +
                       std::to_string(video.height) +
                       " pixels: put videoconvert or videoscale after this element"));
  return GST_FLOW_NOT_NEGOTIATED;
}

GstCaps* fixate_src_caps(GstAggregator* aggregator, GstCaps* caps) {
  return fixate_to(sink_info(element_of(aggregator)), caps);
}

// ----------------------------------------------------------------------------- frames ---

// Before the first frame: what is wrong with the settings is known now.
gboolean start(GstAggregator* aggregator) {
  MattingElement* const self = element_of(aggregator);
  const bool ready = succeeds(GST_ELEMENT(self), [&] {
    self->contents->apply_texts();
    self->contents->session.refresh();
  });
  return ready && GST_AGGREGATOR_CLASS(matting_element_parent_class)->start(aggregator);
}

gboolean stop(GstAggregator* aggregator) {
  Contents& contents = *element_of(aggregator)->contents;
  contents.plate.forget();
  contents.background.forget();
  return GST_AGGREGATOR_CLASS(matting_element_parent_class)->stop(aggregator);
}

// The end comes with the video's. A frame is left out while the video, or in a live pipeline the
// plate, has not begun.
GstFlowReturn create_output_buffer(GstVideoAggregator* aggregator, GstBuffer** buffer) {
  MattingElement* const self = element_of(aggregator);
  *buffer = nullptr;
  if (!has_frame(self->sink)) {
    return gst_aggregator_pad_is_eos(GST_AGGREGATOR_PAD(self->sink)) ? GST_FLOW_EOS : GST_FLOW_OK;
  }
  const PadReference plate = find_pad(self, "plate");
  if (plate && !has_frame(plate.get())) {
    if (!gst_aggregator_pad_is_eos(GST_AGGREGATOR_PAD(plate.get()))) return GST_FLOW_OK;
    post_error(GST_ELEMENT(self),
               Error(ErrorCode::kMissingInput,
                     "pad plate has ended without a frame: wanted the scene without the "
                     "subject"));
    return GST_FLOW_ERROR;
  }
  return GST_VIDEO_AGGREGATOR_CLASS(matting_element_parent_class)
      ->create_output_buffer(aggregator, buffer);
}

GstFlowReturn aggregate_frames(GstVideoAggregator* aggregator, GstBuffer* buffer) {
  MattingElement* const self = element_of(aggregator);
  Contents& contents = *self->contents;
  GstVideoFrame rgba;
  if (!gst_video_frame_map(&rgba, &aggregator->info, buffer, GST_MAP_WRITE)) return GST_FLOW_ERROR;
  const PadReference plate = find_pad(self, "plate"), background = find_pad(self, "background");
  const bool done = succeeds(GST_ELEMENT(self), [&] {
    contents.apply_texts();
    contents.session.run(
        view_of(gst_video_aggregator_pad_get_prepared_frame(self->sink)),
        {contents.plate.view(plate.get()), contents.background.view(background.get())},
        mutable_view_of(rgba));
  });
  gst_video_frame_unmap(&rgba);
  return done ? GST_FLOW_OK : GST_FLOW_ERROR;
}

// ------------------------------------------------------------------------- properties ---

void set_property(GObject* object, guint number, const GValue* value, GParamSpec* spec) {
  const char* const key = key_of_property(number);
  if (key == nullptr) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, number, spec);
    return;
  }
  const char* const text = g_value_get_string(value);
  Contents& contents = *element_of(object)->contents;
  const std::lock_guard<std::mutex> lock(contents.mutex);
  contents.texts[key] = text ? text : "";
}

void get_property(GObject* object, guint number, GValue* value, GParamSpec* spec) {
  const char* const key = key_of_property(number);
  if (key == nullptr) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, number, spec);
    return;
  }
  Contents& contents = *element_of(object)->contents;
  const std::lock_guard<std::mutex> lock(contents.mutex);
  const auto found = contents.texts.find(key);
  if (found == contents.texts.end()) {
    g_param_value_set_default(spec, value);
  } else {
    g_value_set_string(value, found->second.c_str());
  }
}

void finalize(GObject* object) {
  delete element_of(object)->contents;
  G_OBJECT_CLASS(matting_element_parent_class)->finalize(object);
}

}  // namespace

static void matting_element_init(MattingElement* self) {
  self->contents = new Contents;
  self->contents->session.set_log([self](int level, const std::string& text) {
    if (level >= 2) {
      GST_WARNING_OBJECT(self, "%s", text.c_str());
    } else {
      GST_INFO_OBJECT(self, "%s", text.c_str());
    }
  });
  GstPadTemplate* const pad_template =
      gst_element_class_get_pad_template(GST_ELEMENT_GET_CLASS(self), "sink");
  self->sink = new_pad(pad_template, false);
  gst_element_add_pad(GST_ELEMENT(self), GST_PAD(self->sink));
}

static void matting_element_class_init(MattingElementClass* element_class) {
  GST_DEBUG_CATEGORY_INIT(matting_debug, "backgroundmatting", 0, "background matting");
  auto* const object = G_OBJECT_CLASS(element_class);
  object->set_property = set_property;
  object->get_property = get_property;
  object->finalize = finalize;
  install_properties(object);

  auto* const element = GST_ELEMENT_CLASS(element_class);
  gst_element_class_set_static_metadata(
      element, "Background matting", "Filter/Editor/Video/Compositor",
      "Cuts out what stands before a known background, the plate: hair and hands without a green "
      "screen",
      "infer_background_matting");
  for (GstStaticPadTemplate* sink : {&kSink, &kPlate, &kBackground}) {
    gst_element_class_add_static_pad_template_with_gtype(element, sink,
                                                         GST_TYPE_VIDEO_AGGREGATOR_CONVERT_PAD);
  }
  gst_element_class_add_static_pad_template_with_gtype(element, &kSource, GST_TYPE_AGGREGATOR_PAD);

  auto* const aggregator = GST_AGGREGATOR_CLASS(element_class);
  aggregator->create_new_pad = create_new_pad;
  aggregator->clip = clip;
  aggregator->update_src_caps = update_src_caps;
  aggregator->fixate_src_caps = fixate_src_caps;
  aggregator->start = start;
  aggregator->stop = stop;

  auto* const video = GST_VIDEO_AGGREGATOR_CLASS(element_class);
  video->create_output_buffer = create_output_buffer;
  video->aggregate_frames = aggregate_frames;
}
