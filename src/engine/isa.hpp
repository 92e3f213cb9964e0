// Which instructions the engine uses: the CPU's, or less where somebody asked for less.
#ifndef MATTING_ENGINE_ISA_HPP
#define MATTING_ENGINE_ISA_HPP

#include <optional>
#include <string>

#include "infer_background_matting/network.hpp"

namespace matting::engine {

// In rising order; each includes those before it.
enum class Isa { kSse41, kAvx2, kAvx512, kAvx512Vnni, kAvx512Bf16, kAvx512Amx };

// oneDNN's names: "sse41", "avx2", "avx512_core", "avx512_core_vnni", "avx512_core_bf16",
// "avx512_core_amx".
const char* isa_name(Isa isa) noexcept;

// Throws Error kInvalidArgument for a name that is none of these.
Isa parse_isa(const std::string& name);

// The level of this process, for our kernels and for oneDNN alike. Fixed by the first call: the
// CPU's, lowered to `limit` or, without one, to the environment's MATTING_ISA. A later call with a
// limit below the level in force throws Error kNotSupported, since oneDNN takes a limit only once.
// Any thread.
Isa process_isa(std::optional<Isa> limit = std::nullopt);

// bf16 where that is faster than fp32 (AMX, AMD's AVX-512-BF16), else fp32.
Precision best_float(Isa isa);

// kAuto becomes bf16 where that is fast; else int8 where there is kAvx2 and the model is calibrated
// for it; else fp32. kBf16 needs at least kAvx512Bf16, kInt8 at least kAvx2, kFp16 exists on GPUs
// only: else Error kNotSupported.
Precision resolve_precision(Precision wanted, Isa isa, bool calibrated);

const char* precision_name(Precision precision) noexcept;

}  // namespace matting::engine

#endif  // MATTING_ENGINE_ISA_HPP
