// Times whole frames, bytes in to bytes out, stage by stage.
//   bench_engine WEIGHTS.safetensors [--size 1920x1080] [--precision auto] [--threads 0] [--runs
//   20]
//                [--scale 0.25] [--pixels 80000] [--base] [--images SRC.rgb PLATE.rgb] [--layers]
//                [--cpu] [--serve] [--save PREFIX] [--region-margin 0.05] [--refine-change 0.02]
//                [--lent] [--convolve] [--isa avx2]
// --save: writes PREFIX.alpha and PREFIX.foreground, raw bytes of every frame, and times nothing.
// --cpu: with one thread, its CPU time, for a busy machine.
// --convolve: weights whose refiner hands the coarse matte on, as the default model's, are computed
// as if it had been trained: its convolutions and the hidden features are not left out.
// --isa: fails unless that is the level in force, to which MATTING_ISA lowers a CPU, but raises
// none.
// --lent: on the workflow host's threads instead of OpenMP's.
// --images: raw RGB files of that size, else a made-up scene. SRC may hold several frames of a
// video one after another: runs take them in turn. --serve: after each line on standard input,
// times one frame and answers its milliseconds, so that a driver can interleave engines.
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "convolution_ceiling.hpp"
#include "engine/engine.hpp"
#include "engine/safetensors.hpp"
#include "hosts/lend_threads.hpp"
#include "infer_background_matting/error.hpp"

namespace matting::benchmarks {
namespace {

struct Arguments {
  std::string weights, image, plate;
  int width = 1920, height = 1080, runs = 20;
  engine::EngineOptions options;
  NetworkSettings settings;
  std::string save;
  bool layers = false, serve = false, convolve = false;
};

Precision parse_precision(const std::string& name) {
  static const std::map<std::string, Precision> kNames = {{"auto", Precision::kAuto},
                                                          {"fp32", Precision::kFp32},
                                                          {"bf16", Precision::kBf16},
                                                          {"int8", Precision::kInt8}};
  const auto found = kNames.find(name);
  if (found == kNames.end())
    throw std::invalid_argument("--precision wants auto, fp32, bf16, int8");
  return found->second;
}

ParallelRunner host_threads() {
  static const workflow::SharedThreads threads;
  return hosts::lend(threads);
}

Arguments parse(int count, char** values) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    const std::string key = values[i];
    const auto next = [&]() -> std::string {
      if (++i >= count) throw std::invalid_argument(key + " wants a value");
      return values[i];
    };
    if (key == "--size") {
      if (std::sscanf(next().c_str(), "%dx%d", &arguments.width, &arguments.height) != 2) {
        throw std::invalid_argument("--size wants WIDTHxHEIGHT");
      }
    } else if (key == "--precision") {
      arguments.options.precision = parse_precision(next());
    } else if (key == "--threads") {
      arguments.options.threads = std::stoi(next());
    } else if (key == "--runs") {
      arguments.runs = std::stoi(next());
    } else if (key == "--scale") {
      arguments.settings.backbone_scale = std::stod(next());
    } else if (key == "--pixels") {
      arguments.settings.refine_pixels = std::stoll(next());
    } else if (key == "--region-margin") {
      arguments.settings.region_margin = std::stod(next());
    } else if (key == "--refine-change") {
      arguments.settings.refine_change = std::stod(next());
    } else if (key == "--base") {
      arguments.settings.type = ModelType::kMattingBase;
    } else if (key == "--images") {
      arguments.image = next();
      arguments.plate = next();
    } else if (key == "--save") {
      arguments.save = next();
    } else if (key == "--layers") {
      arguments.layers = true;
    } else if (key == "--cpu") {
      arguments.options.cpu_times = true;
    } else if (key == "--lent") {
      arguments.options.runner = host_threads();
    } else if (key == "--convolve") {
      arguments.convolve = true;
    } else if (key == "--isa") {
      const std::string wanted = next(), found = engine::isa_name(engine::process_isa());
      if (found != wanted) throw std::runtime_error("--isa " + wanted + ", found " + found);
    } else if (key == "--serve") {
      arguments.serve = true;
    } else {
      arguments.weights = key;
    }
  }
  if (arguments.weights.empty()) throw std::invalid_argument("wanted a safetensors file");
  return arguments;
}

// A weight that changes no output, but that no refiner has that hands on; see engine::hands_on.
engine::WeightMap with_convolutions(engine::WeightMap weights) {
  for (const char* name : {"refiner.conv4.weight", "model.refiner.conv4.weight"}) {
    const auto found = weights.find(name);
    if (found != weights.end()) found->second.values.back() += 1e-6f;
  }
  return weights;
}

engine::WeightMap read_weights(const Arguments& arguments) {
  engine::WeightMap weights = engine::read_safetensors(arguments.weights).tensors;
  return arguments.convolve ? with_convolutions(std::move(weights)) : weights;
}

std::vector<Image> read_raw(const std::string& path, int width, int height) {
  std::vector<Image> images;
  std::ifstream file(path, std::ios::binary);
  while (true) {
    Image image(width, height, PixelFormat::kRgb8);
    const auto bytes = static_cast<std::streamsize>(image.view().stride_bytes) * height;
    if (file.read(reinterpret_cast<char*>(image.mutable_view().row(0)), bytes)) {
      images.push_back(std::move(image));
    } else if (!images.empty() && file.gcount() == 0) {
      return images;
    } else {
      throw std::runtime_error(path + " does not hold frames of " + std::to_string(bytes) +
                               " bytes");
    }
  }
}

// A smooth backdrop; with a subject: a disc with a rough edge before it.
Image made_up(int width, int height, bool subject) {
  Image image(width, height, PixelFormat::kRgb8);
  const MutableImageView view = image.mutable_view();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double dx = (x - width * 0.5) / height, dy = (y - height * 0.55) / height;
      const double edge = 0.33 + 0.02 * std::sin(40 * std::atan2(dy, dx));
      const bool inside = subject && dx * dx + dy * dy < edge * edge;
      const std::uint8_t grain = static_cast<std::uint8_t>((x * 7 + y * 13) % 9);
      std::uint8_t* pixel = view.row(y) + 3 * x;
      pixel[0] = static_cast<std::uint8_t>((inside ? 190 : 60 + 120 * x / width) + grain);
      pixel[1] = static_cast<std::uint8_t>((inside ? 120 : 80 + 100 * y / height) + grain);
      pixel[2] = static_cast<std::uint8_t>((inside ? 90 : 140) + grain);
    }
  }
  return image;
}

class NoObserver : public StageObserver {
 public:
  void begin_stage(const char*) override {}
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

class Bench {
 public:
  explicit Bench(const Arguments& arguments)
      : arguments_(arguments),
        start_(now()),
        network_(std::make_shared<const engine::Network>(read_weights(arguments))),
        engine_(network_, arguments.options),
        opening_(now() - start_) {
    const int width = arguments.width, height = arguments.height;
    const bool raw = !arguments.image.empty();
    if (raw) {
      images_ = read_raw(arguments.image, width, height);
      plate_ = std::move(read_raw(arguments.plate, width, height).front());
    } else {
      images_.push_back(made_up(width, height, true));
      plate_ = made_up(width, height, false);
    }
    composite_ = Image(width, height, PixelFormat::kRgba8);
    alpha_ = Image(width, height, PixelFormat::kGray8);
    foreground_ = Image(width, height, PixelFormat::kRgb8);
    error_ = Image(width, height, PixelFormat::kGray8);
    frame_.plate = plate_.view();
    frame_.plate.generation = 1;
    frame_.composite = composite_.mutable_view();
    frame_.alpha = alpha_.mutable_view();
    frame_.foreground = foreground_.mutable_view();
    frame_.error = error_.mutable_view();
  }

  // Milliseconds that the plan takes.
  double make_plan() {
    const double start = now();
    engine_.prepare(arguments_.settings, arguments_.width, arguments_.height);
    return now() - start;
  }

  // Milliseconds of one frame, in CPU time if that is wanted.
  double frame() {
    frame_.image = images_[runs_++ % images_.size()].view();
    const double start = now();
    report_ = engine_.run(arguments_.settings, frame_, observer_);
    return now() - start;
  }

  void save() {
    std::ofstream alpha(arguments_.save + ".alpha", std::ios::binary);
    std::ofstream foreground(arguments_.save + ".foreground", std::ios::binary);
    for (std::size_t i = 0; i < images_.size(); ++i) {
      frame();
      write_raw(alpha, alpha_);
      write_raw(foreground, foreground_);
    }
  }

  void serve() {
    frame();
    std::string line;
    while (std::getline(std::cin, line)) std::cout << frame() << std::endl;
  }

  void report() {
    const double plan = make_plan();
    const double first = frame();
    frame();
    std::vector<double> totals;
    std::vector<std::vector<double>> stages;
    for (int i = 0; i < arguments_.runs; ++i) {
      totals.push_back(frame());
      const auto& entries = engine_.times().entries();
      stages.resize(entries.size());
      for (std::size_t s = 0; s < entries.size(); ++s) stages[s].push_back(entries[s].second);
    }
    std::printf("%dx%d %s %s, %d threads, oneDNN %s\n", arguments_.width, arguments_.height,
                engine::isa_name(engine_.isa()), engine::precision_name(engine_.precision()),
                engine_.threads(), engine::onednn_version().c_str());
    std::printf("%-12s %8s %8s ms\n", "stage", "min", "median");
    for (std::size_t s = 0; s < stages.size(); ++s) {
      print_row(engine_.times().entries()[s].first, stages[s]);
    }
    print_row("total", totals);
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    std::printf("opening %.0f ms, making the plan %.0f ms, first frame %.0f ms\n", opening_, plan,
                first);
    std::printf("plan %.0f MiB, process peak %.0f MiB\n", engine_.plan_bytes() / 1048576.0,
                usage.ru_maxrss / 1024.0);
    std::printf("refined %.2f %%, kept %.2f %%, network on %dx%d\n", 100 * report_.refined_share,
                100 * report_.reused_share, report_.region.width, report_.region.height);
    if (network_->hands_on() && arguments_.settings.type == ModelType::kMattingRefine) {
      std::printf(
          "the refiner hands the coarse matte on and is left out: a trained one takes longer "
          "(--convolve)\n");
    }
    std::printf("ceilings: convolution %.0f GFLOP/s, copy %.1f GB/s\n",
                convolution_ceiling(engine_.precision(), engine_.threads()),
                copy_ceiling(engine_.threads()));
    if (!arguments_.layers) return;
    for (const std::string& line : engine_.implementations()) std::printf("%s\n", line.c_str());
  }

 private:
  double now() const {  // milliseconds
    timespec time;
    clock_gettime(arguments_.options.cpu_times ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &time);
    return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
  }

  static void write_raw(std::ofstream& file, const Image& image) {
    const auto bytes = static_cast<std::streamsize>(image.view().stride_bytes) * image.height();
    file.write(reinterpret_cast<const char*>(image.view().row(0)), bytes);
  }

  static void print_row(const char* name, const std::vector<double>& values) {
    std::printf("%-12s %8.2f %8.2f\n", name, *std::min_element(values.begin(), values.end()),
                median(values));
  }

  Arguments arguments_;
  double start_;
  std::shared_ptr<const engine::Network> network_;
  engine::Engine engine_;
  double opening_;             // milliseconds, from the file to an engine
  std::vector<Image> images_;  // frames
  std::size_t runs_ = 0;
  Image plate_, composite_, alpha_, foreground_, error_;
  Frame frame_;
  FrameReport report_;
  NoObserver observer_;
};

}  // namespace
}  // namespace matting::benchmarks

int main(int count, char** values) {
  try {
    const auto arguments = matting::benchmarks::parse(count, values);
    matting::benchmarks::Bench bench(arguments);
    if (!arguments.save.empty()) {
      bench.save();
    } else if (arguments.serve) {
      bench.serve();
    } else {
      bench.report();
    }
    return 0;
  } catch (const std::invalid_argument& error) {
    std::fprintf(stderr, "bench_engine: %s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_engine: %s\n", error.what());
    return 1;
  }
}
