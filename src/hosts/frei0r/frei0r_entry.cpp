// The functions that frei0r hosts look up. No logic: numbers to names, pointers to text.
#pragma GCC visibility push(default)
extern "C" {
#include <frei0r.h>
}
#pragma GCC visibility pop

#include <exception>
#include <string>

#include "hosts/frei0r/filter.hpp"
#include "hosts/frei0r/log_once.hpp"
#include "hosts/frei0r/padded_rows.hpp"
#include "infer_background_matting/task.hpp"
#include "infer_background_matting/version.h"

namespace {

using matting::hosts::Filter;
using matting::hosts::filter_parameters;
using matting::hosts::log_once;
using matting::hosts::row_pixels;

bool is_parameter(int index) {
  return index >= 0 && static_cast<std::size_t>(index) < filter_parameters().size();
}

// Help and what is allowed, for the hosts' lists. One text a parameter, kept for good.
const char* explanation(int index) {
  static const std::vector<std::string> texts = [] {
    std::vector<std::string> list;
    for (const matting::ParameterInfo& row : filter_parameters()) {
      const std::string text = std::string(row.help) + " (" + row.allowed + ")";
      const bool has_default = *row.default_value != '\0';
      list.push_back(has_default ? text + "; default " + row.default_value : text);
    }
    return list;
  }();
  return texts[static_cast<std::size_t>(index)].c_str();
}

}  // namespace

int f0r_init() {
  return 1;
}

// Nothing: MLT calls it before it destroys its last instances.
void f0r_deinit() {}

void f0r_get_plugin_info(f0r_plugin_info_t* info) {
  info->name = matting::BackgroundMattingTask::kName;
  info->author = "infer_background_matting";
  info->plugin_type = F0R_PLUGIN_TYPE_FILTER;
  info->color_model = F0R_COLOR_MODEL_RGBA8888;
  info->frei0r_version = FREI0R_MAJOR_VERSION;
  info->major_version = INFER_BACKGROUND_MATTING_VERSION_MAJOR;
  info->minor_version = INFER_BACKGROUND_MATTING_VERSION_MINOR;
  info->num_params = static_cast<int>(filter_parameters().size());
  info->explanation =
      "Cuts out what stands before a known background: hair and hands without a green screen. "
      "Needs a picture of the empty scene, the plate.";
}

void f0r_get_param_info(f0r_param_info_t* info, int index) {
  if (!is_parameter(index)) return;
  info->name = filter_parameters()[static_cast<std::size_t>(index)].key;
  info->type = F0R_PARAM_STRING;
  info->explanation = explanation(index);
}

f0r_instance_t f0r_construct(unsigned int width, unsigned int height) {
  if (width == 0 || height == 0) return nullptr;
  try {
    if (const auto row = row_pixels(__builtin_return_address(0), width)) {
      return new Filter(width, height, *row);
    }
    log_once("frames are " + std::to_string(width) +
             " pixels wide: this version of FFmpeg may hand a frei0r filter skewed pictures unless "
             "the width is a multiple of 16; put pad=ceil(iw/16)*16:ih or scale before the filter, "
             "or use FFmpeg 5.1, 7 or later");
    return nullptr;
  } catch (const std::exception& error) {
    log_once(error.what());
    return nullptr;
  }
}

void f0r_destruct(f0r_instance_t instance) {
  delete static_cast<Filter*>(instance);
}

void f0r_set_param_value(f0r_instance_t instance, f0r_param_t param, int index) {
  if (param == nullptr || !is_parameter(index)) return;
  const char* text = *static_cast<f0r_param_string*>(param);
  static_cast<Filter*>(instance)->set(static_cast<std::size_t>(index), text ? text : "");
}

void f0r_get_param_value(f0r_instance_t instance, f0r_param_t param, int index) {
  if (param == nullptr || !is_parameter(index)) return;
  const std::string& text = static_cast<Filter*>(instance)->get(static_cast<std::size_t>(index));
  // frei0r's type is not const, and its rules are: hosts copy, and never write.
  *static_cast<f0r_param_string*>(param) = const_cast<char*>(text.c_str());
}

void f0r_update(f0r_instance_t instance, double time, const uint32_t* src, uint32_t* dst) {
  static_cast<Filter*>(instance)->update(time, src, dst);
}
