#include "projection/joint_axes.hpp"

#include <algorithm>
#include <cmath>

namespace matting {
namespace {

constexpr int kSweeps = 4;  // then what is left beside the diagonal is far below float's precision

using Matrix = double[3][3];

void multiply(const Matrix& a, const Matrix& b, Matrix& out) {
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      out[i][j] = a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j];
    }
  }
}

void transpose(const Matrix& m, Matrix& out) {
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) out[j][i] = m[i][j];
  }
}

void unfold(const Spread& spread, Matrix& out) {
  for (int i = 0, s = 0; i < 3; ++i) {
    for (int j = i; j < 3; ++j, ++s) out[i][j] = out[j][i] = static_cast<double>(spread[s]);
  }
}

// m = factor * factor', both lower triangles; and the factor's inverse.
void cholesky(const Matrix& m, Matrix& factor, Matrix& inverse) {
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      double rest = m[i][j];
      for (int k = 0; k < std::min(i, j); ++k) rest -= factor[i][k] * factor[j][k];
      factor[i][j] = j > i ? 0 : j == i ? std::sqrt(rest) : rest / factor[j][j];
    }
  }
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      double rest = i == j ? 1 : 0;
      for (int k = j; k < i; ++k) rest -= factor[i][k] * inverse[k][j];
      inverse[i][j] = j > i ? 0 : rest / factor[i][i];
    }
  }
}

// Rotates rows and columns p and q of the symmetric m so that m[p][q] becomes 0; the rotation is
// gathered in the columns of `axes`.
void rotate(Matrix& m, Matrix& axes, int p, int q) {
  if (m[p][q] == 0) return;
  const double theta = (m[q][q] - m[p][p]) / (2 * m[p][q]);
  const double t = std::copysign(1 / (std::abs(theta) + std::sqrt(theta * theta + 1)), theta);
  const double c = 1 / std::sqrt(t * t + 1), s = t * c;
  const auto turn = [c, s](double& first, double& second) {
    const double before = first;
    first = c * before - s * second;
    second = s * before + c * second;
  };
  for (auto& row : m) turn(row[p], row[q]);
  for (int j = 0; j < 3; ++j) turn(m[p][j], m[q][j]);
  for (auto& row : axes) turn(row[p], row[q]);
}

}  // namespace

JointAxes joint_axes(const Spread& first, const Spread& second) {
  Matrix spread, factor, whiten, half, across, whitened;
  unfold(second, spread);
  cholesky(spread, factor, whiten);
  transpose(whiten, across);
  unfold(first, spread);
  multiply(whiten, spread, half);
  multiply(half, across, whitened);

  Matrix axes = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    rotate(whitened, axes, 0, 1);
    rotate(whitened, axes, 0, 2);
    rotate(whitened, axes, 1, 2);
  }
  Matrix turned, to, from;
  transpose(axes, turned);
  multiply(turned, whiten, to);
  multiply(factor, axes, from);
  JointAxes result;
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      result.to_axes[i][j] = static_cast<float>(to[i][j]);
      result.from_axes[i][j] = static_cast<float>(from[i][j]);
    }
    result.variance[i] = static_cast<float>(whitened[i][i]);
  }
  return result;
}

}  // namespace matting
