#include "hosts/session/session.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "hosts/bmp_file.hpp"
#include "infer_background_matting/error.hpp"
#include "temporary_folder.hpp"

namespace matting::hosts {
namespace {

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() {
    write_bmp(plate_path, 32, 32, wall_color);
    session.set("cuda", "cpu");
    session.set("threads", "1");
  }
  ErrorCode code_of_refresh() {
    try {
      session.refresh();
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode{0};
  }

  TemporaryFolder folder;
  std::string plate_path = folder.file("plate.bmp");
  Session session;
};

TEST_F(SessionTest, KnowsItsKeys) {
  EXPECT_TRUE(session.set("model_type", "mattingbase"));
  EXPECT_FALSE(session.set("model", "x"));
  EXPECT_EQ(session.get("model_type"), "mattingbase");
  EXPECT_EQ(session.get("output"), "rgba");
}

TEST_F(SessionTest, KeepsAnErrorUntilASettingChanges) {
  session.set("plate", folder.file("later.bmp"));
  EXPECT_EQ(code_of_refresh(), ErrorCode::kReadFailed);
  write_bmp(folder.file("later.bmp"), 32, 32, wall_color);
  EXPECT_EQ(code_of_refresh(), ErrorCode::kReadFailed) << "a file is not read for every frame";
  session.set("plate", plate_path);
  EXPECT_EQ(code_of_refresh(), ErrorCode{0});
  session.set("plate", folder.file("later.bmp"));
  EXPECT_EQ(code_of_refresh(), ErrorCode{0});
}

TEST_F(SessionTest, TakesTheHostsPlateBeforeTheFile) {
  Image frame(32, 32, PixelFormat::kRgba8), out(32, 32, PixelFormat::kRgba8);
  session.set("plate", folder.file("missing.bmp"));
  EXPECT_THROW(session.run(frame.view(), {frame.view(), {}}, out.mutable_view()), Error)
      << "a plate that was asked for and is not there is no silent fallback";
  session.set("plate", "");
  EXPECT_THROW(session.run(frame.view(), {}, out.mutable_view()), Error);
  session.run(frame.view(), {frame.view(), {}}, out.mutable_view());
}

TEST(ReadPicture, SharesWhatIsHeldAndReadsAChangedFileAnew) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.bmp");
  write_bmp(path, 32, 32, wall_color);
  const SharedPicture first = read_picture(path);
  EXPECT_EQ(read_picture(path), first);
  EXPECT_NE(first->view().generation, 0u);
  write_bmp(path, 48, 32, wall_color);
  const SharedPicture second = read_picture(path);
  EXPECT_EQ(second->view().width, 48);
  EXPECT_NE(second->view().generation, first->view().generation);
}

}  // namespace
}  // namespace matting::hosts
