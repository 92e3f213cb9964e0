// How plates are kept valid: the options that verbs share.
#ifndef CLI_REPAIR_OPTIONS_HPP
#define CLI_REPAIR_OPTIONS_HPP

#include <CLI/CLI.hpp>

#include "plate/plate_keeper.hpp"

namespace cli {

// Into what must outlive the verb: --align and --photometric; of films and cameras --drift and
// --smooth too.
void add_repair_options(CLI::App& verb, plate::KeeperSettings& keeper);
void add_film_repair_options(CLI::App& verb, plate::KeeperSettings& keeper, double& smoothing);

}  // namespace cli

#endif  // CLI_REPAIR_OPTIONS_HPP
