// Two spreads of colour, taken apart along common axes.
#ifndef MATTING_PROJECTION_JOINT_AXES_HPP
#define MATTING_PROJECTION_JOINT_AXES_HPP

namespace matting {

// Symmetric matrices over the channels: rr, rg, rb, gg, gb, bb.
using Spread = float[6];

// Axes along which both spreads are independent: across them the second has variance 1, the first
// `variance`. A colour is to_axes * colour there, and from_axes * (to_axes * colour) = colour.
struct JointAxes {
  float to_axes[3][3], from_axes[3][3];
  float variance[3];
};

// Both must be positive definite. The second is whitened by its Cholesky factor, what this makes of
// the first is brought to its axes by Jacobi's rotations (Golub and Van Loan, "Matrix
// computations", sections 8.5 and 8.7).
JointAxes joint_axes(const Spread& first, const Spread& second);

}  // namespace matting

#endif  // MATTING_PROJECTION_JOINT_AXES_HPP
