"""Ikomia plugin: background matting with a clean plate, done by libinfer_background_matting."""
