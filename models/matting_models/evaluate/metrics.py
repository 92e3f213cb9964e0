"""Matte metrics as the literature defines them; lower is better everywhere.

Alphas are HxW in [0, 1], colours HxWx3 in [0, 1]. MAD and MSE are means times 1000; SAD, Grad and
Conn are sums divided by 1000, so only comparable at equal size. Grad and Conn follow Rhemann et
al., "A perceptually motivated online benchmark for image matting" (CVPR 2009), with the constants
of PeterL1n/BackgroundMattingV2:eval (sigma 1.4; step 0.1, theta 0.15).
"""

from typing import Dict, Optional

import cv2
import numpy as np

SIGMA = 1.4
CONNECTIVITY_STEP = 0.1
CONNECTIVITY_THRESHOLD = 0.15


def _derivative_kernel(sigma: float, cutoff: float = 0.01) -> np.ndarray:
    """First derivative of a Gaussian along x, of unit norm, cut where it falls below `cutoff`."""
    half = int(np.ceil(sigma * np.sqrt(-2 * np.log(np.sqrt(2 * np.pi) * sigma * cutoff))))
    x = np.arange(-half, half + 1, dtype=np.float64)
    gauss = np.exp(-(x**2) / (2 * sigma**2)) / (sigma * np.sqrt(2 * np.pi))
    kernel = np.outer(gauss, -x * gauss / sigma**2)
    return kernel / np.sqrt((kernel**2).sum())


_ACROSS = _derivative_kernel(SIGMA)


def gradient_magnitude(alpha: np.ndarray) -> np.ndarray:
    across, down = (
        cv2.filter2D(
            alpha.astype(np.float64),
            cv2.CV_64F,
            kernel,
            borderType=cv2.BORDER_REPLICATE,
        )
        for kernel in (_ACROSS, _ACROSS.T)
    )
    return np.hypot(across, down)


def mad(alpha: np.ndarray, true: np.ndarray) -> float:
    return 1e3 * float(np.abs(alpha - true).mean())


def mse(alpha: np.ndarray, true: np.ndarray) -> float:
    return 1e3 * float(((alpha - true) ** 2).mean())


def sad(alpha: np.ndarray, true: np.ndarray) -> float:
    return float(np.abs(alpha - true).sum()) / 1e3


def grad(alpha: np.ndarray, true: np.ndarray) -> float:
    difference = gradient_magnitude(alpha) - gradient_magnitude(true)
    return float((difference**2).sum()) / 1e3


def conn(alpha: np.ndarray, true: np.ndarray) -> float:
    """How far the pixels hang apart from the region that both alphas agree is solid."""
    level = _connection_level(alpha, true)
    parts = [1 - (x - level) * (x - level >= CONNECTIVITY_THRESHOLD) for x in (alpha, true)]
    return float(np.abs(parts[0] - parts[1]).sum()) / 1e3


def _connection_level(alpha: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Largest threshold at which a pixel still belongs to the largest common component."""
    level = np.ones(alpha.shape)
    undecided = np.ones(alpha.shape, bool)
    thresholds = np.arange(0, 1 + CONNECTIVITY_STEP / 2, CONNECTIVITY_STEP)
    both = np.minimum(alpha, true) + 1e-9  # 8-bit values must not fall off by rounding
    for previous, threshold in zip(thresholds[:-1], thresholds[1:], strict=True):
        lost = undecided & ~_largest_component(both >= threshold)
        level[lost] = previous
        undecided &= ~lost
    return level


def _largest_component(mask: np.ndarray) -> np.ndarray:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        mask.astype(np.uint8), connectivity=4
    )
    if count < 2:
        return np.zeros(mask.shape, bool)
    return labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))


def foreground_mse(fgr: np.ndarray, true_fgr: np.ndarray, true: np.ndarray) -> float:
    """Over the pixels whose true alpha is not 0; 0 if there are none."""
    subject = true > 0
    if not subject.any():
        return 0.0
    return 1e3 * float(((fgr[subject] - true_fgr[subject]) ** 2).mean())


def matte_metrics(
    alpha: np.ndarray,
    true: np.ndarray,
    fgr: Optional[np.ndarray] = None,
    true_fgr: Optional[np.ndarray] = None,
) -> Dict[str, float]:
    """All metrics by name; "fgr_mse" only if both colours are given."""
    if alpha.shape != true.shape:
        raise ValueError(f"predicted alpha is {alpha.shape}, the true one {true.shape}")
    values = {metric.__name__: metric(alpha, true) for metric in (mad, mse, sad, grad, conn)}
    if fgr is not None and true_fgr is not None:
        values["fgr_mse"] = foreground_mse(fgr, true_fgr, true)
    return values
