#include "cli/repair_options.hpp"

namespace cli {

void add_repair_options(CLI::App& verb, plate::KeeperSettings& keeper) {
  verb.add_flag("--align,!--no-align", keeper.align,
                "Lay the plate on the picture, if the camera was nudged (default: yes)");
  verb.add_flag("--photometric,!--no-photometric", keeper.match_colours,
                "Match the plate's exposure and white balance to the picture's (default: yes)");
}

void add_film_repair_options(CLI::App& verb, plate::KeeperSettings& keeper, double& smoothing) {
  add_repair_options(verb, keeper);
  verb.add_flag("--drift", keeper.drift,
                "Follow light that changes slowly and not everywhere alike");
  verb.add_option("--smooth", smoothing,
                  "Calm alpha where the picture stands still: 0 (not at all) to 0.95")
      ->check(CLI::Range(0.0, 0.95));
}

}  // namespace cli
