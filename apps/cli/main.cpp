// matting: background matting on the command line.
// Exit codes: 0 done, 1 the work failed, 2 the call was wrong.
#include <malloc.h>

#include <CLI/CLI.hpp>
#include <climits>
#include <csignal>
#include <iostream>

#include "cli/interrupt.hpp"
#include "cli/verbs.hpp"
#include "infer_background_matting/version.h"

namespace {

constexpr int kFailed = 1;
constexpr int kWrongCall = 2;

// LibTorch allocates and frees every tensor. With glibc's defaults large ones are mapped and
// unmapped each time, which costs a page fault for every 4 KiB of every tensor: keep the memory
// instead. Only a program may decide this, not a library.
void keep_freed_memory() {
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
  mallopt(M_TOP_PAD, 64 << 20);
  // With an arena for each of a video decoder's threads, what one of them gets and another gives
  // back piled up: 5 KB for every frame.
  mallopt(M_ARENA_MAX, 1);
}

// CLI11 would only say that a verb is missing.
void check_verb(const CLI::App& app, int argc, char** argv) {
  const std::string verb = argc > 1 ? argv[1] : "-";
  if (verb.rfind('-', 0) == 0) return;
  std::string names;
  for (const CLI::App* known : app.get_subcommands({})) {
    if (known->get_name() == verb) return;
    names += " " + known->get_name();
  }
  throw cli::UsageError("unknown verb '" + verb + "': wanted one of" + names);
}

int fail(const std::exception& error, int code) {
  std::cerr << "matting: " << error.what() << "\n";
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
  std::signal(SIGXFSZ, SIG_IGN);  // a file size limit is an error like a full disk
  std::signal(SIGPIPE, SIG_IGN);
  cli::catch_interrupts();

  CLI::App app(
      "Background matting: alpha, foreground and composite of a picture or video, given a clean "
      "plate.",
      "matting");
  app.set_version_flag("--version", "matting " INFER_BACKGROUND_MATTING_VERSION);
  app.require_subcommand(1);
  app.footer("matting VERB --help says more.");
  cli::add_image_verb(app);
  cli::add_video_verb(app);
  cli::add_run_verb(app);
  cli::add_bench_verb(app);
  cli::add_evaluate_verb(app);
  cli::add_model_verb(app);
  cli::add_plugin_verb(app);
  try {
    check_verb(app, argc, argv);
    app.parse(argc, argv);
    std::cout.flush();
    if (!std::cout) throw std::runtime_error("standard output cannot be written");
    return 0;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kWrongCall;
  } catch (const cli::UsageError& error) {
    return fail(error, kWrongCall);
  } catch (const std::exception& error) {
    return fail(error, kFailed);
  }
}
