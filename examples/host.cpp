// A workflow from C++: inputs by path or address, one task, its outputs printed.
//   host IMAGE PLATE [NEW_BACKGROUND]
#include <iostream>
#include <workflow/host.hpp>

int main(int argc, char** argv) try {
  workflow::Workflow workflow;
  for (int i = 1; i < argc; ++i) {
    workflow.set_image_input(argv[i], static_cast<std::size_t>(i - 1));
  }
  const int task = workflow.add_task("infer_background_matting");
  workflow.set_parameters(task, {{"cuda", "cpu"}});
  workflow.run();
  for (const workflow::Output& output : workflow) std::cout << output << '\n';
  std::cout << workflow.result_json(task) << '\n';
  return 0;
} catch (const workflow::Error& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
