// The element backgroundmatting in pipelines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "hosts/bmp_file.hpp"
#include "pipeline.hpp"
#include "temporary_folder.hpp"

namespace {

using ::testing::HasSubstr;

const std::string kElement = "backgroundmatting name=m cuda=cpu threads=1 ";
const std::string kOut = " ! appsink name=out sync=false";

std::string video(const std::string& caps, int frames = 1) {
  return "videotestsrc pattern=ball num-buffers=" + std::to_string(frames) + " ! video/x-raw," +
         caps + " ! ";
}
const char* const kSize = "width=96,height=64,framerate=25/1";

class Gstreamer : public ::testing::Test {
 protected:
  Gstreamer() {
    write_bmp(plate, 96, 64, [](int, int) { return Color{0, 0, 0}; });
  }
  // A pipeline with the plate as a file.
  std::string with_file(const std::string& source, const std::string& properties = "") const {
    return source + kElement + "plate-location=" + plate + " " + properties + kOut;
  }

  TemporaryFolder folder;
  std::string plate = folder.file("plate.bmp");
};

TEST_F(Gstreamer, HasAPropertyForEveryParameter) {
  Pipeline pipeline(with_file(video(kSize)));
  for (const char* name :
       {"output", "background", "model-type", "model-backbone", "model-backbone-scale",
        "model-refine-mode", "model-refine-pixels", "model-refine-threshold", "cuda", "engine",
        "precision", "model-path", "background-fit", "threads", "plate-location"}) {
    GParamSpec* const spec =
        g_object_class_find_property(G_OBJECT_GET_CLASS(pipeline.element("m")), name);
    ASSERT_NE(spec, nullptr) << name;
    EXPECT_STRNE(g_param_spec_get_blurb(spec), "") << name;
  }
  EXPECT_EQ(pipeline.get("model-refine-pixels"), "80000");
  pipeline.set("model-refine-pixels", "1600");
  EXPECT_EQ(pipeline.get("model-refine-pixels"), "1600");
}

TEST_F(Gstreamer, GivesAFrameOfTheVideosSizeForEachOfItsFrames) {
  const auto frames = Pipeline(with_file(video(kSize, 5))).frames();
  ASSERT_EQ(frames.size(), 5u);
  for (const OutputFrame& frame : frames) {
    EXPECT_EQ(frame.width, 96);
    EXPECT_EQ(frame.height, 64);
    EXPECT_EQ(frame.pixels.size(), 96u * 64 * 4);
  }
}

// pngdec and the like give one frame without a time, and end.
TEST_F(Gstreamer, AStillPlateIsKept) {
  const std::string still = "videotestsrc pattern=black num-buffers=1 ! video/x-raw," +
                            std::string(kSize) + " ! m.plate ";
  const auto by_pad =
      Pipeline(still + video(kSize, 5) + "m.sink " + kElement + "output=alpha" + kOut).frames();
  const auto by_file = Pipeline(with_file(video(kSize, 5), "output=alpha")).frames();
  ASSERT_EQ(by_pad.size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(by_pad[i].pixels, by_file[i].pixels) << i;
}

TEST_F(Gstreamer, TheEndComesWithTheVideoWhateverThePlateDoes) {
  const std::string endless =
      "videotestsrc pattern=black ! video/x-raw," + std::string(kSize) + " ! m.plate ";
  const auto frames = Pipeline(endless + video(kSize, 3) + "m.sink " + kElement + kOut).frames();
  EXPECT_EQ(frames.size(), 3u);
}

TEST_F(Gstreamer, PlateAndBackgroundMayHaveOtherSizes) {
  const std::string others =
      "videotestsrc pattern=black num-buffers=1 ! video/x-raw,width=200,height=180 ! m.plate "
      "videotestsrc pattern=green num-buffers=1 ! video/x-raw,width=30,height=20 ! m.background ";
  const auto frames =
      Pipeline(others + video(kSize) + "m.sink " + kElement + "output=composite" + kOut).frames();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].width, 96);
  const std::uint8_t* const corner = frames[0].pixels.data();
  EXPECT_GT(corner[1], 128) << "green";
  EXPECT_LT(corner[0], 64);
}

// The base class converts; what it makes of a frame is what videoconvert makes of it.
TEST_F(Gstreamer, EveryFormatGivesTheMatteOfItsRgba) {
  for (const char* format : {"RGB", "RGBA", "BGRx", "NV12", "I420", "YUY2", "GRAY8"}) {
    const std::string source = video("format=" + std::string(format) + "," + kSize);
    const auto direct = Pipeline(with_file(source, "output=alpha")).frames();
    const auto converted =
        Pipeline(with_file(source + "videoconvert ! video/x-raw,format=RGBA ! ", "output=alpha"))
            .frames();
    ASSERT_EQ(direct.size(), 1u) << format;
    EXPECT_EQ(direct[0].pixels, converted[0].pixels) << format;
  }
}

TEST_F(Gstreamer, ANewSizeInMidStream) {
  const auto frames =
      Pipeline(video(kSize, 2) + "c. " + video("width=67,height=45,framerate=25/1", 2) + "c. " +
               video(kSize, 2) + "c. " + with_file("concat name=c ! "))
          .frames();
  ASSERT_GE(frames.size(), 6u);
  EXPECT_EQ(frames.front().width, 96);
  EXPECT_EQ(frames[2].width, 67);
  EXPECT_EQ(frames[2].pixels.size(), 67u * 45 * 4);
  EXPECT_EQ(frames.back().width, 96);
}

TEST_F(Gstreamer, APropertyMayChangeWhilePlaying) {
  Pipeline pipeline("videotestsrc pattern=ball ! video/x-raw," + std::string(kSize) + " ! " +
                    kElement + "plate-location=" + plate + " output=alpha ! fakesink");
  pipeline.start();
  pipeline.set("output", "matte");
  EXPECT_THAT(pipeline.play(), HasSubstr("rgba, composite, alpha, foreground, error"));
}

TEST_F(Gstreamer, ReportsItsLatency) {
  Pipeline pipeline("videotestsrc is-live=true num-buffers=4 ! video/x-raw," + std::string(kSize) +
                    " ! " + kElement + "plate-location=" + plate + " ! fakesink sync=false");
  EXPECT_EQ(pipeline.play(), "");
  GstPad* const pad = gst_element_get_static_pad(pipeline.element("m"), "src");
  GstQuery* const query = gst_query_new_latency();
  ASSERT_TRUE(gst_pad_query(pad, query));
  gboolean live = FALSE;
  GstClockTime minimum = 0;
  gst_query_parse_latency(query, &live, &minimum, nullptr);
  EXPECT_TRUE(live);
  EXPECT_GE(minimum, GST_SECOND / 25) << "one frame";
  gst_query_unref(query);
  gst_object_unref(pad);
}

TEST_F(Gstreamer, PlateFileThatIsNotThere) {
  Pipeline pipeline(with_file(video(kSize)));
  pipeline.set("plate-location", folder.file("missing.png"));
  EXPECT_THAT(pipeline.play(), HasSubstr("missing.png"));
  pipeline.stop();
  pipeline.set("plate-location", plate);
  EXPECT_EQ(pipeline.frames().size(), 1u) << "all is well again";
}

TEST_F(Gstreamer, WrongPropertyIsKnownBeforeTheFirstFrame) {
  EXPECT_THAT(Pipeline(with_file(video(kSize), "model-type=none")).play(),
              HasSubstr("mattingrefine, mattingbase"));
}
TEST_F(Gstreamer, ModelThatIsNotThere) {
  EXPECT_THAT(Pipeline(with_file(video(kSize), "model-path=/nowhere/m.safetensors")).play(),
              HasSubstr("/nowhere/m.safetensors"));
}
TEST_F(Gstreamer, NoPlate) {
  EXPECT_THAT(Pipeline(video(kSize) + kElement + " ! fakesink").play(), HasSubstr("plate"));
}
TEST_F(Gstreamer, PlateThatEndsWithoutAFrame) {
  const std::string nothing = "videotestsrc num-buffers=2 ! video/x-raw," + std::string(kSize) +
                              " ! identity drop-probability=1 ! m.plate ";
  EXPECT_THAT(Pipeline(nothing + video(kSize, 3) + "m.sink " + kElement + " ! fakesink").play(),
              HasSubstr("pad plate has ended without a frame"));
}
TEST_F(Gstreamer, FrameThatIsTooSmall) {
  EXPECT_THAT(Pipeline(with_file(video("width=8,height=8"))).play(), HasSubstr("8x8"));
}
TEST_F(Gstreamer, WhatFollowsWantsAnotherSize) {
  EXPECT_THAT(Pipeline(video(kSize) + kElement + "plate-location=" + plate +
                       " ! video/x-raw,width=100 ! fakesink")
                  .play(),
              HasSubstr("videoscale"));
}

TEST_F(Gstreamer, ThereIsOnePlatePad) {
  Pipeline pipeline(with_file(video(kSize)));
  GstElement* const element = pipeline.element("m");
  GstPadTemplate* const plate_template =
      gst_element_class_get_pad_template(GST_ELEMENT_GET_CLASS(element), "plate");
  const auto request = [&] {
    return gst_element_request_pad(element, plate_template, nullptr, nullptr);
  };
  GstPad* const first = request();
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(request(), nullptr);
  gst_element_release_request_pad(element, first);
  gst_object_unref(first);
  GstPad* const again = request();
  ASSERT_NE(again, nullptr);
  gst_object_unref(again);
}

}  // namespace
