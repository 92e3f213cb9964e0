// The task as the plugin ABI describes it: constant tables made from the parameter table.
#ifndef MATTING_PLUGIN_TASK_DESCRIPTION_HPP
#define MATTING_PLUGIN_TASK_DESCRIPTION_HPP

#include "workflow/plugin_abi.h"

namespace matting {

// Valid until the library is unloaded. Any thread.
const wf_task_info& task_description();

}  // namespace matting

#endif  // MATTING_PLUGIN_TASK_DESCRIPTION_HPP
