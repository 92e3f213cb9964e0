#include "engine/isa.hpp"

#include <algorithm>
#include <cstdlib>
#include <mutex>

#include "engine/onednn.hpp"
#include "infer_background_matting/error.hpp"

namespace matting::engine {
namespace {

constexpr const char* kNames[] = {
    "sse41", "avx2", "avx512_core", "avx512_core_vnni", "avx512_core_bf16", "avx512_core_amx"};

std::optional<Isa> limit_of_environment() {
  const char* name = std::getenv("MATTING_ISA");
  if (name == nullptr || *name == '\0') return std::nullopt;
  return parse_isa(name);
}

// AMX and AMD's AVX-512-BF16 do; Intel's AVX-512-BF16 alone is slower than its fp32 (measured with
// oneDNN 2.6 on a CPU with AMX, lowered: 221 ms against 152 ms a frame).
bool multiplies_bf16_fast(Isa isa) {
  if (isa >= Isa::kAvx512Amx) return true;
#if defined(__x86_64__)
  return isa >= Isa::kAvx512Bf16 && __builtin_cpu_is("amd");
#else
  return false;
#endif
}

void need(bool held, const char* precision, const char* wanted, Isa isa) {
  if (held) return;
  throw Error(ErrorCode::kNotSupported, std::string("precision ") + precision + " wants " + wanted +
                                            ", found " + isa_name(isa) +
                                            ": use precision auto or fp32");
}

}  // namespace

const char* isa_name(Isa isa) noexcept {
  return kNames[static_cast<int>(isa)];
}

Isa parse_isa(const std::string& name) {
  const auto* found = std::find(std::begin(kNames), std::end(kNames), name);
  if (found == std::end(kNames)) {
    throw Error(ErrorCode::kInvalidArgument,
                "unknown ISA \"" + name +
                    "\": wanted sse41, avx2, avx512_core, avx512_core_vnni, avx512_core_bf16 or "
                    "avx512_core_amx");
  }
  return static_cast<Isa>(found - kNames);
}

Isa process_isa(std::optional<Isa> limit) {
  static std::mutex mutex;
  static std::optional<Isa> level;
  const std::lock_guard<std::mutex> lock(mutex);
  if (!level) {
    if (!limit) limit = limit_of_environment();
    // Another user of oneDNN in this process may have fixed a level already: then that one holds.
    level = onednn_limit_isa(limit);
  }
  if (limit && *limit < *level) {
    throw Error(ErrorCode::kNotSupported, std::string("cannot lower the ISA to ") +
                                              isa_name(*limit) + ": this process runs at " +
                                              isa_name(*level) +
                                              "; set MATTING_ISA before it starts");
  }
  return *level;
}

Precision best_float(Isa isa) {
  return multiplies_bf16_fast(isa) ? Precision::kBf16 : Precision::kFp32;
}

Precision resolve_precision(Precision wanted, Isa isa, bool calibrated) {
  switch (wanted) {
    case Precision::kAuto:
      if (multiplies_bf16_fast(isa)) return Precision::kBf16;
      return calibrated && isa >= Isa::kAvx2 ? Precision::kInt8 : Precision::kFp32;
    case Precision::kBf16:
      need(isa >= Isa::kAvx512Bf16, "bf16", "AVX-512-BF16 or AMX", isa);
      break;
    case Precision::kInt8:
      need(isa >= Isa::kAvx2, "int8", "AVX2", isa);
      break;
    case Precision::kFp16:
      need(false, "fp16", "a GPU", isa);
      break;
    case Precision::kFp32:
      break;
  }
  return wanted;
}

const char* precision_name(Precision precision) noexcept {
  static constexpr const char* kPrecisions[] = {"auto", "fp32", "bf16", "fp16", "int8"};
  return kPrecisions[static_cast<int>(precision)];
}

}  // namespace matting::engine
