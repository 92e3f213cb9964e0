#include "engine/geometry.hpp"

#include <string>

#include "infer_background_matting/error.hpp"

namespace matting::engine {

Geometry::Geometry(const NetworkSettings& settings, int image_width, int image_height)
    : width(image_width),
      height(image_height),
      padded_width((image_width + kPatch - 1) / kPatch * kPatch),
      padded_height((image_height + kPatch - 1) / kPatch * kPatch),
      refines(settings.type == ModelType::kMattingRefine) {
  const double scale = refines ? settings.backbone_scale : 1.0;
  coarse_width = static_cast<int>(padded_width * scale);
  coarse_height = static_cast<int>(padded_height * scale);
  if (width < 1 || height < 1 || !(scale > 0) || scale > 1 || coarse_width < 1 ||
      coarse_height < 1) {
    throw Error(ErrorCode::kInvalidArgument,
                "backbone scale " + std::to_string(scale) + " of a " + std::to_string(width) + "x" +
                    std::to_string(height) +
                    " image leaves no pixel: wanted a larger scale, at most 1, or image");
  }
}

}  // namespace matting::engine
