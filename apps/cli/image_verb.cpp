#include <iostream>
#include <memory>

#include "cli/matting_workflow.hpp"
#include "cli/plate_repair.hpp"
#include "cli/repair_options.hpp"
#include "cli/result_files.hpp"
#include "cli/verbs.hpp"
#include "files/atomic_file.hpp"
#include "media/show.hpp"

namespace cli {
namespace {

struct Options {
  std::string image, plate, background, mask, folder;
  Settings settings;
  bool json = false;
  bool show = false;
  plate::KeeperSettings keeper;
};

// A computer without a display has done all of the work but this.
void show_composite(const workflow::Workflow& workflow) {
  try {
    workflow::media::show_image(workflow.get_output(kComposite), "composite (any key ends)");
  } catch (const workflow::Error& error) {
    std::cerr << "matting: --show: " << error.what() << "\n";
  }
}

void run(const Options& options) {
  // What can be wrong is found out before the work, not after it.
  workflow::files::make_writable_folder(options.folder);
  workflow::Workflow workflow = make_matting_workflow(for_single_pictures(options.settings));
  workflow.set_image_input(options.image, kImage);
  workflow.set_image_input(options.plate, kPlate);
  if (!options.background.empty()) workflow.set_image_input(options.background, kBackground);
  if (!options.mask.empty()) workflow.set_image_input(options.mask, kMask);
  PlateFindings findings;
  {
    ProgressBar bar;
    findings = repair_plate(workflow, options.keeper);
    for (const std::string& line : findings.repairs) bar.message("matting: " + line);
    for (const std::string& line : findings.warnings) bar.message("matting: " + line);
    run_with_progress(workflow, bar);
  }
  const std::string json = with_plate(workflow.result_json(0), findings);
  write_results(workflow, json, options.folder);
  if (options.json) std::cout << json << "\n";
  if (options.show) show_composite(workflow);
}

}  // namespace

void add_image_verb(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App& verb = *app.add_subcommand(
      "image",
      "Matte one picture: composite.png, alpha.png, foreground.png, error.png, result.json");
  verb.add_option("--image", options->image, "The picture: a file or an http(s) address")
      ->required();
  verb.add_option("--plate", options->plate, "The same scene without the subject")->required();
  verb.add_option("--background", options->background, "New background (default: transparent)");
  verb.add_option("--mask", options->mask, "Trimap: black background, white subject, else open");
  add_repair_options(verb, options->keeper);
  verb.add_option("-o,--output", options->folder, "Folder for the results; made if needed")
      ->required();
  add_settings(verb, options->settings);
  verb.add_flag("--json", options->json, "Print result.json to standard output too");
  verb.add_flag("--show", options->show, "Show the composite in a window");
  verb.footer(
      example("matting image --image sample_image/portrait_image.jpg --plate "
              "sample_image/portrait_plate.jpg --background sample_image/new_background.jpg "
              "-o result"));
  verb.callback([options] { run(*options); });
}

}  // namespace cli
