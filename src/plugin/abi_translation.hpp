// Between the plugin ABI's structs and the task's types.
#ifndef MATTING_PLUGIN_ABI_TRANSLATION_HPP
#define MATTING_PLUGIN_ABI_TRANSLATION_HPP

#include <exception>

#include "infer_background_matting/task.hpp"
#include "workflow/plugin_abi.h"

namespace matting {

// Whether a picture that is given must have pixels: prepare only asks for formats and sizes, and a
// picture without data counts as given there (its view points to no pixels and must not be read).
enum class Pixels { kNeeded, kNotNeeded };

// Views of the host's pictures. Pointers may be null (not given); count may be any number up to the
// task's. Throws Error kInvalidArgument for a struct that is too small or too many pictures, and
// kBadImage for a picture without pixels.
TaskInputs to_inputs(const wf_image* const* inputs, std::uint32_t count, Pixels pixels);
TaskOutputs to_outputs(wf_image* const* outputs, std::uint32_t count);

// Fills format, width, height and smallest stride of each output that is not null.
void describe_outputs(const TaskOutputFormats& formats, const ImageView& image,
                      wf_image* const* outputs, std::uint32_t count);

// Copies text as the ABI's buffer rule says: at most capacity bytes with the NUL; *length is the
// full length. Throws Error kInvalidArgument for a null length, or a null buffer with a capacity.
void copy_text(const std::string& text, char* buffer, std::size_t capacity, std::size_t* length);

// Turns the exception in flight into code and text. The only place that catches everything.
wf_status report_exception(wf_error* error) noexcept;

}  // namespace matting

#endif  // MATTING_PLUGIN_ABI_TRANSLATION_HPP
