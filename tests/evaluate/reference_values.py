"""Prints the expected numbers of scores_test.cpp with the reference implementation.

usage: python reference_values.py FOLDER_WITH_METRICS_PY     (numpy, opencv)
The mattes are those of synthetic_matte.hpp: integer arithmetic only, so that both sides agree.
"""

import sys

import numpy as np

sys.path.insert(0, sys.argv[1])
import metrics  # noqa: E402

WIDTH, HEIGHT = 96, 64
y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
distance = (x - 48) ** 2 + (y - 32) ** 2
truth = np.clip(255 - (distance - 200) // 2, 0, 255)
truth[(x < 10) & (y < 12)] = 180
predicted = np.clip(truth + (x * 31 + y * 17) % 41 - 20, 0, 255)
predicted[(x > 44) & (x < 52) & (y > 28) & (y < 36)] = 60
true_colour = np.stack([(x * 5 + y) % 256, (x + y * 3) % 256, (x * y) % 256], 2)
colour = np.stack([(x * 5 + y + 9) % 256, (x + y * 3) % 256, (x * y + x) % 256], 2)

p, t = predicted / 255, truth / 255
print("mad", repr(metrics.mad(p, t)))
print("mse", repr(metrics.mse(p, t)))
print("sad", repr(metrics.sad(p, t)))
print("grad", repr(metrics.grad(p, t)))
print("conn", repr(metrics.conn(p, t)))
print("fgr_mse", repr(metrics.fgr_mse(colour / 255, true_colour / 255, t)))
