// How plates are kept valid: the options that videos and cameras share.
#ifndef CLI_REPAIR_OPTIONS_HPP
#define CLI_REPAIR_OPTIONS_HPP

#include <CLI/CLI.hpp>

#include "plate/plate_keeper.hpp"

namespace cli {

// --align, --photometric and --drift, into keeper, which must outlive the verb.
void add_repair_options(CLI::App& verb, plate::KeeperSettings& keeper);

}  // namespace cli

#endif  // CLI_REPAIR_OPTIONS_HPP
