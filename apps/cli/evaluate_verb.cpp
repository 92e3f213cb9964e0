#include <iostream>
#include <memory>

#include "cli/matting_workflow.hpp"
#include "cli/plate_repair.hpp"
#include "cli/repair_options.hpp"
#include "cli/verbs.hpp"
#include "evaluate/evaluation_set.hpp"
#include "evaluate/summary.hpp"
#include "files/atomic_file.hpp"
#include "files/read_file.hpp"
#include "media/image_file.hpp"

namespace cli {
namespace {

using matting::Plane;
namespace media = workflow::media;
namespace files = workflow::files;

constexpr std::uint64_t kMaximumRegionsBytes = 16 << 20;
constexpr int kReportQuality = 88;  // JPEG

struct Options {
  std::string set, report, save;
  Settings settings;
  plate::KeeperSettings keeper;
  bool json = false;
};

// Absolute difference, four times as bright, so that small faults are seen.
workflow::Image difference_image(const Plane& found, const Plane& wanted) {
  workflow::Image image(static_cast<std::uint32_t>(wanted.width),
                        static_cast<std::uint32_t>(wanted.height), WF_FORMAT_GRAY8);
  for (int y = 0; y < wanted.height; ++y) {
    for (int x = 0; x < wanted.width; ++x) {
      const float difference = std::abs(found.at(x, y) - wanted.at(x, y));
      image.row(static_cast<std::uint32_t>(y))[x] =
          static_cast<std::uint8_t>(std::min(255.0f, 4 * 255 * difference));
    }
  }
  return image;
}

// Runs items and keeps what was asked for about each.
class Evaluation {
 public:
  explicit Evaluation(const Options& options)
      : options_(options), workflow_(make_matting_workflow(for_single_pictures(options.settings))) {
    for (const std::string& folder : {options.report, options.save}) {
      if (!folder.empty()) files::make_writable_folder(folder);
    }
  }

  void add_composite(const matting::EvaluationItem& item) {
    run_item(item);
    const workflow::Image truth_image = media::read_image(item.alpha);
    const Plane truth = matting::alpha_plane(truth_image.view());
    const Plane alpha = matting::alpha_plane(workflow_.get_output(kAlpha).view());
    matting::MatteScores scores = matting::score_matte(alpha, truth);
    if (!item.foreground.empty()) {
      scores.foreground_mse = matting::foreground_mse(
          matting::colour_plane(workflow_.get_output(kForeground).view()),
          matting::colour_plane(media::read_image(item.foreground).view()), truth);
    }
    summary_.composites.emplace_back(item.name, scores);
    if (options_.report.empty()) return;
    picture(item, "truth", truth_image);
    picture(item, "difference", difference_image(alpha, truth));
  }

  void add_captured(const matting::EvaluationItem& item) {
    run_item(item);
    const auto bytes = files::read_file(item.regions, kMaximumRegionsBytes);
    const Plane alpha = matting::alpha_plane(workflow_.get_output(kAlpha).view());
    summary_.captured.emplace_back(
        item.name, matting::check_regions(alpha, std::string(bytes.begin(), bytes.end())));
  }

  const matting::EvaluationSummary& finish() const {
    if (!options_.report.empty()) {
      files::write_file(options_.report + "/index.html", summary_.to_html(options_.set));
    }
    return summary_;
  }

 private:
  void run_item(const matting::EvaluationItem& item) {
    const workflow::Image image = media::read_image(item.image);
    workflow_.set_image_input(image, kImage);
    workflow_.set_image_input(item.plate, kPlate);
    repair_plate(workflow_, options_.keeper);
    bar_.message(item.name);
    run_with_progress(workflow_, bar_);
    if (!options_.save.empty()) {
      const std::string folder = options_.save + "/" + item.name;
      files::make_writable_folder(folder);
      media::write_image(folder + "/alpha.png", workflow_.get_output(kAlpha).view());
      media::write_image(folder + "/fgr.png", workflow_.get_output(kForeground).view());
    }
    if (options_.report.empty()) return;
    picture(item, "image", image);
    picture(item, "alpha", workflow_.get_output(kAlpha));
    picture(item, "composite", on_green(workflow_.get_output(kComposite)));
  }

  // Straight RGBA over a colour that hides no fault.
  static workflow::Image on_green(const workflow::Image& cut_out) {
    const Plane colour = matting::colour_plane(cut_out.view());
    const Plane alpha = matting::alpha_plane(cut_out.view());
    const float green[3] = {0.15f, 0.75f, 0.35f};
    workflow::Image image(cut_out.width(), cut_out.height(), WF_FORMAT_RGB8);
    for (int y = 0; y < alpha.height; ++y) {
      for (int i = 0; i < 3 * alpha.width; ++i) {
        const float a = alpha.at(i / 3, y);
        const float value = a * colour.at(i / 3, y, i % 3) + (1 - a) * green[i % 3];
        image.row(static_cast<std::uint32_t>(y))[i] = static_cast<std::uint8_t>(value * 255 + 0.5f);
      }
    }
    return image;
  }

  void picture(const matting::EvaluationItem& item, const char* kind,
               const workflow::Image& image) {
    // JPEG takes 8 bit without alpha: go through 8-bit colour, whatever the image is.
    const Plane colour = matting::colour_plane(image.view());
    workflow::Image shown(image.width(), image.height(), WF_FORMAT_RGB8);
    for (int y = 0; y < colour.height; ++y) {
      for (int i = 0; i < 3 * colour.width; ++i) {
        shown.row(static_cast<std::uint32_t>(y))[i] =
            static_cast<std::uint8_t>(colour.at(i / 3, y, i % 3) * 255 + 0.5f);
      }
    }
    const auto bytes = media::encode_jpeg(shown.view(), kReportQuality);
    files::write_file(options_.report + "/" + item.name + "_" + kind + ".jpg", bytes.data(),
                      bytes.size());
  }

  const Options& options_;
  workflow::Workflow workflow_;
  matting::EvaluationSummary summary_;
  ProgressBar bar_;
};

void run(const Options& options) {
  const matting::EvaluationSet set = matting::find_evaluation_set(options.set);
  Evaluation evaluation(options);
  for (const auto& item : set.composites) evaluation.add_composite(item);
  for (const auto& item : set.captured) evaluation.add_captured(item);
  const matting::EvaluationSummary& summary = evaluation.finish();
  std::cout << (options.json ? summary.to_json() + "\n" : summary.to_text());
}

}  // namespace

void add_evaluate_verb(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App& verb = *app.add_subcommand(
      "evaluate", "Measure mattes against the truth: MAD, MSE, SAD, Grad, Conn, foreground MSE");
  verb.add_option("DIR", options->set,
                  "A folder with NAME/{src,bgr,alpha,fgr}.png, or with "
                  "NAME_image, NAME_plate, NAME_alpha, NAME_foreground; captured/NAME/regions.json")
      ->required();
  add_settings(verb, options->settings);
  add_repair_options(verb, options->keeper);
  verb.add_flag("--json", options->json, "Print JSON");
  verb.add_option("--report", options->report, "Folder for a page with pictures, worst first");
  verb.add_option("--save", options->save, "Folder for NAME/alpha.png and NAME/fgr.png");
  verb.footer(example("matting evaluate sample_image --report report"));
  verb.callback([options] { run(*options); });
}

}  // namespace cli
