// What the job is made of, each for itself.
#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <thread>
#include <vector>

#include "damaged_bytes.hpp"
#include "error_of.hpp"
#include "temporary_folder.hpp"
#include "video/clips.hpp"
#include "video/part.hpp"
#include "video_matting/frame_ring.hpp"
#include "video_matting/journal.hpp"
#include "video_matting/side_by_side.hpp"
#include "video_matting/timed_pictures.hpp"

namespace video_matting {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(BoundedQueue, MakesTheFasterSideWait) {
  BoundedQueue<int> queue(2);
  std::thread producer([&queue] {
    for (int i = 0; i < 1000; ++i) queue.push(i);
    queue.close();
  });
  int expected = 0;
  while (const auto item = queue.pop()) EXPECT_EQ(*item, expected++);
  producer.join();
  EXPECT_EQ(expected, 1000);
  EXPECT_FALSE(queue.push(1));
}

TEST(BoundedQueue, AbandonFreesWhoeverWaits) {
  BoundedQueue<int> queue(1);
  queue.push(1);
  bool taken = true;
  std::thread producer([&] { taken = queue.push(2); });
  queue.abandon();
  producer.join();
  EXPECT_FALSE(taken);
  EXPECT_FALSE(queue.pop().has_value());
}

// Two that are in memory at once are one too many.
TEST(SideBySide, GoesOnAloneWhenMemoryIsShort) {
  SideBySide side_by_side;
  std::atomic<int> inside{0}, refused{0}, done{0};
  const auto work = [&] {
    const int beside = inside++;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    --inside;
    if (beside > 0) {
      ++refused;
      throw workflow::Error(WF_OUT_OF_MEMORY, "no room for two");
    }
    ++done;
    return 7;
  };
  std::vector<std::thread> lanes;
  for (int lane = 0; lane < 3; ++lane) {
    lanes.emplace_back([&] {
      for (int i = 0; i < 50; ++i) EXPECT_EQ(side_by_side.run(work), 7);
    });
  }
  for (std::thread& lane : lanes) lane.join();
  EXPECT_EQ(done, 150);
  EXPECT_GE(refused, 1);
  EXPECT_LE(refused, 3);  // once in each lane at most
  EXPECT_TRUE(side_by_side.one_at_a_time());
}

TEST(SideBySide, PassesOtherErrorsAndWhatMemoryForOneIsMissing) {
  SideBySide side_by_side;
  const auto fail = [&](wf_status code) {
    return error_of([&] { side_by_side.run([&]() -> int { throw workflow::Error(code, "it"); }); });
  };
  EXPECT_EQ(fail(WF_READ_FAILED).code(), WF_READ_FAILED);
  EXPECT_FALSE(side_by_side.one_at_a_time());
  EXPECT_EQ(fail(WF_OUT_OF_MEMORY).code(), WF_OUT_OF_MEMORY);
}

TEST(FrameRing, HandsTheSameFewSlotsOutAgain) {
  FrameRing ring(2);
  FramePointer first = ring.take();
  const FrameSlot* const address = first.get();
  first->source.image = workflow::Image(8, 8, WF_FORMAT_RGB8);
  const std::uint8_t* const pixels = first->source.image.row(0);
  const FramePointer second = ring.take();
  std::thread later([&first] { first.reset(); });
  const FramePointer third = ring.take();  // waits for the first to come back
  later.join();
  EXPECT_EQ(third.get(), address);
  EXPECT_EQ(third->source.image.row(0), pixels);
  ring.close();
  EXPECT_EQ(ring.take(), nullptr);
}

class JournalTest : public ::testing::Test {
 protected:
  JournalTest() {
    for (const char* name : {"a.mkv", "b.mkv"}) {
      PlannedOutput output;
      output.plan.path = folder_.file(name);
      outputs_.push_back(output);
    }
  }
  // Stands for a part of output; its hash.
  std::string make_part(Journal& journal, std::size_t output, std::int64_t part) {
    write_bytes(journal.part_path(output, part), std::to_string(output) + std::to_string(part));
    return workflow::video::hash_of_part(outputs_[output].plan, journal.part_path(output, part));
  }
  void record(Journal& journal, std::size_t output, std::int64_t part) {
    journal.record(output, part, 10, make_part(journal, output, part));
  }
  std::int64_t resumed_frames() { return Journal(parts_, "job", outputs_, true).frames(); }

  TemporaryFolder folder_;
  std::string parts_ = folder_.file("a.mkv.parts");
  std::vector<PlannedOutput> outputs_;
};

TEST_F(JournalTest, BelievesAPartWhenAllOutputsHaveIt) {
  {
    Journal journal(parts_, "job", outputs_, false);
    record(journal, 0, 0);
    record(journal, 0, 1);
    EXPECT_EQ(journal.frames(), 0);
    record(journal, 1, 0);
    EXPECT_EQ(journal.frames(), 10);
  }
  EXPECT_EQ(resumed_frames(), 10);
  EXPECT_FALSE(std::filesystem::exists(Journal::part_path(parts_, 0, 1))) << "it is made again";
}

TEST_F(JournalTest, IsOneJobsAtATime) {
  std::optional<Journal> journal;
  journal.emplace(parts_, "job", outputs_, false);
  record(*journal, 0, 0);
  record(*journal, 1, 0);
  EXPECT_THAT(error_of([&] { Journal(parts_, "job", outputs_, false); }).what(),
              HasSubstr(parts_ + " is in use"));
  EXPECT_THAT(error_of([&] { resumed_frames(); }).what(), HasSubstr("is in use"));
  journal.reset();
  EXPECT_EQ(resumed_frames(), 10) << "nobody has touched it";
}

TEST_F(JournalTest, TakesAFolderThatAProcessLeftBeforeItBegan) {
  std::filesystem::create_directory(parts_);
  write_bytes(parts_ + "/lock", "1\n");
  EXPECT_EQ(Journal(parts_, "job", outputs_, false).frames(), 0);
}

TEST_F(JournalTest, DropsTornLinesAndDamagedParts) {
  {
    Journal journal(parts_, "job", outputs_, false);
    for (std::int64_t part = 0; part < 3; ++part) {
      for (std::size_t output : {0u, 1u}) record(journal, output, part);
    }
    const std::string text = bytes_of(parts_ + "/journal.jsonl");
    write_bytes(parts_ + "/journal.jsonl", text.substr(0, text.size() - 20));
  }
  EXPECT_EQ(resumed_frames(), 20);
  EXPECT_EQ(resumed_frames(), 20) << "again, from the mended journal";
  write_bytes(Journal::part_path(parts_, 1, 1), "else");
  EXPECT_EQ(resumed_frames(), 10);
}

TEST_F(JournalTest, BelievesNothingThatItDidNotWrite) {
  const std::string path = parts_ + "/journal.jsonl";
  {
    Journal journal(parts_, "job", outputs_, false);
    for (std::size_t output : {0u, 1u}) record(journal, output, 0);
  }
  const std::string whole = bytes_of(path);
  int begun_anew = 0, refused = 0;
  for_damaged(whole, 500, [&](const std::string& text) {
    write_bytes(path, text);
    const auto error = error_of([&] {
      const auto parts = Journal::find_parts(parts_, "job", outputs_);
      ASSERT_TRUE(parts.empty() || parts[0].hashes.size() == 2) << text;
      begun_anew += parts.empty();
    });
    if (error.code() == WF_OK) return;
    ++refused;
    EXPECT_THAT(error.what(), HasSubstr("belongs to a job with other"));
  });
  for (const char* part :
       {R"({"frames": "10", "hashes": ["a", "b"]})", R"({"frames": 10, "hashes": 3})",
        R"({"frames": 10, "hashes": [1, 2]})", R"({"frames": {}, "hashes": {}})"}) {
    write_bytes(path, std::string(R"({"job": "job"})") + "\n" + part + "\n");
    EXPECT_TRUE(Journal::find_parts(parts_, "job", outputs_).empty()) << part;
  }
  write_bytes(path, R"({"job": 3})");
  EXPECT_THAT(error_of([&] { resumed_frames(); }).what(), HasSubstr("belongs to a job with other"));
  EXPECT_GT(begun_anew, 50) << "the line about the part was hit";
  EXPECT_GT(refused, 50) << "the line about the job was";
}

TEST_F(JournalTest, BelongsToOneJobAndTakesNoOtherFolder) {
  EXPECT_THAT(error_of([&] { resumed_frames(); }).what(), HasSubstr("nothing to resume"));
  {
    const Journal journal(parts_, "another", outputs_, false);
  }
  EXPECT_THAT(error_of([&] { resumed_frames(); }).what(), HasSubstr("belongs to a job with other"));
  std::filesystem::create_directory(folder_.file("mine"));
  write_bytes(folder_.file("mine") + "/precious", "data");
  const auto begin = [&] { Journal(folder_.file("mine"), "job", outputs_, false); };
  EXPECT_THAT(error_of(begin).what(), HasSubstr("is in the way"));
  EXPECT_EQ(bytes_of(folder_.file("mine") + "/precious"), "data");
}

class TimedPicturesTest : public ::testing::Test {
 protected:
  // Four frames of 40 ms; the number of the one that is shown at each moment.
  std::vector<int> numbers(AtEnd at_end, const std::vector<double>& seconds) {
    const std::string path = folder_.file("four.mkv");
    ffmpeg(grey_steps(32, 32, 4) + " -c:v ffv1 " + path);
    TimedPictures pictures(path, at_end, {25, 1});
    std::vector<int> shown;
    for (const double second : seconds) {
      shown.push_back(static_cast<int>(pictures.at(second).row(0)[0] * 219 / 2550.0 + 0.5));
    }
    return shown;
  }
  TemporaryFolder folder_;
};

TEST_F(TimedPicturesTest, ShowsThePictureOfTheMoment) {
  SKIP_WITHOUT_FFMPEG();
  EXPECT_THAT(numbers(AtEnd::kHold, {0, 0.02, 0.04, 0.1, 0.12, 5}), ElementsAre(0, 0, 1, 2, 3, 3));
  EXPECT_THAT(numbers(AtEnd::kLoop, {0, 0.08, 0.15, 0.16, 0.2, 0.33}),
              ElementsAre(0, 2, 3, 0, 1, 0));
  EXPECT_THAT(numbers(AtEnd::kLoop, {0.2, 0.33}), ElementsAre(1, 0)) << "wherever one begins";
}

TEST_F(TimedPicturesTest, KeepsANumberForPicturesThatStay) {
  SKIP_WITHOUT_FFMPEG();
  numbers(AtEnd::kHold, {});
  TimedPictures pictures(folder_.file("four.mkv"), AtEnd::kHold, {25, 1});
  const auto first = pictures.at(0);
  EXPECT_EQ(pictures.at(0.03).view().generation, first.view().generation);
  const auto second = pictures.at(0.05);
  EXPECT_NE(second.view().generation, first.view().generation);
  EXPECT_EQ(first.row(0)[0], 0) << "a picture that was given out stays as it is";
}

TEST(IsFilm, GoesByTheName) {
  EXPECT_TRUE(is_film("a.mp4"));
  EXPECT_TRUE(is_film("f/%03d.png"));
  EXPECT_FALSE(is_film("a.JPG"));
  EXPECT_FALSE(is_film("https://example.org/a"));
}

}  // namespace
}  // namespace video_matting
