// A plugin with one fault, chosen by the macro FAULT, that shows whether it is noticed. Its task
// copies nothing and does nothing: only the faults matter.
#include <cstring>
#include <stdexcept>

#include "workflow/plugin_abi.h"

#define FAULT_WRONG_MAJOR 1      // a table of another major version
#define FAULT_NULL_ENTRY 2       // no table for anybody
#define FAULT_NO_ENTRY 3         // a library without the symbol
#define FAULT_NULL_FUNCTION 4    // a table with a hole
#define FAULT_SMALL_TABLE 5      // a table that ends early
#define FAULT_CREATE_FAILS 6     // create returns an error with text
#define FAULT_THROWS 7           // run lets an exception out
#define FAULT_CRASHES 8          // run writes to address 0
#define FAULT_NULL_TEXT 9        // a task without a description
#define FAULT_SILENT_FAILURE 10  // run fails without a text
#define FAULT_WRITES_PADDING 11  // run writes between rows
#define FAULT_ENTRY_THROWS 12    // the entry lets an exception out
#define FAULT_HUGE_OUTPUT 13     // prepare asks for an output that nobody can have

namespace {

int the_instance;

constexpr wf_port_info kInput = {sizeof(wf_port_info), 1, "image", "a picture"};
constexpr const wf_port_info* kPorts[] = {&kInput};
constexpr wf_task_info kTask = {sizeof(wf_task_info),
                                1,
                                1,
                                0,
                                kPorts,
                                kPorts,
                                nullptr,
                                "broken_task",
                                FAULT == FAULT_NULL_TEXT ? nullptr : "breaks the contract",
                                "1",
                                "",
                                "",
                                "",
                                "",
                                "",
                                0,
                                1};

const wf_task_info* get_task_info(std::uint32_t index) {
  return index == 0 ? &kTask : nullptr;
}

wf_status fail(wf_error* error, wf_status code, const char* text) {
  if (error) {
    error->code = code;
    std::strcpy(error->text, text);
  }
  return code;
}

wf_status create(const wf_host*, const char*, wf_instance** instance, wf_error* error) {
  *instance = nullptr;
  if (FAULT == FAULT_CREATE_FAILS) return fail(error, WF_OUT_OF_MEMORY, "no room for one more");
  *instance = reinterpret_cast<wf_instance*>(&the_instance);
  return WF_OK;
}

void destroy(wf_instance*) {}

wf_status set_parameters(wf_instance*, const char* const*, const char* const*, std::uint32_t count,
                         wf_error* error) {
  return count == 0 ? WF_OK : fail(error, WF_UNKNOWN_PARAMETER, "there are no parameters");
}

wf_status get_parameter(wf_instance*, const char*, char*, std::size_t, std::size_t*,
                        wf_error* error) {
  return fail(error, WF_UNKNOWN_PARAMETER, "there are no parameters");
}

wf_status prepare(wf_instance*, const wf_image* const* inputs, std::uint32_t,
                  wf_image* const* outputs, std::uint32_t, wf_error*) {
  if (outputs[0] == nullptr) return WF_OK;
  outputs[0]->format = inputs[0]->format;
  outputs[0]->width = FAULT == FAULT_HUGE_OUTPUT ? 0xfffffff0u : inputs[0]->width;
  outputs[0]->height = inputs[0]->height;
  outputs[0]->stride_bytes = 1;
  return WF_OK;
}

wf_status run(wf_instance*, const wf_image* const*, std::uint32_t, wf_image* const* outputs,
              std::uint32_t, wf_error*) {
  if (FAULT == FAULT_THROWS) throw std::runtime_error("out of bounds");
  if (FAULT == FAULT_SILENT_FAILURE) return WF_BAD_IMAGE;
  if (FAULT == FAULT_CRASHES) *static_cast<volatile int*>(nullptr) = 1;
  if (FAULT == FAULT_WRITES_PADDING && outputs[0]) {
    std::memset(outputs[0]->data, 7, outputs[0]->stride_bytes * outputs[0]->height);
  }
  return WF_OK;
}

const void* get_extension(const char*) {
  return nullptr;
}

constexpr wf_plugin kPlugin = {FAULT == FAULT_SMALL_TABLE ? 40 : sizeof(wf_plugin),
                               FAULT == FAULT_WRONG_MAJOR ? (2u << 16 | 5u) : WF_ABI_VERSION,
                               "broken_plugin",
                               "1",
                               1,
                               0,
                               get_task_info,
                               create,
                               FAULT == FAULT_NULL_FUNCTION ? nullptr : destroy,
                               set_parameters,
                               get_parameter,
                               prepare,
                               run,
                               get_extension};

}  // namespace

#if FAULT == FAULT_NO_ENTRY
extern "C" WF_EXPORT const wf_plugin* another_name(const wf_host*) {
  return &kPlugin;
}
#else
extern "C" const wf_plugin* wf_plugin_entry(const wf_host* host) {
  if (FAULT == FAULT_ENTRY_THROWS) throw std::runtime_error("no");
  if (FAULT == FAULT_NULL_ENTRY || host == nullptr) return nullptr;
  return &kPlugin;
}
#endif
