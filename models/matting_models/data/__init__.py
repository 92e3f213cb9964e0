"""Procedural training data: triplets of image, plate, alpha and foreground."""

import cv2

# Data is drawn in forked worker processes, where a thread pool that OpenCV started before the fork
# is dead and would be waited for without end.
cv2.setNumThreads(0)
