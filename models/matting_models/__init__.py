"""Background matting networks: definition, weight files, export, training data and training.

Networks, tensor names and file formats follow Lin et al., "Real-Time High-Resolution Background
Matting", arXiv 2012.07810. Throughout, `src` is the picture, `bgr` the plate (the same scene
without the subject), `pha` alpha, `fgr` foreground colour, `err` the network's estimate of its own
alpha error, `hid` features handed from the base network to the refiner.
"""

__version__ = "0.1.0"
