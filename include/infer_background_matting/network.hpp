// What can be chosen about the network itself, apart from who runs it.
#ifndef INFER_BACKGROUND_MATTING_NETWORK_HPP
#define INFER_BACKGROUND_MATTING_NETWORK_HPP

#include <cstdint>
#include <optional>

namespace matting {

enum class ModelType { kMattingRefine, kMattingBase };
enum class Backbone { kMobileNetV2, kResNet50, kResNet101 };
enum class RefineMode { kSampling, kThresholding, kFull };
enum class Precision { kAuto, kFp32, kBf16, kFp16, kInt8 };

// Settings that a network takes from outside (Lin et al., arXiv 2012.07810, section 3).
struct NetworkSettings {
  ModelType type = ModelType::kMattingRefine;
  double backbone_scale = 0.25;  // (0, 1]: size of the base network's input; refine only
  RefineMode refine_mode = RefineMode::kSampling;
  std::int64_t refine_pixels = 80000;  // >= 0: pixels refined in sampling, 16 to a patch
  double refine_threshold = 0.7;       // [0, 1]: error above which thresholding refines a patch

  // Work that need not be done; none: all is done. The native engine only.
  // [0, 1]: the network sees only the rectangle in which image and plate differ, widened on each
  // side by this share of the image's longer side; elsewhere alpha is 0.
  std::optional<double> region_margin;
  // [0, 1]: a patch keeps what the frame before refined it to, as long as no colour around it
  // changed by more than this (1: from black to white). Frames of one video, with one plate whose
  // generation is not 0.
  std::optional<double> refine_change;

  bool operator==(const NetworkSettings& other) const noexcept {
    return type == other.type && backbone_scale == other.backbone_scale &&
           refine_mode == other.refine_mode && refine_pixels == other.refine_pixels &&
           refine_threshold == other.refine_threshold && region_margin == other.region_margin &&
           refine_change == other.refine_change;
  }
  bool operator!=(const NetworkSettings& other) const noexcept { return !(*this == other); }
};

}  // namespace matting

#endif  // INFER_BACKGROUND_MATTING_NETWORK_HPP
