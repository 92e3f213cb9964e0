// Ten lines of C++ on the task class: a cut-out of an image file.
//   task IMAGE PLATE OUTPUT.png
#include <infer_background_matting/opencv.hpp>
#include <infer_background_matting/task.hpp>
#include <iostream>
#include <opencv2/imgcodecs.hpp>

int main(int argc, char** argv) try {
  if (argc != 4) throw matting::Error(matting::ErrorCode::kInvalidArgument, "wanted 3 files");
  const cv::Mat image = cv::imread(argv[1]), plate = cv::imread(argv[2]);
  cv::Mat cut_out(image.size(), CV_8UC4);
  matting::BackgroundMattingTask task;
  task.set_parameters({{"cuda", "cpu"}});
  task.run({matting::view_of(image), matting::view_of(plate), {}, {}},
           {matting::mutable_view_of(cut_out), {}, {}, {}});
  return cv::imwrite(argv[3], cut_out) ? 0 : 1;
} catch (const matting::Error& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
