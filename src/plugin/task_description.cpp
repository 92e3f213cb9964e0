#include "plugin/task_description.hpp"

#include <vector>

#include "infer_background_matting/params.hpp"
#include "infer_background_matting/task.hpp"
#include "infer_background_matting/version.h"

namespace matting {
namespace {

constexpr wf_port_info kImage = {sizeof(wf_port_info), 1, "image",
                                 "the picture to matte; 8 or 16 bit, grey or colour"};
constexpr wf_port_info kPlate = {sizeof(wf_port_info), 1, "plate",
                                 "the same scene without the subject"};
constexpr wf_port_info kBackground = {sizeof(wf_port_info), 0, "background",
                                      "the new background to integrate"};
constexpr wf_port_info kMask = {sizeof(wf_port_info), 0, "mask",
                                "trimap: 0 surely background, 255 surely foreground"};
constexpr const wf_port_info* kInputs[] = {&kImage, &kPlate, &kBackground, &kMask};

constexpr wf_port_info kComposite = {
    sizeof(wf_port_info), 0, "composite",
    "the subject over the new background, or without one RGBA with straight alpha"};
constexpr wf_port_info kAlpha = {sizeof(wf_port_info), 0, "alpha", "the subject's coverage"};
constexpr wf_port_info kForeground = {sizeof(wf_port_info), 0, "foreground",
                                      "the subject's colour without the background's light"};
constexpr wf_port_info kError = {sizeof(wf_port_info), 0, "error",
                                 "the network's estimate of its own error"};
constexpr const wf_port_info* kOutputs[] = {&kComposite, &kAlpha, &kForeground, &kError};

// The parameter table in the ABI's structs, and the pointers to them.
struct ParameterInfos {
  std::vector<wf_parameter_info> infos;
  std::vector<const wf_parameter_info*> pointers;

  ParameterInfos() {
    for (const ParameterInfo& row : parameter_table()) {
      infos.push_back({sizeof(wf_parameter_info), 0, row.key, row.type, row.default_value,
                       row.allowed, row.help});
    }
    for (const wf_parameter_info& info : infos) pointers.push_back(&info);
  }
};

}  // namespace

const wf_task_info& task_description() {
  static const ParameterInfos parameters;
  static const wf_task_info info = {
      sizeof(wf_task_info),
      static_cast<std::uint32_t>(std::size(kInputs)),
      static_cast<std::uint32_t>(std::size(kOutputs)),
      static_cast<std::uint32_t>(parameters.pointers.size()),
      kInputs,
      kOutputs,
      parameters.pointers.data(),
      BackgroundMattingTask::kName,
      "Background matting with a clean plate: alpha, foreground, error and composite of a subject "
      "before a known background, hair included.",
      INFER_BACKGROUND_MATTING_VERSION,
      "Shanchuan Lin, Andrey Ryabtsev, Soumyadip Sengupta, Brian Curless, Steve Seitz, "
      "Ira Kemelmacher-Shlizerman",
      "Real-Time High-Resolution Background Matting",
      "arXiv:2012.07810",
      "MIT",
      "background,matting,alpha,foreground,composite,plate,hair,video,real-time",
      2020,
      BackgroundMattingTask::kStepCount,
  };
  return info;
}

}  // namespace matting
