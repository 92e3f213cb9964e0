// Outputs as JSON.
#ifndef WORKFLOW_HOST_OUTPUT_HPP
#define WORKFLOW_HOST_OUTPUT_HPP

#include <nlohmann/json.hpp>

#include "workflow/host.hpp"

namespace workflow {

// The file's bytes in base64, null for an empty image.
nlohmann::ordered_json image_json(const Image& image, const JsonOptions& options);

// task_id, index, name, and, with an image, format, width, height, image.
nlohmann::ordered_json output_json(const Output& output, const JsonOptions& options);

std::string json_text(const nlohmann::ordered_json& value, const JsonOptions& options);

}  // namespace workflow

#endif  // WORKFLOW_HOST_OUTPUT_HPP
